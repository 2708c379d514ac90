//! What bad input gets: an error that names the field, status 64 or 1, and an inventory as it was.

use std::fs;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::site::{document, everything, operator};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("hostile_names_are_refused_wherever_a_name_is_typed", names),
        Case::new("ports_that_are_none_are_refused", ports),
        Case::new("addresses_and_networks_that_do_not_fit_are_refused", networks),
        Case::new("odd_ways_in_are_refused_before_anything_is_dialled", ways_in),
        Case::new("keys_that_cannot_be_read_are_named", keys),
        Case::new("a_bad_line_of_a_file_of_forwards_is_named_by_its_number", files),
    ]
}

/// Words of a command, the status it ends with, and what its message says.
type Row<'a> = (Vec<&'a str>, i32, &'a str);

/// Runs each row and compares the inventory before and after.
fn refused(me: &Operator, rows: &[Row]) -> Result<()> {
    let before = everything(me)?;
    for (words, status, says) in rows {
        let output = me.run(&[words.as_slice(), &["--json", "--yes"]].concat())?;
        let shown: Vec<String> = words.iter().map(|word| word.chars().take(40).collect()).collect();
        ensure!(
            output.status == *status,
            "{shown:?} should end with {status}: {output:?}"
        );
        let message = if output.stdout.is_empty() {
            // What clap refuses has no document.
            output.stderr.clone()
        } else {
            let document = document(&output)?;
            let message = document["error"]["message"].as_str().context("no message")?;
            ensure!(
                message.len() < 600,
                "{shown:?}: the message is endless: {message}"
            );
            let odd = |c: char| c.is_control() && c != '\n';
            ensure!(
                !message.contains(odd),
                "{shown:?}: control characters: {message:?}"
            );
            message.to_owned()
        };
        ensure!(
            message.contains(says),
            "{shown:?} does not say {says:?}: {message}"
        );
    }
    ensure!(everything(me)? == before, "the inventory was changed");
    Ok(())
}

