//! Giving a guest back what it had, and its node too, once the last guest has left the bridge.

use std::{sync::Arc, time::Instant};

use wirewarp_model::{Attachment, AttachmentState, Inventory, Name, PeerKind, PortForward, Proxmox};
use wirewarp_proxmox::{
    Api,
    attach::{self as decide, Call, Detach, Settings},
    guests::{Guest, GuestRef},
    network::NodeNetwork,
};

use super::{
    Attached, GuestPlan,
    calls::{Site, settings},
    inside::Back,
    kept::Kept,
    plan::{put, target_of},
    words,
};
use crate::{
    ApplyOptions, Engine,
    edit::{self, Proposal},
    error::EngineError,
    preview::Preview,
    progress::Progress,
    proxmox::{named, see},
    stop::Stop,
};

/// Rounds of looking and doing.
const ROUNDS: usize = 6;

/// What giving a guest back comes to, over the Proxmox host and all hosts. Nothing of it is recorded yet.
#[derive(Debug, Clone)]
pub struct DetachPlan {
    /// What is done through the API.
    pub guest: GuestPlan,
    /// What is done on the hosts.
    pub preview: Preview,
    proposal: Proposal,
    proxmox: Proxmox,
    attachment: Attachment,
    /// Whether the bridge stays, because its peer does.
    bridge_stays: bool,
    /// What is to be taken away inside of the guest.
    inside: Option<Back>,
}

/// What is there of an attached guest.
struct Found {
    /// None when the guest is gone.
    guest: Option<(GuestRef, Settings)>,
    network: NodeNetwork,
}

impl Engine {
    /// Plans to give a guest, and what only it needed, back. Nothing is changed.
    pub async fn plan_detach(&self, proxmox: &Name, vmid: u32) -> Result<DetachPlan, EngineError> {
        let inventory = self.inventory().await?;
        let proxmox = named(&inventory, proxmox)?.clone();
        let attachment = attached(&inventory, &proxmox, vmid)?.clone();
        let api = self.proxmoxes.api(&proxmox).await?;
        let guests = self.told(&proxmox, api.guests().await).await?;
        let guest = guests.iter().find(|guest| guest.guest.vmid.get() == vmid);
        let found = self
            .told_all(&proxmox, find(&api, &attachment, guest).await)
            .await?;
        let (after, bridge_stays) = without(&inventory, &attachment);
        let kept = Kept::of(&attachment)?;
        let decided = way_back(&kept, &found, bridge_stays);
        let peer = edit::peer_by_id(&inventory, attachment.peer)?;
        let there = found.guest.as_ref().map(|(reference, _)| reference);
        let inside = Back::find(&api, &kept, &attachment, peer, there).await;
        let inside = self.told(&proxmox, inside).await?;
        let proposal = Proposal::new(inventory, after, "guest.detach");
        let preview = self.preview(&proposal).await?;
        let reference = see::recorded(&attachment.node, attachment.kind, vmid)?;
        let mut notes: Vec<String> = decided.left.iter().map(words::left).collect();
        notes.extend(inside.as_ref().and_then(Back::left));
        if guest.is_none() {
            notes.push("The guest is gone; what was made for it is taken away all the same.".to_owned());
        }
        let guest = GuestPlan {
            proxmox: proxmox.name.clone(),
            node: attachment.node.clone(),
            kind: attachment.kind,
            vmid,
            name: attachment.label.to_string(),
            address: attachment.address,
            steps: steps(&decided, inside.as_ref(), &reference),
            changes: words::changes(&decided.calls, found.guest.as_ref().map(|(_, settings)| settings)),
            notes,
        };
        Ok(DetachPlan {
            guest,
            preview,
            proposal,
            proxmox,
            attachment,
            bridge_stays,
            inside,
        })
    }

    /// Carries a plan to detach out: the guest and the node first, then the hosts.
    pub async fn apply_detach(
        &self,
        plan: &DetachPlan,
        options: ApplyOptions,
        progress: Arc<dyn Progress>,
        stop: Stop,
    ) -> Result<Attached, EngineError> {
        let began = Instant::now();
        let before = self.begun(plan).await?;
        let site = self
            .site(
                &plan.proxmox,
                &plan.attachment,
                &plan.preview,
                "guest.detach",
                progress,
                stop,
            )
            .await?
            .within(options.task_timeout);
        let given = self.give_back(&site, plan).await;
        let left = self.ended(&site, &plan.proxmox, given).await?;
        for line in &left {
            site.say(line);
        }
        let mut proposal = plan.proposal.clone();
        proposal.before = before;
        self.record(&proposal).await?;
        let hosts = self
            .apply_unless(&plan.preview, options, site.progress.clone(), site.stop.clone())
            .await?
            .whole()?;
        Ok(Attached {
            hosts,
            seconds: began.elapsed().as_secs_f64(),
            left,
        })
    }

    /// Writes down that it was begun; gives the inventory with that.
    async fn begun(&self, plan: &DetachPlan) -> Result<Inventory, EngineError> {
        let before = &plan.proposal.before;
        let mut detaching = before.clone();
        let state = AttachmentState::Detaching;
        put(
            &mut detaching,
            Attachment {
                state,
                ..plan.attachment.clone()
            },
        );
        if detaching != *before {
            self.save(before, &detaching, "guest.state").await?;
        }
        Ok(detaching)
    }

