//! The plan of an attachment: what will be done on the guest's node, in its configuration, and on the hosts.

use std::{collections::BTreeSet, net::Ipv4Addr, sync::Arc};

use uuid::Uuid;
use wirewarp_model::{
    Attachment, AttachmentId, AttachmentState, ForwardId, ForwardTarget, Inventory, Label, Lease, Peer,
    PortForward, Proxmox,
};
use wirewarp_proxmox::{
    Api,
    attach::{self as decide, Refusal},
    guests::Guest,
};

use super::{
    AttachGuest, GuestPlan, NicChoice,
    calls::look,
    choice::{choose, notes, same_peer, usable},
    inside,
    kept::{Kept, KeptAddress, KeptNic},
    target::put_on_bridge,
    words,
};
use crate::{
    Engine,
    edit::{
        self, Proposal,
        forward::{NewForward, TargetSpec},
    },
    error::EngineError,
    preview::Preview,
    progress::Progress,
    proxmox::{in_model, named, see},
};

/// What attaching a guest comes to, over the Proxmox host and all hosts. Nothing of it is recorded yet.
#[derive(Debug, Clone)]
pub struct AttachPlan {
    /// What is done through the API.
    pub guest: GuestPlan,
    /// What is done on the hosts.
    pub preview: Preview,
    pub(super) proposal: Proposal,
    pub(super) proxmox: Proxmox,
    pub(super) attachment: Attachment,
    /// Whether the guest's agent is to set the address.
    pub(super) inside: bool,
}

impl AttachPlan {
    /// Whether nothing is to be done anywhere.
    pub fn is_empty(&self) -> bool {
        self.guest.steps.is_empty() && self.preview.is_empty() && self.proposal.is_empty()
    }

    /// The forwards that lead to the guest once it is attached: what can be checked from outside.
    pub fn forwards(&self) -> BTreeSet<ForwardId> {
        let address = self.attachment.address;
        let leads = |forward: &&PortForward| match forward.target {
            ForwardTarget::Vm { address: to } | ForwardTarget::Lan { address: to, .. } => to == address,
            ForwardTarget::Peer => false,
        };
        let forwards = self.proposal.after.forwards_of(self.attachment.peer);
        forwards.filter(leads).map(|forward| forward.id).collect()
    }
}

impl Engine {
    /// Plans to bring a guest onto a peer's network and to open ports to it. Nothing is changed.
    pub async fn plan_attach(
        &self,
        request: AttachGuest,
        progress: Arc<dyn Progress>,
    ) -> Result<AttachPlan, EngineError> {
        let inventory = self.inventory().await?;
        let proxmox = named(&inventory, &request.proxmox)?.clone();
        let api = self.proxmoxes.api(&proxmox).await?;
        let guest = self.guest(&proxmox, &api, request.vmid).await?;
        usable(&guest)?;
        let earlier = inventory
            .attachments
            .iter()
            .find(|it| it.proxmox == proxmox.id && it.vmid == request.vmid)
            .cloned();
        same_peer(&inventory, earlier.as_ref(), &request)?;
        let node = guest.guest.node.as_str();
        same_node(earlier.as_ref(), node)?;
        let (now, with_peer) = tokio::join!(
            look(&api, &guest.guest),
            self.with_peer(&inventory, &proxmox, node, &request, earlier.as_ref(), progress)
        );
        let (now, with_peer) = (self.told(&proxmox, now).await?, with_peer?);
        let mut proposal = with_peer.proposal;
        let mut kept = match &earlier {
            Some(earlier) => Kept::of(earlier)?,
            None => choose(&request, &guest, &now)?,
        };
        if kept.nic != KeptNic::Lan {
            put_on_bridge(&mut proposal.after, &with_peer.peer)?;
        }
        let peer = edit::peer(&proposal.after, &with_peer.peer)?.clone();
        if kept.comment.is_empty() {
            kept.comment = comment(&peer);
        }
        let address = match &earlier {
            Some(earlier) => earlier.address,
            None => {
                self.address(&api, &guest, &proposal.after, &peer, request.nic)
                    .await?
            }
        };
        let wanted = kept.wanted(&peer, address)?;
        let before = earlier.is_some().then_some(&kept.before);
        let decided =
            decide::attach(&wanted, &now.network, &now.settings, before).map_err(|it| refused(&it))?;
        kept.before = decided.record;
        let kind = in_model(guest.guest.kind);
        let card = kept.card(kind, address, &peer);
        let inside = inside::look(&api, &guest.guest, &mut kept, card).await;
        let inside = self.told(&proxmox, inside).await?;
        let attachment = Attachment {
            id: earlier
                .as_ref()
                .map_or_else(|| AttachmentId(Uuid::new_v4()), |it| it.id),
            proxmox: proxmox.id,
            node: node.to_owned(),
            kind,
            vmid: request.vmid,
            label: label(&guest),
            peer: peer.id,
            bridge: (kept.nic != KeptNic::Lan).then(|| peer.gateway_interface()),
            address,
            state: state(earlier.as_ref(), decided.calls.is_empty() && inside.is_none()),
            record: kept.text(),
        };
        put(&mut proposal.after, attachment.clone());
        proposal.after = with_lease(&proposal.after, &peer, &kept, &attachment)?;
        let mut forwards = to_guest(request.forwards, address)?;
        forwards.retain(|forward| !is_open(&proposal.after, &peer, forward, address));
        proposal.after = edit::forward::add(&proposal.after, &peer.name, forwards)?
            .0
            .in_order();
        let preview = self.preview(&proposal).await?;
        let plan = GuestPlan {
            proxmox: proxmox.name.clone(),
            node: node.to_owned(),
            kind,
            vmid: request.vmid,
            name: guest.name.clone(),
            address,
            steps: decided
                .calls
                .iter()
                .map(|call| words::step(call, &guest.guest))
                .chain(inside.clone())
                .collect(),
            changes: words::changes(&decided.calls, Some(&now.settings)),
            notes: notes(&kept, &guest, &peer, address),
        };
        Ok(AttachPlan {
            guest: plan,
            preview,
            proposal,
            proxmox,
            attachment,
            inside: inside.is_some(),
        })
    }

