//! With which address a peer's traffic leaves, and what moves with it.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::topology::{PLAYER, ROUTER_WAN};
use wirewarp_tests::site::{BOTH, FIRST, SECOND, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::{Tcp, Udp};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("the_vm_is_seen_at_the_assigned_address", assigned),
        Case::new("the_home_itself_keeps_its_own_line", own_line),
        Case::new("a_moved_peer_takes_its_forwards_and_its_egress_along", moved),
        Case::new("a_guest_can_have_a_whole_public_address_ping_included", whole),
    ]
}

fn vm_is_seen_at(lab: &Lab, expected: Ipv4Addr) -> Result<()> {
    let _outside = lab.serve("player", &[4000], &[4000])?;
    for protocol in BOTH {
        let answer = lab.ask("vm", protocol, (PLAYER, 4000))?;
        ensure!(answer.peer.ip() == IpAddr::V4(expected), "{answer:?}");
    }
    Ok(())
}

fn assigned(lab: &Lab) -> Result<()> {
    Site::ready(lab)?;
    vm_is_seen_at(lab, FIRST)
}

fn own_line(lab: &Lab) -> Result<()> {
    Site::ready(lab)?;
    let _outside = lab.serve("player", &[4000], &[4000])?;
    for protocol in BOTH {
        let answer = lab.ask("home", protocol, (PLAYER, 4000))?;
        ensure!(answer.peer.ip() == IpAddr::V4(ROUTER_WAN), "{answer:?}");
    }
    Ok(())
}

fn moved(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[25565], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    for (to, from) in [(SECOND, FIRST), (FIRST, SECOND)] {
        site.me
            .change(&["peer", "move", "attic", "--ip", &to.to_string()])?;
        for protocol in BOTH {
            site.player_is_seen(protocol, to, 25565)?;
        }
        site.silent("player", &BOTH.map(|protocol| (protocol, (from, 25565).into())))?;
        vm_is_seen_at(lab, to)?;
    }
    Ok(())
}

fn whole(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    site.me
        .change(&["peer", "move", "attic", "--ip", &SECOND.to_string()])?;
    let _server = lab.serve("vm", &[22, 9, 65535], &[9, 65535])?;
    let open = site.open(&["attic", "all"])?;
    for (protocol, port) in [(Tcp, 22), (Tcp, 9), (Tcp, 65535), (Udp, 9), (Udp, 65535)] {
        let answer = site.player_is_seen(protocol, SECOND, port)?;
        ensure!(answer.port == port, "{answer:?}");
    }
    let ping = |count: &str| {
        let address = SECOND.to_string();
        lab.exec_in("player", &["ping", "-c", count, "-W", "1", &address])
    };
    ensure!(ping("2")?.succeeded(), "the VM does not answer pings");
    // Only if it is the VM that answers does it matter that the VM stops.
    vm_ignores_pings(lab, "1")?;
    let while_ignored = ping("1")?;
    vm_ignores_pings(lab, "0")?;
    ensure!(
        !while_ignored.succeeded(),
        "somebody else answers: {while_ignored:?}"
    );
    // The other address is still the VPS's own.
    lab.ssh("vps1", "true")?.ok()?;
    open.close()?;
    let closed = [(Tcp, (SECOND, 9).into()), (Udp, (SECOND, 9).into())];
    site.silent("player", &closed)?;
    site.me
        .change(&["peer", "move", "attic", "--ip", &FIRST.to_string()])?;
    vm_is_seen_at(lab, FIRST)
}

fn vm_ignores_pings(lab: &Lab, value: &str) -> Result<()> {
    let setting = format!("net.ipv4.icmp_echo_ignore_all={value}");
    let set = lab.exec_in("vm", &["sysctl", "-q", "-w", &setting])?;
    set.ok().map(drop)
}
