//! Carrying a plan out: prepare, apply, confirm over a new connection, look again. Hosts go side by side.

mod host;
mod order;
pub(crate) mod paths;
mod recover;
mod verify;
mod words;

use futures::future::join_all;
use serde::Serialize;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use wirewarp_model::{HostId, Inventory, Name};
use wirewarp_plan::render::key_name;

use crate::{
    Engine,
    error::EngineError,
    preview::{HostPreview, Preview},
    progress::Progress,
    stop::Stop,
};
use host::HostRun;

/// How to apply.
#[derive(Debug, Clone, Copy)]
pub struct ApplyOptions {
    /// How long a host waits for the confirmation before it goes back by itself.
    pub rollback_after: Duration,
    /// How long a task of a Proxmox node may take before it is left to itself. Measured on a real one, a change of its network:
    /// two seconds.
    pub task_timeout: Duration,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            rollback_after: Duration::from_secs(60),
            task_timeout: Duration::from_mins(2),
        }
    }
}

/// How an apply ended, host by host.
#[derive(Debug, Serialize)]
pub struct Applied {
    /// Each host on which something was to be done.
    pub hosts: Vec<HostApplied>,
}

/// How it ended on one host.
#[derive(Debug, Serialize)]
pub struct HostApplied {
    /// The host.
    pub name: Name,
    /// The generation in force now, if it succeeded.
    pub generation: u64,
    /// How long it took.
    #[serde(serialize_with = "as_seconds", rename = "seconds")]
    pub took: Duration,
    /// Why it failed.
    #[serde(serialize_with = "as_user_error")]
    pub error: Option<EngineError>,
}

fn as_seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

#[expect(clippy::ref_option, reason = "serde hands the field over as it is")]
fn as_user_error<S: serde::Serializer>(
    error: &Option<EngineError>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    error.as_ref().map(EngineError::to_user).serialize(serializer)
}

impl HostApplied {
    fn unreached(name: &Name, error: &Arc<EngineError>) -> Self {
        let error = Some(EngineError::Several(vec![error.clone()]));
        Self {
            name: name.clone(),
            generation: 0,
            took: Duration::ZERO,
            error,
        }
    }
}

impl Applied {
    /// Hosts that made it.
    pub fn succeeded(&self) -> impl Iterator<Item = &HostApplied> {
        self.hosts.iter().filter(|host| host.error.is_none())
    }

    /// The same if all hosts made it, else one error for those that did not.
    pub(crate) fn whole(self) -> Result<Self, EngineError> {
        if self.hosts.iter().all(|host| host.error.is_none()) {
            return Ok(self);
        }
        self.failure().map_or(Ok(Self { hosts: vec![] }), Err)
    }

    /// One error for all hosts that did not.
    pub fn failure(self) -> Option<EngineError> {
        let mut errors: Vec<EngineError> = self.hosts.into_iter().filter_map(|host| host.error).collect();
        match errors.len() {
            0 => None,
            1 => errors.pop(),
            _ => Some(EngineError::Several(errors.into_iter().map(Arc::new).collect())),
        }
    }
}

impl Engine {
    /// Carries a plan out on all its hosts at once. Fails as a whole only if it cannot begin; what became of each host is
    /// in the answer.
    pub async fn apply(
        &self,
        preview: &Preview,
        options: ApplyOptions,
        progress: Arc<dyn Progress>,
    ) -> Result<Applied, EngineError> {
        self.apply_unless(preview, options, progress, Stop::default())
            .await
    }

    /// The same, unless it is asked to stop before a host was given its script.
    pub async fn apply_unless(
        &self,
        preview: &Preview,
        options: ApplyOptions,
        progress: Arc<dyn Progress>,
        stop: Stop,
    ) -> Result<Applied, EngineError> {
        self.is_current(preview).await?;
        let hosts: Vec<&HostPreview> = preview.hosts().collect();
        let mut runs = Vec::new();
        for host in hosts {
            runs.push(HostRun::begin(self, preview, host, options, (progress.clone(), stop.clone())).await?);
        }
        self.prepare_all(preview, &mut runs).await?;
        let finished = order::in_order(self, runs).await;
        self.forget_cleaned(&finished).await?;
        let mut hosts: Vec<HostApplied> = finished.into_iter().map(|done| done.applied).collect();
        hosts.extend(
            preview
                .unreached
                .iter()
                .map(|(name, error)| HostApplied::unreached(name, error)),
        );
        Ok(Applied { hosts })
    }

    /// Packages, keys and paths on every host first: a host's files name the keys of the others, and the VPS's the MTUs of
    /// its peers.
    async fn prepare_all(&self, preview: &Preview, runs: &mut [HostRun]) -> Result<(), EngineError> {
        join_all(runs.iter_mut().map(HostRun::prepare)).await;
        let before = self.inventory().await?;
        let mut with_keys = before.clone();
        for run in runs.iter() {
            put_keys(&mut with_keys, run);
        }
        let mut after = with_keys.clone();
        for run in runs.iter() {
            paths::put(&mut after, &before, run);
        }
        if after == before && runs.iter().all(|run| !run.plan.bundle.has_placeholders()) {
            return Ok(());
        }
        self.save(&before, &with_keys, "keys.learned").await?;
        if after != with_keys {
            self.save(&with_keys, &after, "path.measured").await?;
        }
        let hosts: BTreeSet<HostId> = runs.iter().map(|run| run.host).collect();
        let planned = self.plan_seen(&after, &hosts, &preview.seen).await?;
        for run in runs.iter_mut() {
            if let Some(host) = planned.iter().find(|host| host.host == run.host) {
                self.store
                    .replace_operation_files(run.operation, &host.plan.bundle)
                    .await?;
                run.complete(host.plan.clone(), &after);
            }
        }
        Ok(())
    }

    /// A machine that has been cleaned, and is neither a VPS nor a peer any more, is forgotten.
    async fn forget_cleaned(&self, finished: &[Finished]) -> Result<(), EngineError> {
        let before = self.inventory().await?;
        let mut after = before.clone();
        for done in finished
            .iter()
            .filter(|done| done.applied.error.is_none() && done.cleaned)
        {
            if after.is_leaving(done.host) {
                after.hosts.retain(|host| host.id != done.host);
            }
        }
        if after != before {
            self.save(&before, &after, "host.forgotten").await?;
        }
        Ok(())
    }
}

/// A host that is through.
pub(crate) struct Finished {
    pub(crate) host: HostId,
    pub(crate) cleaned: bool,
    pub(crate) applied: HostApplied,
}

/// Writes the public keys that a host has made to its VPS or peers.
fn put_keys(inventory: &mut Inventory, run: &HostRun) {
    for (interface, key) in &run.prepared.keys {
        for vps in inventory.vpses.iter_mut().filter(|vps| vps.host == run.host) {
            vps.public_key = Some(*key);
        }
        let peers = inventory
            .peers
            .iter_mut()
            .filter(|peer| peer.host == Some(run.host));
        for peer in peers.filter(|peer| key_name(peer) == *interface) {
            peer.public_key = Some(*key);
        }
    }
}
