//! Whether attached guests are still as they were left.

use serde::Serialize;
use std::net::Ipv4Addr;
use wirewarp_model::{Attachment, AttachmentState, GuestKind, Inventory, Name, Proxmox};
use wirewarp_proxmox::{Api, Problem, attach as decide, guests::Guest, network::NodeNetwork};

use super::{calls::settings, inside, kept::Kept, plan::refused, words};
use crate::{
    Engine, edit,
    error::EngineError,
    proxmox::{named, see},
};

/// An attached guest as it is now.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AttachedSight {
    /// Its number.
    pub vmid: u32,
    /// Virtual machine or container.
    pub kind: GuestKind,
    /// What it was called.
    pub name: String,
    /// The node that it was attached on.
    pub node: String,
    /// The peer whose tunnel it takes.
    pub peer: Option<Name>,
    /// Its address.
    pub address: Ipv4Addr,
    /// How far it came.
    pub state: AttachmentState,
    /// Where it differs from what was left, in words; empty if it does not.
    pub differences: Vec<String>,
}

impl Engine {
    /// The attached guests of a Proxmox host, each compared with what is there. Changes nothing.
    pub async fn proxmox_attached(&self, name: &Name) -> Result<Vec<AttachedSight>, EngineError> {
        let inventory = self.inventory().await?;
        let proxmox = named(&inventory, name)?;
        let own: Vec<&Attachment> = inventory
            .attachments
            .iter()
            .filter(|it| it.proxmox == proxmox.id)
            .collect();
        if own.is_empty() {
            return Ok(vec![]);
        }
        let api = self.proxmoxes.api(proxmox).await?;
        let guests = self.told(proxmox, api.guests().await).await?;
        let mut seen = Vec::new();
        for attachment in own {
            let differences = self
                .differences(&inventory, proxmox, &api, &guests, attachment)
                .await?;
            seen.push(AttachedSight {
                vmid: attachment.vmid,
                kind: attachment.kind,
                name: attachment.label.to_string(),
                node: attachment.node.clone(),
                peer: inventory.peer(attachment.peer).map(|peer| peer.name.clone()),
                address: attachment.address,
                state: attachment.state,
                differences,
            });
        }
        Ok(seen)
    }

    async fn differences(
        &self,
        inventory: &Inventory,
        proxmox: &Proxmox,
        api: &Api,
        guests: &[Guest],
        attachment: &Attachment,
    ) -> Result<Vec<String>, EngineError> {
        let Some(guest) = guests
            .iter()
            .find(|guest| guest.guest.vmid.get() == attachment.vmid)
        else {
            return Ok(vec!["the guest is gone".to_owned()]);
        };
        if guest.guest.node.as_str() != attachment.node {
            return Ok(vec![format!(
                "the guest has moved to the node {}, where the bridge is not; move it back, or detach it and attach it there",
                guest.guest.node
            )]);
        }
        let reference = see::recorded(&attachment.node, attachment.kind, attachment.vmid)?;
        let asked = tokio::try_join!(api.node_network(&reference.node), settings(api, &reference));
        let (network, settings) = match asked {
            Err(error) if matches!(error.problem(), Problem::NodeUnreachable(_)) => {
                return Ok(vec![format!("the node {} does not answer", reference.node)]);
            }
            asked => self.told(proxmox, asked).await?,
        };
        let kept = Kept::of(attachment)?;
        let peer = edit::peer_by_id(inventory, attachment.peer)?;
        let wanted = kept.wanted(peer, attachment.address)?;
        let mut differences: Vec<String> = others_edits(&network).into_iter().collect();
        let card = kept.card(attachment.kind, attachment.address, peer);
        differences.extend(inside::differs(api, &reference, card).await);
        match decide::attach(&wanted, &network, &settings, Some(&kept.before)) {
            Ok(decided) => {
                differences.extend(decided.calls.iter().map(|call| words::differs(call, &settings)));
            }
            Err(refusal) if differences.is_empty() => differences.push(refused(&refusal).to_string()),
            Err(_) => {}
        }
        Ok(differences)
    }
}

fn others_edits(network: &NodeNetwork) -> Option<String> {
    let changes = network.changes.as_ref()?;
    Some(format!("edits of the node's network are pending:\n{changes}"))
}
