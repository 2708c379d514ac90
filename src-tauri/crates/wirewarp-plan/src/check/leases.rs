//! Fixed addresses: such as a machine of the VM network can have, each given to one card.

use wirewarp_model::{Inventory, Lease, Peer, PeerKind};

use super::{Finding, Subject, targets::vm_misfit};

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
