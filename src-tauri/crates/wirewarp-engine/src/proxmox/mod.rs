//! Proxmox hosts: signing in, seeing what is there, and bringing guests onto a peer's network.

mod attach;
mod bridges;
mod certificates;
mod connections;
mod enough;
mod see;
mod sign_in;

pub use attach::{
    AddressChoice, AttachGuest, AttachPlan, Attached, AttachedSight, DetachPlan, GuestPlan, NicChoice,
    NodePeer, SettingChange,
};
pub use bridges::{BridgeSight, BridgesSight, SilentNode};
pub(crate) use connections::Connections;
pub use see::{GuestAddresses, GuestSight, NicSight, NodeSight, ProxmoxSight};
pub use sign_in::{AddProxmox, ProxmoxSignIn};

use wirewarp_model::{GuestKind, Inventory, Name, Proxmox};
use wirewarp_proxmox::guests;

use crate::error::EngineError;

/// The Proxmox host of this name.
pub(crate) fn named<'a>(inventory: &'a Inventory, name: &Name) -> Result<&'a Proxmox, EngineError> {
    inventory.proxmox_named(name).ok_or_else(|| {
        let known = inventory.proxmoxes.iter().map(|proxmox| proxmox.name.as_str());
        EngineError::not_found("Proxmox host", name.as_str(), known)
    })
}

/// The same in the words of the inventory.
pub(crate) fn in_model(kind: guests::GuestKind) -> GuestKind {
    match kind {
        guests::GuestKind::Vm => GuestKind::Vm,
        guests::GuestKind::Ct => GuestKind::Ct,
    }
}

/// And the other way.
pub(crate) fn by_api(kind: GuestKind) -> guests::GuestKind {
    match kind {
        GuestKind::Vm => guests::GuestKind::Vm,
        GuestKind::Ct => guests::GuestKind::Ct,
    }
}
