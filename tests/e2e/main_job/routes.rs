//! What of the machine's own traffic goes through its tunnel.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::topology::{HUB, LAN2, PLAYER, ROUTER_WAN};
use wirewarp_tests::site::{BOTH, FIRST, Site, put_wrong};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::Udp;

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "the_home_sends_by_the_tunnel_what_it_is_told_to",
        own_traffic,
    )]
}

fn own_traffic(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _outside = lab.serve("player", &[4000], &[4000])?;
    let _elsewhere = lab.serve("hub", &[4001], &[4001])?;
    let _lan = lab.serve("lan2", &[8096], &[])?;
    let _server = lab.serve("home", &[], &[16261])?;
    let _open = site.open(&["attic", "16261", "--proto", "udp", "--to", "peer"])?;
    let player = lab.stream("player", Udp, (FIRST, 16261), 100)?;

    // A look at what would be, which says it in words and does nothing.
    let dry = site
        .me
        .ok(&["peer", "route", "attic", "everything", "--dry-run"])?;
    ensure!(
        dry.contains("send everything of this machine through ww0"),
        "{dry}"
    );
    leaves_as(&site, ROUTER_WAN, ROUTER_WAN)?;

    let changed = site.me.change(&["peer", "route", "attic", "everything"])?;
    ensure!(changed["route"] == "everything", "{changed}");
    leaves_as(&site, FIRST, FIRST)?;
    nothing_leaks(&site)?;
    leaves_as(&site, FIRST, FIRST)?;

    let listed = PLAYER.to_string();
    site.me.change(&["peer", "route", "attic", &listed])?;
    leaves_as(&site, FIRST, ROUTER_WAN)?;
    refused(&site)?;

    site.me.change(&["peer", "route", "attic", "replies"])?;
    leaves_as(&site, ROUTER_WAN, ROUTER_WAN)?;
    let rules = lab.exec("home", "ip rule show; ip -6 rule show; wg show ww0 fwmark")?;
    ensure!(
        !rules.ok()?.contains("\n78") && rules.stdout.contains("off"),
        "{rules:?}"
    );
    // The player of the server on the machine itself was never thrown out, but for the tunnel that was down.
    let tally = player.finish()?;
    ensure!(tally.answered > tally.lost, "{tally:?}");
    Ok(())
}

/// With which address the player's machine and another one see the home; everybody else sees what he always saw.
fn leaves_as(site: &Site, by_the_player: Ipv4Addr, elsewhere: Ipv4Addr) -> Result<()> {
    let lab = site.lab;
    for protocol in BOTH {
        for (place, expected) in [((PLAYER, 4000), by_the_player), ((HUB, 4001), elsewhere)] {
            let answer = lab.ask("home", protocol, place)?;
            ensure!(
                answer.peer.ip() == IpAddr::V4(expected),
                "{protocol:?} to {place:?}: {answer:?}"
            );
        }
        let vm = lab.ask("vm", protocol, (PLAYER, 4000))?;
        ensure!(vm.peer.ip() == FIRST, "{vm:?}");
    }
    lab.ask("home", wirewarp_tests::traffic::Protocol::Tcp, (LAN2, 8096))?;
    site.player_is_seen(Udp, FIRST, 16261)?;
    lab.ssh("home", "true")?.ok()?;
    site.nothing_to_do()
}

/// The VPS takes its end of the tunnel down.
fn nothing_leaks(site: &Site) -> Result<()> {
    let lab = site.lab;
    put_wrong(lab, "vps1", "ip link set ww0 down")?;
    let places = BOTH.map(|protocol| (protocol, (PLAYER, 4000).into()));
    let silent = site.silent("home", &places);
    let ssh = lab.ssh("home", "true");
    lab.exec("vps1", "systemctl start wirewarp-watch")?.ok()?;
    silent?;
    ssh?.ok().map(drop)
}

fn refused(site: &Site) -> Result<()> {
    let route = |words: &[&'static str]| [&["peer", "route", "attic"], words].concat();
    for (status, words, says) in [
        (
            1,
            route(&["203.0.113.10"]),
            "route: 203.0.113.10/32 holds 203.0.113.10, an address of VPS nyc",
        ),
        (64, route(&["0.0.0.0/0"]), "say “everything”"),
        (64, route(&["192.168.20.0/24"]), "private networks"),
        (64, route(&["replies", "192.0.2.0/24"]), "stands alone"),
    ] {
        site.me.refused(status, &words, &["route", says])?;
    }
    Ok(())
}
