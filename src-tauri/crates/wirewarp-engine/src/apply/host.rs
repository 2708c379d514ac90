//! One host's way through an apply.

mod confirm;
mod leave;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;
use wirewarp_model::{
    Host, HostId, Inventory, Name, OperationId, WgPublicKey, bundle::ApplyRequest, observed::Observed,
};
use wirewarp_plan::plan::HostPlan;
use wirewarp_remote::{
    apply::{self, ApplyError, Preparation, Prepared, StepEvent},
    session::RootSession,
};

use wirewarp_store::{NewOperation, OperationState};

use super::{
    ApplyOptions, Finished, HostApplied,
    order::Turn,
    paths,
    verify::differences,
    words::{state_word, words},
};
use crate::{
    Engine,
    error::EngineError,
    preview::{HostPreview, Preview},
    progress::{Event, Progress, StepState},
    stop::Stop,
};

/// How long a package manager that is in use is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
/// Between two tries to reach a host again.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct HostRun {
    engine: Engine,
    inventory: Inventory,
    pub(super) host: HostId,
    name: Name,
    pub(super) operation: OperationId,
    pub(super) plan: HostPlan,
    observed: Observed,
    pub(super) prepared: Prepared,
    options: ApplyOptions,
    remove_packages: bool,
    progress: Arc<dyn Progress>,
    stop: Stop,
    began: Instant,
    error: Option<EngineError>,
    pub(super) turn: Turn,
}

impl HostRun {
    /// Writes the operation down before anything is touched.
    pub(super) async fn begin(
        engine: &Engine,
        preview: &Preview,
        host: &HostPreview,
        options: ApplyOptions,
        (progress, stop): (Arc<dyn Progress>, Stop),
    ) -> Result<Self, EngineError> {
        let operation = OperationId(Uuid::new_v4());
        let (base, generation) = (host.plan.base, host.plan.generation);
        let new = NewOperation {
            id: operation,
            host: host.host,
            host_name: &host.name,
            plan: preview.id,
            base,
            generation,
            action: preview.action,
            bundle: &host.plan.bundle,
        };
        engine.store.begin_operation(new).await?;
        Ok(Self {
            engine: engine.clone(),
            inventory: preview.inventory.clone(),
            host: host.host,
            name: host.name.clone(),
            operation,
            plan: host.plan.clone(),
            observed: preview.seen.get(&host.host).cloned().unwrap_or_default(),
            prepared: Prepared::default(),
            options,
            remove_packages: preview.remove_packages,
            progress,
            stop,
            began: Instant::now(),
            error: None,
            turn: Turn::default(),
        })
    }

    /// Packages and keys, and the paths of new peers. A failure ends this host's way.
    pub(super) async fn prepare(&mut self) {
        let nothing_missing =
            self.plan.packages.is_empty() && !self.plan.bundle.has_placeholders() && !self.needs_keys();
        if nothing_missing || self.plan.generation == 0 {
            return;
        }
        match self.try_prepare().await {
            Ok(prepared) => self.prepared = prepared,
            Err(error) => self.error = Some(error),
        }
    }

    /// Whether one of the host's own keys is not known, or its tunnel was not seen with a key.
    fn needs_keys(&self) -> bool {
        let unknown = |key: &Option<WgPublicKey>| key.is_none();
        let vps = self
            .inventory
            .vpses
            .iter()
            .filter(|vps| vps.host == self.host)
            .map(|vps| &vps.public_key);
        let peers = self
            .inventory
            .peers_on(self.host)
            .filter(|peer| peer.is_active())
            .map(|peer| &peer.public_key);
        let live = self
            .observed
            .ours
            .iter()
            .flat_map(|ours| &ours.tunnels)
            .filter(|tunnel| tunnel.public_key.is_some());
        vps.chain(peers).any(unknown) || live.count() < self.plan.bundle.keys.len()
    }

    async fn try_prepare(&self) -> Result<Prepared, EngineError> {
        let session = self.session().await?;
        let preparation = Preparation {
            manager: self.observed.package_manager,
            packages: self.plan.packages.clone(),
            keys: self.plan.bundle.keys.clone(),
            paths: paths::unmeasured(&self.inventory, self.host),
            patience: PATIENCE,
        };
        apply::prepare(&session, &preparation, &mut |event| self.report(&event))
            .await
            .map_err(|source| self.failed(source))
    }

    /// Takes the plan as it is once all keys and paths are known.
    pub(super) fn complete(&mut self, plan: HostPlan, inventory: &Inventory) {
        self.plan = plan;
        self.inventory = inventory.clone();
    }

