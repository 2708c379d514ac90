//! Logging in with keys: in a file, encrypted, in an agent, on another port, through a jump host.

use std::fs;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::must;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::terminal::{at_terminal, bash};
use super::up;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("root_with_a_key_is_let_in", root),
        Case::new("sudo_without_a_password_and_another_ssh_port_do", sudo_free),
        Case::new("an_encrypted_key_asks_for_its_passphrase", encrypted),
        Case::new("an_agent_has_the_key", agent),
        Case::new("a_host_is_reached_through_a_jump_host", jump),
        Case::new("an_alias_of_the_ssh_configuration_is_enough", alias),
    ]
}

/// The operator who has a VPS and a home, for the cases that follow.
pub fn anna(lab: &Lab) -> Result<Operator<'_>> {
    let me = Operator::new(lab, "anna")?;
    let listed = me.json(&["peer", "list"])?;
    if listed.as_array().is_some_and(Vec::is_empty) {
        me.add_vps("nyc", "vps1", &[])?;
        me.add_peer("attic", "home", &["--vps", "nyc"])?;
    }
    Ok(me)
}

fn root(lab: &Lab) -> Result<()> {
    let me = anna(lab)?;
    ensure!(me.run(&["plan"])?.status == 0, "something is left to do");
    lab.exec("vps1", "wg show ww0")?.ok()?;
    lab.exec("home", "wg show ww0")?.ok()?;
    Ok(())
}

fn sudo_free(lab: &Lab) -> Result<()> {
    up(lab, &["vps61"])?;
    let me = Operator::new(lab, "frank")?;
    me.add_vps("free", "vps61", &[])?;
    lab.exec("vps61", "wg show ww0 && systemctl is-enabled wirewarp")?
        .ok()?;
    me.change(&["peer", "add", "phone", "--manual"])?;
    me.refused(1, &["port", "add", "phone", "2222"], &["2222", "sshd"])?;
    me.refused(1, &["port", "add", "phone", "2000-3000->2000"], &["2222", "sshd"])?;
    me.change(&["port", "add", "phone", "8080"])?;
    me.change(&["peer", "remove", "phone"])?;
    me.change(&["vps", "remove", "free"])?;
    let left = lab.exec("vps61", "ls -d /etc/wirewarp /sys/class/net/ww0 2>/dev/null")?;
    ensure!(left.stdout.is_empty(), "something is left: {left:?}");
    Ok(())
}

/// `vps add` of vps65 that connects and looks, and records nothing.
fn look<'a>(host: &'a str, fingerprint: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = [
        "vps",
        "add",
        "looked",
        "--host",
        host,
        "--trust",
        fingerprint,
        "--dry-run",
    ];
    [&words, more].concat()
}

fn encrypted(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "emma")?;
    let path = me.home().join("locked");
    let key = path.display().to_string();
    if !path.exists() {
        must(&[
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "open sesame",
            "-f",
            &key,
        ])?;
    }
    let public = fs::read_to_string(path.with_extension("pub"))?;
    let allow = format!("echo '{}' >> /root/.ssh/authorized_keys", public.trim());
    lab.exec("vps65", &allow)?.ok()?;
    let fingerprint = me.fingerprint("vps65")?;
    let words = look("root@203.0.113.65", &fingerprint, &["--key", &key]);
    let asked = at_terminal(&me, &words, &[("assphrase", "open sesame")])?;
    ensure!(asked.succeeded() && asked.stdout.contains("Dry run"), "{asked:?}");
    ensure!(
        !asked.stdout.contains("open sesame"),
        "the passphrase is echoed: {asked:?}"
    );
    let wrong = at_terminal(&me, &words, &[("assphrase", "close sesame")])?;
    ensure!(
        wrong.status == 1 && wrong.stdout.contains("passphrase"),
        "{wrong:?}"
    );
    me.refused(1, &words, &["locked", "passphrase", "ssh-add"])
        .map(drop)
}

