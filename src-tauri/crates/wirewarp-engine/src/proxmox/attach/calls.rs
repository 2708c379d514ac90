//! Making calls, one after the other, each with a step that is told.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use wirewarp_model::{Name, OperationId};
use wirewarp_proxmox::{
    Api, ProxmoxError,
    attach::{Call, Settings, only_about},
    guests::GuestRef,
    network::NodeNetwork,
};

use super::words;
use crate::{
    Engine,
    error::EngineError,
    progress::{Event, Progress, StepState},
    stop::Stop,
};

/// A guest with the connection by which it is changed, and whoever is told.
#[derive(Clone)]
pub(super) struct Site<'a> {
    pub engine: &'a Engine,
    pub api: Api,
    pub guest: GuestRef,
    pub name: Name,
    pub operation: OperationId,
    pub progress: Arc<dyn Progress>,
    pub stop: Stop,
    /// How long a task may take.
    pub task_timeout: Duration,
}

/// What is there now: two to three questions.
pub(super) struct Now {
    pub network: NodeNetwork,
    pub settings: Settings,
}

/// Looks at a guest and at its node's network.
pub(super) async fn look(api: &Api, guest: &GuestRef) -> Result<Now, ProxmoxError> {
    let (network, settings) = tokio::try_join!(api.node_network(&guest.node), settings(api, guest))?;
    Ok(Now { network, settings })
}

pub(super) async fn settings(api: &Api, guest: &GuestRef) -> Result<Settings, ProxmoxError> {
    let (config, waiting) = tokio::try_join!(api.guest_config(guest), api.pending(guest))?;
    Ok(Settings::of(guest.kind, &config, &waiting))
}

impl Site<'_> {
    /// The same for a guest that is elsewhere now.
    pub fn at(&self, guest: &GuestRef) -> Self {
        Self {
            guest: guest.clone(),
            ..self.clone()
        }
    }

    /// The same, where tasks may take that long.
    pub fn within(self, task_timeout: Duration) -> Self {
        Self { task_timeout, ..self }
    }

    /// Makes one call, and follows its task if it is one.
    pub async fn make(&self, call: &Call) -> Result<(), EngineError> {
        let step = words::step(call, &self.guest);
        self.told(&step, async {
            self.goes_on()?;
            if let Some(task) = self.api.make(&self.guest, call).await? {
                let tell = |line: wirewarp_proxmox::tasks::LogLine| self.say(&line.text);
                self.api
                    .follow(&task, self.task_timeout, std::future::pending(), tell)
                    .await?;
            }
            Ok(())
        })
        .await
    }

    /// What is staged on the node beside the bridge called `name`; none if nothing is.
    pub async fn others_edits(&self, name: &str) -> Result<Option<String>, EngineError> {
        let network = self.api.node_network(&self.guest.node).await?;
        Ok(network.changes.filter(|changes| !only_about(changes, name)))
    }

    /// Fails where somebody has asked to stop.
    pub fn goes_on(&self) -> Result<(), EngineError> {
        if !self.stop.is_asked() {
            return Ok(());
        }
        Err(EngineError::refused(
            "cancelled",
            "It was stopped; what was done stays until it is gone on with, or given back.",
            &["Go on with the same again, or give everything back: wirewarp proxmox detach"],
        ))
    }

    /// Runs a step, and tells how it stands: to whoever looks, and to the log of operations.
    pub async fn told<T>(
        &self,
        step: &str,
        work: impl Future<Output = Result<T, EngineError>>,
    ) -> Result<T, EngineError> {
        let began = Instant::now();
        self.report(step, StepState::Started, "", None);
        let done = work.await;
        let took = began.elapsed();
        match &done {
            Ok(_) => self.report(step, StepState::Done, "", Some(took)),
            Err(error) => self.report(step, StepState::Failed, &error.to_string(), Some(took)),
        }
        done
    }

    fn report(&self, step: &str, state: StepState, message: &str, took: Option<Duration>) {
        let ms = took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        let word = match state {
            StepState::Started => "started",
            StepState::Done => "ok",
            StepState::Failed => "failed",
        };
        self.engine
            .store
            .note_step(self.operation, step, word, message, ms.unwrap_or(0));
        self.progress.report(Event::Step {
            host: self.name.to_string(),
            step: step.to_owned(),
            state,
            message: message.to_owned(),
            ms,
        });
    }

    pub fn say(&self, text: &str) {
        self.progress.report(Event::Message {
            host: self.name.to_string(),
            text: text.to_owned(),
        });
    }
}
