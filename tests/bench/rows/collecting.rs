//! Collecting: what 200 hosts cost the computer that polls them, and what a poll costs a host.

use std::fs;
use std::net::Ipv4Addr;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ipnet::Ipv4Net;
use uuid::Uuid;
use wirewarp_engine::person::Nobody;
use wirewarp_engine::{Engine, Options};
use wirewarp_model::{HostId, Inventory, PeerId, PublicIpId, VpsId};
use wirewarp_tests::lab::process::{end, wait_for};
use wirewarp_tests::wirewarp::Operator;

use super::Row;
use crate::report::{Measured, Target};
use crate::stage::{Stage, say};

pub const ROW: Row = Row {
    name: "collecting",
    about: "200 hosts polled each 10 s over SSH: processor and memory here, processor on a host",
    run,
};

const HOST: &str = "vps61";
const HOSTS: u16 = 200;
const PEERS: u16 = 20;
/// Seconds between two polls.
const INTERVAL: u32 = 10;
const LISTEN: &str = "127.0.0.1:9587";

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    stage.boot(&[HOST])?;
    say("making a VPS with 20 peers, and 200 hosts of the inventory that are it");
    let operator = stage.operator("collector")?;
    operator.add_vps("nyc", HOST, &[])?;
    for number in 0..PEERS {
        let name = format!("peer-{number}");
        operator.change(&["peer", "add", &name, "--vps", "nyc", "--manual"])?;
        operator.change(&["port", "add", &name, &(20_000 + number).to_string()])?;
    }
    copy(&operator)?;
    let over = Duration::from_secs(if stage.quick { 30 } else { 60 });
    let idle = used_by_host(stage, Duration::from_secs(15))?;
    let mut monitor = begin(&operator)?;
    let measured = watch(stage, &monitor, over, idle);
    end(&mut monitor);
    stage.switch_off(&[HOST])?;
    measured
}

fn watch(stage: &Stage, monitor: &Child, over: Duration, idle: f64) -> Result<Vec<Measured>> {
    wait_for("all hosts", Duration::from_secs(120), || {
        let up = up(stage)?;
        Ok((up >= usize::from(HOSTS)).then_some(()))
    })?;
    let program = innermost(monitor.id())?;
    let (before, began) = (ticks(program)?, Instant::now());
    let busy = used_by_host(stage, over)?;
    let processor = (ticks(program)? - before) / began.elapsed().as_secs_f64() * 100.0;
    let memory = megabytes(program)?;
    let polls_a_second = f64::from(HOSTS) / f64::from(INTERVAL);
    let a_poll = (busy - idle).max(0.0) / polls_a_second * 1e3;
    ensure!(up(stage)? >= usize::from(HOSTS), "hosts were lost on the way");
    let of = "200 hosts with 20 peers each, polled every 10 s";
    Ok(vec![
        Measured::figure(
            &format!("processor time of the collector, {of}"),
            Target::Below(5.0),
            processor,
            "% of a core",
        ),
        Measured::figure(
            &format!("memory of the collector, {of}"),
            Target::Below(150.0),
            memory,
            "MB",
        ),
        Measured::figure(
            "processor time of a poll on its host, sshd's included",
            Target::Below(20.0),
            a_poll,
            "ms",
        )
        .seen(format!("idle {:.1} ms a second", idle * 1e3)),
    ])
}

fn begin(operator: &Operator) -> Result<Child> {
    let interval = INTERVAL.to_string();
    let words = [
        "monitor",
        "--interval",
        &interval,
        "--measure",
        "0",
        "--listen",
        LISTEN,
    ];
    let mut command = operator.command(&words);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().context("the collector cannot be started")
}

/// Hosts that answer.
fn up(stage: &Stage) -> Result<usize> {
    let url = format!("http://{LISTEN}/metrics");
    let said = stage
        .lab
        .exec_in("admin", &["curl", "-sS", "--max-time", "5", &url])?;
    let is_up = |line: &&str| line.starts_with("wirewarp_host_up{") && line.ends_with(" 1");
    Ok(said.stdout.lines().filter(is_up).count())
}

