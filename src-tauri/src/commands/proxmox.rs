//! Proxmox hosts: what is recorded, and what is asked of them now.

use std::sync::Arc;
use wirewarp_engine::proxmox::{AttachedSight, BridgesSight, GuestAddresses, ProxmoxSight};

use crate::{
    Desktop,
    change::name,
    errors::{Answered, user},
    view::{ProxmoxRow, Subject},
};

pub(crate) async fn list(desktop: &Arc<Desktop>) -> Answered<Vec<ProxmoxRow>> {
    let snapshot = desktop.snapshot().await?;
    let inventory = &snapshot.inventory;
    let row = |proxmox: &wirewarp_model::Proxmox| ProxmoxRow {
        name: proxmox.name.clone(),
        endpoint: proxmox.endpoint.clone(),
        who: proxmox.login.who().to_owned(),
        version: proxmox.version.clone(),
        fingerprint: proxmox.fingerprint.clone(),
        attached: inventory
            .attachments
            .iter()
            .filter(|it| it.proxmox == proxmox.id)
            .count(),
    };
    Ok(inventory.proxmoxes.iter().map(row).collect())
}

pub(crate) async fn guests(desktop: &Arc<Desktop>, host: String) -> Answered<ProxmoxSight> {
    desktop
        .engine
        .proxmox_guests(&name("name", &host)?)
        .await
        .map_err(user)
}

pub(crate) async fn guest(desktop: &Arc<Desktop>, host: String, vmid: u32) -> Answered<GuestAddresses> {
    desktop
        .engine
        .proxmox_guest(&name("name", &host)?, vmid)
        .await
        .map_err(user)
}

pub(crate) async fn bridges(desktop: &Arc<Desktop>, host: String) -> Answered<BridgesSight> {
    desktop
        .engine
        .proxmox_bridges(&name("name", &host)?)
        .await
        .map_err(user)
}

pub(crate) async fn attached(desktop: &Arc<Desktop>, host: String) -> Answered<Vec<AttachedSight>> {
    desktop
        .engine
        .proxmox_attached(&name("name", &host)?)
        .await
        .map_err(user)
}

pub(crate) async fn trust(desktop: &Arc<Desktop>, host: String) -> Answered<String> {
    let host = name("name", &host)?;
    let trusted = desktop.engine.trust_proxmox(&host, None).await.map_err(user)?;
    desktop.changed(&[Subject::Inventory, Subject::Activity]);
    Ok(trusted)
}
