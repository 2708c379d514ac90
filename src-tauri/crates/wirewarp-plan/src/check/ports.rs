//! Public ports: each is given once, none that keeps the machine reachable, none that somebody serves.

use std::{collections::BTreeMap, net::Ipv4Addr};
use wirewarp_model::{
    ForwardId, Inventory, Peer, PeerId, Port, PortForward, PortForwardPorts, PortRange, Protocol,
};

use super::{Finding, Subject};
use crate::translation::each_mapping;

/// Which forward owns which public port. Built once over an inventory, asked many times: one question costs the
/// logarithm of the number of forwards. Disabled forwards and those of suspended peers keep their ports.
#[derive(Debug, Clone, Default)]
pub struct ForwardIndex {
    /// First port -> last port and owner.
    ranges: BTreeMap<(Ipv4Addr, Protocol), BTreeMap<u16, (u16, Owner)>>,
    whole: BTreeMap<Ipv4Addr, Owner>,
}

/// A forward, and its place among those of the inventory.
#[derive(Debug, Clone, Copy)]
struct Owner {
    id: ForwardId,
    place: usize,
}

impl Owner {
    fn is_other_than(self, own: Option<ForwardId>) -> bool {
        Some(self.id) != own
    }

    fn name(self, inventory: &Inventory) -> String {
        let forward = inventory.forwards.get(self.place);
        let owner = forward.and_then(|forward| Some((forward, inventory.peer(forward.peer)?)));
        owner.map_or_else(
            || "another forward".to_owned(),
            |(forward, peer)| name(forward, peer),
        )
    }
}

/// `“survival” on peer attic`.
fn name(forward: &PortForward, peer: &Peer) -> String {
    match (forward.label.as_str(), &forward.template) {
        ("", Some(template)) => format!("“{template}” on peer {}", peer.name),
        ("", None) => format!("a forward of {} on peer {}", forward.ports, peer.name),
        (label, _) => format!("“{label}” on peer {}", peer.name),
    }
}

/// Two forwards that want the same public port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The public address.
    pub address: Ipv4Addr,
    /// The ports that both want; none if one of them wants everything.
    pub ports: Option<(Protocol, PortRange)>,
    /// The forward that has them.
    pub owner: ForwardId,
    /// The owner as a person knows it: `“survival” on peer attic`.
    pub owner_name: String,
}

impl Conflict {
    /// The whole sentence, e.g. `25565/tcp on 203.0.113.10 is “survival” on peer attic`.
    pub fn message(&self) -> String {
        match &self.ports {
            Some((protocol, range)) => {
                format!("{range}/{protocol} on {} is {}", self.address, self.owner_name)
            }
            None => format!(
                "{} carries {}, and one of the two is everything",
                self.address, self.owner_name
            ),
        }
    }
}

impl ForwardIndex {
    /// Takes all forwards in; the first of two in conflict owns the port.
    pub fn new(inventory: &Inventory) -> Self {
        let places = places(inventory);
        let mut index = Self::default();
        for (place, forward) in inventory.forwards.iter().enumerate() {
            if let Some((_, address)) = places.get(&forward.peer) {
                index.insert(place, forward, *address);
            }
        }
        index
    }

    /// Takes one more forward in.
    fn insert(&mut self, place: usize, forward: &PortForward, address: Ipv4Addr) {
        let owner = Owner {
            id: forward.id,
            place,
        };
        for ports in each_mapping(&forward.ports) {
            let Some((protocol, mapping)) = ports else {
                self.whole.entry(address).or_insert(owner);
                continue;
            };
            let public = mapping.public();
            // Ranges in the index never overlap: who came first keeps the ports.
            if self.taken(address, protocol, public, None).next().is_none() {
                let ranges = self.ranges.entry((address, protocol)).or_default();
                ranges.insert(public.first().number(), (public.last().number(), owner));
            }
        }
    }