    /// The guest's address: a free one of the VM network, or the one that it has on the LAN.
    async fn address(
        &self,
        api: &Api,
        guest: &Guest,
        inventory: &Inventory,
        peer: &Peer,
        nic: NicChoice,
    ) -> Result<Ipv4Addr, EngineError> {
        match nic {
            NicChoice::KeepOnLan(Some(address)) => Ok(address),
            NicChoice::KeepOnLan(None) => {
                let told = see::addresses(api, guest).await;
                let unknown = || {
                    EngineError::refused(
                        "proxmox_address_unknown",
                        format!(
                            "{} {} does not tell its address on the LAN.",
                            in_model(guest.guest.kind),
                            guest.guest.vmid
                        ),
                        &[
                            "Say it: --lan-address ADDRESS",
                            "Or install and enable the guest agent in it",
                        ],
                    )
                };
                see::lan_address(&told.map_err(|_| unknown())?).ok_or_else(unknown)
            }
            NicChoice::New | NicChoice::Replace(_) => edit::peer::free_address(inventory, peer),
        }
    }
}

fn comment(peer: &Peer) -> String {
    let id = peer.id.to_string();
    format!("WireWarp peer {}", id.split('-').next().unwrap_or_default())
}

/// Fixes the address to the card that asks for it by DHCP.
fn with_lease(
    inventory: &Inventory,
    peer: &Peer,
    kept: &Kept,
    attachment: &Attachment,
) -> Result<Inventory, EngineError> {
    let mac = kept.mac(attachment.kind);
    let Some(mac) = mac.filter(|_| kept.address == KeptAddress::Dhcp) else {
        return Ok(inventory.clone());
    };
    let lease = Lease {
        mac: mac.to_string().parse()?,
        address: attachment.address,
        name: attachment.label.clone(),
    };
    edit::peer::set_lease(inventory, &peer.name, lease)
}

/// Whether an attach that was begun before has opened it already.
fn is_open(inventory: &Inventory, peer: &Peer, forward: &NewForward, address: Ipv4Addr) -> bool {
    let mut known = inventory.forwards_of(peer.id);
    known.any(|known| known.ports == forward.ports && target_of(known) == Some(address))
}

/// The machine that a forward goes to; none for the peer itself.
pub(super) fn target_of(forward: &PortForward) -> Option<Ipv4Addr> {
    match forward.target {
        ForwardTarget::Vm { address } | ForwardTarget::Lan { address, .. } => Some(address),
        ForwardTarget::Peer => None,
    }
}

fn to_guest(forwards: Vec<NewForward>, address: Ipv4Addr) -> Result<Vec<NewForward>, EngineError> {
    forwards
        .into_iter()
        .map(|forward| match forward.target {
            None => Ok(NewForward {
                target: Some(TargetSpec::Address(address)),
                ..forward
            }),
            Some(_) => Err(EngineError::refused(
                "bad_input",
                "The ports of an attachment go to its guest.",
                &["Leave the target out"],
            )),
        })
        .collect()
}

/// The guest's name in a line; what cannot stand in one is left out.
fn label(guest: &Guest) -> Label {
    let name: String = guest.name.chars().take(Label::MOST).collect();
    let fallback = || format!("{}", guest.guest.vmid).parse().unwrap_or_default();
    name.parse()
        .ok()
        .filter(|label: &Label| !label.as_str().is_empty())
        .unwrap_or_else(fallback)
}

/// The bridge, the tunnel and what was there before belong to the node that the guest was on.
fn same_node(earlier: Option<&Attachment>, node: &str) -> Result<(), EngineError> {
    let Some(earlier) = earlier.filter(|earlier| earlier.node != node) else {
        return Ok(());
    };
    Err(EngineError::refused(
        "proxmox_guest_moved",
        format!(
            "“{}” was attached on {}, and is on {node} now.",
            earlier.label, earlier.node
        ),
        &[
            &format!("Migrate it back to {} in Proxmox, then go on", earlier.node),
            "Or give back what was made for it, then attach it where it is: wirewarp proxmox detach",
        ],
    ))
}

fn state(earlier: Option<&Attachment>, nothing_to_do: bool) -> AttachmentState {
    match earlier {
        Some(earlier) if nothing_to_do && earlier.state == AttachmentState::Attached => {
            AttachmentState::Attached
        }
        _ => AttachmentState::Attaching,
    }
}

pub(super) fn put(inventory: &mut Inventory, attachment: Attachment) {
    match inventory
        .attachments
        .iter_mut()
        .find(|known| known.id == attachment.id)
    {
        Some(known) => *known = attachment,
        None => inventory.attachments.push(attachment),
    }
}

pub(super) fn refused(refusal: &Refusal) -> EngineError {
    let user = refusal.user();
    EngineError::Refused {
        code: user.code,
        message: user.message,
        hints: user.hints,
    }
}
