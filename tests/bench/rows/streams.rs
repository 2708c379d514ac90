//! What running connections notice of changes: through `WireWarp`'s tunnel, and through one of wg-quick beside it.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wirewarp_tests::traffic::{Protocol, Tally};

use super::Row;
use crate::report::{Measured, Target};
use crate::stage::{Stage, must, say};

pub const ROW: Row = Row {
    name: "streams",
    about: "packets and bytes lost while changes are applied, against wg-quick down and up",
    run,
};

const VPS: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);
/// Served at home by way of `WireWarp`, and of the tunnel made by hand.
const OURS: u16 = 7001;
const HAND: u16 = 7002;
/// From one change to the next, for both.
const PACE: Duration = Duration::from_secs(1);

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let hosts = ["vps1", "home"];
    stage.boot(&hosts)?;
    stage.lab.at_once(&hosts, |host| stage.lab.reset(host))?;
    let operator = stage.operator("streams")?;
    operator.add_vps("nyc", "vps1", &[])?;
    operator.add_peer("attic", "home", &["--vps", "nyc"])?;
    let port = OURS.to_string();
    operator.change(&["port", "add", "attic", &port, "--proto", "both", "--to", "peer"])?;
    let _server = stage.lab.serve("home", &[OURS, HAND], &[OURS, HAND])?;
    let changes = stage.rounds(50);
    say(&format!("{changes} changes by wirewarp"));
    let ours = talk_during(stage, OURS, changes, |change| {
        let port = (21_000 + change).to_string();
        let words = [
            "port", "add", "attic", &port, "--proto", "both", "--to", "peer", "--yes",
        ];
        must(stage.wirewarp(&operator, &words), "").map(drop)
    })?;
    say(&format!("{changes} times wg-quick down and up"));
    make_by_hand(stage)?;
    let hand = talk_during(stage, HAND, changes, |_| {
        let script = "wg-quick down hand && wg-quick up hand";
        stage.lab.exec("vps1", script)?.ok().map(drop)
    })?;
    Ok(told(&ours, &hand, changes))
}

/// The tallies of both streams.
struct Streams {
    udp: Tally,
    tcp: Tally,
}

/// A thousand datagrams a second and a connection, through all the changes and a second more.
fn talk_during(
    stage: &Stage,
    port: u16,
    changes: usize,
    mut change: impl FnMut(usize) -> Result<()>,
) -> Result<Streams> {
    let to = SocketAddr::from((VPS, port));
    // The first question may wait for a handshake of the tunnel.
    for protocol in [Protocol::Udp, Protocol::Tcp] {
        stage.lab.ask("player", protocol, to).context("nothing answers")?;
    }
    let udp = stage.lab.stream("player", Protocol::Udp, to, 1000)?;
    let tcp = stage.lab.stream("player", Protocol::Tcp, to, 200)?;
    thread::sleep(PACE);
    for number in 0..changes {
        let began = Instant::now();
        change(number)?;
        thread::sleep(PACE.saturating_sub(began.elapsed()));
    }
    thread::sleep(PACE);
    let streams = Streams {
        udp: udp.finish()?,
        tcp: tcp.finish()?,
    };
    ensure!(streams.udp.sent > 0 && streams.tcp.sent > 0, "nothing was sent");
    Ok(streams)
}

/// The same way in with wg-quick and a few rules: what people do without `WireWarp`.
fn make_by_hand(stage: &Stage) -> Result<()> {
    let lab = stage.lab;
    let key = "mkdir -p /etc/wireguard && umask 077 && wg genkey > /etc/wireguard/key && wg pubkey < /etc/wireguard/key";
    let [vps, home] = [lab.exec("vps1", key)?, lab.exec("home", key)?];
    let (vps, home) = (vps.ok()?, home.ok()?);
    let setup = |address: &str, more: &str, peer: &str| {
        format!(
            "umask 077; cat > /etc/wireguard/hand.conf << END\n[Interface]\nAddress = {address}/24\n\
             PrivateKey = $(cat /etc/wireguard/key)\n{more}\n[Peer]\n{peer}\nEND\nwg-quick up hand"
        )
    };
    let peer = format!("PublicKey = {home}\nAllowedIPs = 10.77.0.2/32");
    lab.exec("vps1", &setup("10.77.0.1", "ListenPort = 51821", &peer))?
        .ok()?;
    let peer = format!(
        "PublicKey = {vps}\nAllowedIPs = 10.77.0.1/32\nEndpoint = {VPS}:51821\nPersistentKeepalive = 1"
    );
    lab.exec("home", &setup("10.77.0.2", "", &peer))?.ok()?;
    let rules = format!(
        "table ip hand {{\n\
         chain in {{ type nat hook prerouting priority -100; ip daddr {VPS} tcp dport {HAND} dnat to 10.77.0.2\n\
         ip daddr {VPS} udp dport {HAND} dnat to 10.77.0.2\n }}\n\
         chain out {{ type nat hook postrouting priority 100; oifname \"hand\" masquerade\n }}\n}}\n"
    );
    lab.exec("vps1", &format!("nft -f - << END\n{rules}END"))?.ok()?;
    Ok(())
}

fn told(ours: &Streams, hand: &Streams, changes: usize) -> Vec<Measured> {
    let against = "`wg-quick down; up` per change";
    let udp = format!(
        "of {} sent; wg-quick lost {} of {}",
        ours.udp.sent, hand.udp.lost, hand.udp.sent
    );
    let tcp = format!(
        "of {} lines, longest silence {} ms; wg-quick lost {} of {}, longest silence {} ms",
        ours.tcp.sent, ours.tcp.longest_silence_ms, hand.tcp.lost, hand.tcp.sent, hand.tcp.longest_silence_ms
    );
    let lost = |tally: &Tally| count(tally.lost + tally.damaged + u64::from(tally.broken.is_some()));
    let name = |what: &str| format!("{what} during {changes} changes");
    vec![
        Measured::figure(
            &name("packets lost of a 1,000/s UDP stream"),
            Target::AtMost(0.0),
            lost(&ours.udp),
            "",
        )
        .against(against)
        .seen(udp),
        Measured::figure(
            &name("lines lost of a TCP stream"),
            Target::AtMost(0.0),
            lost(&ours.tcp),
            "",
        )
        .against(against)
        .seen(tcp),
    ]
}

fn count(number: u64) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}
