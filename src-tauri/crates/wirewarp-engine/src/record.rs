//! Writing the intent down, and what goes with it.

use async_trait::async_trait;
use std::{path::Path, sync::Arc};
use wirewarp_model::{Inventory, Secret};
use wirewarp_store::secrets::{Passphrase, Secrets, Which};

use crate::{
    Engine,
    edit::Proposal,
    error::EngineError,
    person::{Person, SecretQuestion},
    preview::Preview,
};

impl Engine {
    /// A change of the inventory by a pure edit.
    pub async fn propose(
        &self,
        action: &'static str,
        edit: impl FnOnce(&Inventory) -> Result<Inventory, EngineError> + Send,
    ) -> Result<Proposal, EngineError> {
        let before = self.inventory().await?;
        let after = edit(&before)?;
        Ok(Proposal::new(before, after, action))
    }

    /// Writes a change down, with its secrets in the keychain or the vault. The hosts are as they were.
    pub async fn record(&self, proposal: &Proposal) -> Result<(), EngineError> {
        for (key, secret) in &proposal.secrets {
            self.secrets.set(key, secret).await?;
        }
        self.save(&proposal.before, &proposal.after, proposal.action)
            .await?;
        for (host, seen) in &proposal.observed {
            self.store.remember_observed(*host, seen).await?;
        }
        Ok(())
    }

    pub(crate) async fn save(
        &self,
        before: &Inventory,
        after: &Inventory,
        action: &str,
    ) -> Result<(), EngineError> {
        Ok(self.store.save(before, after, &who(), action).await?)
    }

    /// Refuses a plan whose inventory is not the recorded one any more.
    pub(crate) async fn is_current(&self, preview: &Preview) -> Result<(), EngineError> {
        if preview.is_rollback() || self.inventory().await? == preview.inventory {
            return Ok(());
        }
        Err(EngineError::refused(
            "plan_outdated",
            "The inventory has changed since this plan was made.",
            &["Plan again: wirewarp plan"],
        ))
    }
}

/// `user@machine`, for the audit log.
pub(crate) fn who() -> String {
    let user = whoami::username().unwrap_or_else(|_| "somebody".into());
    let machine = whoami::hostname().unwrap_or_else(|_| "this machine".into());
    format!("{user}@{machine}")
}

/// The secrets of the inventory in a folder.
pub(crate) fn secrets(data_dir: &Path, person: Arc<dyn Person>) -> Secrets {
    Secrets::new(data_dir.join("vault"), Arc::new(AskVault(person)))
}

struct AskVault(Arc<dyn Person>);

#[async_trait]
impl Passphrase for AskVault {
    async fn ask(&self, which: Which) -> Option<Secret> {
        let prompt = match which {
            Which::New => {
                "No keychain answers here. Choose a passphrase for the vault file that keeps your passwords"
            }
            Which::Known | Which::Again => "Passphrase of the vault file",
        };
        let refused = (which == Which::Again).then(|| "That passphrase does not open the vault file.".into());
        self.0
            .secret(&SecretQuestion {
                prompt: prompt.into(),
                refused,
                is_new: which == Which::New,
            })
            .await
    }
}
