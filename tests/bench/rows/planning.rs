//! The planner alone: no host, no disk.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use wirewarp_model::bundle::Bundle;
use wirewarp_model::observed::{Init, Observed, Ours, PackageManager};
use wirewarp_model::{Inventory, PortForwardPorts};
use wirewarp_plan::check::{ForwardIndex, Severity, Sightings, check};
use wirewarp_plan::plan::{Against, plan};
use wirewarp_plan::render::read_manifest;

use super::Row;
use crate::clock::Times;
use crate::inventory::{HOST, Wish, forward, inventory};
use crate::report::{Measured, Target};
use crate::stage::Stage;

pub const ROW: Row = Row {
    name: "planning",
    about: "planning 10,000 forwards on 100 peers, and the conflict check of one more",
    run,
};

const FORWARDS: u16 = 10_000;
const PEERS: u8 = 100;

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let before = many(FORWARDS - 1)?;
    let after = many(FORWARDS)?;
    let (mut planning, mut conflict) = (Times::default(), Times::default());
    for _ in 0..stage.rounds(30) {
        planning.push(plan_once(&before, &after)?);
        conflict.push(conflict_once(&after)?);
    }
    let milliseconds = |what: &str, target, times: &Times| {
        Measured::figure(what, Target::Below(target), times.median() * 1e3, "ms")
    };
    Ok(vec![
        milliseconds(
            "planning 10,000 forwards on 100 peers, checks included",
            50.0,
            &planning,
        ),
        milliseconds("conflict check of one more", 1.0, &conflict),
    ])
}

/// Forwards in turn to each of the peers.
fn many(count: u16) -> Result<Inventory> {
    let wishes = (0..count).map(|index| Wish {
        peer: u8::try_from(index % u16::from(PEERS)).unwrap_or(0),
        ports: format!("{}->{}", 10_000 + index, 25_565),
    });
    inventory("203.0.113.10", "10.0.0.0/24", PEERS, wishes)
}

/// From what is in force, all but the last forward, to all of them.
fn plan_once(before: &Inventory, after: &Inventory) -> Result<std::time::Duration> {
    let was = plan(before, HOST, against(&machine(), None), vec![])?.bundle;
    let seen = applied(machine(), &was)?;
    let sightings = Sightings::from([(HOST, seen.clone())]);
    let began = Instant::now();
    let findings = check(after, &sightings);
    let plan = plan(after, HOST, against(&seen, Some(&was)), vec![])?;
    let took = began.elapsed();
    ensure!(
        findings.iter().all(|found| found.severity != Severity::Error),
        "{findings:?}"
    );
    ensure!(plan.changes.len() == 1, "{:?}", plan.changes);
    black_box(plan);
    Ok(took)
}

/// A port that is taken is asked for: finding that out names the owner, which costs more than finding nothing.
fn conflict_once(inventory: &Inventory) -> Result<std::time::Duration> {
    let index = ForwardIndex::new(inventory);
    let wish = forward(
        u128::from(FORWARDS),
        &Wish {
            peer: 0,
            ports: "12345".to_owned(),
        },
    )?;
    let address = inventory.vpses.first().context("no VPS")?.endpoint;
    let ports: &PortForwardPorts = &wish.ports;
    let began = Instant::now();
    let found = index.conflicts(inventory, address, ports, Some(wish.id));
    let took = began.elapsed();
    ensure!(found.len() == 1, "the conflict was not found");
    Ok(took)
}

fn against<'a>(seen: &'a Observed, last: Option<&'a Bundle>) -> Against<'a> {
    Against {
        observed: Some(seen),
        last,
        program: "bench",
    }
}

/// The same host once `bundle` is in force on it.
fn applied(mut seen: Observed, bundle: &Bundle) -> Result<Observed> {
    let text = &bundle.files.get("manifest.json").context("no manifest")?.text;
    let manifest = read_manifest(text).context("the manifest cannot be read")?;
    seen.ours = Some(Ours {
        generation: manifest.generation,
        highest_generation: manifest.generation,
        host: Some(manifest.host),
        inventory: Some(manifest.inventory),
        manifest: Some(text.clone()),
        digests: manifest.digests,
        ..Ours::default()
    });
    Ok(seen)
}

/// A host with all that is needed on it.
fn machine() -> Observed {
    let mut seen = Observed {
        init: Init::Systemd,
        tools: ["nft", "wg", "ip", "conntrack", "ping"]
            .map(|tool| (tool.to_owned(), String::new()))
            .into(),
        package_manager: Some(PackageManager::Apt),
        kernel_wireguard: true,
        tun: true,
        sshd_ports: vec![22],
        ..Observed::default()
    };
    "Linux".clone_into(&mut seen.os.kernel_name);
    "6.1.0".clone_into(&mut seen.os.kernel);
    seen
}
