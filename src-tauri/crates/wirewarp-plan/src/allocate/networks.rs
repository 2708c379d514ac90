//! Networks: unique over the inventory, and apart from every network that a machine has.

use ipnet::Ipv4Net;
use std::{collections::BTreeSet, net::Ipv4Addr};
use wirewarp_model::{HostId, IfName, Inventory, Name, Peer, net::overlap, observed::Observed};

use super::AllocateError;
use crate::check::Sightings;

/// A network that is in use, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupied {
    /// The network.
    pub network: Ipv4Net,
    /// Who has it, e.g. `docker0 of VPS nyc`.
    pub by: String,
}

impl Occupied {
    /// Networks of one machine, ours and the default route left out. `name` is what a message calls it.
    pub fn of_host(inventory: &Inventory, host: HostId, observed: &Observed, name: &str) -> Vec<Self> {
        let given: BTreeSet<(Ipv4Addr, IfName)> = inventory
            .peers_on(host)
            .map(|peer| (peer.gateway(), peer.gateway_interface()))
            .collect();
        let mut found = vec![];
        for interface in observed
            .interfaces
            .iter()
            .filter(|interface| !interface.name.is_own())
        {
            for address in &interface.addresses {
                // A gateway address on an interface that the person named is ours.
                if !given.contains(&(address.addr(), interface.name.clone())) {
                    found.push(Self {
                        network: address.trunc(),
                        by: format!("{} of {name}", interface.name),
                    });
                }
            }
        }
        for route in observed
            .routes
            .iter()
            .filter(|route| route.destination.prefix_len() > 0)
        {
            let ours = route
                .table
                .parse()
                .is_ok_and(|table: u32| (7701..=7800).contains(&table));
            let Some(device) = route.device.as_ref().filter(|device| !ours && !device.is_own()) else {
                continue;
            };
            let gateway_net = given
                .iter()
                .any(|(address, at)| at == device && route.destination.contains(address));
            if !gateway_net
                && !found
                    .iter()
                    .any(|known| known.network == route.destination.trunc())
            {
                found.push(Self {
                    network: route.destination.trunc(),
                    by: format!("a route over {device} of {name}"),
                });
            }
        }
        found
    }

    /// Networks of every machine that was looked at.
    pub fn of_all(inventory: &Inventory, seen: &Sightings) -> Vec<Self> {
        let each = |(host, observed): (&HostId, &Observed)| {
            Self::of_host(inventory, *host, observed, &host_name(inventory, *host))
        };
        seen.iter().flat_map(each).collect()
    }

    /// Tunnel and VM networks of the inventory.
    pub fn of_inventory(inventory: &Inventory) -> Vec<Self> {
        let tunnels = inventory.vpses.iter().map(|vps| Self {
            network: vps.tunnel_network,
            by: format!("the tunnel network of VPS {}", vps.name),
        });
        let vms = inventory.peers.iter().map(|peer| Self {
            network: peer.vm_network,
            by: format!("the VM network of peer {}", peer.name),
        });
        tunnels.chain(vms).collect()
    }
}

/// `VPS nyc`, or `the machine of peer attic`.
pub(crate) fn host_name(inventory: &Inventory, host: HostId) -> String {
    if let Some(vps) = inventory.vps_on(host) {
        return format!("VPS {}", vps.name);
    }
    let peer = inventory.peers_on(host).next();
    peer.map_or_else(
        || named(inventory, host),
        |peer| format!("the machine of peer {}", peer.name),
    )
}

/// The first tunnel network that collides with none of `occupied`: `10.0.0.0/24` if it can be. Then networks that
/// seldom are a home's or a provider's, thousands in the end; all of RFC 1918.
pub fn free_tunnel_network(name: &Name, occupied: &[Occupied]) -> Result<Ipv4Net, AllocateError> {
    let first = [Ipv4Addr::new(10, 0, 0, 0)].into_iter();
    let quiet = (0..=255).map(|n| Ipv4Addr::new(10, 98, n, 0));
    let high = (200..=255).map(|n| Ipv4Addr::new(172, 31, n, 0));
    let many = (201..=250).flat_map(|m| (0..=255).map(move |n| Ipv4Addr::new(10, m, n, 0)));
    first
        .chain(quiet)
        .chain(high)
        .chain(many)
        .filter_map(|address| Ipv4Net::new(address, 24).ok())
        .find(|network| is_free(*network, occupied))
        .ok_or_else(|| AllocateError::NoTunnelNetwork(name.clone()))
}

/// The lowest peer number that no peer has and whose VM network collides with none of `occupied`.
pub fn free_vm_number(inventory: &Inventory, occupied: &[Occupied]) -> Result<u16, AllocateError> {
    let used: BTreeSet<u16> = inventory.peers.iter().map(|peer| peer.number).collect();
    (1..=Peer::LAST_NUMBER)
        .find(|number| !used.contains(number) && is_free(vm_network(*number), occupied))
        .ok_or(AllocateError::NoNumber)
}

/// `10.99.N.0/24`; from 256 on it counts into `10.100.0.0/24` and further.
pub fn vm_network(number: u16) -> Ipv4Net {
    let first = u32::from(Ipv4Addr::new(10, 99, 0, 0));
    let address = Ipv4Addr::from(first + (u32::from(number) << 8));
    Ipv4Net::new_assert(address, 24)
}

fn is_free(network: Ipv4Net, occupied: &[Occupied]) -> bool {
    !occupied.iter().any(|taken| overlap(taken.network, network))
}

fn named(inventory: &Inventory, host: HostId) -> String {
    inventory
        .host(host)
        .map_or_else(|| "a machine".to_owned(), |host| format!("machine {}", host.name))
}
