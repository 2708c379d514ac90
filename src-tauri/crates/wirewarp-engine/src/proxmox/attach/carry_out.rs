//! Carrying an attachment out: written down, the bridge, the hosts, the guest. Stopped or failed anywhere, it can be gone on
//! with, and given back.

use std::{sync::Arc, time::Instant};

use serde::Serialize;
use uuid::Uuid;
use wirewarp_model::{
    Attachment, AttachmentState, HostId, OperationId, Peer, Proxmox, UserError, bundle::Bundle,
};
use wirewarp_proxmox::{
    Problem,
    attach::{self as decide, Call, Refusal, Settings},
    network::NodeNetwork,
};
use wirewarp_store::{NewOperation, OperationState};

use super::{
    AttachPlan,
    calls::{Site, look, settings},
    inside,
    kept::Kept,
    plan::refused,
};
use crate::{
    Applied, ApplyOptions, Engine, edit, error::EngineError, preview::Preview, progress::Progress,
    proxmox::see, stop::Stop,
};

/// Rounds of looking and doing after which a guest that is never as it is to be is given up.
const ROUNDS: usize = 5;

/// A guest that was attached or detached.
#[derive(Debug, Serialize)]
pub struct Attached {
    /// What was done on the hosts.
    #[serde(flatten)]
    pub hosts: Applied,
    /// How long everything took, seconds.
    pub seconds: f64,
    /// What was not given back, in words.
    pub left: Vec<String>,
}

impl Engine {
    /// Records a plan and carries it out.
    pub async fn apply_attach(
        &self,
        plan: &AttachPlan,
        options: ApplyOptions,
        progress: Arc<dyn Progress>,
        stop: Stop,
    ) -> Result<Attached, EngineError> {
        self.record(&plan.proposal).await?;
        let began = Instant::now();
        let site = self
            .site(
                &plan.proxmox,
                &plan.attachment,
                &plan.preview,
                "guest.attach",
                progress,
                stop,
            )
            .await?
            .within(options.task_timeout);
        let done = self.attach(&site, plan, options).await;
        let done = self.ended(&site, &plan.proxmox, done).await?;
        Ok(Attached {
            hosts: done,
            seconds: began.elapsed().as_secs_f64(),
            left: vec![],
        })
    }

    /// The connection and the operation under which calls are made.
    pub(super) async fn site<'a>(
        &'a self,
        proxmox: &Proxmox,
        attachment: &Attachment,
        preview: &Preview,
        action: &str,
        progress: Arc<dyn Progress>,
        stop: Stop,
    ) -> Result<Site<'a>, EngineError> {
        // First the connection: without one there is no operation that could end.
        let api = self.proxmoxes.api(proxmox).await?;
        let guest = see::recorded(&attachment.node, attachment.kind, attachment.vmid)?;
        let operation = OperationId(Uuid::new_v4());
        let new = NewOperation {
            id: operation,
            host: HostId(proxmox.id.0),
            host_name: &proxmox.name,
            plan: preview.id,
            base: 0,
            generation: 0,
            action,
            bundle: &Bundle::default(),
        };
        self.store.begin_operation(new).await?;
        Ok(Site {
            engine: self,
            api,
            guest,
            name: proxmox.name.clone(),
            operation,
            progress,
            stop,
            task_timeout: ApplyOptions::default().task_timeout,
        })
    }

    /// Writes down how it ended.
    pub(super) async fn ended<T>(
        &self,
        site: &Site<'_>,
        proxmox: &Proxmox,
        done: Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let error: Option<UserError> = done.as_ref().err().map(EngineError::to_user);
        let state = if error.is_some() {
            OperationState::Failed
        } else {
            OperationState::Succeeded
        };
        self.store
            .end_operation(site.operation, state, error.as_ref())
            .await?;
        if let Err(EngineError::Proxmox(error)) = &done
            && matches!(error.problem(), Problem::SessionExpired(_))
        {
            self.proxmoxes.forget(proxmox.id).await;
        }
        done
    }

    async fn attach(
        &self,
        site: &Site<'_>,
        plan: &AttachPlan,
        options: ApplyOptions,
    ) -> Result<Applied, EngineError> {
        let peer = edit::peer_by_id(&plan.proposal.after, plan.attachment.peer)?;
        let task = Task {
            attachment: &plan.attachment,
            peer,
        };
        let now = look(&site.api, &site.guest).await?;
        let network = bridge(site, &task, now.network, &now.settings).await?;
        let applied = self
            .apply_unless(&plan.preview, options, site.progress.clone(), site.stop.clone())
            .await?;
        let applied = applied.whole()?;
        guest(site, &task, &network, now.settings).await?;
        inside::set(site, plan).await?;
        self.set_attachment_state(&plan.attachment, AttachmentState::Attached)
            .await?;
        Ok(applied)
    }

    /// Writes down how an attachment stands.
    pub(super) async fn set_attachment_state(
        &self,
        attachment: &Attachment,
        state: AttachmentState,
    ) -> Result<(), EngineError> {
        let before = self.inventory().await?;
        let mut after = before.clone();
        for known in after
            .attachments
            .iter_mut()
            .filter(|known| known.id == attachment.id)
        {
            known.state = state;
        }
        if after != before {
            self.save(&before, &after, "guest.state").await?;
        }
        Ok(())
    }
}

