//! Two VPSes on one home machine: two peers, each with its VM, each answering by the way it was asked.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::topology::PLAYER;
use wirewarp_tests::site::{BOTH, FIRST, MAPPED, SECOND, Site};
use wirewarp_tests::suite::Case;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("two_vpses_serve_one_home_and_replies_go_back_as_they_came", pair),
        Case::new("one_peer_reaches_nothing_of_another", apart),
        Case::new(
            "two_peers_of_one_machine_on_one_vps_have_an_address_each",
            same_vps,
        ),
    ]
}

/// `cellar` on `fra`, behind it `vm2`; both are made by the first who asks.
fn cellar(site: &Site) -> Result<()> {
    if site.has_peer("cellar")? {
        return Ok(());
    }
    if site.me.run(&["vps", "show", "fra"])?.status != 0 {
        site.me.add_vps("fra", "vps2", &[])?;
    }
    site.me.add_peer("cellar", "home", &["--vps", "fra"])?;
    site.connect("vm2", "cellar")
}

fn pair(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    cellar(&site)?;
    let _first = lab.serve("vm", &[25565], &[25565])?;
    let _second = lab.serve("vm2", &[25565], &[25565])?;
    let _home = lab.serve("home", &[16261], &[16261])?;
    let mut open = Vec::new();
    for peer in ["attic", "cellar"] {
        open.push(site.open(&[peer, "25565", "--proto", "both"])?);
        open.push(site.open(&[peer, "16261", "--proto", "both", "--to", "peer"])?);
    }
    for protocol in BOTH {
        for address in [FIRST, MAPPED] {
            for port in [25565, 16261] {
                site.player_is_seen(protocol, address, port)?;
            }
        }
    }
    let _outside = lab.serve("player", &[4000], &[4000])?;
    for (vm, address) in [("vm", FIRST), ("vm2", MAPPED)] {
        is_seen_at(lab, vm, address)?;
        // Its own public address, and the other's.
        for protocol in BOTH {
            lab.ask(vm, protocol, (FIRST, 25565))?;
            lab.ask(vm, protocol, (MAPPED, 25565))?;
        }
    }
    site.nothing_to_do()
}

fn is_seen_at(lab: &Lab, vm: &str, address: Ipv4Addr) -> Result<()> {
    for protocol in BOTH {
        let answer = lab.ask(vm, protocol, (PLAYER, 4000))?;
        ensure!(answer.peer.ip() == IpAddr::V4(address), "{vm}: {answer:?}");
    }
    Ok(())
}

fn apart(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    cellar(&site)?;
    let (attic, cellar) = (site.given("attic")?, site.given("cellar")?);
    ensure!(attic.vm_network != cellar.vm_network && attic.tunnel_ip != cellar.tunnel_ip);
    let _first = lab.serve("vm", &[9999], &[9999])?;
    let _second = lab.serve("vm2", &[9999], &[9999])?;
    for (from, to) in [("vm", cellar), ("vm2", attic)] {
        let places = BOTH.map(|protocol| (protocol, (to.first_vm(), 9999).into()));
        site.silent(from, &places)?;
    }
    Ok(())
}

fn same_vps(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    cellar(&site)?;
    site.me.change(&["peer", "remove", "cellar"])?;
    site.me
        .add_peer("shed", "home", &["--vps", "nyc", "--ip", &SECOND.to_string()])?;
    site.connect("vm2", "shed")?;
    let _first = lab.serve("vm", &[25565], &[25565, 9999])?;
    let _second = lab.serve("vm2", &[25565], &[25565, 9999])?;
    let attics = site.open(&["attic", "25565", "--proto", "both"])?;
    let sheds = site.open(&["shed", "25565", "--proto", "both"])?;
    let _outside = lab.serve("player", &[4000], &[4000])?;
    for (vm, address) in [("vm", FIRST), ("vm2", SECOND)] {
        is_seen_at(lab, vm, address)?;
        for protocol in BOTH {
            site.player_is_seen(protocol, address, 25565)?;
        }
    }
    let (attic, shed) = (site.given("attic")?, site.given("shed")?);
    for (from, to) in [("vm", shed), ("vm2", attic)] {
        let unasked = BOTH.map(|protocol| (protocol, (to.first_vm(), 9999).into()));
        site.silent(from, &unasked)?;
    }
    attics.close()?;
    sheds.close()?;
    site.me.change(&["peer", "remove", "shed"])?;
    site.nothing_to_do()
}
