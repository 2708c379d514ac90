//! Targets: an address that somebody behind the peer can have.

use std::{collections::BTreeMap, net::Ipv4Addr};
use wirewarp_model::{ForwardTarget, Inventory, Peer, PeerKind, PortForward, PortForwardPorts};

use super::{Finding, Subject};

/// Forwards whose target cannot be.
pub(super) fn targets(inventory: &Inventory) -> Vec<Finding> {
    let mut findings = vec![];
    for peer in &inventory.peers {
        if peer.kind == PeerKind::Manual && peer.public_key.is_none() {
            let message = format!(
                "manual peer {} has no key yet; it is left out until it has one",
                peer.name
            );
            findings.push(
                Finding::warning("peer_without_key", Subject::Peer(peer.id), message)
                    .hint("Make its configuration, or paste the public key of its device"),
            );
        }
    }
    let peers: BTreeMap<_, _> = inventory.peers.iter().map(|peer| (peer.id, peer)).collect();
    for forward in &inventory.forwards {
        let Some(peer) = peers.get(&forward.peer) else {
            let subject = Subject::Forward(forward.id);
            findings.push(Finding::error(
                "peer_unknown",
                subject,
                "the forward's peer does not exist any more",
            ));
            continue;
        };
        let why = misfit(inventory, peer, forward)
            .map(|(code, why, hint)| Finding::error(code, Subject::Forward(forward.id), why).hint(hint));
        findings.extend(why);
    }
    findings
}

/// Why the target of one forward cannot be.
pub(super) fn target(inventory: &Inventory, forward: &PortForward) -> Option<Finding> {
    let peer = inventory.peer(forward.peer)?;
    let (code, why, hint) = misfit(inventory, peer, forward)?;
    Some(Finding::error(code, Subject::Forward(forward.id), why).hint(hint))
}

pub(super) type Misfit = (&'static str, String, String);

fn misfit(inventory: &Inventory, peer: &Peer, forward: &PortForward) -> Option<Misfit> {
    match forward.target {
        ForwardTarget::Vm { address } => vm_misfit(peer, address),
        ForwardTarget::Lan { address, alias } => {
            lan_misfit(inventory, peer, address, alias).or_else(|| everything_misfit(peer, forward))
        }
        ForwardTarget::Peer => everything_misfit(peer, forward),
    }
}

/// Why no machine of the VM network can have the address: code, reason and hint.
pub(super) fn vm_misfit(peer: &Peer, address: Ipv4Addr) -> Option<Misfit> {
    let network = peer.vm_network;
    let free = format!("VMs have {} and up", peer.first_vm());
    let why = if !network.contains(&address) {
        format!(
            "{address} is not in the VM network {network} of peer {}",
            peer.name
        )
    } else if address == peer.gateway() {
        format!(
            "{address} is the gateway of the VM network, which is peer {} itself",
            peer.name
        )
    } else if address == network.network() || address == network.broadcast() {
        format!("{address} is no machine's address but the network's own in {network}")
    } else if is_upper_half(peer, address) {
        format!("{address} is in the half of {network} that stands for machines of the LAN")
    } else {
        return None;
    };
    Some(("target_not_vm", why, free))
}

/// Whether the address is in the half of the VM network that stands for machines of the LAN.
pub(crate) fn is_upper_half(peer: &Peer, address: Ipv4Addr) -> bool {
    let network = peer.vm_network;
    let half = 1_u32 << (31 - u32::from(network.prefix_len().min(30)));
    u32::from(address) & half != 0
}

fn lan_misfit(inventory: &Inventory, peer: &Peer, address: Ipv4Addr, alias: Ipv4Addr) -> Option<Misfit> {
    let hint = "Name the machine's address on the LAN, e.g. 192.168.1.20".to_owned();
    let own = inventory
        .vpses
        .iter()
        .map(|vps| vps.tunnel_network)
        .chain(inventory.peers.iter().map(|peer| peer.vm_network))
        .find(|network| network.contains(&address));
    if let Some(network) = own {
        return Some((
            "target_not_lan",
            format!("{address} is in {network}, which is a tunnel or VM network"),
            hint,
        ));
    }
    if peer.kind == PeerKind::Manual {
        let why = format!(
            "{} is set up by hand; only a machine that WireWarp manages can pass on to its LAN",
            peer.name
        );
        return Some(("target_not_lan", why, "Forward to the device itself".to_owned()));
    }
    if address.is_loopback() || address.is_unspecified() || address.is_multicast() || address.is_broadcast() {
        return Some((
            "target_not_lan",
            format!("{address} is no machine's address on a LAN"),
            hint,
        ));
    }
    let fits = peer.vm_network.contains(&alias)
        && is_upper_half(peer, alias)
        && alias != peer.vm_network.broadcast();
    (!fits).then(|| {
        let why = format!(
            "{alias} cannot stand for {address}: it is not in the upper half of {}",
            peer.vm_network
        );
        ("alias_misfit", why, "Save the forward again".to_owned())
    })
}

/// A Linux peer itself, or one of its LAN, would lose every port to the forward.
fn everything_misfit(peer: &Peer, forward: &PortForward) -> Option<Misfit> {
    let everything = forward.ports == PortForwardPorts::All;
    let manual_itself = peer.kind == PeerKind::Manual && forward.target == ForwardTarget::Peer;
    (everything && !manual_itself).then(|| {
        let why = "everything can be forwarded only to a VM, or to the device of a manual peer".to_owned();
        (
            "everything_misfit",
            why,
            "Forward the ports that it needs, or move the server into a VM".to_owned(),
        )
    })
}
