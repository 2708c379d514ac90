//! Players who are playing do not notice changes that are not about them.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{BOTH, FIRST, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::{Tcp, Udp};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("players_notice_nothing_of_changes_to_other_forwards", undisturbed),
        Case::new("players_notice_nothing_of_peers_that_come_and_go", other_peers),
        Case::new("the_player_of_a_removed_forward_is_cut_off", cut_off),
        Case::new(
            "a_player_who_tried_before_the_forward_was_there_gets_through",
            tried_before,
        ),
    ]
}

fn undisturbed(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _vm = lab.serve("vm", &[25565], &[25565])?;
    let _home = lab.serve("home", &[16261], &[16261])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    let _peer = site.open(&["attic", "16261", "--proto", "both", "--to", "peer"])?;
    let mut streams = Vec::new();
    for protocol in BOTH {
        for port in [25565, 16261] {
            streams.push(lab.stream("player", protocol, (FIRST, port), 200)?);
        }
    }
    for round in 0..3 {
        let range = format!("{}-{}", 40_000 + round * 100, 40_050 + round * 100);
        let other = site.open(&["attic", &range, "--proto", "both"])?;
        let peers = site.open(&["attic", &format!("{}", 50_000 + round), "--to", "peer"])?;
        other.close()?;
        peers.close()?;
    }
    for stream in streams {
        let tally = stream.finish()?;
        ensure!(tally.sent > 200, "{tally:?}");
        ensure!(
            tally.lost == 0 && tally.damaged == 0 && tally.broken.is_none(),
            "{tally:?}"
        );
        ensure!(tally.answered == tally.sent, "{tally:?}");
        ensure!(tally.seen_as.len() == 1, "{tally:?}");
    }
    Ok(())
}

/// With wireguard-go a port that is set again, though it is the same, opens the socket anew, and what has arrived at the old
/// one is lost: the socket tells that more surely than the few packets do.
fn other_peers(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _vm = lab.serve("vm", &[], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "udp"])?;
    let socket = || -> Result<String> {
        let all = lab.exec("vps1", "ss -Huane 'sport = :51820'")?;
        let all = all.ok()?.to_owned();
        ensure!(all.contains("sk:"), "no socket of WireGuard: {all:?}");
        Ok(all)
    };
    let (before, player) = (socket()?, lab.stream("player", Udp, (FIRST, 25565), 200)?);
    for name in ["phone", "tablet"] {
        site.me
            .change(&["peer", "add", name, "--manual", "--vps", "nyc"])?;
        site.me.change(&["peer", "suspend", name])?;
        site.me.change(&["peer", "remove", name])?;
    }
    let tally = player.finish()?;
    ensure!(tally.lost == 0 && tally.sent > 400, "{tally:?}");
    let after = socket()?;
    ensure!(before == after, "{before} is now {after}");
    Ok(())
}

fn cut_off(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _vm = lab.serve("vm", &[25565], &[25565])?;
    let open = site.open(&["attic", "25565", "--proto", "both"])?;
    let udp = lab.stream("player", Udp, (FIRST, 25565), 200)?;
    let tcp = lab.stream("player", Tcp, (FIRST, 25565), 100)?;
    sleep(Duration::from_secs(1));
    open.close()?;
    sleep(Duration::from_secs(2));
    let (udp, tcp) = (udp.finish()?, tcp.finish()?);
    ensure!(udp.answered > 100, "{udp:?}");
    // Two seconds of 200 questions each at least.
    ensure!(udp.lost > 300, "{udp:?}");
    ensure!(tcp.answered > 50, "{tcp:?}");
    ensure!(tcp.lost > 0 || tcp.broken.is_some(), "{tcp:?}");
    Ok(())
}

/// Its flow is older than the translation, and would never be given it (seen).
fn tried_before(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _vm = lab.serve("vm", &[], &[2457])?;
    let early = lab.stream("player", Udp, (FIRST, 2457), 50)?;
    sleep(Duration::from_millis(500));
    let _open = site.open(&["attic", "2457", "--proto", "udp"])?;
    sleep(Duration::from_secs(1));
    let tally = early.finish()?;
    ensure!(tally.answered > 30, "{tally:?}");
    Ok(())
}
