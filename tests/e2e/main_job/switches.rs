//! Peers are suspended, renamed and given new keys.

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::topology::{LAN2, PLAYER};
use wirewarp_tests::site::{BOTH, FIRST, Given, Site, text};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::{Tcp, Udp};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_suspended_peer_is_out_of_force_until_it_is_resumed", suspended),
        Case::new(
            "a_rename_changes_no_packet_and_the_new_name_is_understood",
            renamed,
        ),
        Case::new("rotated_keys_are_new_and_the_tunnel_works", rotated),
        Case::new("a_host_goes_back_to_an_earlier_generation_on_request", rollback),
    ]
}

fn suspended(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[25565], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    let outside = lab.serve("player", &[4000], &[4000])?;
    lab.ask("vm", Udp, (PLAYER, 4000))?;
    let (before, seen) = (site.given("attic")?, outside.seen()?.len());
    let chatter = lab.stream("vm", Udp, (PLAYER, 4000), 100)?;
    site.me.change(&["peer", "suspend", "attic"])?;
    site.silent("player", &BOTH.map(|protocol| (protocol, (FIRST, 25565).into())))?;
    let peers = lab.exec("vps1", "wg show ww0 peers")?;
    ensure!(peers.ok()?.is_empty(), "{peers:?}");
    let links = lab.exec("home", "ls /sys/class/net")?;
    let links: Vec<&str> = links.ok()?.split_whitespace().collect();
    ensure!(!links.contains(&"ww0") && links.contains(&"wwbr0"), "{links:?}");
    // The VM has its gateway still, and no way past it: neither to the internet nor to the home.
    lab.exec_in("vm", &["ping", "-c", "1", "-W", "2", &gateway(&before)?])?
        .ok()?;
    let _lan = lab.serve("lan2", &[8096], &[8096])?;
    let places = [(PLAYER, 4000), (LAN2, 8096)];
    let closed = places.map(|place| BOTH.map(|protocol| (protocol, place.into())));
    site.silent("vm", &closed.concat())?;
    // The chatter was one client more.
    ensure!(
        outside.seen()?.len() == seen + 1,
        "it leaked: {:?}",
        outside.seen()?
    );
    site.nothing_to_do()?;
    site.me.change(&["peer", "resume", "attic"])?;
    ensure!(site.given("attic")? == before);
    // Nobody has touched the VM meanwhile.
    for protocol in BOTH {
        site.player_is_seen(protocol, FIRST, 25565)?;
        let answer = lab.ask("vm", protocol, (PLAYER, 4000))?;
        ensure!(answer.peer.ip() == FIRST, "{answer:?}");
    }
    let tally = chatter.finish()?;
    let leaked = tally.seen_as.iter().any(|seen| seen.ip() != FIRST);
    // A silence is between two answers: it has some before it and some behind it.
    let came_back = tally.longest_silence_ms > 1000;
    ensure!(
        !leaked && came_back && tally.lost > 100 && tally.answered > 20,
        "{tally:?}"
    );
    site.nothing_to_do()
}

fn gateway(given: &Given) -> Result<String> {
    let first = given.vm_network.hosts().next();
    first.map(|address| address.to_string()).context("no gateway")
}

fn renamed(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "udp"])?;
    let player = lab.stream("player", Udp, (FIRST, 25565), 100)?;
    site.me.change(&["peer", "rename", "attic", "loft"])?;
    site.me.change(&["vps", "rename", "nyc", "ewr"])?;
    let understood = site.has_peer("loft")? && !site.has_peer("attic")?;
    let plan = site.me.run(&["plan", "ewr"])?;
    site.me.change(&["peer", "rename", "loft", "attic"])?;
    site.me.change(&["vps", "rename", "ewr", "nyc"])?;
    ensure!(understood && plan.status == 0, "{plan:?}");
    let tally = player.finish()?;
    ensure!(tally.lost == 0 && tally.answered > 100, "{tally:?}");
    Ok(())
}

fn rotated(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[25565], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    let in_use = || {
        let said = lab.exec("home", "wg show ww0 public-key")?;
        Ok::<_, anyhow::Error>(said.ok()?.to_owned())
    };
    let before = in_use()?;
    let player = lab.stream("player", Udp, (FIRST, 25565), 100)?;
    // Twice: one end or the other is first.
    for _ in 0..2 {
        site.me.change(&["peer", "rotate-keys", "attic"])?;
    }
    let after = in_use()?;
    ensure!(before != after, "it is still {before}");
    let shown = site.me.json(&["peer", "show", "attic"])?;
    ensure!(text(&shown["peer"], "public_key")? == after, "{shown}");
    site.player_is_seen(Udp, FIRST, 25565)?;
    let tally = player.finish()?;
    // WireGuard by itself would try again after 5 s (its whitepaper, section 6.1).
    ensure!(tally.longest_silence_ms < 3000, "{tally:?}");
    site.player_is_seen(Tcp, FIRST, 25565)?;
    site.nothing_to_do()
}

fn rollback(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[25565, 25566], &[])?;
    let _first = site.open(&["attic", "25565"])?;
    let _second = site.open(&["attic", "25566"])?;
    site.player_is_seen(Tcp, FIRST, 25566)?;
    site.me.change(&["rollback", "nyc"])?;
    site.player_is_seen(Tcp, FIRST, 25565)?;
    site.silent("player", &[(Tcp, (FIRST, 25566).into())])?;
    let plan = site.me.run(&["plan", "nyc"])?;
    ensure!(plan.status == 2, "{plan:?}");
    site.me.change(&["apply"])?;
    site.player_is_seen(Tcp, FIRST, 25566).map(drop)
}
