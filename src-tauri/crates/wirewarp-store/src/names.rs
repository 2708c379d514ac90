//! VPSes and peers share one set of names, whatever their case; Proxmox hosts have one of their own.

use std::collections::BTreeSet;
use uuid::Uuid;
use wirewarp_model::{Inventory, Name};

use crate::StoreError;

/// Refuses a change that gives somebody a name that somebody else has.
pub(crate) fn are_free(before: &Inventory, after: &Inventory) -> Result<(), StoreError> {
    let had: BTreeSet<_> = owners(before).map(|owner| (owner.id, owner.name.key())).collect();
    let is_new = |owner: &Owner| !had.contains(&(owner.id, owner.name.key()));
    for new in owners(after).filter(is_new) {
        let has_it = |other: &Owner| other.id != new.id && other.set == new.set && other.name.is(new.name);
        if let Some(owner) = owners(after).find(has_it) {
            let (name, by) = (owner.name.clone(), owner.kind);
            return Err(StoreError::NameTaken { name, by });
        }
    }
    Ok(())
}

/// Somebody who has a name.
struct Owner<'a> {
    kind: &'static str,
    /// The set of names that it shares.
    set: Names,
    id: Uuid,
    name: &'a Name,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Hosts,
    Proxmoxes,
}

fn owners(inventory: &Inventory) -> impl Iterator<Item = Owner<'_>> {
    let vpses = inventory.vpses.iter().map(|vps| ("VPS", vps.id.0, &vps.name));
    let peers = inventory.peers.iter().map(|peer| ("peer", peer.id.0, &peer.name));
    let hosts = vpses.chain(peers).map(|owner| (Names::Hosts, owner));
    let proxmoxes = inventory
        .proxmoxes
        .iter()
        .map(|proxmox| ("Proxmox host", proxmox.id.0, &proxmox.name));
    hosts
        .chain(proxmoxes.map(|owner| (Names::Proxmoxes, owner)))
        .map(|(set, (kind, id, name))| Owner { kind, set, id, name })
}
