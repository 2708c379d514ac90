//! Home lines that carry less than their interfaces say. A second peer of `home`, `shed`, is set up over them.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{SECOND, Site, text};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::Tcp;

/// Served by the VM behind `shed`, and by `home` itself.
const VM: u16 = 8443;
const PEER: u16 = 8444;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("large_packets_pass_a_black_hole_in_the_home_line", black_hole),
        Case::new("a_tunnel_wider_than_its_path_is_named_and_mended", mended),
        Case::new(
            "a_server_that_answers_no_ping_is_told_and_nothing_is_worse",
            no_ping,
        ),
    ]
}

/// The home's line carries less, and its router does not say so; as before when this is dropped.
struct Narrow<'lab>(&'lab Lab);

impl<'lab> Narrow<'lab> {
    fn line(lab: &'lab Lab, mtu: u16) -> Result<Self> {
        let narrow = Self(lab);
        lab.limit_home_mtu(mtu, true)?;
        Ok(narrow)
    }
}

impl Drop for Narrow<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.limit_home_mtu(1500, false) {
            eprintln!("the home's line is still narrow: {error:#}");
        }
    }
}

fn mtu(site: &Site, peer: &str) -> Result<(u64, String)> {
    known(&site.me.json(&["peer", "mtu", peer])?)
}

fn known(peer: &Value) -> Result<(u64, String)> {
    let bytes = peer["mtu"].as_u64().context("no mtu")?;
    Ok((bytes, text(peer, "mtu_origin")?))
}

/// Sets `shed` up as it would be here and now; another may have left one.
fn add_shed(site: &Site) -> Result<Value> {
    for other in ["shed", "cellar"] {
        if site.has_peer(other)? {
            site.me.change(&["peer", "remove", other])?;
        }
    }
    let second = SECOND.to_string();
    site.me
        .add_peer("shed", "home", &["--vps", "nyc", "--ip", &second])
}

fn black_hole(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    ensure!(mtu(&site, "attic")? == (1420, "measured".into()));
    let _narrow = Narrow::line(lab, 1400)?;
    let said = add_shed(&site)?;
    ensure!(known(&said["peer"])? == (1340, "measured".into()), "{said}");
    let shed = site.given("shed")?;
    let link = lab.exec("home", &format!("cat /sys/class/net/ww{}/mtu", shed.tunnel_index))?;
    ensure!(link.ok()? == "1340", "{link:?}");
    let route = lab.exec("vps1", &format!("ip route show {}", shed.vm_network))?;
    ensure!(route.ok()?.contains("mtu 1340"), "{route:?}");
    ensure!(mtu(&site, "attic")?.0 == 1420, "that of another peer was changed");
    site.connect("vm2", "shed")?;
    let _vm = lab.serve("vm2", &[VM], &[])?;
    let _home = lab.serve("home", &[PEER], &[])?;
    let _open = site.open(&["shed", &VM.to_string()])?;
    let _peer = site.open(&["shed", &PEER.to_string(), "--to", "peer"])?;
    for port in [VM, PEER] {
        all_comes_through(lab, port)?;
    }
    site.nothing_to_do()
}

fn all_comes_through(lab: &Lab, port: u16) -> Result<()> {
    let tally = lab.bulk("player", (SECOND, port))?;
    ensure!(
        tally.sent > 5 && tally.answered == tally.sent && tally.damaged == 0 && tally.broken.is_none(),
        "{port}: {tally:?}"
    );
    Ok(())
}

fn mended(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    add_shed(&site)?;
    ensure!(mtu(&site, "shed")? == (1420, "measured".into()));
    let _home = lab.serve("home", &[PEER], &[])?;
    let open = site.open(&["shed", &PEER.to_string(), "--to", "peer"])?;
    all_comes_through(lab, PEER)?;

    let _narrow = Narrow::line(lab, 1400)?;
    // Small ones get through: it looks as if it worked.
    site.player_is_seen(Tcp, SECOND, PEER)?;
    let tally = lab.bulk("player", (SECOND, PEER))?;
    ensure!(tally.answered < tally.sent, "there is no black hole: {tally:?}");
    let check = site.me.run(&["check", &open.ids[0], "--json"])?;
    ensure!(check.status == 4, "{check:?}");
    let check: Value = serde_json::from_str(&check.stdout)?;
    let check = &check["checks"][0];
    ensure!(check["outcome"]["hop"] == "tunnel", "{check:#}");
    let hint = "wirewarp peer mtu shed --measure";
    ensure!(check["hints"].to_string().contains(hint), "{check:#}");

    let running = lab.stream("player", Tcp, (SECOND, PEER), 100)?;
    let said = site.me.change(&["peer", "mtu", "shed", "--measure"])?;
    ensure!(known(&said)? == (1340, "measured".into()), "{said}");
    let tally = running.finish()?;
    ensure!(
        tally.answered > 50 && tally.lost == 0 && tally.broken.is_none(),
        "{tally:?}"
    );
    all_comes_through(lab, PEER)?;
    let check = site.me.run(&["check", &open.ids[0]])?;
    ensure!(check.status == 0, "{check:?}");
    site.nothing_to_do()?;

    let said = site.me.change(&["peer", "mtu", "shed", "--set", "1300"])?;
    ensure!(known(&said)? == (1300, "set".into()), "{said}");
    all_comes_through(lab, PEER)?;
    site.nothing_to_do()
}

fn no_ping(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    if site.has_peer("shed")? {
        site.me.change(&["peer", "remove", "shed"])?;
    }
    lab.block("vps1", "icmp type echo-request")?;
    let outcome = without_ping(lab, &site);
    lab.unblock("vps1")?;
    outcome
}

fn without_ping(lab: &Lab, site: &Site) -> Result<()> {
    let login = site.me.login("home")?;
    let (second, mut words) = (
        SECOND.to_string(),
        vec!["peer", "add", "shed", "--yes", "--vps", "nyc"],
    );
    words.extend(["--ip", &second]);
    words.extend(login.words.iter().map(String::as_str));
    let added = site.me.run_with(&words, &login.input)?;
    added.ok()?;
    ensure!(added.stderr.contains("nyc answers no ping of shed"), "{added:?}");
    ensure!(mtu(site, "shed")? == (1420, "assumed".into()));
    let _home = lab.serve("home", &[PEER], &[])?;
    let _open = site.open(&["shed", &PEER.to_string(), "--to", "peer"])?;
    all_comes_through(lab, PEER)?;
    let measure = ["peer", "mtu", "shed", "--measure"];
    site.me
        .refused(1, &measure, &["answers no ping", "stays 1420", "--set"])?;
    site.nothing_to_do()
}
