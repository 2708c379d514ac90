//! Single attempts to log in, and what is remembered between them.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use russh::client::AuthResult;
use russh::keys::agent::AgentIdentity;
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey};
use russh::{MethodKind, MethodSet};

use super::agent::{self, Agent};
use super::login::Login;
use super::password::{self, PasswordOutcome};
use super::problem::SshProblem;

/// What has happened so far.
#[derive(Default)]
pub(super) struct State {
    /// Methods that the host takes; `None` until it has said so.
    accepts: Option<MethodSet>,
    /// A first factor was taken and another is wanted.
    pub(super) partial: bool,
    password_refused: bool,
    pub(super) tried: Vec<String>,
    tried_keys: Vec<PublicKey>,
    pub(super) locked: Vec<(PathBuf, String)>,
    pub(super) agent: Option<(Agent, Vec<AgentIdentity>)>,
    agent_problem: Option<SshProblem>,
    rsa_hash: Option<RsaHash>,
}

/// What RSA keys sign with; `None` inside: SHA-1, for hosts that know nothing else.
#[derive(Clone, Copy)]
struct RsaHash(Option<HashAlg>);

/// Whether the account is open now.
pub(super) type Step = Result<bool, SshProblem>;

impl Login<'_> {
    pub(super) async fn file_key(&mut self, path: &Path, key: Arc<PrivateKey>) -> Step {
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

    pub(super) async fn by_agent(&mut self, public: Option<&PublicKey>) -> Step {
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

    pub(super) async fn agent_key(&mut self, identity: &AgentIdentity) -> Step {
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

    pub(super) async fn password(&mut self) -> Step {
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

    pub(super) fn wants(&self, method: MethodKind) -> bool {
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

    pub(super) async fn open_agent(&mut self) {
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
            self.state.rsa_hash = Some(RsaHash(known.unwrap_or(Some(HashAlg::Sha512))));
        }
        self.state.rsa_hash.and_then(|hash| hash.0)
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

    pub(super) fn failure(&mut self) -> SshProblem {
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
