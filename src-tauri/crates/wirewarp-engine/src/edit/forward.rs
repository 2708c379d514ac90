//! Port forwards.

use std::{collections::BTreeSet, net::Ipv4Addr};
use uuid::Uuid;
use wirewarp_model::{
    ForwardId, ForwardTarget, Inventory, Label, Name, Peer, PeerKind, PortForward, PortForwardPorts,
    net::parse_machine,
};
use wirewarp_plan::allocate;

use crate::error::EngineError;

/// What a new forward is to be.
#[derive(Debug, Clone)]
pub struct NewForward {
    /// What is forwarded.
    pub ports: PortForwardPorts,
    /// Where it goes; none for the peer's usual target.
    pub target: Option<TargetSpec>,
    /// What to call it.
    pub label: Label,
    /// The template it comes from.
    pub template: Option<Name>,
    /// Whether it is in force at once.
    pub enabled: bool,
}

/// A target as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetSpec {
    /// The peer itself.
    Peer,
    /// A machine: of the VM network if the address lies in it, else of the LAN.
    Address(Ipv4Addr),
}

impl TargetSpec {
    /// Reads `peer` or an address.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        if text.eq_ignore_ascii_case("peer") {
            return Ok(Self::Peer);
        }
        Ok(Self::Address(parse_machine("target", text)?))
    }
}

/// Adds forwards to a peer, in one go.
pub fn add(
    inventory: &Inventory,
    peer: &Name,
    entries: Vec<NewForward>,
) -> Result<(Inventory, Vec<ForwardId>), EngineError> {
    let peer = super::peer(inventory, peer)?.clone();
    let mut after = inventory.clone();
    let mut ids = Vec::with_capacity(entries.len());
    for entry in entries {
        let target = target(&after, &peer, entry.target)?;
        let id = ForwardId(Uuid::new_v4());
        let NewForward {
            ports,
            label,
            template,
            enabled,
            ..
        } = entry;
        after.forwards.push(PortForward {
            id,
            peer: peer.id,
            ports,
            target,
            label,
            template,
            enabled,
        });
        ids.push(id);
    }
    Ok((after, ids))
}

/// Makes another one of a forward, which keeps its identifier, its place, and whether it is in force.
pub fn replace(
    inventory: &Inventory,
    id: ForwardId,
    peer: &Name,
    new: NewForward,
) -> Result<Inventory, EngineError> {
    let Some(at) = inventory.forwards.iter().position(|forward| forward.id == id) else {
        return Err(EngineError::not_found(
            "port forward",
            &id.to_string(),
            std::iter::empty(),
        ));
    };
    let peer = super::peer(inventory, peer)?.clone();
    let mut after = inventory.clone();
    // Its own alias, if it has one, is free for it again.
    let old = after.forwards.remove(at);
    let same_machine = match (new.target, old.target) {
        (Some(TargetSpec::Address(wanted)), ForwardTarget::Lan { address, .. }) => {
            wanted == address && old.peer == peer.id
        }
        _ => false,
    };
    let target = if same_machine {
        old.target
    } else {
        target(&after, &peer, new.target)?
    };
    let NewForward { ports, label, .. } = new;
    let replaced = PortForward {
        peer: peer.id,
        ports,
        target,
        label,
        ..old
    };
    after.forwards.insert(at, replaced);
    Ok(after)
}

/// Where a forward goes: by default the first VM, or the device itself for a manual peer.
fn target(
    inventory: &Inventory,
    peer: &Peer,
    spec: Option<TargetSpec>,
) -> Result<ForwardTarget, EngineError> {
    let usual = if peer.kind == PeerKind::Manual {
        TargetSpec::Peer
    } else {
        TargetSpec::Address(peer.first_vm())
    };
    match spec.unwrap_or(usual) {
        TargetSpec::Peer => Ok(ForwardTarget::Peer),
        TargetSpec::Address(address) if address == peer.tunnel_ip => Ok(ForwardTarget::Peer),
        TargetSpec::Address(address) if peer.vm_network.contains(&address) => {
            Ok(ForwardTarget::Vm { address })
        }
        TargetSpec::Address(address) => {
            let alias = allocate::lan_alias(inventory, peer, address)?;
            Ok(ForwardTarget::Lan { address, alias })
        }
    }
}

/// Forgets forwards.
pub fn remove(inventory: &Inventory, ids: &BTreeSet<ForwardId>) -> Inventory {
    let mut after = inventory.clone();
    after.forwards.retain(|forward| !ids.contains(&forward.id));
    after
}

/// Puts forwards in or out of force.
pub fn set_enabled(inventory: &Inventory, ids: &BTreeSet<ForwardId>, enabled: bool) -> Inventory {
    let mut after = inventory.clone();
    for forward in after
        .forwards
        .iter_mut()
        .filter(|forward| ids.contains(&forward.id))
    {
        forward.enabled = enabled;
    }
    after
}

/// The forwards that a text names: an identifier, the first characters of one (at least four), or a label.
pub fn find(inventory: &Inventory, text: &str) -> Result<BTreeSet<ForwardId>, EngineError> {
    let by_id: BTreeSet<ForwardId> = if text.len() >= 4 && text.is_ascii() {
        let wanted = text.to_ascii_lowercase();
        let fits = |f: &&PortForward| f.id.to_string().starts_with(&wanted);
        inventory.forwards.iter().filter(fits).map(|f| f.id).collect()
    } else {
        BTreeSet::new()
    };
    if by_id.len() == 1 {
        return Ok(by_id);
    }
    if by_id.len() > 1 {
        let message = format!(
            "“{text}” is the beginning of {} forwards’ identifiers.",
            by_id.len()
        );
        return Err(EngineError::refused(
            "ambiguous",
            message,
            &["Give more characters: wirewarp port list"],
        ));
    }
    let by_label = inventory
        .forwards
        .iter()
        .filter(|f| !f.label.as_str().is_empty() && f.label.as_str() == text);
    let by_label: BTreeSet<ForwardId> = by_label.map(|f| f.id).collect();
    if by_label.is_empty() {
        let known: Vec<String> = inventory
            .forwards
            .iter()
            .take(10)
            .map(|f| short_id(f.id))
            .collect();
        return Err(EngineError::not_found(
            "port forward",
            text,
            known.iter().map(String::as_str),
        ));
    }
    Ok(by_label)
}

/// The first eight characters of an identifier: enough to name a forward.
pub fn short_id(id: ForwardId) -> String {
    id.to_string().chars().take(8).collect()
}
