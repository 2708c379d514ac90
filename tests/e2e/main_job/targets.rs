//! Where a forward can lead besides the first VM, and who else may call the public address.

use std::net::IpAddr;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{BOTH, FIRST, HOME, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::Tcp;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_program_on_the_peer_bound_to_any_address_sees_the_player",
            the_peer,
        ),
        Case::new("a_lan_machine_is_reached_and_the_plan_says_whom_it_sees", lan),
        Case::new("the_vm_reaches_its_own_public_address", hairpin),
        Case::new("the_vps_reaches_its_own_public_address", vps_itself),
        Case::new("another_machine_of_the_lan_reaches_the_public_address", neighbour),
    ]
}

fn the_peer(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("home", &[16261], &[16261])?;
    let _open = site.open(&["attic", "16261", "--proto", "both", "--to", "peer"])?;
    for protocol in BOTH {
        site.player_is_seen(protocol, FIRST, 16261)?;
    }
    Ok(())
}

fn lan(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("lan2", &[8096], &[8096])?;
    let words = ["attic", "8096", "--proto", "both", "--to", "192.168.20.30"];
    let plan = site
        .me
        .ok(&[&["port", "add"], words.as_slice(), &["--dry-run"]].concat())?;
    ensure!(
        plan.contains("sees the address of attic instead of the clients'"),
        "the plan does not say that the client is hidden: {plan}"
    );
    let _open = site.open(&words)?;
    for protocol in BOTH {
        let answer = lab.ask("player", protocol, (FIRST, 8096))?;
        ensure!(answer.peer.ip() == IpAddr::V4(HOME), "{answer:?}");
    }
    Ok(())
}

fn hairpin(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[25565], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    for protocol in BOTH {
        let answer = lab.ask("vm", protocol, (FIRST, 25565))?;
        ensure!(answer.peer.ip() == IpAddr::V4(FIRST), "{answer:?}");
    }
    Ok(())
}

fn vps_itself(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[25565], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    for protocol in BOTH {
        lab.ask("vps1", protocol, (FIRST, 25565))?;
    }
    Ok(())
}

fn neighbour(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _vm = lab.serve("vm", &[25565], &[])?;
    let _home = lab.serve("home", &[16261], &[])?;
    let _open = site.open(&["attic", "25565"])?;
    let _peer = site.open(&["attic", "16261", "--to", "peer"])?;
    for port in [25565, 16261] {
        lab.ask("lan2", Tcp, (FIRST, port))?;
        lab.ask("home", Tcp, (FIRST, port))?;
    }
    Ok(())
}