    /// Applies, confirms and records, or records why not.
    pub(super) async fn finish(mut self) -> Finished {
        let result = match self.error.take() {
            Some(error) => Err(error),
            None if self.plan.leaves_by.is_some() => self.leave().await.map(|()| None),
            None => self.change().await.map(Some),
        };
        let error = match result {
            Ok(seen) => self.succeeded(seen.as_ref()).await.err(),
            Err(error) => Some(self.record_failure(error).await),
        };
        self.turn.give();
        if let Some(error) = &error {
            self.say(StepState::Failed, "apply", &error.to_string(), None);
        }
        let generation = if error.is_none() {
            self.plan.generation
        } else {
            self.plan.base
        };
        let applied = HostApplied {
            name: self.name.clone(),
            generation,
            took: self.began.elapsed(),
            error,
        };
        Finished {
            host: self.host,
            cleaned: self.plan.generation == 0,
            applied,
        }
    }

    async fn change(&self) -> Result<Observed, EngineError> {
        self.turn.comes().await;
        let request = ApplyRequest {
            operation: self.operation,
            base: self.plan.base,
            generation: self.plan.generation,
            bundle: self.plan.bundle.clone(),
            flush: self.plan.flush.clone(),
            rollback_after: self.options.rollback_after,
        };
        let session = self.session().await?;
        self.stop.hand_over()?;
        let applied = apply::apply(&session, &request, &mut |event| self.report(&event)).await;
        match applied {
            // Followed to the end, or lost on the way: what counts is what the host says over a new connection.
            Ok(()) => {}
            Err(ApplyError::Run(_) | ApplyError::Broken(_)) => self.tell_lost(),
            Err(error) => return Err(self.failed(error)),
        }
        self.engine.store.operation_waits(self.operation).await?;
        let seen = self.confirm(applied.err()).await?;
        self.verify(&seen)?;
        Ok(seen)
    }

    /// What is there must be what was planned.
    fn verify(&self, seen: &Observed) -> Result<(), EngineError> {
        let differences = differences(&self.plan, seen);
        if differences.is_empty() {
            return Ok(());
        }
        Err(EngineError::Differs {
            host: self.name.clone(),
            differences,
        })
    }

    /// `seen` is the host as it is now; none if nothing leads there any more.
    async fn succeeded(&self, seen: Option<&Observed>) -> Result<(), EngineError> {
        let store = &self.engine.store;
        if let Some(seen) = seen {
            store.remember_observed(self.host, seen).await?;
        }
        if self.plan.generation > 0 {
            store
                .record_applied(self.host, self.plan.generation, self.operation)
                .await?;
        } else {
            store.forget_applied(self.host).await?;
            if self.remove_packages && seen.is_some() {
                self.take_packages().await?;
            }
        }
        store
            .end_operation(self.operation, OperationState::Succeeded, None)
            .await?;
        Ok(())
    }

    async fn record_failure(&self, error: EngineError) -> EngineError {
        let state = if matches!(
            error,
            EngineError::Host {
                source: ApplyError::RolledBack { .. },
                ..
            }
        ) {
            OperationState::RolledBack
        } else {
            OperationState::Failed
        };
        let user = error.to_user();
        if let Err(store) = self
            .engine
            .store
            .end_operation(self.operation, state, Some(&user))
            .await
        {
            tracing::error!(error = %store, operation = %self.operation, "the outcome of the operation is not recorded");
        }
        error
    }

    async fn session(&self) -> Result<RootSession, EngineError> {
        self.engine
            .hosts
            .session(&self.inventory, self.host_entry()?)
            .await
    }

    fn host_entry(&self) -> Result<&Host, EngineError> {
        let none = || EngineError::not_found("host", self.name.as_str(), std::iter::empty());
        self.inventory.host(self.host).ok_or_else(none)
    }

    fn failed(&self, source: ApplyError) -> EngineError {
        EngineError::Host {
            host: self.name.clone(),
            source,
        }
    }

    /// Hands a step on, and writes it down in the background.
    fn report(&self, event: &StepEvent) {
        if (event.step, event.state) == (apply::Step::Arm, apply::StepState::Ok) {
            // It has all of it, and goes on by itself.
            self.turn.give();
        }
        self.engine.store.note_step(
            self.operation,
            event.step.as_str(),
            state_word(event),
            &event.message,
            event.ms,
        );
        let words = words(event, self.plan.leaves_by.is_some());
        match event.state {
            apply::StepState::Started => self.say(StepState::Started, words, "", None),
            apply::StepState::Ok => self.say(StepState::Done, words, &event.message, Some(event.ms)),
            apply::StepState::Failed => {
                self.say(StepState::Failed, words, &event.message, Some(event.ms));
            }
            apply::StepState::Waiting => self.tell(event.message.clone()),
        }
    }

    /// Says something that is no step.
    pub(super) fn tell(&self, text: String) {
        let host = self.name.to_string();
        self.progress.report(Event::Message { host, text });
    }

    /// The same, and writes it down with the steps.
    pub(super) fn note(&self, step: apply::Step, text: String) {
        let store = &self.engine.store;
        store.note_step(self.operation, step.as_str(), "note", &text, 0);
        self.tell(text);
    }

    fn say(&self, state: StepState, step: &str, message: &str, ms: Option<u64>) {
        let (host, step, message) = (self.name.to_string(), step.to_owned(), message.to_owned());
        self.progress.report(Event::Step {
            host,
            step,
            state,
            message,
            ms,
        });
    }
}
