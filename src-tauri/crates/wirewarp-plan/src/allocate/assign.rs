//! Which public IP a new peer gets.

use std::net::Ipv4Addr;
use wirewarp_model::{Inventory, Peer, PublicIp, PublicIpId, PublicIpState, Vps};

use super::AllocateError;
use crate::translation::each_mapping;

/// How a public IP is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// The next active one, in the pool's order, after the one given out last.
    RoundRobin {
        /// The address given out last; none before the first.
        after: Option<PublicIpId>,
    },
    /// The active one with the fewest peers, then the fewest public ports, then the first.
    LeastUsed,
    /// This one.
    Address(Ipv4Addr),
}

/// What hangs on a public IP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpUse {
    /// The address.
    pub ip: PublicIpId,
    /// Peers that have it, suspended ones included.
    pub peers: usize,
    /// Their forwards, disabled ones included.
    pub forwards: usize,
    /// Public ports of those, TCP and UDP counted apart; everything counts 131,070.
    pub ports: u64,
}

/// The public IP of a new peer of `vps`.
pub fn assign<'a>(
    inventory: &Inventory,
    vps: &'a Vps,
    how: Assignment,
) -> Result<&'a PublicIp, AllocateError> {
    let none = || AllocateError::NoActiveIp(vps.name.clone());
    let active = || vps.ips.iter().filter(|ip| ip.state == PublicIpState::Active);
    match how {
        Assignment::RoundRobin { after } => {
            let last = after.and_then(|id| vps.ips.iter().position(|ip| ip.id == id));
            let start = last.map_or(0, |at| at + 1);
            let order = vps.ips.iter().skip(start).chain(vps.ips.iter().take(start));
            order
                .into_iter()
                .find(|ip| ip.state == PublicIpState::Active)
                .ok_or_else(none)
        }
        Assignment::LeastUsed => {
            let used = utilisation(inventory, vps);
            let load = |ip: &&PublicIp| {
                used.iter()
                    .find(|of| of.ip == ip.id)
                    .map_or((0, 0), |of| (of.peers, of.ports))
            };
            active().min_by_key(load).ok_or_else(none)
        }
        Assignment::Address(address) => named(vps, address),
    }
}

fn named(vps: &Vps, address: Ipv4Addr) -> Result<&PublicIp, AllocateError> {
    let ip = vps.ips.iter().find(|ip| ip.address == address).ok_or_else(|| {
        let pool: Vec<String> = vps.ips.iter().map(|ip| ip.address.to_string()).collect();
        AllocateError::NotInPool(vps.name.clone(), address, pool.join(", "))
    })?;
    match ip.state {
        PublicIpState::Active => Ok(ip),
        PublicIpState::Disabled => Err(AllocateError::IpDisabled(vps.name.clone(), address)),
    }
}

/// What hangs on each public IP of a VPS, in the pool's order.
pub fn utilisation(inventory: &Inventory, vps: &Vps) -> Vec<IpUse> {
    let mut uses: Vec<IpUse> = vps
        .ips
        .iter()
        .map(|ip| IpUse {
            ip: ip.id,
            peers: 0,
            forwards: 0,
            ports: 0,
        })
        .collect();
    for peer in inventory.peers_of(vps.id) {
        if let Some(of) = uses.iter_mut().find(|of| of.ip == peer.public_ip) {
            of.peers += 1;
            add_forwards(of, inventory, peer);
        }
    }
    uses
}

fn add_forwards(of: &mut IpUse, inventory: &Inventory, peer: &Peer) {
    for forward in inventory.forwards_of(peer.id) {
        of.forwards += 1;
        for ports in each_mapping(&forward.ports) {
            of.ports += ports.map_or(131_070, |(_, mapping)| u64::from(mapping.public().count()));
        }
    }
}
