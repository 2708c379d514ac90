//! The part of an attachment that happens inside of a running guest, through its agent: its address.

use wirewarp_model::{Attachment, Peer};
use wirewarp_proxmox::{
    Api, Problem, ProxmoxError,
    guests::GuestRef,
    inside::{Card, System},
};

use super::{
    AttachPlan,
    calls::Site,
    kept::{Kept, KeptNic},
    words,
};
use crate::{edit, error::EngineError};

/// Looks who in the guest takes the address, notes in `kept` what the guest runs, and says in words what will be done there;
/// nothing where its agent has nothing to do.
pub(super) async fn look(
    api: &Api,
    guest: &GuestRef,
    kept: &mut Kept,
    card: Option<Card>,
) -> Result<Option<String>, ProxmoxError> {
    let Some(card) = card else {
        return Ok(None);
    };
    // An attach before this one has looked: it may have set it too.
    if kept.system.is_some() && card.is_set(&api.agent_interfaces(guest).await?) {
        return Ok(None);
    }
    let system = System::of(&api.agent_os(guest).await?);
    let keeper = api.who_sets_address(guest, system, &card).await?;
    kept.system = Some(system);
    Ok(Some(words::set_inside(keeper, &card)))
}

/// Sets the address, where the plan says so, and asks whether it is there.
pub(super) async fn set(site: &Site<'_>, plan: &AttachPlan) -> Result<(), EngineError> {
    let attachment = &plan.attachment;
    let kept = Kept::of(attachment)?;
    // Its tunnel's MTU was measured when the hosts were set up.
    let inventory = site.engine.inventory().await?;
    let peer = edit::peer_by_id(&inventory, attachment.peer)?;
    let Some((system, card)) =
        kept.system
            .filter(|_| plan.inside)
            .zip(kept.card(attachment.kind, attachment.address, peer))
    else {
        return Ok(());
    };
    site.told(&words::setting(&card), async {
        site.goes_on()?;
        site.api.set_address_inside(&site.guest, system, &card).await?;
        let told = site.api.agent_interfaces(&site.guest).await?;
        if card.is_set(&told) {
            return Ok(());
        }
        Err(EngineError::refused(
            "proxmox_not_in_guest",
            format!(
                "The guest says that it took {}, and its card {} does not have it.",
                card.address, card.mac
            ),
            &["Is something in the guest changing its network? Look there, then attach it again"],
        ))
    })
    .await
}

/// What is to be taken away inside of a guest.
#[derive(Debug, Clone)]
pub(super) struct Back {
    guest: GuestRef,
    system: System,
    card: Card,
    /// A card that goes is cleared before; one that moves back after that, so that it finds its own network.
    pub goes: bool,
    /// Whether the agent can be asked to.
    pub answers: bool,
}

impl Back {
    /// What there is to take away; none where the agent set nothing, or the guest is gone.
    pub async fn find(
        api: &Api,
        kept: &Kept,
        attachment: &Attachment,
        peer: &Peer,
        guest: Option<&GuestRef>,
    ) -> Result<Option<Self>, ProxmoxError> {
        let card = kept.card(attachment.kind, attachment.address, peer);
        let (Some(guest), Some(system), Some(card)) = (guest, kept.system, card) else {
            return Ok(None);
        };
        let answers = match api.agent_ping(guest).await {
            Err(error) if matches!(error.problem(), Problem::AgentSilent(_)) => false,
            pinged => pinged.map(|()| true)?,
        };
        Ok(Some(Self {
            guest: guest.clone(),
            system,
            card,
            goes: matches!(kept.nic, KeptNic::New(_)),
            answers,
        }))
    }

    /// In words, as a step.
    pub fn step(&self) -> String {
        words::clear_inside(&self.card)
    }

    /// What stays where the agent does not answer, in words.
    pub fn left(&self) -> Option<String> {
        (!self.answers).then(|| words::left_inside(self.system, &self.card))
    }

    /// Takes it away, where the agent answered.
    pub async fn clear(&self, site: &Site<'_>) -> Result<(), EngineError> {
        if !self.answers {
            return Ok(());
        }
        site.told(&self.step(), async {
            site.api
                .clear_address_inside(&self.guest, self.system, &self.card)
                .await
                .map_err(EngineError::from)
        })
        .await
    }
}

/// Where the address is missing that the agent had set, in words. A guest that does not tell has no difference.
pub(super) async fn differs(api: &Api, guest: &GuestRef, card: Option<Card>) -> Option<String> {
    let card = card?;
    let told = api.agent_interfaces(guest).await.ok()?;
    (!card.is_set(&told)).then(|| {
        format!(
            "inside of the guest, its card {} does not have {}",
            card.mac, card.address
        )
    })
}