/// The process that others were only the way to: those that enter a namespace for it.
fn innermost(process: u32) -> Result<u32> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    match children.split_whitespace().next() {
        Some(child) => innermost(child.parse()?),
        None => Ok(process),
    }
}

/// Seconds of a processor that a process has used.
fn ticks(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let rest = stat.rsplit_once(')').context("no name")?.1;
    let words: Vec<&str> = rest.split_whitespace().collect();
    // utime and stime, in hundredths of a second (proc(5)).
    let each = [11, 12].map(|at| words.get(at).and_then(|word| word.parse::<f64>().ok()));
    let [Some(user), Some(system)] = each else {
        anyhow::bail!("no times in {stat}")
    };
    Ok((user + system) / 100.0)
}

/// Its proportional share.
fn megabytes(process: u32) -> Result<f64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    Ok((kilobytes.context("no Pss")? / 1024.0).round())
}

/// Seconds of a processor that everything on the host used in a second, over some time.
fn used_by_host(stage: &Stage, over: Duration) -> Result<f64> {
    // Of each process user, system and those of its children that ended, in hundredths of a second (proc(5)).
    let script = "cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | awk '{ s += $12 + $13 + $14 + $15 } END { print s }'";
    let usage = || -> Result<f64> {
        let said = stage.lab.exec(HOST, script)?;
        Ok(said.ok()?.trim().parse::<f64>().context("no usage")? / 100.0)
    };
    let (before, began) = (usage()?, Instant::now());
    sleep(over);
    Ok((usage()? - before) / began.elapsed().as_secs_f64())
}

/// Hosts of the inventory that are all the one machine, each with its VPS, its peers and their forwards.
fn copy(operator: &Operator) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let options = Options {
            data_dir: operator.data_dir(),
        };
        let engine = Engine::open(options, Arc::new(Nobody)).await?;
        let proposal = engine
            .propose("bench", |inventory: &Inventory| Ok(copied(inventory)))
            .await?;
        engine.record(&proposal).await?;
        engine.end();
        Ok(())
    })
}

fn copied(inventory: &Inventory) -> Inventory {
    let mut all = inventory.clone();
    let (Some(host), Some(vps)) = (inventory.hosts.first(), inventory.vpses.first()) else {
        return all;
    };
    for number in 1..HOSTS {
        let mut host = host.clone();
        host.id = HostId(Uuid::new_v4());
        host.machine_id = None;
        host.name = named("copy", number).unwrap_or(host.name);
        let mut other = vps.clone();
        (other.id, other.host) = (VpsId(Uuid::new_v4()), host.id);
        other.name = host.name.clone();
        // An inventory has each of these but once; the collector reads none of them.
        other.tunnel_network = network(200, number);
        for (ip, last) in other.ips.iter_mut().zip(1..) {
            ip.id = PublicIpId(Uuid::new_v4());
            ip.address = Ipv4Addr::from_octets([198, 19, octet(number), last]);
        }
        if let Some(ip) = other.ips.first() {
            other.endpoint = ip.address;
        }
        for (place, peer) in inventory.peers.iter().enumerate() {
            let mut peer = peer.clone();
            let place = u16::try_from(place).unwrap_or(0);
            (peer.id, peer.vps) = (PeerId(Uuid::new_v4()), other.id);
            peer.number = number * PEERS + place + 1;
            peer.vm_network = network(100, peer.number);
            if let Some(address) = other.tunnel_network.hosts().nth(usize::from(place) + 1) {
                peer.tunnel_ip = address;
            }
            peer.name = named("one", peer.number).unwrap_or(peer.name);
            if let Some(ip) = other.ips.first() {
                peer.public_ip = ip.id;
            }
            all.peers.push(peer);
        }
        all.hosts.push(host);
        all.vpses.push(other);
    }
    all
}

/// `10.FIRST.0.0/24` and those after it, counted.
fn network(first: u8, number: u16) -> Ipv4Net {
    let address = Ipv4Addr::from_octets([10, first + octet(number / 256), octet(number % 256), 0]);
    Ipv4Net::new_assert(address, 24)
}

fn octet(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn named(word: &str, number: u16) -> Option<wirewarp_model::Name> {
    format!("{word}-{number}").parse().ok()
}