fn agent(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "agatha")?;
    let fingerprint = me.fingerprint("vps65")?;
    let words = look("root@203.0.113.65", &fingerprint, &["--agent"]).join(" ");
    let key = lab.key().display().to_string();
    let with =
        format!("eval $(ssh-agent) >&2; trap 'kill $SSH_AGENT_PID' EXIT; ssh-add -q {key}; wirewarp {words}");
    let said = bash(&me, &with)?;
    ensure!(said.ok()?.contains("Dry run"), "{said:?}");
    let empty = bash(
        &me,
        &format!("eval $(ssh-agent) >&2; trap 'kill $SSH_AGENT_PID' EXIT; wirewarp {words}"),
    )?;
    ensure!(
        empty.status == 1 && empty.stderr.contains("there is no key"),
        "{empty:?}"
    );
    me.refused(1, &words.split(' ').collect::<Vec<_>>(), &["agent", "ssh-add"])
        .map(drop)
}

/// Nothing from the laptop reaches vps65 while this runs.
fn walled_off(lab: &Lab, check: impl Fn() -> Result<()>) -> Result<()> {
    lab.block("vps65", "ip saddr 203.0.113.200")?;
    let result = check();
    lab.unblock("vps65")?;
    result
}

fn jump(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "julia")?;
    let key = lab.key().display().to_string();
    let (bastion, target) = (me.fingerprint("vps1")?, me.fingerprint("vps65")?);
    let config = me.home().join(".ssh/config");
    fs::create_dir_all(me.home().join(".ssh"))?;
    fs::write(&config, format!("Host *\n  IdentityFile {key}\n"))?;
    walled_off(lab, || {
        let jump = ["--key", key.as_str(), "--jump", "root@203.0.113.10:22"];
        // Each host is asked about once: the bastion first, and once it is known the host behind it.
        me.refused(
            1,
            &look("root@203.0.113.65", &target, &jump),
            &["203.0.113.10", &bastion],
        )?;
        me.refused(
            1,
            &look("root@203.0.113.65", &bastion, &jump),
            &["203.0.113.65", &target],
        )?;
        let said = me.ok(&look("root@203.0.113.65", &target, &jump))?;
        ensure!(said.contains("Dry run"), "{said}");
        let nowhere = ["--key", key.as_str(), "--jump", "root@203.0.113.10:22"];
        me.refused(
            1,
            &look("root@203.0.113.65:9", &target, &nowhere),
            &["203.0.113.65"],
        )
        .map(drop)
    })
}

fn alias(lab: &Lab) -> Result<()> {
    up(lab, &["vps61", "vps65"])?;
    let me = Operator::new(lab, "alice")?;
    fs::create_dir_all(me.home().join(".ssh"))?;
    let key = lab.key().display().to_string();
    let config = format!(
        "Host bastion\n  HostName 203.0.113.61\n  Port 2222\n  User deb\n  IdentityFile {key}\n\
         Host web*\n  HostName 203.0.113.65\n  User root\n  IdentityFile \"{key}\"\n  ProxyJump bastion\n"
    );
    fs::write(me.home().join(".ssh/config"), config)?;
    let known = |host: &str, name: &str| -> Result<String> {
        let key = lab.exec(host, "cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub")?;
        Ok(format!("{name} {}\n", key.ok()?))
    };
    let hosts = known("vps61", "[203.0.113.61]:2222")? + &known("vps65", "203.0.113.65")?;
    fs::write(me.home().join(".ssh/known_hosts"), hosts)?;
    walled_off(lab, || {
        let said = me.ok(&[
            "vps",
            "add",
            "looked",
            "--host",
            "web1",
            "--ip",
            "203.0.113.65",
            "--dry-run",
        ])?;
        ensure!(
            said.contains("Dry run") && said.contains("Debian GNU/Linux 13"),
            "{said}"
        );
        Ok(())
    })
}
