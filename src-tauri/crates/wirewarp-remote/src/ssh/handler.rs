//! What the library asks us while a connection lives: is this the right host, and why did it hang up.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use russh::client::{DisconnectReason, Handler, Session};
use russh::keys::PublicKeyOrCertificate;
use wirewarp_model::error::excerpt;

use super::host_key::HostKey;
use super::problem::SshProblem;
use super::target::Endpoint;
use super::trust::{Decision, Known, Trust, Verdict};

/// What the handler learns, for whoever waits on the connection.
#[derive(Default)]
pub(super) struct Learned {
    /// A person is being asked; that time counts towards no limit.
    asking: AtomicBool,
    inner: Mutex<Facts>,
}

#[derive(Default)]
struct Facts {
    host_key: Option<HostKey>,
    problem: Option<SshProblem>,
    farewell: Option<String>,
}

impl Learned {
    /// The key the host has proved to hold, once it was accepted.
    pub(super) fn host_key(&self) -> Option<HostKey> {
        self.with(|facts| facts.host_key.clone())
    }

    /// Why we refused the host.
    pub(super) fn take_problem(&self) -> Option<SshProblem> {
        self.with(|facts| facts.problem.take())
    }

    /// What the host, or the library, said last.
    pub(super) fn farewell(&self) -> Option<String> {
        self.with(|facts| facts.farewell.clone())
    }

    /// Whether a person is being asked now.
    pub(super) fn is_asking(&self) -> bool {
        self.asking.load(Ordering::SeqCst)
    }

    /// `question` to a person, whose time counts towards no limit.
    pub(super) async fn while_asking<F: Future>(&self, question: F) -> F::Output {
        self.asking.store(true, Ordering::SeqCst);
        let answer = question.await;
        self.asking.store(false, Ordering::SeqCst);
        answer
    }

    fn with<T>(&self, act: impl FnOnce(&mut Facts) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The handler of one connection.
pub(super) struct Client {
    pub endpoint: Endpoint,
    pub known: Known,
    pub trust: Arc<dyn Trust>,
    pub learned: Arc<Learned>,
}

impl Client {
    async fn accepts(&self, offered: &HostKey) -> Result<(), SshProblem> {
        match self.known.judge(offered) {
            Verdict::Known => Ok(()),
            Verdict::Bad(problem) => Err(problem),
            Verdict::Unknown => match self
                .learned
                .while_asking(self.trust.decide(&self.endpoint, offered))
                .await
            {
                Decision::Accept => Ok(()),
                Decision::Refuse => Err(SshProblem::HostKeyUnknown {
                    algorithm: offered.algorithm(),
                    fingerprint: offered.fingerprint(),
                }),
            },
        }
    }
}

impl Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(&mut self, offered: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = offered else {
            // Never offered by us, so a host that sends one does not keep to the protocol.
            return Ok(false);
        };
        let offered = HostKey::from_key(key.clone());
        if let Some(accepted) = self.learned.host_key() {
            // The keys of the session are renewed: still the same host?
            return Ok(accepted == offered);
        }
        match self.accepts(&offered).await {
            Ok(()) => {
                self.learned.with(|facts| facts.host_key = Some(offered));
                Ok(true)
            }
            Err(problem) => {
                self.learned.with(|facts| facts.problem = Some(problem));
                Ok(false)
            }
        }
    }

    async fn auth_banner(&mut self, banner: &str, _session: &mut Session) -> Result<(), russh::Error> {
        tracing::debug!(host = %self.endpoint, banner = excerpt(banner), "the host shows a banner");
        Ok(())
    }

    async fn disconnected(&mut self, reason: DisconnectReason<russh::Error>) -> Result<(), russh::Error> {
        let (farewell, result) = match reason {
            DisconnectReason::ReceivedDisconnect(info) => (excerpt(&info.message), Ok(())),
            DisconnectReason::Error(error) => (farewell(&error), Err(error)),
        };
        self.learned.with(|facts| facts.farewell = Some(farewell));
        result
    }
}

fn farewell(error: &russh::Error) -> String {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the library's other errors speak for themselves"
    )]
    match error {
        russh::Error::KeepaliveTimeout => "the host no longer answers".into(),
        russh::Error::Disconnect | russh::Error::HUP => String::new(),
        russh::Error::IO(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => String::new(),
        other => excerpt(&other.to_string()),
    }
}
