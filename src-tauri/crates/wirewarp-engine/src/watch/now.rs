//! How things are at this moment, from the last poll of each host.

use serde::Serialize;
use std::{collections::BTreeMap, net::Ipv4Addr};
use wirewarp_model::{
    ForwardId, Host, HostId, Inventory, Name, Peer, PeerId, PeerState, Vps,
    figures::{Column, Sample, Series},
    polled::{Polled, PolledPeer},
};
use wirewarp_watch::{HostState, Subjects, TunnelState, tunnel_state};

use crate::quality::TunnelQuality;

/// A machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HostNow {
    /// Its identifier.
    pub id: HostId,
    /// Its name.
    pub name: Name,
    /// Whether it answers.
    pub state: HostState,
    /// If not, why, in words.
    pub reason: String,
    /// Whether it is there, and does not let us in: its key or its logins changed.
    pub refused: bool,
    /// When it answered last, seconds since 1970 UTC.
    pub at: Option<i64>,
    /// What it answered last.
    pub system: Option<SystemNow>,
    /// The tunnels that end on it, if it is a VPS.
    pub peers: Vec<PeerNow>,
    /// Its forwards, if it is a VPS.
    pub forwards: Vec<ForwardNow>,
}

/// A machine's own figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SystemNow {
    /// Thousandths of its processors in use since the poll before; none at the first poll.
    pub cpu: Option<u64>,
    /// MiB.
    pub memory_used: u64,
    /// MiB.
    pub memory_total: u64,
    /// MiB of `/`.
    pub disk_used: u64,
    /// MiB of `/`.
    pub disk_total: u64,
    /// Load average of a minute, in hundredths.
    pub load: u32,
    /// Seconds since it was started.
    pub uptime: u64,
    /// `uname -r`.
    pub kernel: String,
    /// Whether the system asks for a restart.
    pub reboot_needed: bool,
    /// Security updates that wait, as of the last day; none if the system cannot tell.
    pub security_updates: Option<u32>,
    /// Of its network interface: received and sent.
    pub network: Option<Rates>,
    /// The same since the interface was made.
    pub network_total: Option<Totals>,
    /// Seconds that its clock is ahead of this computer's.
    pub clock_ahead: i64,
}

/// Bytes per second since the poll before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Rates {
    /// From home towards the internet; of an interface: received.
    pub from_home: u64,
    /// From the internet towards home; of an interface: sent.
    pub to_home: u64,
}

/// Bytes that a counter of the host shows; it may begin anew with the host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Totals {
    /// As in [`Rates`].
    pub from_home: u64,
    /// As in [`Rates`].
    pub to_home: u64,
}

/// A peer's tunnel, as its VPS sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PeerNow {
    /// Its identifier.
    pub id: PeerId,
    /// Its name.
    pub name: Name,
    /// How its tunnel is.
    pub state: TunnelState,
    /// If it is not connected, why, in words.
    pub reason: String,
    /// Seconds since the last handshake.
    pub handshake_age: Option<u64>,
    /// `address:port` that it was last heard from.
    pub endpoint: Option<String>,
    /// What it carried since its tunnel was set up.
    pub total: Totals,
    /// What it carries.
    pub rates: Rates,
    /// How well it carried when that was measured last; none if it was not yet.
    pub quality: Option<TunnelQuality>,
}

/// A port forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ForwardNow {
    /// Its identifier.
    pub id: ForwardId,
    /// Its peer.
    pub peer: Name,
    /// The address that players connect to.
    pub public_ip: Ipv4Addr,
    /// Its ports, as they are written.
    pub ports: String,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// Connections that are open.
    pub connections: u64,
    /// What it carried since its VPS counts.
    pub total: Totals,
    /// What it carries.
    pub rates: Rates,
}

/// What a poll told, with what was measured between it and the one before.
pub(super) struct Answer<'a> {
    pub(super) polled: &'a Polled,
    pub(super) samples: &'a [Sample],
    pub(super) security_updates: Option<u32>,
    /// By this computer's clock.
    pub(super) at: i64,
}

impl HostNow {
    /// A host that has not answered.
    pub(super) fn silent(host: &Host, state: HostState, reason: String) -> Self {
        Self {
            id: host.id,
            name: host.name.clone(),
            state,
            reason,
            refused: false,
            at: None,
            system: None,
            peers: Vec::new(),
            forwards: Vec::new(),
        }
    }

    /// A host that has just answered.
    pub(super) fn answered(inventory: &Inventory, host: &Host, answer: &Answer<'_>) -> Self {
        let mut now = Self::silent(host, HostState::Online, String::new());
        now.at = Some(answer.at);
        let figures = Figures::new(answer.samples);
        now.system = Some(system(host, answer, &figures));
        if let Some(vps) = inventory.vps_on(host.id) {
            now.peers = peers(inventory, vps, answer.polled, &figures);
            now.forwards = forwards(inventory, vps, answer.polled, &figures);
        }
        now
    }

    /// The same host, which does not answer now: what was known of it stays, but for its tunnels, which nobody sees.
    pub(super) fn unanswered(&self, state: HostState, reason: String) -> Self {
        let mut now = self.clone();
        for peer in &mut now.peers {
            if peer.state != TunnelState::Suspended {
                peer.state = TunnelState::Unknown;
                peer.reason = format!("{} does not answer", now.name);
                peer.rates = Rates::default();
            }
        }
        for forward in &mut now.forwards {
            (forward.connections, forward.rates) = (0, Rates::default());
        }
        (now.state, now.reason) = (state, reason);
        now
    }
}

