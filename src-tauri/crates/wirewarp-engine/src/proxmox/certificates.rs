//! Whether Proxmox hosts still show the certificate that is trusted.

use std::collections::BTreeMap;
use wirewarp_model::{HostId, Inventory, Proxmox};
use wirewarp_proxmox::{Fingerprint, Limits, Server};
use wirewarp_watch::alert::Holds;

use crate::{Engine, error::EngineError};

impl Engine {
    /// Of each machine that guests of a Proxmox host hang on, whether that one shows another certificate than the
    /// trusted one, and why it is thought so. Nothing is sent to it, and nobody signs in.
    pub(crate) async fn certificates(&self) -> Result<BTreeMap<HostId, (Holds, String)>, EngineError> {
        let inventory = self.inventory().await?;
        let mut found = BTreeMap::new();
        for proxmox in &inventory.proxmoxes {
            let nodes = nodes(&inventory, proxmox);
            if nodes.is_empty() {
                continue;
            }
            let seen = seen(proxmox).await?;
            found.extend(nodes.into_iter().map(|node| (node, seen.clone())));
        }
        Ok(found)
    }
}

fn nodes(inventory: &Inventory, proxmox: &Proxmox) -> Vec<HostId> {
    let attached = inventory
        .attachments
        .iter()
        .filter(|one| one.proxmox == proxmox.id);
    attached
        .filter_map(|one| inventory.peer(one.peer)?.host)
        .collect()
}

async fn seen(proxmox: &Proxmox) -> Result<(Holds, String), EngineError> {
    let trusted: Fingerprint = proxmox.fingerprint.parse()?;
    Ok(
        match Server::offered(&proxmox.endpoint.parse()?, Limits::default()).await {
            Ok(offered) if offered == trusted => (Holds::No, String::new()),
            Ok(offered) => {
                let reason = format!(
                    "its Proxmox host “{}” shows another certificate than the trusted one: SHA-256 {offered}",
                    proxmox.name
                );
                (Holds::Yes, reason)
            }
            Err(error) => {
                tracing::debug!(proxmox = %proxmox.name, %error, "its certificate could not be looked at");
                (Holds::Unclear, String::new())
            }
        },
    )
}
