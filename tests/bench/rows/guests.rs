//! A guest of a Proxmox host, from the word to a player's first packet; and how often the API is asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;
use wirewarp_tests::lab::process::run;
use wirewarp_tests::proxmox::{INTERFACES, Kind, NODE, Standin, Version};
use wirewarp_tests::traffic::Protocol;
use wirewarp_tests::wirewarp::Operator;

use super::Row;
use crate::clock::Times;
use crate::report::{Measured, Target};
use crate::stage::{Stage, must};

pub const ROW: Row = Row {
    name: "guests",
    about: "attach a guest of a Proxmox host, tunnel included, to a player's first packet; calls of its API",
    run: measure,
};

const HOSTS: [&str; 2] = ["vps1", "home"];
const PORT: u16 = 25_565;
const PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);
/// How long a task of the stand-in takes; an attach has one.
const TASK: Duration = Duration::from_secs(2);
/// Guests of the large host.
const MANY: u32 = 500;

const VM: &str = "\
agent: 1
memory: 512
name: minecraft
net0: virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1
ostype: l26
";

fn measure(stage: &Stage) -> Result<Vec<Measured>> {
    stage.boot(&HOSTS)?;
    stage.lab.at_once(&HOSTS, |host| stage.lab.reset(host))?;
    stage.lab.exec("home", &format!("hostname {NODE}"))?.ok()?;
    let standin = standin(stage)?;
    let me = signed_in(stage, &standin)?;
    let mut times = Times::default();
    let mut calls = 0;
    // The first round, which is not counted, also installs packages.
    for round in 0..=stage.rounds(5) {
        standin.forget_requests();
        let took = attach(stage, &me)?;
        if round > 0 {
            times.push(took.saturating_sub(TASK));
            calls = calls.max(standin.calls());
        }
        must(
            stage.wirewarp(&me, &["proxmox", "detach", "pve", "100", "--yes", "--json"]),
            "",
        )?;
    }
    let refresh = refresh(stage, &standin, &me)?;
    let count = |calls: usize| u32::try_from(calls).map_or(f64::NAN, f64::from);
    Ok(vec![
        Measured::figure(
            "attaching a Proxmox guest, to a player's first packet, beyond the tasks",
            Target::AtMost(10.0),
            times.median(),
            "s",
        ),
        Measured::figure(
            "calls of Proxmox's API for an attach",
            Target::AtMost(15.0),
            count(calls),
            "calls",
        ),
        Measured::figure(
            "calls to show 500 guests anew",
            Target::AtMost(3.0),
            count(refresh),
            "calls",
        ),
    ])
}

fn standin(stage: &Stage) -> Result<Standin> {
    let node = stage.lab.hypervisor("home", &[(100, "vm")]);
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    let standin = Standin::start_at(Version::V9, here, Box::new(node), INTERFACES)?;
    standin.change(|cluster| {
        cluster.set_task_time(TASK);
        cluster.add_guest(100, Kind::Qemu, NODE, VM);
        cluster.run_guest(100)
    })?;
    Ok(standin)
}

fn signed_in<'lab>(stage: &Stage<'lab>, standin: &Standin) -> Result<Operator<'lab>> {
    let me = stage.operator("guests")?;
    me.add_vps("nyc", "vps1", &[])?;
    let token = standin.make_token("app@pve", "bench", Version::V9.rights())?;
    let (url, trust) = (standin.url(), standin.fingerprint());
    let words = [
        "proxmox",
        "add",
        "pve",
        "--url",
        &url,
        "--trust",
        &trust,
        "--token-stdin",
        "--json",
    ];
    me.run_with(&words, &format!("{token}\n"))?.json::<Value>()?;
    Ok(me)
}

/// The bridge, the tunnel, the guest's card, its forward, and a packet of a player. The guest's address is given to it by
/// hand as soon as its card is there: what its own system takes is not ours.
fn attach(stage: &Stage, me: &Operator) -> Result<Duration> {
    let lab = stage.lab;
    let login = me.login("home")?.words;
    let port = PORT.to_string();
    let began = Instant::now();
    let mut command = stage.wirewarp(me, &["proxmox", "attach", "pve", "100", "--yes", "--json"]);
    command
        .args([
            "--nic",
            "replace",
            "--address",
            "by-hand",
            "--proto",
            "udp",
            "--ports",
            &port,
        ])
        .args(login);
    let said: Value = run(command, b"")?.json()?;
    let address = said["guest"]["address"]
        .as_str()
        .context("no address")?
        .to_owned();
    lab.nets()
        .ip("vm", &format!("address add {address}/24 dev ens18"))?;
    let gateway = address.rsplit_once('.').map_or("", |(network, _)| network);
    lab.nets()
        .ip("vm", &format!("route replace default via {gateway}.1"))?;
    let _server = lab.serve("vm", &[], &[PORT])?;
    lab.ask("player", Protocol::Udp, SocketAddr::from((PUBLIC, PORT)))
        .context("no packet came through")?;
    Ok(began.elapsed())
}

/// How often a host with many guests is asked to show them.
fn refresh(stage: &Stage, standin: &Standin, me: &Operator) -> Result<usize> {
    standin.change(|cluster| {
        for vmid in 1000..1000 + MANY {
            cluster.add_guest(vmid, Kind::Qemu, NODE, VM);
        }
    });
    standin.forget_requests();
    must(stage.wirewarp(me, &["proxmox", "guests", "pve", "--json"]), "")?;
    Ok(standin.calls())
}