/// A guest and where it is to be.
struct Task<'a> {
    attachment: &'a Attachment,
    peer: &'a Peer,
}

impl Task<'_> {
    /// What is to be done, from what is there.
    fn decide(&self, network: &NodeNetwork, settings: &Settings) -> Result<Vec<Call>, EngineError> {
        let kept = Kept::of(self.attachment)?;
        let wanted = kept.wanted(self.peer, self.attachment.address)?;
        let decided = decide::attach(&wanted, network, settings, Some(&kept.before));
        Ok(decided.map_err(|it| refused(&it))?.calls)
    }
}

/// Makes the bridge, and sees that it is there.
async fn bridge(
    site: &Site<'_>,
    task: &Task<'_>,
    network: NodeNetwork,
    settings: &Settings,
) -> Result<NodeNetwork, EngineError> {
    let calls: Vec<Call> = task
        .decide(&network, settings)?
        .into_iter()
        .filter(of_the_node)
        .collect();
    if calls.is_empty() {
        return Ok(network);
    }
    for call in &calls {
        if *call == Call::ApplyNetwork {
            apply_ours(site, task, &calls).await?;
        } else {
            site.make(call).await?;
        }
    }
    let network = site.api.node_network(&site.guest.node).await?;
    if task.decide(&network, settings)?.iter().any(of_the_node) {
        return Err(EngineError::refused(
            "proxmox_bridge_missing",
            format!(
                "{} says that its network was put into force, and the bridge is not there.",
                site.guest.node
            ),
            &["Look at the node's System, Network in Proxmox; then attach again"],
        ));
    }
    Ok(network)
}

/// Puts the bridge into force, unless somebody else staged something since the node was looked at: that would come into force
/// with it. Then what was staged here goes again.
async fn apply_ours(site: &Site<'_>, task: &Task<'_>, calls: &[Call]) -> Result<(), EngineError> {
    let kept = Kept::of(task.attachment)?;
    if let Some(bridge) = &kept.before.bridge
        && let Some(others) = site.others_edits(bridge.name.as_str()).await?
    {
        for call in calls {
            if let Call::CreateBridge(new) = call {
                site.make(&Call::DeleteBridge(new.name.clone())).await?;
            }
        }
        return Err(refused(&Refusal::OthersEdits(others)));
    }
    site.make(&Call::ApplyNetwork).await
}

/// Brings the guest's configuration to what is wanted.
async fn guest(
    site: &Site<'_>,
    task: &Task<'_>,
    network: &NodeNetwork,
    seen: Settings,
) -> Result<(), EngineError> {
    let mut now = seen;
    let mut taken = false;
    for _ in 0..ROUNDS {
        let calls = task.decide(network, &now)?;
        if calls.is_empty() {
            return Ok(());
        }
        // The guest does not let itself be changed while it runs, e.g. without `hotplug: network`.
        if taken && matches!(calls.as_slice(), [Call::RevertPending(_)]) {
            site.say("The guest takes its network card at its next start.");
            return Ok(());
        }
        taken = true;
        for call in &calls {
            match site.make(call).await {
                Err(EngineError::Proxmox(error))
                    if matches!(error.problem(), Problem::HotplugFailed { .. }) =>
                {
                    take_back(site, task, network).await;
                    return Err(error.into());
                }
                // Somebody changed it since it was looked at: decided anew from what is there.
                Err(EngineError::Proxmox(error)) if matches!(error.problem(), Problem::ChangedMeanwhile) => {
                    taken = false;
                    break;
                }
                done => done?,
            }
        }
        now = settings(&site.api, &site.guest).await?;
    }
    if task.decide(network, &now)?.is_empty() {
        return Ok(());
    }
    Err(EngineError::refused(
        "proxmox_guest_differs",
        "The guest's configuration was changed, and is not as it was asked for.",
        &["Is somebody else changing it? Look at its hardware in Proxmox, then attach again"],
    ))
}

/// What a failed hot-plug left waiting would come into force at the guest's next start, when nobody expects it.
async fn take_back(site: &Site<'_>, task: &Task<'_>, network: &NodeNetwork) {
    let back = async {
        let kept = Kept::of(task.attachment)?;
        let now = settings(&site.api, &site.guest).await?;
        let decided = decide::detach(&kept.before, network, Some(&now), true);
        for call in decided
            .calls
            .iter()
            .filter(|call| matches!(call, Call::RevertPending(_)))
        {
            site.make(call).await?;
        }
        Ok::<(), EngineError>(())
    };
    if let Err(error) = back.await {
        tracing::warn!(%error, "what waits in the guest could not be taken back");
    }
}

pub(super) fn of_the_node(call: &Call) -> bool {
    match call {
        Call::CreateBridge(_) | Call::DeleteBridge(_) | Call::RevertNetwork | Call::ApplyNetwork => true,
        Call::RevertPending(_) | Call::Configure(_) | Call::RegenerateCloudInit => false,
    }
}
