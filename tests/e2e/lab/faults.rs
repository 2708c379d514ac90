//! Bad lines, and whether the streams notice them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::{Protocol, client};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("streams_over_a_good_line_lose_nothing", good_line),
        Case::new("a_stream_shows_how_long_a_line_was_silent", silence),
        Case::new("a_cut_cable_has_no_carrier_until_it_is_back", cable),
        Case::new("a_slow_line_is_slow", slow),
        Case::new("the_home_gets_another_address", renumbered),
    ]
}

fn vps1(port: u16) -> SocketAddr {
    SocketAddr::from(([203, 0, 113, 10], port))
}

fn good_line(lab: &Lab) -> Result<()> {
    let _server = lab.serve("vps1", &[25565], &[25565])?;
    let streams =
        [Protocol::Udp, Protocol::Tcp].map(|protocol| lab.stream("home", protocol, vps1(25565), 200));
    sleep(Duration::from_secs(1));
    for stream in streams {
        let tally = stream?.finish()?;
        ensure!(tally.sent > 100 && tally.answered == tally.sent, "{tally:?}");
        ensure!(tally.lost + tally.damaged + tally.repeated == 0, "{tally:?}");
        ensure!(tally.broken.is_none() && tally.seen_as.len() == 1, "{tally:?}");
        ensure!(tally.longest_silence_ms < 500, "{tally:?}");
    }
    Ok(())
}

fn silence(lab: &Lab) -> Result<()> {
    let _server = lab.serve("vps1", &[25565], &[25565])?;
    let udp = lab.stream("player", Protocol::Udp, vps1(25565), 200)?;
    let tcp = lab.stream("player", Protocol::Tcp, vps1(25565), 50)?;
    sleep(Duration::from_millis(300));
    lab.block("vps1", "udp dport 25565")?;
    sleep(Duration::from_millis(700));
    lab.unblock("vps1")?;
    sleep(Duration::from_millis(300));
    let (udp, tcp) = (udp.finish()?, tcp.finish()?);
    ensure!(udp.lost > 100 && udp.answered > 40, "{udp:?}");
    ensure!((600..2000).contains(&udp.longest_silence_ms), "{udp:?}");
    ensure!(tcp.lost == 0 && tcp.longest_silence_ms < 500, "{tcp:?}");
    Ok(())
}

fn cable(lab: &Lab) -> Result<()> {
    lab.cut_link("vps1")?;
    let carrier = "test $(cat /sys/class/net/eth0/carrier) = ";
    lab.wait_until("vps1", &format!("{carrier} 0"), Duration::from_secs(5))?;
    let reached = client::wait_tcp(vps1(22), None, Duration::from_secs(1));
    ensure!(reached.is_err(), "it was reached without a cable");
    lab.restore_link("vps1")?;
    lab.wait_for_ssh("vps1")
}

fn slow(lab: &Lab) -> Result<()> {
    lab.limit_rate("vps1", 8)?;
    let started = std::time::Instant::now();
    // Two megabytes at eight megabits per second take two seconds.
    lab.ssh("vps1", "head -c 2000000 /dev/zero")?.ok()?;
    let took = started.elapsed();
    lab.unlimit_rate("vps1")?;
    ensure!((1500..6000).contains(&took.as_millis()), "{took:?}");
    Ok(())
}

fn renumbered(lab: &Lab) -> Result<()> {
    let _server = lab.serve("vps1", &[80], &[])?;
    let other = Ipv4Addr::new(203, 0, 113, 51);
    lab.renumber_home(other)?;
    let seen = lab.ask("home", Protocol::Tcp, vps1(80))?;
    lab.renumber_home(wirewarp_tests::lab::topology::ROUTER_WAN)?;
    ensure!(seen.peer.ip() == IpAddr::V4(other), "{seen:?}");
    Ok(())
}
