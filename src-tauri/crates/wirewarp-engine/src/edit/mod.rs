//! Changes of the inventory: pure functions from one inventory to the next.
//!
//! Nothing here reads a clock, a host or a file; identifiers are random. What an edit refuses, it refuses with an error
//! that names the field; whether the result as a whole fits together is for `wirewarp_plan::check`.

pub mod discover;
pub mod forward;
pub mod ip;
pub mod peer;
pub mod template;
pub mod vps;

use wirewarp_model::{Host, HostId, Inventory, Name, Peer, PeerId, Secret, Vps};
use wirewarp_plan::check::Sightings;
use wirewarp_store::secrets::SecretKey;

use crate::error::EngineError;

/// A change that has been computed and not yet recorded.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The inventory that it was computed from.
    pub before: Inventory,
    /// The inventory that it leads to.
    pub after: Inventory,
    /// What it is, for the audit log, e.g. `port.add`.
    pub action: &'static str,
    /// Secrets to keep once it is recorded.
    pub(crate) secrets: Vec<(SecretKey, Secret)>,
    /// Looks at hosts that are a moment old.
    pub(crate) observed: Sightings,
    /// Whether packages that we installed go as well.
    pub(crate) remove_packages: bool,
    /// A host of another inventory that belongs to this one from now on, which has to be told.
    pub(crate) taken_over: Option<HostId>,
}

impl Proposal {
    pub(crate) fn new(before: Inventory, after: Inventory, action: &'static str) -> Self {
        Self {
            before,
            after: after.in_order(),
            action,
            secrets: vec![],
            observed: Sightings::new(),
            remove_packages: false,
            taken_over: None,
        }
    }

    /// Whether it changes nothing. A new password is something, though the inventory does not show it.
    pub fn is_empty(&self) -> bool {
        self.before == self.after && self.taken_over.is_none() && self.secrets.is_empty()
    }

    /// Also removes the packages that WireWarp installed on a host that is cleaned.
    #[must_use]
    pub fn removing_packages(mut self, yes: bool) -> Self {
        self.remove_packages = yes;
        self
    }
}

/// The VPS of this name.
pub(crate) fn vps<'a>(inventory: &'a Inventory, name: &Name) -> Result<&'a Vps, EngineError> {
    inventory.vps_named(name).ok_or_else(|| {
        EngineError::not_found(
            "VPS",
            name.as_str(),
            inventory.vpses.iter().map(|v| v.name.as_str()),
        )
    })
}

/// The peer of this name.
pub(crate) fn peer<'a>(inventory: &'a Inventory, name: &Name) -> Result<&'a Peer, EngineError> {
    inventory.peer_named(name).ok_or_else(|| {
        EngineError::not_found(
            "peer",
            name.as_str(),
            inventory.peers.iter().map(|p| p.name.as_str()),
        )
    })
}

/// The peer with this identifier.
pub(crate) fn peer_by_id(inventory: &Inventory, id: PeerId) -> Result<&Peer, EngineError> {
    let missing = || EngineError::not_found("peer", &id.to_string(), std::iter::empty());
    inventory.peer(id).ok_or_else(missing)
}

/// Drops the machine of this name that is being removed; whether there was one.
fn drop_leaving(inventory: &mut Inventory, name: &Name) -> bool {
    let leaves = |host: &Host| host.name.is(name) && inventory.is_leaving(host.id);
    let Some(at) = inventory.hosts.iter().position(leaves) else {
        return false;
    };
    inventory.hosts.remove(at);
    true
}

/// Refuses a name that a VPS or a peer has already.
pub(crate) fn name_is_free(inventory: &Inventory, name: &Name) -> Result<(), EngineError> {
    let by = if inventory.vps_named(name).is_some() {
        "VPS"
    } else if inventory.peer_named(name).is_some() {
        "peer"
    } else if let Some(host) = inventory.host_named(name) {
        if inventory.is_leaving(host.id) {
            "machine that is being removed"
        } else {
            "machine"
        }
    } else {
        return Ok(());
    };
    Err(EngineError::refused(
        "name_taken",
        format!("There is a {by} called “{name}” already."),
        &["Choose another name; VPSes and peers share one set of names."],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirewarp_model::{Access, InventoryId};
    use wirewarp_store::secrets::SecretKind;

    #[test]
    fn a_new_password_for_the_same_login_is_a_change() {
        let inventory = Inventory::empty(InventoryId(uuid::Uuid::nil()));
        let mut proposal = Proposal::new(inventory.clone(), inventory, "host.login");
        assert!(proposal.is_empty());
        let key = SecretKey::host(HostId(uuid::Uuid::nil()), SecretKind::SshPassword);
        proposal.secrets.push((key, Secret::new("new".into())));
        assert!(!proposal.is_empty());
    }

    #[test]
    fn a_machine_that_waits_to_be_cleaned_can_still_be_forgotten() {
        let name: Name = "attic".parse().unwrap();
        let mut inventory = Inventory::empty(InventoryId(uuid::Uuid::nil()));
        inventory.hosts.push(Host {
            id: HostId(uuid::Uuid::nil()),
            name: name.clone(),
            access: Access::Local,
            machine_id: None,
        });
        let as_peer = |forget| peer::remove(&inventory, std::slice::from_ref(&name), forget);
        let as_vps = |forget| vps::remove(&inventory, &name, forget);
        assert!(as_peer(false).is_err() && as_vps(false).is_err());
        assert!(as_peer(true).unwrap().hosts.is_empty());
        assert!(as_vps(true).unwrap().hosts.is_empty());
    }
}
