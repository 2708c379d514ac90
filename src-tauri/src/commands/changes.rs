//! Changes, from the preview to the apply.

use std::{sync::Arc, time::Duration};
use wirewarp_engine::{Applied, ApplyOptions, EngineError, FileDiff, HostApplied, Stop, edit::Proposal};
use wirewarp_model::{Name, PlanId, Proxmox, UserError};

use crate::{
    Desktop,
    change::{self, Proposed, name},
    errors::{Answered, bad_input, error, user},
    jobs::JobProgress,
    plans::{GuestWork, KeptPlan},
    view::{Change, JobHost, JobId, JobKind, JobState, PlanView, Subject},
    words,
};

pub(crate) async fn preview_change(desktop: &Arc<Desktop>, change: Change) -> Answered<PlanView> {
    let plan = match Box::pin(change::propose(desktop, change)).await? {
        Proposed::Edit(proposal, key) => {
            let preview = desktop.engine.preview_reachable(&proposal).await.map_err(user)?;
            KeptPlan::of_change(preview, *proposal, key)
        }
        Proposed::Hosts(preview, action) => KeptPlan::of_recorded(*preview, action),
        Proposed::Guest(work) => KeptPlan::of_guest(work),
    };
    Ok(desktop.plans.keep(plan).view())
}

pub(crate) async fn preview_pending(desktop: &Arc<Desktop>, hosts: Vec<String>) -> Answered<PlanView> {
    let names: Vec<Name> = hosts
        .iter()
        .map(|text| name("hosts", text))
        .collect::<Result<_, _>>()?;
    let preview = desktop.engine.preview_named(&names).await.map_err(user)?;
    Ok(desktop.plans.keep(KeptPlan::of_recorded(preview, "apply")).view())
}

pub(crate) async fn plan(desktop: &Arc<Desktop>, plan: PlanId) -> Answered<PlanView> {
    Ok(desktop.plans.get(plan)?.view())
}

pub(crate) async fn plan_files(
    desktop: &Arc<Desktop>,
    plan: PlanId,
    host: String,
) -> Answered<Vec<FileDiff>> {
    desktop.plans.get(plan)?.files(&host)
}

pub(crate) async fn record_plan(desktop: &Arc<Desktop>, plan: PlanId) -> Answered<PlanView> {
    let plan = desktop.plans.get(plan)?;
    if plan.guest.is_some() {
        let message = "A guest is attached or detached at once, and never kept for later.";
        return Err(error(
            "not_for_later",
            message,
            &["Carry the plan out, or leave it"],
        ));
    }
    record(desktop, &plan).await?;
    Ok(plan.view())
}

pub(crate) async fn apply_plan(
    desktop: &Arc<Desktop>,
    plan: PlanId,
    rollback_after: Option<u32>,
) -> Answered<JobId> {
    let seconds = rollback_after.unwrap_or_else(|| desktop.settings.get().rollback_after);
    if !(10..=3600).contains(&seconds) {
        return Err(bad_input("rollback_after", "it must be 10 to 3600 seconds"));
    }
    let plan = desktop.plans.get(plan)?;
    record(desktop, &plan).await?;
    Ok(begin_apply(desktop, plan, seconds))
}

/// Writes the intent down, once.
async fn record(desktop: &Arc<Desktop>, plan: &KeptPlan) -> Answered<()> {
    let Some(proposal) = plan.proposal.as_ref().filter(|_| plan.begin_recording()) else {
        return Ok(());
    };
    if let Err(error) = desktop.engine.record(proposal).await {
        plan.not_recorded();
        return Err(user(error));
    }
    if let Some((peer, key)) = &plan.key {
        desktop.hold_key(peer.as_str(), key.clone(), false);
    }
    desktop.changed(&[Subject::Inventory, Subject::Activity]);
    match plan.action() {
        "host.login" => look_again(desktop, plan),
        "proxmox.remove" => forget_secrets(desktop, proposal).await,
        _ => {}
    }
    Ok(())
}

/// The secrets of Proxmox hosts that are not in the inventory any more.
async fn forget_secrets(desktop: &Desktop, proposal: &Proposal) {
    let gone = |proxmox: &&Proxmox| proposal.after.proxmox(proxmox.id).is_none();
    for proxmox in proposal.before.proxmoxes.iter().filter(gone) {
        if let Err(error) = desktop.engine.forget_proxmox_secret(proxmox.id).await {
            tracing::warn!(%error, "a secret stays in the keychain");
        }
    }
}