fn names(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let long = "x".repeat(10_000);
    let hostile = [
        "",
        " ",
        "a b",
        "a'b",
        "a\"b",
        "$(reboot)",
        "`id`",
        "a\nb",
        "a\tb",
        "a\u{1b}[31mb",
        "..",
        "../../etc",
        "a/b",
        "жук",
        "名前",
        "a\u{202e}b",
        "a;b",
        "a|b",
        "a\\b",
        "{a,b}",
        "*",
        long.as_str(),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for name in hostile {
        rows.push((vec!["vps", "add", name, "--host", "203.0.113.10"], 64, "name"));
        rows.push((vec!["peer", "add", name, "--manual"], 64, "name"));
        rows.push((vec!["peer", "rename", "phone", name], 64, "name"));
        rows.push((vec!["template", "add", name, "80 tcp"], 64, "name"));
        rows.push((vec!["port", "add", name, "80"], 64, "name"));
    }
    for label in ["two\nlines", "evil\u{202e}txt", "\u{1b}[31mred", long.as_str()] {
        rows.push((vec!["port", "add", "phone", "80", "--label", label], 64, "label"));
    }
    refused(&me, &rows)?;
    // A label is free text otherwise, and comes back as it was typed.
    let label = "O'Brien's “сервер” $(id) 🎮 \\ ;";
    me.change(&["port", "add", "phone", "8090", "--label", label])?;
    let listed = me.json(&["port", "list"])?;
    ensure!(
        listed.to_string().contains("O'Brien's “сервер” $(id) 🎮"),
        "{listed}"
    );
    me.change(&["port", "remove", label]).map(drop)
}

fn ports(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let mut rows: Vec<Row> = Vec::new();
    for ports in [
        "0",
        "65536",
        "99999999999999999999",
        "80-20",
        "0-10",
        "65530-65536",
        "80-",
        "80-90-100",
        "",
        " ",
        "abc",
        "８０",
        "80;reboot",
        "$(id)",
        "80,,81",
        "80,",
        "80,80",
        "8000-8010,8005",
        "80->0",
        "80->65536",
        "80->",
        "->80",
        "8000-8010->1-5",
        "60000-65535->60001",
        "1.5",
        "+80",
        "0x50",
        "80\n81,",
    ] {
        rows.push((vec!["port", "add", "phone", ports], 64, "port"));
    }
    for protocol in ["icmp", "", "tcp,udp,", "sctp", "6"] {
        rows.push((
            vec!["port", "add", "phone", "80", "--proto", protocol],
            64,
            "protocol",
        ));
    }
    for ports in ["99999 tcp", "80", "", "80 icmp", "80-20 udp"] {
        rows.push((vec!["template", "add", "mine", ports], 64, ""));
    }
    rows.push((
        vec!["port", "add", "phone", "--template", "no-such-game"],
        1,
        "template",
    ));
    for port in ["0", "65536", "x", ""] {
        rows.push((
            vec!["vps", "add", "x", "--host", "203.0.113.10", "--port", port],
            64,
            "port",
        ));
        rows.push((
            vec!["vps", "add", "x", "--host", "203.0.113.10", "--listen-port", port],
            64,
            "port",
        ));
    }
    refused(&me, &rows)
}

fn networks(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let network = |text| vec!["peer", "add", "tablet", "--manual", "--network", text];
    let target = |text| vec!["port", "add", "phone", "80", "--to", text];
    let tunnel = |text| {
        vec![
            "vps",
            "add",
            "x",
            "--host",
            "203.0.113.10",
            "--tunnel-network",
            text,
        ]
    };
    let taken = me.json(&["peer", "show", "phone"])?;
    let taken = taken["peer"]["vm_network"]
        .as_str()
        .context("no network")?
        .to_owned();
    refused(
        &me,
        &[
            (network("10.99.40.7/24"), 64, "10.99.40.0/24"),
            (network("2001:db8::/64"), 64, "IPv6"),
            (network("10.99.40.0/33"), 64, "network"),
            (network("10.99.40.0"), 64, "network"),
            (network("10.99.40.0/31"), 64, "network"),
            (network("0.0.0.0/0"), 64, "network"),
            (network("127.0.0.0/16"), 64, "network"),
            (network("224.0.0.0/16"), 64, "network"),
            (network("010.99.40.0/24"), 64, "network"),
            (network(&taken), 1, "phone"),
            (network("10.0.0.0/24"), 1, "nyc"),
            (target("2001:db8::1"), 64, "IPv6"),
            (target("[2001:db8::1]"), 64, "IPv6"),
            (target("10.99.1.0/24"), 64, "target"),
            (target("300.1.1.1"), 64, "target"),
            (target("myserver"), 64, "target"),
            (target("0.0.0.0"), 64, "target"),
            (target("127.0.0.1"), 64, "target"),
            (target("255.255.255.255"), 64, "target"),
            (target("224.0.0.5"), 64, "target"),
            (tunnel("10.7.0.1/24"), 64, "tunnel network"),
            (tunnel("2001:db8::/64"), 64, "tunnel network"),
            (tunnel("10.7.0.0/31"), 64, "tunnel network"),
            (tunnel("0.0.0.0/0"), 64, "tunnel network"),
            (vec!["ip", "remove", "nyc", "2001:db8::1"], 64, "IPv6"),
            (vec!["ip", "disable", "nyc", "203.0.113.99"], 1, "203.0.113.99"),
            (vec!["ip", "add", "nyc", "203.0.113.99"], 1, "interfaces"),
            (
                vec!["peer", "move", "phone", "--ip", "203.0.113.99"],
                1,
                "203.0.113.99",
            ),
            (vec!["peer", "move", "phone", "--ip", "fastest"], 64, "public IP"),
            (
                vec!["peer", "add", "tablet", "--manual", "--mtu", "100"],
                64,
                "mtu",
            ),
            (vec!["peer", "mtu", "phone", "--set", "1219"], 64, "set"),
            (
                vec!["peer", "mtu", "phone", "--set", "1400", "--measure"],
                64,
                "measure",
            ),
            (vec!["peer", "route", "phone", "everything"], 1, "manual peer"),
            (vec!["peer", "route", "phone", "0.0.0.0/0"], 64, "everything"),
            (vec!["peer", "route", "phone", "10.8.0.0/16"], 64, "route"),
            (
                vec!["peer", "add", "tablet", "--manual", "--route", "everything"],
                64,
                "manual",
            ),
            (vec!["peer", "mtu", "nowhere"], 1, "nowhere"),
            (vec!["peer", "mtu", "phone", "--measure"], 1, "manual peer"),
            (
                vec!["peer", "add", "tablet", "--manual", "--vps", "nowhere"],
                1,
                "nowhere",
            ),
        ],
    )
}

fn ways_in(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let add = |option: &'static str, text: &'static str| {
        vec!["vps", "add", "x", "--host", "203.0.113.10", option, text]
    };
    refused(
        &me,
        &[
            (vec!["vps", "add", "x"], 64, "--host"),
            (vec!["vps", "add", "x", "--host", ""], 64, "--host"),
            (vec!["vps", "add", "x", "--host", "a b"], 64, "--host"),
            (vec!["vps", "add", "x", "--host=-oProxyCommand=id"], 64, "--host"),
            (vec!["vps", "add", "x", "--host", "root@"], 64, "--host"),
            (add("--jump", "a b"), 64, "jump host"),
            (add("--jump", "host:0"), 64, "jump host"),
            (add("--jump", "@x"), 64, "jump host"),
            (add("--trust", "nonsense"), 64, "SHA256:"),
            (add("--trust", "SHA256:short"), 64, "SHA256:"),
            (
                add("--trust", "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48"),
                64,
                "SHA256:",
            ),
            (
                vec!["vps", "add", "x", "--host", "203.0.113.10", "--password-stdin"],
                64,
                "SSH password",
            ),
            (
                vec!["vps", "add", "x", "--host", "203.0.113.10", "--install-key"],
                64,
                "password-stdin",
            ),
        ],
    )
}

fn keys(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let good = fs::read_to_string(lab.key())?;
    let file = |name: &str, text: &[u8]| -> Result<String> {
        let path = me.home().join(name);
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let public = format!("{}.pub", lab.key().display());
    let folder = me.home().display().to_string();
    let files = [
        "/nowhere/key".to_owned(),
        folder,
        public,
        file("empty", b"")?,
        file("garbage", &[0xff, 0, 7, 200].repeat(300))?,
        file("cut-off", &good.as_bytes()[..good.len() / 2])?,
        file("huge", "x".repeat(5_000_000).as_bytes())?,
    ];
    let fingerprint = me.fingerprint("vps1")?;
    let mut rows: Vec<Row> = Vec::new();
    for path in &files {
        let name = path.rsplit('/').next().unwrap_or(path);
        rows.push((
            vec![
                "vps",
                "add",
                "x",
                "--host",
                "root@203.0.113.10",
                "--trust",
                &fingerprint,
                "--key",
                path,
            ],
            1,
            name,
        ));
    }
    refused(&me, &rows)
}

fn files(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let file = |name: &str, text: &str| -> Result<String> {
        let path = me.home().join(name);
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let paths = [
        (file("zero", "# forwards\n8000 tcp\n0 udp\n")?, 64, "Line 3"),
        (file("protocol", "8000 icmp\n")?, 64, "Line 1"),
        (file("target", "8000 tcp 2001:db8::1\n")?, 64, "Line 1"),
        (file("nothing", "# nothing\n\n")?, 64, "no forward"),
        (file("twice", "8000 tcp\n8000 both\n")?, 1, "8000"),
        ("/nowhere/forwards".to_owned(), 1, "/nowhere/forwards"),
    ];
    let rows: Vec<Row> = paths
        .iter()
        .map(|(path, status, says)| {
            (
                vec!["port", "add", "phone", "--from", path.as_str()],
                *status,
                *says,
            )
        })
        .collect();
    refused(&me, &rows)
}
