//! From a change as it was typed to a proposal of the engine.

mod forward;
mod host;
mod login;
mod peer;
mod proxmox;
mod vps;

pub(crate) use forward::entries;
pub(crate) use login::{fingerprint, login};
pub(crate) use proxmox::again;

use std::sync::Arc;
use wirewarp_engine::{EngineError, Preview, edit::Proposal};
use wirewarp_model::{Inventory, Name, Secret};

use crate::{
    Desktop,
    errors::{Answered, at, user},
    plans::GuestWork,
    view::Change,
};

/// What a change comes to.
pub(crate) enum Proposed {
    /// An edit of the inventory, with the private key of a manual peer that was made for it.
    Edit(Box<Proposal>, Option<(Name, Secret)>),
    /// A plan for hosts alone; the inventory stays.
    Hosts(Box<Preview>, &'static str),
    /// A plan for a guest of Proxmox.
    Guest(GuestWork),
}

impl From<Proposal> for Proposed {
    fn from(proposal: Proposal) -> Self {
        Self::Edit(Box::new(proposal), None)
    }
}

/// Computes a change. May look at hosts and ask the person.
pub(crate) async fn propose(desktop: &Arc<Desktop>, change: Change) -> Answered<Proposed> {
    match change {
        Change::VpsAdd { .. } => Box::pin(vps::add(desktop, change)).await,
        Change::VpsRename { name, new_name } => vps::rename(desktop, &name, &new_name).await,
        Change::VpsRemove {
            name,
            forget,
            remove_packages,
        } => vps::remove(desktop, &name, forget, remove_packages).await,
        Change::IpAdd { vps, address } => vps::add_ip(desktop, &vps, &address).await,
        Change::IpRemove { vps, address } => vps::remove_ip(desktop, &vps, &address).await,
        Change::IpSetActive { vps, address, active } => {
            vps::set_ip_active(desktop, &vps, &address, active).await
        }
        Change::PeerAdd { .. } => Box::pin(peer::add(desktop, change)).await,
        Change::PeerRoute { name, route } => peer::set_route(desktop, &name, &route).await,
        Change::PeerRename { name, new_name } => peer::rename(desktop, &name, &new_name).await,
        Change::PeerMove { name, ip } => peer::move_to(desktop, &name, &ip).await,
        Change::PeerSetActive { names, active } => peer::set_active(desktop, &names, active).await,
        Change::PeerRotateKeys { name } => peer::rotate_keys(desktop, &name).await,
        Change::PeerMtu { name, mtu } => Box::pin(peer::mtu(desktop, &name, &mtu)).await,
        Change::PeerRemove {
            names,
            forget,
            remove_packages,
        } => peer::remove(desktop, &names, forget, remove_packages).await,
        Change::ForwardAdd { draft, enabled } => forward::add(desktop, &draft, enabled).await,
        Change::ForwardImport { peer, text } => forward::import(desktop, &peer, &text).await,
        Change::ForwardEdit { id, draft } => forward::edit(desktop, &id, &draft).await,
        Change::ForwardRemove { ids } => forward::remove(desktop, &ids).await,
        Change::ForwardSetEnabled { ids, enabled } => forward::set_enabled(desktop, &ids, enabled).await,
        Change::ProxmoxAdd { name, url, sign_in } => {
            Box::pin(proxmox::add(desktop, &name, url, sign_in)).await
        }
        Change::ProxmoxLogin { name, sign_in } => Box::pin(proxmox::login(desktop, &name, sign_in)).await,
        Change::ProxmoxRemove { name, forget } => proxmox::remove(desktop, &name, forget).await,
        Change::GuestAttach { guest } => Box::pin(proxmox::attach(desktop, *guest)).await,
        Change::GuestDetach { proxmox: host, vmid } => {
            Box::pin(proxmox::detach(desktop, &name("proxmox", &host)?, vmid)).await
        }
        Change::HostLogin { host, login } => Box::pin(host::relogin(desktop, &host, &login)).await,
        Change::HostAdopt { host } => host::adopt(desktop, &host).await,
        Change::HostRepair { host } => host::repair(desktop, &host).await,
        Change::HostRollback { host, generation } => host::rollback(desktop, &host, generation).await,
    }
}

/// A pure edit of the inventory.
async fn edited(
    desktop: &Desktop,
    action: &'static str,
    edit: impl FnOnce(&Inventory) -> Result<Inventory, EngineError> + Send,
) -> Answered<Proposed> {
    let proposal = desktop.engine.propose(action, edit).await;
    Ok(proposal.map_err(user)?.into())
}

/// Reads the name of something.
pub(crate) fn name(field: &str, text: &str) -> Answered<Name> {
    at(field, text.trim().parse::<Name>())
}

/// The text, if there is any.
pub(crate) fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