/// Looks at the hosts of a plan in the background, since they may be reached now.
fn look_again(desktop: &Arc<Desktop>, plan: &KeptPlan) {
    let names: Vec<Name> = plan.preview.all().map(|host| host.name.clone()).collect();
    let desktop = desktop.clone();
    tokio::spawn(async move {
        if let Err(error) = desktop.look_at(&names).await {
            tracing::warn!(error = %error.message, "the hosts could not be looked at with their new log-in");
        }
    });
}

/// Carries a recorded plan out in the background.
pub(crate) fn begin_apply(desktop: &Arc<Desktop>, plan: Arc<KeptPlan>, rollback_after: u32) -> JobId {
    let about = plan.names().iter().map(ToString::to_string).collect();
    let (id, stop) = desktop.jobs.begin(JobKind::Apply, plan.action(), about);
    desktop.jobs.change(id, |job| job.plan = Some(plan.preview.id));
    let desktop = desktop.clone();
    tokio::spawn(async move {
        let options = ApplyOptions {
            rollback_after: Duration::from_secs(u64::from(rollback_after)),
            ..ApplyOptions::default()
        };
        let progress = Arc::new(JobProgress {
            jobs: desktop.jobs.clone(),
            id,
        });
        let applied = Box::pin(carry_out(&desktop, &plan, options, progress, stop.clone())).await;
        let (hosts, failure) = match applied {
            Ok(applied) => {
                let hosts = applied.hosts.iter().map(job_host).collect();
                (hosts, applied.failure())
            }
            Err(error) => (vec![], Some(error)),
        };
        let failure: Option<UserError> = failure.map(user);
        let (state, failure) = match failure {
            None => (JobState::Done, None),
            // Each host says so; once is enough.
            Some(_) if stop.is_asked() => (JobState::Cancelled, None),
            Some(failure) => (JobState::Failed, Some(failure)),
        };
        desktop.jobs.change(id, |job| job.hosts = hosts);
        desktop.jobs.end(id, state, failure);
        desktop.after_apply(id, &plan.names()).await;
    });
    id
}

/// Hosts alone, or a guest with the hosts that take part.
async fn carry_out(
    desktop: &Desktop,
    plan: &KeptPlan,
    options: ApplyOptions,
    progress: Arc<JobProgress>,
    stop: Stop,
) -> Result<Applied, EngineError> {
    let engine = &desktop.engine;
    match &plan.guest {
        None => engine.apply_unless(&plan.preview, options, progress, stop).await,
        Some(GuestWork::Attach(plan, _)) => {
            let attached = engine.apply_attach(plan, options, progress, stop).await?;
            Ok(attached.hosts)
        }
        Some(GuestWork::Detach(plan)) => {
            let detached = engine.apply_detach(plan, options, progress, stop).await?;
            Ok(detached.hosts)
        }
    }
}

fn job_host(host: &HostApplied) -> JobHost {
    JobHost {
        name: host.name.clone(),
        generation: host.generation,
        seconds: host.took.as_secs_f64(),
        error: host.error.as_ref().map(|error| words::error(error.to_user())),
    }
}

impl Desktop {
    /// Hosts are not as they were: what is shown of them is asked for again, and the person told.
    async fn after_apply(self: &Arc<Self>, id: JobId, names: &[Name]) {
        self.snapshots.forget_pending().await;
        self.changed(&[Subject::Inventory, Subject::Activity]);
        self.tell_end(id);
        let Ok(snapshot) = self.snapshot().await else {
            return;
        };
        let there = |name: &&Name| snapshot.inventory.host_named(name).is_some();
        let names: Vec<Name> = names.iter().filter(there).cloned().collect();
        if !names.is_empty()
            && let Err(error) = self.look_at(&names).await
        {
            tracing::warn!(error = %error.message, "the hosts could not be looked at after the apply");
        }
    }

    /// Tells by the system's notifications how a job ended.
    pub(crate) fn tell_end(&self, id: JobId) {
        let Ok(job) = self.jobs.get(id) else { return };
        if !self.settings.get().notifications {
            return;
        }
        let say = self.says();
        let about = match job.about.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first, rest @ ..] => say.with(
                "notice.more",
                &[("first", first), ("count", &rest.len().to_string())],
            ),
        };
        let why = job.error.as_ref().and_then(|error| error.message.lines().next());
        match (job.kind, job.state) {
            (JobKind::Apply, JobState::Done) => self.outside.notify(
                &say.text("notice.applied"),
                &say.with("notice.appliedText", &[("about", &about)]),
            ),
            (JobKind::Apply, JobState::Failed) => {
                self.outside
                    .notify(&say.text("notice.applyFailed"), why.unwrap_or(&about));
            }
            (JobKind::Check, JobState::Failed) => {
                self.outside
                    .notify(&say.text("notice.checkFailed"), why.unwrap_or(&about));
            }
            _ => {}
        }
    }
}
