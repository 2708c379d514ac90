//! Which ports of which forwards are tried.

use std::collections::BTreeSet;
use wirewarp_model::{ForwardId, Inventory, Peer, PeerId, PeerKind, PortForward, PortForwardPorts};

use super::Skipped;
use crate::{
    edit::{self, forward::short_id},
    error::EngineError,
    proof::{Lane, hops::Off},
};

/// Most ports of one check; more is for a second one.
const MOST_LANES: usize = 200;

/// What is tried.
pub(super) struct Chosen {
    pub parts: Vec<Part>,
    pub skipped: Vec<Skipped>,
}

/// A port or range of ports of a forward, in one protocol.
pub(super) struct Part {
    /// The ports and the protocol, as in `27000-27050/udp`.
    pub ports: String,
    /// What its owner calls the forward.
    pub label: String,
    /// Why it is not meant to work.
    pub off: Option<Off>,
    /// Never empty; of a range some of its ports.
    pub lanes: Vec<Lane>,
}

/// These forwards, in force or not.
pub(super) fn these(inventory: &Inventory, ids: &BTreeSet<ForwardId>) -> Chosen {
    let mut chosen = Chosen {
        parts: vec![],
        skipped: vec![],
    };
    for forward in inventory
        .forwards
        .iter()
        .filter(|forward| ids.contains(&forward.id))
    {
        if let Some(peer) = inventory.peer(forward.peer) {
            chosen.take(inventory, forward, off(forward, peer));
        }
    }
    chosen
}

impl Chosen {
    pub fn lanes(&self) -> Vec<Lane> {
        self.parts.iter().flat_map(|part| part.lanes.clone()).collect()
    }
}

/// Those that `which` names, or all; without a name, what is not in force is passed over with a word.
pub(super) fn choose(inventory: &Inventory, which: Option<&str>) -> Result<Chosen, EngineError> {
    let mut chosen = Chosen {
        parts: vec![],
        skipped: vec![],
    };
    for forward in named(inventory, which)? {
        let Some(peer) = inventory.peer(forward.peer) else {
            continue;
        };
        let off = off(forward, peer);
        match off.filter(|_| which.is_none()) {
            Some(off) => chosen.skip(forward, passed_over(off, peer)),
            None => chosen.take(inventory, forward, off),
        }
    }
    Ok(chosen)
}

impl Chosen {
    fn skip(&mut self, forward: &PortForward, why: String) {
        self.skipped.push(Skipped {
            id: forward.id,
            forward: short_id(forward.id),
            why,
        });
    }

    fn take(&mut self, inventory: &Inventory, forward: &PortForward, off: Option<Off>) {
        if forward.ports == PortForwardPorts::All {
            let whole = inventory
                .peer(forward.peer)
                .and_then(|peer| inventory.assigned_ip(peer))
                .map_or(String::new(), |(_, ip)| format!(" {}", ip.address));
            let why = format!(
                "The whole address{whole} is forwarded: it has no port of its own that could be tried."
            );
            self.skip(forward, why);
        }
        for (ports, lanes) in Lane::of(inventory, forward) {
            let tried: usize = self.parts.iter().map(|part| part.lanes.len()).sum();
            if tried + lanes.len() > MOST_LANES {
                self.skip(
                    forward,
                    format!("{ports} was not tried: more than {MOST_LANES} ports at once. Check by peer."),
                );
                continue;
            }
            self.parts.push(Part {
                ports,
                label: forward.label.to_string(),
                off,
                lanes,
            });
        }
    }
}

fn named<'a>(inventory: &'a Inventory, which: Option<&str>) -> Result<Vec<&'a PortForward>, EngineError> {
    let on = |forward: &&PortForward| forward.enabled;
    let Some(text) = which else {
        return Ok(inventory.forwards.iter().filter(on).collect());
    };
    let peer: Option<PeerId> = text
        .parse()
        .ok()
        .and_then(|name| inventory.peer_named(&name))
        .map(|peer| peer.id);
    if let Some(peer) = peer {
        return Ok(inventory.forwards_of(peer).filter(on).collect());
    }
    let ids = edit::forward::find(inventory, text)?;
    Ok(inventory
        .forwards
        .iter()
        .filter(|forward| ids.contains(&forward.id))
        .collect())
}

fn off(forward: &PortForward, peer: &Peer) -> Option<Off> {
    if !peer.is_active() {
        Some(Off::Suspended)
    } else if !forward.enabled {
        Some(Off::Disabled)
    } else if peer.kind == PeerKind::Manual && peer.public_key.is_none() {
        Some(Off::NoKey)
    } else {
        None
    }
}

fn passed_over(off: Off, peer: &Peer) -> String {
    match off {
        Off::Disabled => "It is switched off.".to_owned(),
        Off::Suspended => format!("Its peer {} is suspended.", peer.name),
        Off::NoKey => format!("Its peer {} has no key yet.", peer.name),
    }
}
