//! Logging in: which keys and passwords are tried, in which order, and what to say when none works.
//!
//! The order keeps failed attempts few, since hosts hang up after six of them and ban after some more: first what was
//! named for this host (key files, then the password), then keys of the SSH configuration, then what else the agent
//! holds, and last the keys for which a person must be asked a passphrase.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::MethodKind;
use russh::client::Handle;
use russh::keys::{PrivateKey, PublicKey};
use wirewarp_model::Secret;

use super::attempt::{State, Step};
use super::config::IdentityAgent;
use super::handler::{Client, Learned};
use super::keys::{self, KeyFile};
use super::problem::SshProblem;
use super::target::Prompt;

/// What may be tried.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    /// Files named for this host: any trouble with one is told.
    pub named_files: Vec<PathBuf>,
    /// Files of the SSH configuration, or the default ones: skipped when they cannot be used.
    pub usual_files: Vec<PathBuf>,
    /// The agent, and whether keys beyond the files' may be used from it.
    pub agent: IdentityAgent,
    pub any_agent_key: bool,
    pub password: Option<Secret>,
}

/// Logs in on a fresh connection.
pub(super) struct Login<'a> {
    pub handle: &'a mut Handle<Client>,
    pub learned: &'a Learned,
    pub user: &'a str,
    pub credentials: &'a Credentials,
    pub prompt: &'a dyn Prompt,
    pub state: State,
}

impl Login<'_> {
    /// Tries everything in order.
    pub(super) async fn run(mut self) -> Result<(), SshProblem> {
        let done = self.named_files().await?
            || self.password().await?
            || self.usual_files().await?
            || self.agent_keys().await?
            || self.locked_files().await?
            || (self.state.partial && self.password().await?);
        if done { Ok(()) } else { Err(self.failure()) }
    }

    async fn named_files(&mut self) -> Step {
        for path in &self.credentials.named_files {
            let accepted = match keys::read_key(path)? {
                KeyFile::Open(key) => self.file_key(path, key).await?,
                KeyFile::Locked { text, public } => {
                    self.by_agent(public.as_ref()).await? || self.locked_key(path, &text, true).await?
                }
            };
            if accepted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn usual_files(&mut self) -> Step {
        for path in &self.credentials.usual_files {
            if !self.wants(MethodKind::PublicKey) {
                return Ok(false);
            }
            let accepted = match keys::read_key(path) {
                Ok(KeyFile::Open(key)) => self.file_key(path, key).await?,
                Ok(KeyFile::Locked { text, public }) => {
                    let accepted = self.by_agent(public.as_ref()).await?;
                    if !accepted {
                        self.state.locked.push((path.clone(), text.to_string()));
                    }
                    accepted
                }
                // `IdentityFile` may name a public key: use that one from the agent.
                Err(problem) => {
                    tracing::debug!(path = %path.display(), %problem, "a usual key is skipped");
                    let public = PublicKey::read_openssh_file(path)
                        .ok()
                        .or_else(|| keys::public_beside(path));
                    self.by_agent(public.as_ref()).await?
                }
            };
            if accepted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn agent_keys(&mut self) -> Step {
        if !self.credentials.any_agent_key || !self.wants(MethodKind::PublicKey) {
            return Ok(false);
        }
        self.open_agent().await;
        let identities = self
            .state
            .agent
            .as_ref()
            .map(|(_, all)| all.clone())
            .unwrap_or_default();
        for identity in identities {
            if self.agent_key(&identity).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn locked_files(&mut self) -> Step {
        for (path, text) in std::mem::take(&mut self.state.locked) {
            if self.wants(MethodKind::PublicKey) && self.locked_key(&path, &text, false).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Asks for the passphrase and tries the key. A key that was `named` must open.
    async fn locked_key(&mut self, path: &Path, text: &str, named: bool) -> Step {
        match self.learned.while_asking(self.prompt.passphrase(path)).await {
            Some(passphrase) => {
                let key = unlock_aside(path.to_owned(), text.to_owned(), passphrase).await?;
                self.file_key(path, key).await
            }
            None if named => Err(SshProblem::KeyEncrypted(path.into())),
            None => {
                self.state
                    .tried
                    .push(format!("{} (encrypted, no passphrase)", path.display()));
                Ok(false)
            }
        }
    }
}

impl Credentials {
    pub(super) fn only_agent(&self) -> bool {
        self.any_agent_key
            && self.named_files.is_empty()
            && self.usual_files.is_empty()
            && self.password.is_none()
    }
}

/// Opens a key on a thread of its own: its passphrase is made slow to guess, which is slow to check, too.
async fn unlock_aside(
    path: PathBuf,
    text: String,
    passphrase: Secret,
) -> Result<Arc<PrivateKey>, SshProblem> {
    let opening = tokio::task::spawn_blocking(move || keys::unlock(&path, &text, &passphrase));
    opening
        .await
        .unwrap_or_else(|error| Err(SshProblem::Local(error.to_string())))
}
