//! Which peer, forward and address a host's counters belong to.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};
use wirewarp_model::{
    ForwardId, HostId, Inventory, PeerId, PortForwardPorts, Protocol, PublicIpId, WgPublicKey,
    figures::Series,
};

/// What is measured on one host, found by what its counters are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subjects {
    pub(crate) host: HostId,
    pub(crate) peers: BTreeMap<WgPublicKey, PeerId>,
    addresses: BTreeMap<Ipv4Addr, Address>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Address {
    id: PublicIpId,
    /// By first port: the last one, and whose they are.
    ports: BTreeMap<(Protocol, u16), (u16, ForwardId)>,
    /// The forward that has the whole address.
    all: Option<ForwardId>,
}

impl Subjects {
    /// Those of a host of the inventory.
    pub fn new(inventory: &Inventory, host: HostId) -> Self {
        let mut subjects = Self {
            host,
            peers: BTreeMap::new(),
            addresses: BTreeMap::new(),
        };
        let Some(vps) = inventory.vps_on(host) else {
            return subjects;
        };
        for ip in &vps.ips {
            let address = Address {
                id: ip.id,
                ports: BTreeMap::new(),
                all: None,
            };
            subjects.addresses.insert(ip.on_host, address);
        }
        for peer in inventory.peers_of(vps.id) {
            subjects.peers.extend(peer.public_key.map(|key| (key, peer.id)));
            let ip = vps.ip(peer.public_ip).map(|ip| ip.on_host);
            let Some(address) = ip.and_then(|ip| subjects.addresses.get_mut(&ip)) else {
                continue;
            };
            for forward in inventory.forwards_of(peer.id) {
                address.add(forward.id, &forward.ports);
            }
        }
        subjects
    }

    /// The address and the forward that a counted port belongs to; no forward if that one is gone.
    pub fn of_port(
        &self,
        protocol: Protocol,
        address: Ipv4Addr,
        port: u16,
    ) -> Option<(PublicIpId, Option<ForwardId>)> {
        let address = self.addresses.get(&address)?;
        let candidates = address.ports.range((protocol, 0)..=(protocol, port));
        let found = candidates
            .last()
            .filter(|(_, (last, _))| port <= *last)
            .map(|(_, (_, id))| *id);
        Some((address.id, found.or(address.all)))
    }

    /// Every series that this host's counters can add to.
    pub fn series(&self) -> BTreeSet<Series> {
        let peers = self.peers.values().map(|id| Series::Peer(*id));
        let addresses = self.addresses.values().flat_map(|address| {
            let forwards = address.ports.values().map(|(_, id)| *id).chain(address.all);
            std::iter::once(Series::PublicIp(address.id)).chain(forwards.map(Series::Forward))
        });
        std::iter::once(Series::Host(self.host))
            .chain(peers)
            .chain(addresses)
            .collect()
    }
}

impl Address {
    fn add(&mut self, id: ForwardId, ports: &PortForwardPorts) {
        match ports {
            PortForwardPorts::All => self.all = Some(id),
            PortForwardPorts::Ports { protocols, mappings } => {
                for &protocol in protocols.each() {
                    for mapping in mappings.iter() {
                        let (first, last) = (
                            mapping.public().first().number(),
                            mapping.public().last().number(),
                        );
                        self.ports.insert((protocol, first), (last, id));
                    }
                }
            }
        }
    }
}
