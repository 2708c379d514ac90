//! Logging in: which keys and passwords are tried, in which order, and what to say when none works.
//!
//! The order keeps failed attempts few, since hosts hang up after six of them and ban after some more: first what was
//! named for this host (key files, then the password), then keys of the SSH configuration, then what else the agent
//! holds, and last the keys for which a person must be asked a passphrase.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::client::{AuthResult, Handle};
use russh::keys::agent::AgentIdentity;
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey};
use russh::{MethodKind, MethodSet};
use wirewarp_model::Secret;

use super::agent::{self, Agent};
use super::config::IdentityAgent;
use super::handler::{Client, Learned};
use super::keys::{self, KeyFile};
use super::password::{self, PasswordOutcome};
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

/// What has happened so far.
#[derive(Default)]
pub(super) struct State {
    /// Methods that the host takes; `None` until it has said so.
    accepts: Option<MethodSet>,
    /// A first factor was taken and another is wanted.
    partial: bool,
    password_refused: bool,
    tried: Vec<String>,
    tried_keys: Vec<PublicKey>,
    locked: Vec<(PathBuf, String)>,
    agent: Option<(Agent, Vec<AgentIdentity>)>,
    agent_problem: Option<SshProblem>,
    rsa_hash: Option<Option<HashAlg>>,
}