    /// What stands in the way of `ports` on `address`, for a forward that is `own` if it is already taken in.
    /// `inventory` is the one that the index was built over.
    pub fn conflicts(
        &self,
        inventory: &Inventory,
        address: Ipv4Addr,
        ports: &PortForwardPorts,
        own: Option<ForwardId>,
    ) -> Vec<Conflict> {
        let conflict = |ports, owner: Owner| Conflict {
            address,
            ports,
            owner: owner.id,
            owner_name: owner.name(inventory),
        };
        let mut found = vec![];
        if let Some(owner) = self.whole.get(&address).filter(|owner| owner.is_other_than(own)) {
            found.push(conflict(None, *owner));
        }
        for ports in each_mapping(ports) {
            match ports {
                Some((protocol, mapping)) => {
                    let taken = self.taken(address, protocol, mapping.public(), own);
                    found.extend(taken.map(|(range, owner)| conflict(Some((protocol, range)), owner)));
                }
                None => found.extend(self.any_on(address, own).map(|owner| conflict(None, owner))),
            }
        }
        found
    }

    /// The public ports of `wanted` that somebody has. Owned ranges do not overlap, so that walking down from the
    /// highest start ends at the first range that ends before `wanted` begins.
    fn taken(
        &self,
        address: Ipv4Addr,
        protocol: Protocol,
        wanted: PortRange,
        own: Option<ForwardId>,
    ) -> impl Iterator<Item = (PortRange, Owner)> {
        let ranges = self.ranges.get(&(address, protocol));
        let below = ranges
            .into_iter()
            .flat_map(move |ranges| ranges.range(..=wanted.last().number()).rev());
        below
            .take_while(move |(_, (last, _))| *last >= wanted.first().number())
            .filter(move |(_, (_, owner))| owner.is_other_than(own))
            .filter_map(move |(first, (last, owner))| {
                let first = wanted.first().max(Port::new(*first)?);
                let last = wanted.last().min(Port::new(*last)?);
                Some((PortRange::new(first, last)?, *owner))
            })
    }

    /// Some forward of single ports on `address`.
    fn any_on(&self, address: Ipv4Addr, own: Option<ForwardId>) -> Option<Owner> {
        let of_address = self
            .ranges
            .range((address, Protocol::Tcp)..=(address, Protocol::Udp));
        of_address
            .flat_map(|(_, ranges)| ranges.values())
            .map(|(_, owner)| *owner)
            .find(|owner| owner.is_other_than(own))
    }
}

/// Where each peer's forwards open.
pub(super) fn places(inventory: &Inventory) -> BTreeMap<PeerId, (&Peer, Ipv4Addr)> {
    let place = |peer| Some((peer, inventory.assigned_ip(peer)?.1.address));
    inventory
        .peers
        .iter()
        .filter_map(|peer| Some((peer.id, place(peer)?)))
        .collect()
}

/// What stands in the way of one forward.
pub(super) fn conflicts_of(
    inventory: &Inventory,
    index: &ForwardIndex,
    forward: &PortForward,
) -> Vec<Finding> {
    let Some((_, ip)) = inventory
        .peer(forward.peer)
        .and_then(|peer| inventory.assigned_ip(peer))
    else {
        return vec![];
    };
    let conflicts = index.conflicts(inventory, ip.address, &forward.ports, Some(forward.id));
    let finding = |conflict: &Conflict| {
        Finding::error("port_taken", Subject::Forward(forward.id), conflict.message())
            .hint("Choose another public port, or give the peer another public IP")
    };
    conflicts.iter().map(finding).collect()
}

/// Forwards of the inventory that want the same port.
pub(super) fn conflicts(inventory: &Inventory) -> Vec<Finding> {
    let places = places(inventory);
    let (mut index, mut findings) = (ForwardIndex::default(), vec![]);
    for (place, forward) in inventory.forwards.iter().enumerate() {
        let Some((peer, address)) = places.get(&forward.peer) else {
            continue;
        };
        for conflict in index.conflicts(inventory, *address, &forward.ports, Some(forward.id)) {
            let message = format!("{}; {} wants it too", conflict.message(), name(forward, peer));
            findings.push(
                Finding::error("port_taken", Subject::Forward(forward.id), message)
                    .hint("Choose another public port, or give the peer another public IP"),
            );
        }
        index.insert(place, forward, *address);
    }
    findings
}