/// Measurements by what they are of.
struct Figures<'a>(BTreeMap<Series, &'a Sample>);

impl<'a> Figures<'a> {
    fn new(samples: &'a [Sample]) -> Self {
        Self(samples.iter().map(|sample| (sample.series, sample)).collect())
    }

    fn value(&self, series: Series, column: Column) -> Option<u64> {
        let sample = self.0.get(&series)?;
        sample.values.get(series.index_of(column)?).copied()
    }

    fn rate(&self, series: Series, column: Column) -> u64 {
        let seconds = self
            .0
            .get(&series)
            .map_or(1, |sample| u64::from(sample.seconds.max(1)));
        self.value(series, column).unwrap_or(0) / seconds
    }

    fn rates(&self, series: Series) -> Rates {
        Rates {
            from_home: self.rate(series, Column::FromHome),
            to_home: self.rate(series, Column::ToHome),
        }
    }
}

fn system(host: &Host, answer: &Answer<'_>, figures: &Figures<'_>) -> SystemNow {
    let (polled, of) = (answer.polled, Series::Host(host.id));
    let used = |of: wirewarp_model::polled::Capacity| of.total.saturating_sub(of.available) / 1024;
    let network = figures.0.contains_key(&of).then(|| Rates {
        from_home: figures.rate(of, Column::Received),
        to_home: figures.rate(of, Column::Sent),
    });
    SystemNow {
        cpu: figures.value(of, Column::Cpu),
        memory_used: used(polled.memory),
        memory_total: polled.memory.total / 1024,
        disk_used: used(polled.disk),
        disk_total: polled.disk.total / 1024,
        load: polled.load,
        uptime: polled.uptime_ms / 1000,
        kernel: polled.kernel.clone(),
        reboot_needed: polled.reboot_needed,
        security_updates: answer.security_updates,
        network: network.filter(|_| polled.network.is_some()),
        network_total: polled.network.as_ref().map(|network| Totals {
            from_home: network.received,
            to_home: network.sent,
        }),
        clock_ahead: i64::try_from(polled.clock)
            .unwrap_or(i64::MAX)
            .saturating_sub(answer.at),
    }
}

fn peers(inventory: &Inventory, vps: &Vps, polled: &Polled, figures: &Figures<'_>) -> Vec<PeerNow> {
    let seen = |peer: &Peer| {
        let key = peer.public_key?;
        polled.peers.iter().find(|one| one.key == key)
    };
    inventory
        .peers_of(vps.id)
        .map(|peer| {
            peer_now(
                peer,
                seen(peer),
                polled.clock,
                figures.rates(Series::Peer(peer.id)),
            )
        })
        .collect()
}

fn peer_now(peer: &Peer, seen: Option<&PolledPeer>, clock: u64, rates: Rates) -> PeerNow {
    let (state, reason) = match (peer.state, seen) {
        (PeerState::Suspended, _) => (TunnelState::Suspended, "it is suspended".to_owned()),
        (PeerState::Active, None) => (
            TunnelState::Never,
            "its tunnel is not set up on the VPS".to_owned(),
        ),
        (PeerState::Active, Some(seen)) => {
            tunnel_state(seen.latest_handshake, clock, seen.endpoint.as_deref())
        }
    };
    let handshake = seen.map(|seen| seen.latest_handshake).filter(|at| *at > 0);
    PeerNow {
        id: peer.id,
        name: peer.name.clone(),
        state,
        reason,
        handshake_age: handshake.map(|at| clock.saturating_sub(at)),
        endpoint: seen.and_then(|seen| seen.endpoint.clone()),
        total: seen.map_or_else(Totals::default, |seen| Totals {
            from_home: seen.received,
            to_home: seen.sent,
        }),
        rates,
        quality: None,
    }
}

fn forwards(inventory: &Inventory, vps: &Vps, polled: &Polled, figures: &Figures<'_>) -> Vec<ForwardNow> {
    let totals = totals(&Subjects::new(inventory, vps.host), polled);
    let mut all = Vec::new();
    for peer in inventory.peers_of(vps.id) {
        let public_ip = vps.ip(peer.public_ip).map_or(vps.endpoint, |ip| ip.address);
        for forward in inventory.forwards_of(peer.id).filter(|forward| forward.enabled) {
            let of = Series::Forward(forward.id);
            all.push(ForwardNow {
                id: forward.id,
                peer: peer.name.clone(),
                public_ip,
                ports: forward.ports.to_string(),
                label: forward.label.to_string(),
                connections: figures.value(of, Column::Connections).unwrap_or(0),
                total: totals.get(&forward.id).copied().unwrap_or_default(),
                rates: figures.rates(of),
            });
        }
    }
    all
}

fn totals(subjects: &Subjects, polled: &Polled) -> BTreeMap<ForwardId, Totals> {
    let mut totals: BTreeMap<ForwardId, Totals> = BTreeMap::new();
    for port in &polled.ports {
        let found = subjects.of_port(port.protocol, port.address, port.port);
        if let Some((_, Some(forward))) = found {
            let total = totals.entry(forward).or_default();
            total.from_home = total.from_home.saturating_add(port.from_home);
            total.to_home = total.to_home.saturating_add(port.to_home);
        }
    }
    totals
}
