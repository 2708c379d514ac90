//! Targets, peers and forwards of every kind.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::place::{blames, check, place, works};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("the_peer_itself_and_a_machine_of_its_lan_are_proved", targets),
        Case::new("nothing_listens_on_the_peer_itself_or_the_lan", silent_targets),
        Case::new("what_is_not_in_force_says_why", not_in_force),
        Case::new(
            "a_manual_peer_and_its_whole_address_are_told_as_far_as_they_are_seen",
            manual,
        ),
    ]
}

fn targets(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _here = lab.serve("home", &[8081], &[8081])?;
    let _lan = lab.serve("lan2", &[8082], &[8082])?;
    let _peer = site.open(&[
        "attic", "8081", "--proto", "both", "--to", "peer", "--label", "targets",
    ])?;
    let _other = site.open(&[
        "attic",
        "8082",
        "--proto",
        "both",
        "--to",
        "192.168.20.30",
        "--label",
        "targets",
    ])?;
    let checks = check(&site, "targets", 0)?;
    ensure!(checks.len() == 4, "{checks:#?}");
    for said in checks {
        let udp = said["title"].as_str().unwrap_or_default().contains("udp");
        let wanted = if udp { "delivered" } else { "works" };
        ensure!(said["outcome"]["kind"] == wanted, "{said:#}");
    }
    Ok(())
}

fn silent_targets(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _peer = site.open(&[
        "attic", "8081", "--proto", "both", "--to", "peer", "--label", "silent",
    ])?;
    let _other = site.open(&[
        "attic",
        "8082",
        "--proto",
        "both",
        "--to",
        "192.168.20.30",
        "--label",
        "silent",
    ])?;
    blames(&site, "silent", "program", &["nothing listens on"])
}

fn not_in_force(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let open = site.open(&["attic", "8083", "--proto", "tcp", "--label", "off"])?;
    let id = open.ids.first().cloned().unwrap_or_default();
    site.me.change(&["port", "disable", &id])?;
    blames(&site, "off", "vps_rule", &["switched off"])?;
    open.close()?;
    site.me.change(&["peer", "suspend", "attic"])?;
    let named = blames(
        &site,
        crate::place::GAMES,
        "vps_rule",
        &["wirewarp peer resume attic"],
    );
    let all = site.me.json(&["check"]);
    site.me.change(&["peer", "resume", "attic"])?;
    named?;
    let all = all?;
    ensure!(all["checks"].as_array().is_some_and(Vec::is_empty), "{all:#}");
    ensure!(
        all["skipped"][0]["why"] == "Its peer attic is suspended.",
        "{all:#}"
    );
    let _servers = lab.host_games("vm")?;
    // The bridge went with the peer and has come again; the VM is to be put on it.
    site.connect("vm", "attic")?;
    lab.wait_until(
        "vps1",
        "ping -c 1 -W 1 10.0.0.2",
        std::time::Duration::from_secs(20),
    )?;
    works(&site, crate::place::GAMES).map(drop)
}

fn manual(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    site.me.change(&[
        "peer",
        "add",
        "phone",
        "--vps",
        "nyc",
        "--manual",
        "--ip",
        "203.0.113.11",
    ])?;
    let open = site.open(&["phone", "all"])?;
    let said = site.me.json(&["check", "phone"])?;
    ensure!(said["checks"].as_array().is_some_and(Vec::is_empty), "{said:#}");
    let why = said["skipped"][0]["why"].as_str().unwrap_or_default();
    ensure!(
        why.contains("203.0.113.11") && why.contains("no port of its own"),
        "{said:#}"
    );
    open.close()?;
    let _open = site.open(&["phone", "9000", "--proto", "both", "--label", "phone"])?;
    blames(&site, "phone", "tunnel", &["has never come up"])
}
