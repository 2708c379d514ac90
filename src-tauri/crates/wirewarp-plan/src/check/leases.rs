//! Fixed addresses: such as a machine of the VM network can have, each given to one card.

use wirewarp_model::{
    HostId, Inventory, Lease, Peer, PeerKind, Protocol,
    error::excerpt,
    observed::{Listener, Observed},
};

use super::{Finding, Subject, targets::vm_misfit};
use crate::render::{dhcp_file, is_dhcp_served};

/// Where a DHCP server listens (RFC 2131, 4.1).
const SERVER_PORT: u16 = 67;

/// Why a lease cannot be: a stable identifier, the reason as the end of a sentence, and what to do.
pub type Mislease = (&'static str, String, String);

/// Leases that cannot be.
pub(super) fn leases(inventory: &Inventory) -> Vec<Finding> {
    let with_peers = inventory
        .peers
        .iter()
        .flat_map(|peer| peer.leases.iter().map(move |lease| (peer, lease)));
    with_peers
        .filter_map(|(peer, lease)| {
            let (code, why, hint) = mislease(inventory, peer, lease)?;
            Some(Finding::error(code, Subject::Peer(peer.id), why).hint(hint))
        })
        .collect()
}

/// What the inventory has against a lease of `peer`, which may be among its leases already.
pub fn mislease(inventory: &Inventory, peer: &Peer, lease: &Lease) -> Option<Mislease> {
    if peer.kind == PeerKind::Manual {
        let why = format!("peer {} is set up by hand and gives no addresses", peer.name);
        return Some((
            "manual_peer",
            why,
            "Set the address in the machine itself".to_owned(),
        ));
    }
    if let Some((_, why, hint)) = vm_misfit(peer, lease.address) {
        return Some(("lease_misfit", why, hint));
    }
    if let Some(other) = peer
        .leases
        .iter()
        .find(|other| other.address == lease.address && *other != lease)
    {
        let why = format!(
            "{} of peer {} has {} already",
            calling(other),
            peer.name,
            lease.address
        );
        return Some((
            "lease_taken",
            why,
            "Choose another address, or drop that lease".to_owned(),
        ));
    }
    // A card hangs on one bridge; at another home its copy may have the same address.
    let beside = inventory.peers.iter().filter(|other| other.host == peer.host);
    let twice = beside
        .flat_map(|other| other.leases.iter().map(move |known| (other, known)))
        .find(|(other, known)| known.mac == lease.mac && (other.id != peer.id || *known != lease));
    twice.map(|(other, known)| {
        let why = format!(
            "{} has {} of peer {} already",
            lease.mac, known.address, other.name
        );
        ("lease_twice", why, "Drop that lease first".to_owned())
    })
}

/// `“web” (BC:24:11:00:00:64)`, or the address of the card alone.
fn calling(lease: &Lease) -> String {
    match lease.name.as_str() {
        "" => lease.mac.to_string(),
        name => format!("“{name}” ({})", lease.mac),
    }
}

/// Programs of a machine that have the port on which its VMs would ask us.
pub(super) fn other_servers(inventory: &Inventory, host: HostId, observed: &Observed) -> Vec<Finding> {
    let served = inventory.peers_on(host).filter(|peer| is_dhcp_served(peer));
    let told = |(peer, message): (&Peer, String)| {
        Finding::error("dhcp_served", Subject::Host(host), message)
            .hint(format!(
                "Have it listen on its own interfaces alone, not on {}; in dnsmasq: bind-interfaces",
                peer.gateway_interface()
            ))
            .hint("Or let it give these addresses, and drop the leases here")
    };
    served
        .filter_map(|peer| Some((peer, other_server(peer, observed)?)))
        .map(told)
        .collect()
}

/// One that listens on every interface is in the way as well: the kernel gives the port to one of both.
fn other_server(peer: &Peer, observed: &Observed) -> Option<String> {
    let interface = peer.gateway_interface();
    let ours = observed.ours.as_ref();
    let we_serve = ours.is_some_and(|ours| ours.digests.contains_key(&dhcp_file(peer)));
    let is_ours = |server: &Listener| {
        we_serve && server.owner == "dnsmasq" && server.device.as_ref() == Some(&interface)
    };
    let other = observed.listeners.iter().find(|server| {
        (server.protocol, server.port) == (Protocol::Udp, SERVER_PORT)
            && server.device.as_ref().is_none_or(|device| *device == interface)
            && !server.address.is_some_and(|address| address.is_loopback())
            && !is_ours(server)
    })?;
    let who = match other.owner.as_str() {
        "" => "another program".to_owned(),
        owner => excerpt(owner),
    };
    let place = match &other.device {
        Some(device) => format!("on {device}"),
        None => "for every interface".to_owned(),
    };
    Some(format!(
        "{who} serves DHCP {place} of {} already, hence nothing can on {interface} for the VMs of peer {}",
        observed.hostname, peer.name
    ))
}
