//! What is particular to a host that leaves: its packages, and a way that goes with what is taken away.

use std::time::{Duration, Instant};
use wirewarp_model::{Name, observed::PackageManager};
use wirewarp_remote::apply::{self, ApplyError, Leave, OperationState as OnHost};

use super::{HostRun, PAUSE};
use crate::{error::EngineError, progress::StepState};

/// How long a host is asked whether it has begun, after its answer was lost. It goes about 3 s after it.
const PATIENCE: Duration = Duration::from_secs(15);

impl HostRun {
    /// Has the host clean itself. Ok once it is known to have begun: it ends clean, whatever happens to the way.
    pub(super) async fn leave(&self) -> Result<(), EngineError> {
        let order = Leave {
            operation: self.operation,
            base: self.plan.base,
            flush: self.plan.flush.clone(),
            packages: self.own_packages().filter(|_| self.remove_packages),
        };
        let session = self.session().await?;
        match apply::leave(&session, &order, &mut |event| self.report(&event)).await {
            Ok(()) => {}
            Err(lost @ (ApplyError::Run(_) | ApplyError::Broken(_))) => self.has_begun(lost).await?,
            Err(error) => return Err(self.failed(error)),
        }
        let text = "it cleans itself now, without a connection";
        self.say(StepState::Done, "hand the clean-up over", text, None);
        Ok(())
    }

    /// Asks over new connections; an error if it has not begun, or cannot be asked.
    async fn has_begun(&self, lost: ApplyError) -> Result<(), EngineError> {
        let began = Instant::now();
        let host = self.host_entry()?;
        while began.elapsed() < PATIENCE {
            if let Ok(session) = self.engine.hosts.fresh(&self.inventory, host).await {
                match apply::state_of(&session, self.operation).await {
                    Ok(OnHost::Confirmed | OnHost::NothingThere) => return Ok(()),
                    Ok(OnHost::Unknown) => {
                        let output = "the connection was lost before it began".to_owned();
                        return Err(self.failed(ApplyError::NotStarted { output }));
                    }
                    Ok(
                        OnHost::Running
                        | OnHost::Pending { .. }
                        | OnHost::GoingBack
                        | OnHost::RolledBack { .. },
                    )
                    | Err(_) => {}
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        tracing::warn!(host = %self.name, error = %lost, "the connection was lost while the clean-up was handed over");
        let message = format!(
            "{0}: the connection was lost while its clean-up was handed over, and it is not known whether that has begun.",
            self.name
        );
        Err(EngineError::refused(
            "maybe_leaving",
            message,
            &[&again_or_forget(&self.name)],
        ))
    }

    /// Takes away the packages that we installed.
    pub(super) async fn take_packages(&self) -> Result<(), EngineError> {
        let Some((manager, packages)) = self.own_packages() else {
            return Ok(());
        };
        let session = self.session().await?;
        let gone = apply::remove_packages(&session, manager, &packages)
            .await
            .map_err(|source| self.failed(source))?;
        self.tell(format!("removed packages: {}", gone.removed.join(", ")));
        Ok(())
    }

    /// Packages that we installed there, and what removes them.
    fn own_packages(&self) -> Option<(PackageManager, Vec<String>)> {
        let packages = self.observed.ours.as_ref()?.packages.clone();
        let manager = self.observed.package_manager.filter(|_| !packages.is_empty())?;
        Some((manager, packages))
    }

    /// Leaves the host as it is, because the way of `other` leads through it.
    pub(in crate::apply) fn hold_for(&mut self, other: &Name) {
        let message = format!(
            "{}: left as it is, because the way to “{other}” leads through it, and that was not cleaned.",
            self.name
        );
        self.error
            .get_or_insert_with(|| EngineError::refused("held", message, &[&again_or_forget(other)]));
    }
}

fn again_or_forget(host: &Name) -> String {
    format!(
        "Try again: wirewarp apply. If “{host}” is out of reach for good: wirewarp peer remove {host} --forget, and apply then"
    )
}