type Step = Result<bool, SshProblem>;

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
                    self.from_agent(public.as_ref()).await? || self.locked_key(path, &text, true).await?
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
                    let accepted = self.from_agent(public.as_ref()).await?;
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
                    self.from_agent(public.as_ref()).await?
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
        match self.prompt.passphrase(path).await {
            Some(passphrase) => {
                let key = keys::unlock(path, text, &passphrase)?;
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

    async fn file_key(&mut self, path: &Path, key: Arc<PrivateKey>) -> Step {
        if !self.is_new(key.public_key()) {
            return Ok(false);
        }
        self.state.tried.push(path.display().to_string());
        if let Some(certificate) = certificate_beside(path) {
            let result = self
                .handle
                .authenticate_openssh_cert(self.user, key.clone(), certificate)
                .await;
            if self.settle(result.map_err(|error| lost(&error))?)? {
                return Ok(true);
            }
        }
        let hash = self.rsa_hash(key.algorithm().is_rsa()).await;
        let key = PrivateKeyWithHashAlg::new(key, hash);
        let result = self.handle.authenticate_publickey(self.user, key).await;
        self.settle(result.map_err(|error| lost(&error))?)
    }

    async fn from_agent(&mut self, public: Option<&PublicKey>) -> Step {
        let Some(public) = public else { return Ok(false) };
        self.open_agent().await;
        let held = self.state.agent.as_ref().and_then(|(_, all)| {
            all.iter()
                .find(|identity| identity.public_key().key_data() == public.key_data())
                .cloned()
        });
        match held {
            Some(identity) => self.agent_key(&identity).await,
            None => Ok(false),
        }
    }

    async fn agent_key(&mut self, identity: &AgentIdentity) -> Step {
        let public = identity.public_key().into_owned();
        if !self.wants(MethodKind::PublicKey) || !self.is_new(&public) {
            return Ok(false);
        }
        let hash = self.rsa_hash(public.algorithm().is_rsa()).await;
        let Some((agent, _)) = self.state.agent.as_mut() else {
            return Ok(false);
        };
        self.state.tried.push(format!("agent: {}", identity.comment()));
        let result = match identity {
            AgentIdentity::PublicKey { key, .. } => {
                self.handle
                    .authenticate_publickey_with(self.user, key.clone(), hash, agent)
                    .await
            }
            AgentIdentity::Certificate { certificate, .. } => {
                self.handle
                    .authenticate_certificate_with(self.user, certificate.clone(), hash, agent)
                    .await
            }
        };
        match result {
            Ok(result) => self.settle(result),
            // The agent declined, e.g. nobody touched the token: other keys may still do.
            Err(error) => {
                tracing::debug!(%error, "the agent did not sign");
                if self.handle.is_closed() {
                    Err(self.hung_up())
                } else {
                    Ok(false)
                }
            }
        }
    }

    async fn password(&mut self) -> Step {
        let Some(password) = self.credentials.password.clone() else {
            return Ok(false);
        };
        if self.state.password_refused
            || !(self.wants(MethodKind::Password) || self.wants(MethodKind::KeyboardInteractive))
        {
            return Ok(false);
        }
        self.state.tried.push("password".into());
        match password::log_in(self.handle, self.user, &password, self.state.accepts.as_ref()).await? {
            PasswordOutcome::Success => Ok(true),
            PasswordOutcome::NotTaken { remaining, partial } => self.settle_failure(remaining, partial),
            PasswordOutcome::Wrong { remaining } => {
                self.state.password_refused = true;
                self.settle_failure(remaining, false)
            }
        }
    }

    fn settle(&mut self, result: AuthResult) -> Step {
        match result {
            AuthResult::Success => Ok(true),
            AuthResult::Failure {
                remaining_methods,
                partial_success,
            } => self.settle_failure(remaining_methods, partial_success),
        }
    }

    fn settle_failure(&mut self, remaining: MethodSet, partial: bool) -> Step {
        // The library says “nothing remains” when the host has hung up.
        if remaining.is_empty() {
            return Err(self.hung_up());
        }
        self.state.accepts = Some(remaining);
        self.state.partial |= partial;
        Ok(false)
    }

    fn wants(&self, method: MethodKind) -> bool {
        self.state
            .accepts
            .as_ref()
            .is_none_or(|accepts| accepts.contains(&method))
    }

    fn is_new(&mut self, key: &PublicKey) -> bool {
        let new = self
            .state
            .tried_keys
            .iter()
            .all(|tried| tried.key_data() != key.key_data());
        if new {
            self.state.tried_keys.push(key.clone());
        }
        new
    }

    async fn open_agent(&mut self) {
        if self.state.agent.is_some() || self.state.agent_problem.is_some() {
            return;
        }
        match agent::open(&self.credentials.agent, self.handle.agent_session_binding()).await {
            Ok(Some(opened)) => self.state.agent = Some(opened),
            Ok(None) => self.state.agent_problem = Some(SshProblem::AgentUnavailable("there is none".into())),
            Err(problem) => self.state.agent_problem = Some(problem),
        }
    }

    /// The hash to sign with when the key is RSA: SHA-2 unless the host says that it only knows SHA-1.
    async fn rsa_hash(&mut self, is_rsa: bool) -> Option<HashAlg> {
        if !is_rsa {
            return None;
        }
        if self.state.rsa_hash.is_none() {
            let known = self.handle.best_supported_rsa_hash().await.ok().flatten();
            self.state.rsa_hash = Some(known.unwrap_or(Some(HashAlg::Sha512)));
        }
        self.state.rsa_hash.flatten()
    }

    fn hung_up(&self) -> SshProblem {
        let farewell = self.learned.farewell().unwrap_or_default();
        if farewell.contains("Too many authentication failures") {
            return SshProblem::TooManyAttempts {
                user: self.user.into(),
                tried: self.state.tried.join(", "),
            };
        }
        SshProblem::ConnectionLost(farewell)
    }

    fn failure(&mut self) -> SshProblem {
        let user = self.user.to_owned();
        if self.state.password_refused {
            return SshProblem::PasswordWrong { user };
        }
        let methods = self
            .state
            .accepts
            .as_ref()
            .map(|all| all.iter().map(<&str>::from).collect::<Vec<_>>());
        let accepts = methods.map_or_else(|| "unknown".into(), |all| all.join(", "));
        match (self.state.tried.is_empty(), self.state.agent_problem.take()) {
            (true, Some(problem @ SshProblem::AgentUnavailable(_))) if self.credentials.only_agent() => {
                problem
            }
            (true, _) => SshProblem::NoCredentials { user, accepts },
            (false, _) => SshProblem::KeysRefused {
                user,
                tried: self.state.tried.join(", "),
                accepts,
            },
        }
    }
}

impl Credentials {
    fn only_agent(&self) -> bool {
        self.any_agent_key
            && self.named_files.is_empty()
            && self.usual_files.is_empty()
            && self.password.is_none()
    }
}

/// An OpenSSH certificate in `PATH-cert.pub`, as `ssh` finds it.
fn certificate_beside(path: &Path) -> Option<russh::keys::Certificate> {
    let mut name = path.as_os_str().to_owned();
    name.push("-cert.pub");
    russh::keys::load_openssh_certificate(Path::new(&name)).ok()
}

pub(super) fn lost(error: &russh::Error) -> SshProblem {
    tracing::debug!(%error, "the connection ended while logging in");
    SshProblem::ConnectionLost(String::new())
}
