//! What the collector counts and keeps.

use std::net::Ipv4Addr;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::{end, wait_for};
use wirewarp_tests::site::{FIRST, Site};
use wirewarp_tests::suite::Case;

use super::monitor::{Monitor, history, sum};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("what_a_forward_carried_is_what_iperf3_sent", counted),
        Case::new("a_killed_collector_loses_nothing_and_an_outage_is_a_gap", killed),
        Case::new("top_and_health_say_how_things_are", looking_on),
    ]
}

/// Bytes that the player sends in one go.
const SENT: u64 = 40 << 20;

/// Payload of a full segment in a tunnel of 1420 bytes, and the headers of IP and TCP (with timestamps).
const SEGMENT: u64 = 1368;
const HEADERS: u64 = 52;

/// What iperf3 says of a transfer, in bytes of payload.
#[derive(Clone, Copy)]
pub struct Sent {
    /// What was sent once.
    once: u64,
    /// What was sent again. Of that some was lost before the VPS and not counted there, some behind it and counted twice.
    again: u64,
}

/// A player sends [`SENT`] bytes to the VM, at a pace that loses little.
pub fn send(lab: &Lab, server: Ipv4Addr) -> Result<Sent> {
    let mut serving = lab
        .command_in("vm", &["iperf3", "-s", "-1", "-p", "25565"])
        .spawn()?;
    let server = server.to_string();
    let bytes = SENT.to_string();
    let words = [
        "iperf3", "-c", &server, "-p", "25565", "-n", &bytes, "-b", "80M", "-J",
    ];
    let said = wait_for("iperf3", Duration::from_secs(40), || {
        let output = lab.exec_in("player", &words)?;
        // It ends well also where nobody listens yet, with JSON that says so.
        let said: Option<Value> = serde_json::from_str(&output.stdout).ok();
        Ok(said.filter(|said| output.succeeded() && said.get("error").is_none()))
    });
    end(&mut serving);
    let said = said?;
    let sum = &said["end"]["sum_sent"];
    let bytes = sum["bytes"]
        .as_u64()
        .with_context(|| format!("iperf3 says {said}"))?;
    Ok(Sent {
        once: bytes,
        again: sum["retransmits"].as_u64().unwrap_or(0) * SEGMENT,
    })
}

/// Refuses bytes on the wire that are not what was sent with headers, up to one in a hundred. Where the kernel has put
/// segments together, they are counted with one header.
fn fits(counted: u64, sent: Sent) -> Result<()> {
    let most = sent.once + sent.again;
    let headers = most.div_ceil(SEGMENT) * HEADERS;
    let bounds = sent.once / 100 * 99..=(most + headers) / 100 * 101;
    ensure!(
        bounds.contains(&counted),
        "{counted} bytes counted, {} sent and {} again",
        sent.once,
        sent.again
    );
    Ok(())
}

/// Bytes to home of a forward, once two polls after each other bring nothing more.
fn settled(site: &Site, label: &str) -> Result<u64> {
    let mut before = 0;
    wait_for("the last bytes", Duration::from_secs(30), || {
        sleep(Duration::from_secs(3));
        let now = sum(&history(site, "forward", label)?, "to home")?;
        let same = now == std::mem::replace(&mut before, now) && now > 0;
        Ok(same.then_some(now))
    })
}

fn counted(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let opened = site.open(&["attic", "25565", "--label", "game"])?;
    let monitor = Monitor::start(&site)?;
    let sent = send(lab, FIRST)?;
    let on_wire = settled(&site, "game")?;
    fits(on_wire, sent)?;
    let of_ip = sum(&history(&site, "ip", &FIRST.to_string())?, "to home")?;
    ensure!(
        of_ip == on_wire,
        "{of_ip} of the address, {on_wire} of its forward"
    );
    let tunnel = sum(&history(&site, "peer", "attic")?, "to home")?;
    ensure!(
        tunnel >= sent.once,
        "{tunnel} bytes in the tunnel, {} sent",
        sent.once
    );
    let total = monitor.metric(&[
        "wirewarp_forward_bytes_total{",
        "label=\"game\"",
        "direction=\"to_home\"",
    ])?;
    ensure!(total.is_some_and(|total| total >= on_wire), "{total:?}");
    // An apply replaces the rules and not what they counted.
    let other = site.open(&["attic", "40000"])?;
    sleep(Duration::from_secs(3));
    let after = sum(&history(&site, "forward", "game")?, "to home")?;
    ensure!(after == on_wire, "{after} after an apply, {on_wire} before");
    other.close()?;
    monitor.stop()?;
    opened.close()
}

fn killed(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let opened = site.open(&["attic", "25565", "--label", "kept"])?;
    let monitor = Monitor::start(&site)?;
    let first = send(lab, FIRST)?;
    monitor.kill()?;
    // While nobody collects, the host counts.
    let second = send(lab, FIRST)?;
    let monitor = Monitor::start(&site)?;
    let busy = site.me.refused(1, &["monitor"], &["collects the figures"])?;
    ensure!(busy.contains("wirewarp top"), "{busy}");
    lab.exec("vps1", "systemctl stop ssh.socket ssh.service")?.ok()?;
    lab.cut_ssh("vps1")?;
    sleep(Duration::from_secs(8));
    let unknown = monitor.metric(&["wirewarp_host_up{host=\"nyc\"}"])?;
    lab.exec("vps1", "systemctl start ssh.service")?.ok()?;
    ensure!(unknown == Some(0), "{unknown:?}");
    wait_for("an answer", Duration::from_secs(90), || {
        Ok(monitor
            .metric(&["wirewarp_host_up{host=\"nyc\"}"])?
            .filter(|up| *up > 0))
    })?;
    sleep(Duration::from_secs(2));
    let past = history(&site, "forward", "kept")?;
    let on_wire = sum(&past, "to home")?;
    fits(
        on_wire,
        Sent {
            once: first.once + second.once,
            again: first.again + second.again,
        },
    )?;
    let polled: Vec<i64> = past["polled"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect();
    ensure!(
        polled.windows(2).any(|two| two[1] - two[0] >= 5),
        "no gap in {polled:?}"
    );
    monitor.stop()?;
    opened.close()
}

fn looking_on(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let opened = site.open(&["attic", "25565", "--label", "seen"])?;
    let now = site.me.json(&["top", "--once"])?;
    let nyc = now
        .as_array()
        .into_iter()
        .flatten()
        .find(|host| host["name"] == "nyc");
    let nyc = nyc.with_context(|| format!("no nyc in {now}"))?;
    ensure!(nyc["state"] == "online" && nyc["system"]["cpu"].is_u64(), "{nyc}");
    ensure!(nyc["peers"][0]["state"] == "connected", "{nyc}");
    ensure!(nyc["forwards"][0]["label"] == "seen", "{nyc}");
    let shown = site.me.ok(&["top", "--once"])?;
    ensure!(shown.contains("connected") && shown.contains("seen"), "{shown}");
    let monitor = Monitor::start(&site)?;
    let health: Value = serde_json::from_str(&monitor.get("/healthz")?)?;
    let parts = health.as_array().context("no parts")?;
    ensure!(parts.iter().all(|part| part["ok"] == true), "{health}");
    monitor.stop()?;
    let shown = site.me.ok(&["history", "host", "nyc", "--since", "10m"])?;
    ensure!(shown.contains("CPU") && shown.contains("host online"), "{shown}");
    let csv = site
        .me
        .ok(&["history", "peer", "attic", "--since", "10m", "--csv"])?;
    ensure!(csv.starts_with("from,seconds,from_home,to_home"), "{csv}");
    opened.close()
}
