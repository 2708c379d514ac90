//! Confirming a change over a new connection, also after the one that made it was lost.

use std::time::{Duration, Instant};
use wirewarp_model::observed::Observed;
use wirewarp_remote::{
    apply::{self, ApplyError, OperationState as OnHost},
    session::RootSession,
};

use super::{HostRun, PAUSE};
use crate::{error::EngineError, progress::StepState};

/// What is done here, in words.
const STEP: &str = "confirm over a new connection";

impl HostRun {
    /// Confirms over a new connection, trying until the host has gone back by itself.
    pub(super) async fn confirm(&self, lost: Option<ApplyError>) -> Result<Observed, EngineError> {
        let began = Instant::now();
        self.say(StepState::Started, STEP, "", None);
        let confirmed = self.try_to_confirm(lost.is_some(), began).await;
        let state = if confirmed.is_ok() {
            StepState::Done
        } else {
            StepState::Failed
        };
        let ms = u64::try_from(began.elapsed().as_millis()).ok();
        self.say(state, STEP, "", ms);
        confirmed
    }

    async fn try_to_confirm(&self, unsure: bool, began: Instant) -> Result<Observed, EngineError> {
        let deadline = self.options.rollback_after + Duration::from_secs(30);
        let host = self.host_entry()?;
        loop {
            let tried = match self.engine.hosts.fresh(&self.inventory, host).await {
                Ok(session) => self.confirm_over(&session, unsure).await,
                Err(error) => Err(error),
            };
            match tried {
                Ok(Some(seen)) => return Ok(seen),
                Err(error) if !error.is_passing() => return Err(error),
                Err(error) if began.elapsed() > deadline => return Err(self.silent(&error)),
                Ok(None) | Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Says that the host was lost sight of in the middle of its change, and what becomes of that.
    pub(super) fn tell_lost(&self) {
        let text = format!(
            "the connection was lost; the host goes on by itself, and back by itself if it cannot be reached for {} s",
            self.options.rollback_after.as_secs()
        );
        let store = &self.engine.store;
        store.note_step(self.operation, "connection", "note", &text, 0);
        self.tell(text);
    }

    /// It has its change, and could not be asked any more.
    fn silent(&self, last: &EngineError) -> EngineError {
        let message = format!(
            "{last}. It has its change already, and takes that back by itself {} s after making it, since nobody could confirm it.",
            self.options.rollback_after.as_secs()
        );
        let hints =
            ["Once it answers again, look at it: that shows which state is in force. Then apply again."];
        EngineError::refused("silent_since_change", message, &hints)
    }

    /// None: the apply is still running on the host.
    async fn confirm_over(
        &self,
        session: &RootSession,
        unsure: bool,
    ) -> Result<Option<Observed>, EngineError> {
        if unsure {
            match apply::state_of(session, self.operation)
                .await
                .map_err(|source| self.failed(source))?
            {
                OnHost::Running | OnHost::GoingBack => return Ok(None),
                OnHost::RolledBack { why, .. } => {
                    return Err(self.failed(ApplyError::RolledBack {
                        why,
                        output: String::new(),
                    }));
                }
                OnHost::Unknown => {
                    let output = "the connection was lost before it began".to_owned();
                    return Err(self.failed(ApplyError::NotStarted { output }));
                }
                OnHost::Pending { .. } | OnHost::Confirmed | OnHost::NothingThere => {}
            }
        }
        let seen = apply::confirm(session, self.operation, self.seen_before())
            .await
            .map_err(|source| self.failed(source))?;
        Ok(Some(seen))
    }

    /// What was seen before, where the apply can have changed nothing of it but what is ours.
    fn seen_before(&self) -> Option<&Observed> {
        let same = self.plan.base > 0 && self.plan.generation > 0 && self.plan.packages.is_empty();
        same.then_some(&self.observed)
    }
}
