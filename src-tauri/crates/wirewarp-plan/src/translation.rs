//! What is in force on a VPS: each active forward resolved to addresses.

use std::{collections::BTreeMap, net::Ipv4Addr};
use wirewarp_model::{
    ForwardId, ForwardTarget, Inventory, Peer, PeerId, PortForwardPorts, PortMapping, PortRange, Protocol,
    PublicIp, Vps,
};

/// One destination translation of a VPS. A forward of both protocols with three mappings is six of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Translation {
    /// The forward that asked for it.
    pub forward: ForwardId,
    /// The peer behind which the target lies.
    pub peer: PeerId,
    /// The address that the internet uses.
    pub public: Ipv4Addr,
    /// The same as it stands on the interface.
    pub on_host: Ipv4Addr,
    /// What is translated; none for everything that reaches the address.
    pub ports: Option<(Protocol, PortMapping)>,
    /// Where it goes, inside the tunnel.
    pub target: Ipv4Addr,
}

/// The address inside the tunnel that stands for a forward's target.
pub fn target_address(peer: &Peer, target: &ForwardTarget) -> Ipv4Addr {
    match target {
        ForwardTarget::Vm { address } => *address,
        ForwardTarget::Peer => peer.tunnel_ip,
        ForwardTarget::Lan { alias, .. } => *alias,
    }
}

/// Everything in force on `vps`, in order of address, protocol and port. Forwards that are disabled, and those of
/// suspended peers, are not in force.
pub fn translations(inventory: &Inventory, vps: &Vps) -> Vec<Translation> {
    let peers: BTreeMap<PeerId, (&Peer, &PublicIp)> = inventory
        .peers_of(vps.id)
        .filter(|peer| peer.is_active())
        .filter_map(|peer| Some((peer.id, (peer, vps.ip(peer.public_ip)?))))
        .collect();
    let mut found = Vec::new();
    for forward in inventory.forwards.iter().filter(|forward| forward.enabled) {
        let Some((peer, ip)) = peers.get(&forward.peer) else {
            continue;
        };
        let one = |ports| Translation {
            forward: forward.id,
            peer: peer.id,
            public: ip.address,
            on_host: ip.on_host,
            ports,
            target: target_address(peer, &forward.target),
        };
        found.extend(each_mapping(&forward.ports).map(one));
    }
    found.sort_by_key(|t| (t.on_host, t.ports.is_none(), t.ports, t.target));
    found
}

/// A forward's ports one by one; a single none for everything.
pub fn each_mapping(ports: &PortForwardPorts) -> impl Iterator<Item = Option<(Protocol, PortMapping)>> {
    let (everything, listed) = match ports {
        PortForwardPorts::All => (Some(None), None),
        PortForwardPorts::Ports { protocols, mappings } => (None, Some((protocols.each(), mappings))),
    };
    let each = listed.into_iter().flat_map(|(protocols, mappings)| {
        protocols
            .iter()
            .flat_map(|protocol| mappings.iter().map(|mapping| Some((*protocol, mapping))))
    });
    everything.into_iter().chain(each)
}

/// Joins port ranges that overlap or touch; lowest first.
pub fn merged(mut ranges: Vec<PortRange>) -> Vec<PortRange> {
    ranges.sort();
    let mut joined: Vec<PortRange> = Vec::new();
    for range in ranges {
        let reaches =
            |last: &PortRange| u32::from(range.first().number()) <= u32::from(last.last().number()) + 1;
        match joined.last_mut().filter(|last| reaches(last)) {
            Some(last) => {
                let end = last.last().max(range.last());
                *last = PortRange::new(last.first(), end).unwrap_or(*last);
            }
            None => joined.push(range),
        }
    }
    joined
}
