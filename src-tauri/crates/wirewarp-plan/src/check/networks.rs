//! Networks that collide, with a free one offered.

use ipnet::Ipv4Net;
use wirewarp_model::{Inventory, net::overlap};

use super::{Finding, Sightings, Subject};
use crate::allocate::{Occupied, free_tunnel_network, free_vm_number, vm_network};

/// A tunnel or VM network of the inventory.
struct Own {
    network: Ipv4Net,
    name: String,
    subject: Subject,
}

/// Networks that overlap one another, or one of a machine.
pub(super) fn collisions(inventory: &Inventory, seen: &Sightings) -> Vec<Finding> {
    let (own, occupied) = (own(inventory), Occupied::of_all(inventory, seen));
    let mut all = occupied.clone();
    all.extend(Occupied::of_inventory(inventory));
    let mut findings = vec![];
    for (at, mine) in own.iter().enumerate() {
        let earlier = own[..at]
            .iter()
            .filter(|other| overlap(other.network, mine.network));
        let others = earlier.map(|other| other.name.clone());
        let machines = occupied
            .iter()
            .filter(|taken| overlap(taken.network, mine.network))
            .map(|taken| format!("{} ({})", taken.by, taken.network));
        for other in others.chain(machines) {
            let message = format!("{} {} collides with {other}", mine.name, mine.network);
            findings.push(
                Finding::error("network_taken", mine.subject, message).hint(offer(inventory, mine, &all)),
            );
        }
    }
    findings
}

fn own(inventory: &Inventory) -> Vec<Own> {
    let tunnels = inventory.vpses.iter().map(|vps| Own {
        network: vps.tunnel_network,
        name: format!("the tunnel network of VPS {}", vps.name),
        subject: Subject::Vps(vps.id),
    });
    let vms = inventory.peers.iter().map(|peer| Own {
        network: peer.vm_network,
        name: format!("the VM network of peer {}", peer.name),
        subject: Subject::Peer(peer.id),
    });
    tunnels.chain(vms).collect()
}

fn offer(inventory: &Inventory, mine: &Own, occupied: &[Occupied]) -> String {
    let free = match mine.subject {
        Subject::Vps(id) => inventory
            .vps(id)
            .and_then(|vps| free_tunnel_network(&vps.name, occupied).ok()),
        Subject::Peer(_) | Subject::Host(_) | Subject::Forward(_) => {
            free_vm_number(inventory, occupied).ok().map(vm_network)
        }
    };
    free.map_or_else(
        || "No network of ours is free; name one yourself".to_owned(),
        |network| format!("{network} is free; use it instead"),
    )
}
