//! Numbers, networks and addresses for what is new: always the first that is free, so that the same inventory gives
//! the same answer.

mod assign;
pub(crate) mod networks;

pub use assign::{Assignment, IpUse, assign, utilisation};
pub use networks::{Occupied, free_tunnel_network, free_vm_number, vm_network};

use std::{collections::BTreeSet, net::Ipv4Addr};
use wirewarp_model::{ForwardTarget, HostId, Inventory, Name, Peer, Vps};

use crate::check::is_upper_half;

/// Why something cannot be allocated. `Display` is the whole message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllocateError {
    /// As many peers as there are numbers.
    #[error(
        "all VM networks 10.99.1.0/24 to 10.200.255.0/24 are in use by peers, or by networks of your machines; delete a peer"
    )]
    NoNumber,
    /// No network is free.
    #[error(
        "each network that could be the tunnel network of VPS {0} is in use on one of your machines; name one yourself"
    )]
    NoTunnelNetwork(Name),
    /// The tunnel network is full.
    #[error("the tunnel network {1} of VPS {0} has no free address; delete a peer")]
    TunnelFull(Name, ipnet::Ipv4Net),
    /// The upper half of the VM network is full.
    #[error("peer {0} has 126 machines of its LAN as targets already; delete one of those forwards")]
    AliasesFull(Name),
    /// The lower half of the VM network is full.
    #[error("each address of the VM network {1} of peer {0} has a machine; drop a lease")]
    VmsFull(Name, ipnet::Ipv4Net),
    /// No active address in the pool.
    #[error("VPS {0} has no active public IP; add or enable one")]
    NoActiveIp(Name),
    /// Not an address of the pool.
    #[error("{1} is not a public IP of VPS {0}; it has {2}")]
    NotInPool(Name, Ipv4Addr, String),
    /// In the pool, disabled.
    #[error("{1} of VPS {0} is disabled; enable it, or choose another")]
    IpDisabled(Name, Ipv4Addr),
    /// Too many tunnels on one machine.
    #[error("this machine has 50 tunnels, the most there can be")]
    TunnelsFull,
}

/// The lowest address inside the tunnel that no peer of the VPS has, suspended ones included.
pub fn tunnel_ip(inventory: &Inventory, vps: &Vps) -> Result<Ipv4Addr, AllocateError> {
    let used: BTreeSet<Ipv4Addr> = inventory
        .peers_of(vps.id)
        .map(|peer| peer.tunnel_ip)
        .chain([vps.tunnel_ip()])
        .collect();
    vps.tunnel_network
        .hosts()
        .find(|address| !used.contains(address))
        .ok_or_else(|| AllocateError::TunnelFull(vps.name.clone(), vps.tunnel_network))
}

/// The lowest tunnel index that no peer of the machine has.
pub fn tunnel_index(inventory: &Inventory, host: HostId) -> Result<u8, AllocateError> {
    let used: BTreeSet<u8> = inventory.peers_on(host).map(|peer| peer.tunnel_index).collect();
    (0..crate::render::MOST_TUNNELS)
        .find(|index| !used.contains(index))
        .ok_or(AllocateError::TunnelsFull)
}

/// The alias inside the tunnel for a machine of the peer's LAN, in the upper half of its VM network. The one that the
/// same address has already, or the lowest that is free.
pub fn lan_alias(inventory: &Inventory, peer: &Peer, lan: Ipv4Addr) -> Result<Ipv4Addr, AllocateError> {
    let mut used = BTreeSet::new();
    for forward in inventory.forwards_of(peer.id) {
        if let ForwardTarget::Lan { address, alias } = forward.target {
            if address == lan {
                return Ok(alias);
            }
            used.insert(alias);
        }
    }
    upper_half(peer)
        .find(|alias| !used.contains(alias))
        .ok_or_else(|| AllocateError::AliasesFull(peer.name.clone()))
}

/// The first address of the peer's VM network that no lease and no attached guest has and no forward in force goes to,
/// below the half that stands for machines of the LAN.
pub fn vm_address(inventory: &Inventory, peer: &Peer) -> Result<Ipv4Addr, AllocateError> {
    let targets = inventory
        .forwards_of(peer.id)
        .filter_map(|forward| match forward.target {
            ForwardTarget::Vm { address } if forward.enabled => Some(address),
            ForwardTarget::Vm { .. } | ForwardTarget::Peer | ForwardTarget::Lan { .. } => None,
        });
    let used: BTreeSet<Ipv4Addr> = peer
        .leases
        .iter()
        .map(|lease| lease.address)
        .chain(inventory.attachments_of(peer.id).map(|guest| guest.address))
        .chain(targets)
        .collect();
    let vms = peer.vm_network.hosts().skip(1);
    vms.take_while(|address| !is_upper_half(peer, *address))
        .find(|address| !used.contains(address))
        .ok_or_else(|| AllocateError::VmsFull(peer.name.clone(), peer.vm_network))
}

/// `10.99.N.129` to `10.99.N.254`.
fn upper_half(peer: &Peer) -> impl Iterator<Item = Ipv4Addr> {
    let network = peer.vm_network;
    let half = 1_usize << (31 - u32::from(network.prefix_len().min(30)));
    network.hosts().skip(half)
}
