//! From readings to the facts of one lane.

use std::{collections::BTreeMap, net::SocketAddrV4};
use wirewarp_model::{HostId, Inventory, Peer, PeerKind, Vps};

use super::readings::{Looks, Readings};
use crate::{
    error::EngineError,
    proof::{
        Facts, Lane, Origin, Try,
        gather::vps,
        hops::{Handshake, NameFact, Off, Vantage},
    },
    status::live_peer,
};

/// Everything that was read.
pub(super) struct Known<'a> {
    pub inventory: &'a Inventory,
    pub names: BTreeMap<HostId, Option<NameFact>>,
    pub before: Readings,
    pub after: Readings,
    pub seen: Looks,
}

/// The facts of one lane; `id` is its number in the readings.
pub(super) fn facts(known: &Known, (id, lane): (usize, &Lane), off: Option<Off>, attempt: &Try) -> Facts {
    let mut facts = Facts {
        vantage: known.vantage(attempt.from),
        reach: Some(attempt.reach.clone()),
        off,
        ..Facts::default()
    };
    let inventory = known.inventory;
    let (Some(vps), Some(peer)) = (inventory.vps_named(&lane.vps), inventory.peer_named(&lane.peer)) else {
        return facts;
    };
    facts.name = known.name(vps, lane);
    let origin = known.origin(vps.host, attempt.from);
    let source = known.put_vps(&mut facts, (id, lane), vps, origin, attempt);
    known.put_tunnel(&mut facts, vps, peer);
    known.put_home(&mut facts, (id, lane), peer, (source, origin), attempt);
    facts
}

impl Known<'_> {
    /// What players of this address type is not known; the VPS's own name is, if it has one. A name that leads to
    /// another address of the pool says nothing of this one.
    fn name(&self, vps: &Vps, lane: &Lane) -> Option<NameFact> {
        let fact = self.names.get(&vps.host)?.clone()?;
        if let NameFact::Resolved { addresses, .. } = &fact {
            let of_pool = |address| vps.ips.iter().any(|ip| ip.address == address);
            if !addresses.contains(&lane.public) && addresses.iter().copied().any(of_pool) {
                return Some(NameFact::NotUsed);
            }
        }
        Some(fact)
    }

    fn origin(&self, vps: HostId, local: Option<SocketAddrV4>) -> Origin {
        let read = self.after.vps.get(&vps).or(self.before.vps.get(&vps));
        Origin {
            local,
            seen_as: read
                .filter(|_| !self.after.by_detour.contains(&vps))
                .and_then(vps::Seen::client),
        }
    }

    /// Gives the address that our packets came from, as the VPS saw it.
    fn put_vps(
        &self,
        facts: &mut Facts,
        (id, lane): (usize, &Lane),
        vps: &Vps,
        origin: Origin,
        attempt: &Try,
    ) -> Option<SocketAddrV4> {
        facts.vps.ssh = self.seen.get(&vps.host).and_then(answers);
        if let Some(Ok(observed)) = self.seen.get(&vps.host) {
            facts.vps.drift = observed.ours.as_ref().map(|ours| ours.drift.clone());
            facts.vps.firewalls = details(observed);
        }
        let nothing = vps::Seen::default();
        let readings = vps::Readings {
            id,
            lane,
            before: self.before.vps.get(&vps.host).unwrap_or(&nothing),
            after: self.after.vps.get(&vps.host)?,
        };
        readings.fill(&mut facts.vps, origin, &attempt.reach)
    }

    fn put_tunnel(&self, facts: &mut Facts, vps: &Vps, peer: &Peer) {
        let read = self.after.vps.get(&vps.host);
        facts.ping = read.and_then(|seen| seen.answers_in_tunnel(peer.tunnel_ip));
        facts.large_ping = read.and_then(|seen| seen.answers_large_in_tunnel(peer.tunnel_ip));
        let Some(Ok(observed)) = self.seen.get(&vps.host) else {
            return;
        };
        facts.tunnel = live_peer(peer, observed).map(|live| match live.latest_handshake {
            0 => Handshake::Never,
            when => Handshake::Ago {
                seconds: observed.clock.saturating_sub(when),
            },
        });
    }

    fn put_home(
        &self,
        facts: &mut Facts,
        (id, lane): (usize, &Lane),
        peer: &Peer,
        (source, origin): (Option<SocketAddrV4>, Origin),
        attempt: &Try,
    ) {
        facts.home.by_hand = peer.kind == PeerKind::Manual;
        let Some(host) = peer.host else {
            return;
        };
        facts.home.ssh = self.seen.get(&host).and_then(answers);
        if let Some(home) = self.after.home.get(&host) {
            home.fill(&mut facts.home, id, lane, self.before.home.get(&host));
            facts.home.flow = home.flow((id, lane), source, origin, &attempt.reach);
        }
        if let Some(Ok(observed)) = self.seen.get(&host) {
            facts.home.drift = observed.ours.as_ref().map(|ours| ours.drift.clone());
            facts.home.firewalls = details(observed);
        }
    }

    /// Where the try was made from: by this machine's id and the address that it used. A machine at home goes out by
    /// the home line, as a stranger does, but what lives in a VM network goes through the tunnel.
    fn vantage(&self, from: Option<SocketAddrV4>) -> Vantage {
        let here = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
        let is_here = |vps: &&Vps| {
            let observed = self.seen.get(&vps.host).and_then(|seen| seen.as_ref().ok());
            observed.is_some_and(|seen| seen.machine_id.as_deref() == Some(here.trim()))
        };
        let vps = self.inventory.vpses.iter().find(is_here);
        let behind = from.and_then(|from| {
            let mut peers = self.inventory.peers.iter();
            peers.find(|peer| peer.vm_network.contains(from.ip()))
        });
        match (vps, behind) {
            (Some(vps), _) => Vantage::Inside {
                which: format!("“{}” itself", vps.name),
            },
            (None, Some(peer)) => Vantage::Inside {
                which: format!("a machine behind “{}”", peer.name),
            },
            (None, None) => Vantage::Outside,
        }
    }
}

fn details(observed: &wirewarp_model::observed::Observed) -> Vec<String> {
    observed
        .firewalls
        .iter()
        .map(|firewall| firewall.detail.clone())
        .collect()
}

/// Whether a host answers on SSH; unknown if it does and something else went wrong, such as the login.
fn answers<T>(look: &Result<T, std::sync::Arc<EngineError>>) -> Option<bool> {
    match look {
        Ok(_) => Some(true),
        Err(error) if error.is_passing() => Some(false),
        Err(_) => None,
    }
}