    async fn give_back(&self, site: &Site<'_>, plan: &DetachPlan) -> Result<Vec<String>, EngineError> {
        let kept = Kept::of(&plan.attachment)?;
        if let Some(inside) = plan.inside.as_ref().filter(|inside| inside.goes) {
            inside.clear(site).await?;
        }
        for _ in 0..ROUNDS {
            let guests = site.api.guests().await?;
            let guest = guests.iter().find(|guest| guest.guest.vmid == site.guest.vmid);
            let found = find(&site.api, &plan.attachment, guest).await?;
            let decided = way_back(&kept, &found, plan.bridge_stays);
            if decided.calls.is_empty() {
                if let Some(inside) = plan.inside.as_ref().filter(|inside| !inside.goes) {
                    inside.clear(site).await?;
                }
                let left = decided.left.iter().map(words::left);
                return Ok(left.chain(plan.inside.as_ref().and_then(Back::left)).collect());
            }
            // A guest that moved is changed where it is now, the bridge where it was made.
            let elsewhere = found.guest.map(|(reference, _)| reference);
            for call in &decided.calls {
                // What somebody else staged since the look would come into force too: looked at anew, and left.
                if *call == Call::ApplyNetwork
                    && let Some(bridge) = &kept.before.bridge
                    && site.others_edits(bridge.name.as_str()).await?.is_some()
                {
                    break;
                }
                match &elsewhere {
                    Some(reference) if !super::carry_out::of_the_node(call) => {
                        site.at(reference).make(call).await?;
                    }
                    _ => site.make(call).await?,
                }
            }
        }
        Err(EngineError::refused(
            "proxmox_guest_differs",
            "The guest was given back what it had, and does not have it.",
            &["Is somebody else changing it? Look at its hardware in Proxmox, then detach again"],
        ))
    }

    async fn told_all<T>(&self, proxmox: &Proxmox, answer: Result<T, EngineError>) -> Result<T, EngineError> {
        match answer {
            Err(EngineError::Proxmox(error)) => self.told(proxmox, Err(error)).await,
            other => other,
        }
    }
}

/// What will be done, in words and in order.
fn steps(decided: &Detach, inside: Option<&Back>, guest: &GuestRef) -> Vec<String> {
    let mut steps: Vec<String> = decided
        .calls
        .iter()
        .map(|call| words::step(call, guest))
        .collect();
    if let Some(inside) = inside.filter(|inside| inside.answers) {
        let place = if inside.goes { 0 } else { steps.len() };
        steps.insert(place, inside.step());
    }
    steps
}

pub(super) fn attached<'a>(
    inventory: &'a Inventory,
    proxmox: &Proxmox,
    vmid: u32,
) -> Result<&'a Attachment, EngineError> {
    let mut own = inventory.attachments.iter().filter(|it| it.proxmox == proxmox.id);
    let known: Vec<String> = own
        .clone()
        .map(|it| format!("{} {}", it.vmid, it.label))
        .collect();
    own.find(|it| it.vmid == vmid).ok_or_else(|| {
        EngineError::not_found(
            "attached guest",
            &vmid.to_string(),
            known.iter().map(String::as_str),
        )
    })
}

async fn find(api: &Api, attachment: &Attachment, guest: Option<&Guest>) -> Result<Found, EngineError> {
    let node = see::recorded(&attachment.node, attachment.kind, attachment.vmid)?.node;
    let network = api.node_network(&node).await?;
    let guest = match guest {
        Some(guest) => Some((guest.guest.clone(), settings(api, &guest.guest).await?)),
        None => None,
    };
    Ok(Found { guest, network })
}

fn way_back(kept: &Kept, found: &Found, bridge_stays: bool) -> Detach {
    let settings = found.guest.as_ref().map(|(_, settings)| settings);
    decide::detach(&kept.before, &found.network, settings, bridge_stays)
}

/// The inventory without the guest, and whether its peer's bridge stays: a tunnel that was made for guests goes with the last
/// of them, unless something else is forwarded through it.
fn without(inventory: &Inventory, attachment: &Attachment) -> (Inventory, bool) {
    let mut after = inventory.clone();
    after.attachments.retain(|it| it.id != attachment.id);
    let to_guest = |forward: &PortForward| {
        forward.peer == attachment.peer && target_of(forward) == Some(attachment.address)
    };
    after.forwards.retain(|forward| !to_guest(forward));
    for peer in after.peers.iter_mut().filter(|peer| peer.id == attachment.peer) {
        peer.leases.retain(|lease| lease.address != attachment.address);
    }
    let is_needed = after.attachments_of(attachment.peer).next().is_some()
        || after.forwards_of(attachment.peer).next().is_some();
    let made_for_guests = inventory
        .peer(attachment.peer)
        .is_some_and(|peer| peer.kind == PeerKind::Proxmox);
    if is_needed || !made_for_guests {
        return (after, true);
    }
    after.peers.retain(|peer| peer.id != attachment.peer);
    (after, false)
}
