//! Two polls of a host become measurements.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::Ipv4Addr};
use wirewarp_model::{
    PeerId, Protocol,
    figures::{Sample, Series},
    polled::{Capacity, Polled, PolledInterface, PolledPort},
};

use crate::{
    Subjects,
    counter::{added, added_32},
    idle::Held,
};

/// What has to be remembered of a host's last poll, so that the next one says what was added. Kept with the history: a
/// program that was killed loses nothing that the host has counted meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    at: i64,
    boot: String,
    cpu: (u64, u64),
    network: Option<(String, u64, u64)>,
    peers: BTreeMap<PeerId, (u64, u64)>,
    ports: BTreeMap<(Protocol, Ipv4Addr, u16), (u64, u64)>,
    held: BTreeMap<PeerId, Held>,
}

impl Before {
    /// When that poll was, seconds since 1970 UTC.
    pub fn at(&self) -> i64 {
        self.at
    }
}

/// What is measured of a host that was polled at `at` (seconds since 1970 UTC, by the program's clock), and what to
/// remember for the next poll. The first poll of a host measures nothing: nobody knows when its counters began.
pub fn measure(
    subjects: &Subjects,
    before: Option<Before>,
    polled: &Polled,
    at: i64,
) -> (Before, Vec<Sample>) {
    let now = remembered(subjects, polled, at);
    let Some(mut before) = before else {
        return (now, Vec::new());
    };
    let seconds = u32::try_from(at.saturating_sub(before.at)).unwrap_or(0).max(1);
    let span = Span { at, seconds };
    let mut idling = std::mem::take(&mut before.held);
    let mut samples = vec![host_sample(subjects, &before, polled, &now, span)];
    for (id, counters) in &now.peers {
        let last = before.peers.get(id);
        let values = vec![
            added(last.map(|last| last.0), counters.0),
            added(last.map(|last| last.1), counters.1),
        ];
        let hold = idling.entry(*id).or_default();
        let written = hold.pass(values, at, seconds);
        samples.extend(written.map(|values| span.sample(Series::Peer(*id), values)));
    }
    samples.extend(port_samples(subjects, &before, polled, span));
    idling.retain(|id, held| !held.is_empty() && now.peers.contains_key(id));
    let remembered = Before { held: idling, ..now };
    (remembered, samples)
}

#[derive(Clone, Copy)]
struct Span {
    at: i64,
    seconds: u32,
}

impl Span {
    fn sample(self, series: Series, values: Vec<u64>) -> Sample {
        Sample {
            series,
            at: self.at,
            seconds: self.seconds,
            values,
        }
    }
}

fn remembered(subjects: &Subjects, polled: &Polled, at: i64) -> Before {
    let known = |peer: &wirewarp_model::polled::PolledPeer| {
        let id = subjects.peers.get(&peer.key)?;
        Some((*id, (peer.received, peer.sent)))
    };
    let port = |port: &PolledPort| {
        (
            (port.protocol, port.address, port.port),
            (port.from_home, port.to_home),
        )
    };
    let network = |one: &PolledInterface| (one.name.to_string(), one.received, one.sent);
    Before {
        at,
        boot: polled.boot.clone(),
        cpu: (polled.cpu.busy, polled.cpu.total),
        network: polled.network.as_ref().map(network),
        peers: polled.peers.iter().filter_map(known).collect(),
        ports: polled.ports.iter().map(port).collect(),
        held: BTreeMap::new(),
    }
}

fn host_sample(subjects: &Subjects, before: &Before, polled: &Polled, now: &Before, span: Span) -> Sample {
    let same_boot = before.boot == now.boot;
    let base = if same_boot { before.cpu } else { (0, 0) };
    let (busy, total) = (now.cpu.0.saturating_sub(base.0), now.cpu.1.saturating_sub(base.1));
    let cpu = busy
        .saturating_mul(1000)
        .checked_div(total)
        .unwrap_or(0)
        .min(1000);
    let (received, sent) = match (&before.network, &now.network) {
        (Some(last), Some(this)) if last.0 == this.0 => (
            added_32(last.1, this.1, same_boot),
            added_32(last.2, this.2, same_boot),
        ),
        // Another interface: what it counted before is not of this span.
        _ => (0, 0),
    };
    let values = vec![
        cpu,
        used_mib(polled.memory),
        used_mib(polled.disk),
        u64::from(polled.load),
        received,
        sent,
    ];
    span.sample(Series::Host(subjects.host), values)
}

fn used_mib(capacity: Capacity) -> u64 {
    capacity.total.saturating_sub(capacity.available) / 1024
}

/// Of forwards and addresses that carried something, or have connections.
fn port_samples(subjects: &Subjects, before: &Before, polled: &Polled, span: Span) -> Vec<Sample> {
    let mut sums: BTreeMap<Series, [u64; 3]> = BTreeMap::new();
    for port in &polled.ports {
        let Some((address, forward)) = subjects.of_port(port.protocol, port.address, port.port) else {
            continue;
        };
        let last = before.ports.get(&(port.protocol, port.address, port.port));
        let values = [
            added(last.map(|last| last.0), port.from_home),
            added(last.map(|last| last.1), port.to_home),
            u64::from(port.connections),
        ];
        if values == [0; 3] {
            continue;
        }
        for series in std::iter::once(Series::PublicIp(address)).chain(forward.map(Series::Forward)) {
            let sum = sums.entry(series).or_default();
            for (sum, value) in sum.iter_mut().zip(values) {
                *sum = sum.saturating_add(value);
            }
        }
    }
    sums.into_iter()
        .map(|(series, values)| span.sample(series, values.to_vec()))
        .collect()
}

#[cfg(test)]
#[path = "measure_tests.rs"]
mod tests;
