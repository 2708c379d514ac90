//! Operations whose program ended before they did: what became of them is asked of the host.

use std::time::{Duration, Instant};
use wirewarp_model::{Host, Inventory, ProxmoxId};
use wirewarp_remote::{
    apply::{self, ApplyError, OperationState as OnHost},
    session::RootSession,
};
use wirewarp_store::{Operation, OperationState};

use crate::{Engine, error::EngineError};

/// How long an apply that still runs on its host, or a host that is going back, is waited for.
const PATIENCE: Duration = Duration::from_mins(3);
/// Between two questions.
const PAUSE: Duration = Duration::from_secs(1);

impl Engine {
    /// Settles what an earlier run of the program left open, on every host that can be reached. The others are settled
    /// when somebody looks at them. Gives the names of the hosts on which something was open.
    pub async fn recover(&self) -> Result<Vec<wirewarp_model::Name>, EngineError> {
        let open = self.store.interrupted_operations().await?;
        let inventory = self.inventory().await?;
        self.end_those_of_proxmox(&inventory, &open).await?;
        let hosts = inventory
            .hosts
            .iter()
            .filter(|host| open.iter().any(|operation| operation.host == host.id));
        let mut names = vec![];
        for host in hosts {
            names.push(host.name.clone());
            if let Err(error) = self.finish_interrupted(&inventory, host).await {
                tracing::warn!(host = %host.name, %error, "an interrupted operation is not settled yet");
            }
        }
        Ok(names)
    }

    /// What was being done through an API holds nothing up: its attachment says how far it came, and goes on or back.
    async fn end_those_of_proxmox(
        &self,
        inventory: &Inventory,
        open: &[Operation],
    ) -> Result<(), EngineError> {
        let of_proxmox = |operation: &&Operation| inventory.proxmox(ProxmoxId(operation.host.0)).is_some();
        for operation in open.iter().filter(of_proxmox) {
            let error = EngineError::refused(
                "interrupted",
                "The program ended in the middle of it.",
                &["Do the same again to go on, or detach the guest to go back"],
            );
            let failed = OperationState::Failed;
            self.store
                .end_operation(operation.id, failed, Some(&error.to_user()))
                .await?;
        }
        Ok(())
    }

    /// Finishes, or reports, what an earlier run of the program left open on a host. One that the host still holds is
    /// confirmed: this connection is newer than the change.
    pub(crate) async fn finish_interrupted(
        &self,
        inventory: &Inventory,
        host: &Host,
    ) -> Result<(), EngineError> {
        let open = self.store.interrupted_operations().await?;
        let open: Vec<Operation> = open
            .into_iter()
            .filter(|operation| operation.host == host.id)
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let session = self.hosts.fresh(inventory, host).await?;
        for operation in open {
            let failed = |source| EngineError::Host {
                host: host.name.clone(),
                source,
            };
            let state = settle(&session, &operation).await.map_err(failed)?;
            tracing::info!(operation = %operation.id, host = %host.name, ?state, "an interrupted operation was settled");
            if state == OperationState::Succeeded {
                self.take_over(&operation).await?;
            }
            self.store.end_operation(operation.id, state, None).await?;
        }
        Ok(())
    }

    /// Records what an interrupted operation put in force.
    async fn take_over(&self, operation: &Operation) -> Result<(), EngineError> {
        if operation.generation == 0 {
            return Ok(self.store.forget_applied(operation.host).await?);
        }
        let (host, generation) = (operation.host, operation.generation);
        Ok(self.store.record_applied(host, generation, operation.id).await?)
    }
}

/// Asks until it is over, and confirms what waits for it.
async fn settle(session: &RootSession, operation: &Operation) -> Result<OperationState, ApplyError> {
    let began = Instant::now();
    loop {
        match apply::state_of(session, operation.id).await? {
            OnHost::Running | OnHost::GoingBack if began.elapsed() > PATIENCE => {
                return Err(ApplyError::Busy);
            }
            OnHost::Running | OnHost::GoingBack => tokio::time::sleep(PAUSE).await,
            OnHost::Pending { .. } => {
                let confirmed = apply::confirm(session, operation.id, None).await;
                return match confirmed {
                    Ok(_) => Ok(OperationState::Succeeded),
                    Err(ApplyError::RolledBack { .. }) => Ok(OperationState::RolledBack),
                    Err(error) => Err(error),
                };
            }
            OnHost::Confirmed => return Ok(OperationState::Succeeded),
            OnHost::NothingThere if operation.generation == 0 => return Ok(OperationState::Succeeded),
            OnHost::RolledBack { .. } => return Ok(OperationState::RolledBack),
            OnHost::NothingThere | OnHost::Unknown => return Ok(OperationState::Failed),
        }
    }
}
