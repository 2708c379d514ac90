//! Making connections: directly or through jump hosts, which are shared.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use russh::client::{self, Handle};
use russh::{Preferred, compression};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Mutex;

use super::attempt::State;
use super::connection::{Connection, Shared};
use super::dial::{Greeting, Listening, dial};
use super::error::SshError;
use super::handler::{Client, Learned};
use super::known_hosts::KnownHosts;
use super::login::Login;
use super::problem::SshProblem;
use super::resolve::{Route, SshFiles, resolve};
use super::target::{Endpoint, Limits, Prompt, Target};
use super::trust::{Known, Trust};

/// Jump hosts behind jump hosts, before we call it a circle.
const MOST_HOPS: usize = 8;

/// Bytes that a host may send to a terminal before it is told that there is room for more.
const TERMINAL_WINDOW: u32 = 256 * 1024;
/// Packets, of at most 32 KiB, that wait for a terminal; behind them the connection is not read.
const TERMINAL_PACKETS: usize = 8;

/// Makes connections. Clones share their jump hosts.
#[derive(Clone)]
pub struct Connector {
    trust: Arc<dyn Trust>,
    prompt: Arc<dyn Prompt>,
    limits: Limits,
    files: SshFiles,
    jumps: Arc<Mutex<HashMap<JumpKey, Slot>>>,
    for_terminals: bool,
}

type JumpKey = (Endpoint, String);
/// One jump host; locked while it is being connected to, so that many targets at once wait for one connection.
type Slot = Arc<Mutex<Weak<Shared>>>;

impl Connector {
    /// `trust` knows host keys, `prompt` answers for encrypted keys.
    pub fn new(trust: Arc<dyn Trust>, prompt: Arc<dyn Prompt>, limits: Limits, files: SshFiles) -> Self {
        Self {
            trust,
            prompt,
            limits,
            files,
            jumps: Arc::default(),
            for_terminals: false,
        }
    }

    /// The endpoint under which the host keys of `target` are kept. Connects to nothing.
    pub fn endpoint_of(&self, target: &Target) -> Result<Endpoint, SshError> {
        let route = resolve(target, &self.files)?;
        let mut hops = vec![];
        let mut next = route.jump.clone();
        while let Some(jump) = next.take().filter(|_| hops.len() < MOST_HOPS) {
            let hop = resolve(&jump, &self.files)?;
            next.clone_from(&hop.jump);
            hops.push(hop);
        }
        let via = hops.iter().rev().fold(None, |via: Option<Endpoint>, hop| {
            Some(hop.endpoint(via.as_ref()))
        });
        Ok(route.endpoint(via.as_ref()))
    }

    /// A connector that asks about every key anew: `trust` takes the place of this one's, and the known_hosts files are
    /// left out for the endpoints of which it says so.
    #[must_use]
    pub fn with_trust(&self, trust: Arc<dyn Trust>) -> Self {
        Self {
            trust,
            jumps: Arc::default(),
            ..self.clone()
        }
    }

    /// A connector for terminals: little is read ahead, so that a key typed into a flood of output is heard soon. Who
    /// does not read such a connection stops it as a whole, so each terminal has one of its own.
    #[must_use]
    pub fn for_terminals(&self) -> Self {
        Self {
            for_terminals: true,
            jumps: Arc::default(),
            ..self.clone()
        }
    }

    /// Opens a **new** connection to `target` and logs in. Jump hosts that stand already are used again.
    pub async fn connect(&self, target: &Target) -> Result<Connection, SshError> {
        let route = resolve(target, &self.files)?;
        let jump = self.jump_of(&route, 0).await?;
        let connection = self.connect_route(&route, jump).await?;
        tracing::debug!(host = %connection.endpoint(), user = connection.user(), "connected");
        Ok(connection)
    }

    async fn jump_of(&self, route: &Route, depth: usize) -> Result<Option<Connection>, SshError> {
        let Some(target) = &route.jump else {
            return Ok(None);
        };
        if depth >= MOST_HOPS {
            let why = "the jump hosts lead in a circle".to_owned();
            return Err(SshError::new(&route.dial, SshProblem::Config(why)));
        }
        let jump = resolve(target, &self.files)?;
        let before = self.jump_of_boxed(&jump, depth + 1).await?;
        let key = (
            jump.endpoint(before.as_ref().map(Connection::endpoint)),
            jump.user.clone(),
        );
        let slot = self.jumps.lock().await.entry(key).or_default().clone();
        let mut standing = slot.lock().await;
        if let Some(connection) = standing
            .upgrade()
            .map(Connection::from_shared)
            .filter(|known| !known.is_closed())
        {
            return Ok(Some(connection));
        }
        let connection = self.connect_route(&jump, before).await?;
        *standing = connection.downgrade();
        Ok(Some(connection))
    }

    fn jump_of_boxed<'a>(
        &'a self,
        route: &'a Route,
        depth: usize,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Connection>, SshError>> + Send + 'a>> {
        Box::pin(self.jump_of(route, depth))
    }

    async fn connect_route(&self, route: &Route, jump: Option<Connection>) -> Result<Connection, SshError> {
        match jump {
            None => {
                let stream = dial(&route.dial, route.port, self.limits.connect).await?;
                self.log_in(route, stream, None).await
            }
            Some(jump) => {
                let stream = jump.forward(&route.dial, route.port, self.limits.connect).await?;
                self.log_in(route, stream, Some(jump)).await
            }
        }
    }

    async fn log_in<S>(
        &self,
        route: &Route,
        stream: S,
        jump: Option<Connection>,
    ) -> Result<Connection, SshError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let endpoint = route.endpoint(jump.as_ref().map(Connection::endpoint));
        let files: &[std::path::PathBuf] = if self.trust.begins_anew(&endpoint) {
            &[]
        } else {
            &route.known_hosts
        };
        let known = Known {
            own: self.trust.known_keys(&endpoint).await,
            files: KnownHosts::load(files, &endpoint),
        };
        let learned = Arc::new(Learned::default());
        let config = self.config(&known);
        let (trust, facts) = (self.trust.clone(), learned.clone());
        let client = Client {
            endpoint: endpoint.clone(),
            known,
            trust,
            learned: facts,
        };
        let mut handle = self
            .shake_hands(config, stream, client, &endpoint, &learned)
            .await?;
        let login = Login {
            handle: &mut handle,
            learned: &learned,
            user: &route.user,
            credentials: &route.credentials,
            prompt: self.prompt.as_ref(),
            state: State::default(),
        };
        match within(self.limits.login, &learned, login.run()).await {
            Some(Ok(())) => Ok(Connection::new(
                handle,
                endpoint,
                route.user.clone(),
                learned,
                jump,
            )),
            Some(Err(problem)) => Err(SshError::new(&endpoint, problem)),
            None => Err(SshError::new(&endpoint, SshProblem::TimedOut(self.limits.login))),
        }
    }

    async fn shake_hands<S>(
        &self,
        config: client::Config,
        stream: S,
        client: Client,
        endpoint: &Endpoint,
        learned: &Learned,
    ) -> Result<Handle<Client>, SshError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let greeting = Greeting::default();
        let stream = Listening::new(stream, greeting.clone());
        let connecting = client::connect_stream(Arc::new(config), stream, client);
        match within(self.limits.handshake, learned, connecting).await {
            Some(Ok(handle)) => Ok(handle),
            Some(Err(error)) => Err(match learned.take_problem() {
                // We refused; the library's error would only say that.
                Some(problem) => SshError::new(endpoint, problem),
                None => SshError::new(endpoint, handshake_problem(&error, &greeting)).because(error),
            }),
            None if greeting.is_foreign() => Err(SshError::new(endpoint, SshProblem::NotSsh)),
            None => Err(SshError::new(
                endpoint,
                SshProblem::TimedOut(self.limits.handshake),
            )),
        }
    }

    fn config(&self, known: &Known) -> client::Config {
        let usual = client::Config::default();
        let (window_size, channel_buffer_size) = if self.for_terminals {
            (TERMINAL_WINDOW, TERMINAL_PACKETS)
        } else {
            (usual.window_size, usual.channel_buffer_size)
        };
        client::Config {
            window_size,
            channel_buffer_size,
            keepalive_interval: Some(self.limits.keep_alive),
            keepalive_max: self.limits.keep_alive_misses,
            preferred: Preferred {
                key: known.algorithms().into(),
                compression: vec![compression::NONE].into(),
                ..Preferred::DEFAULT
            },
            nodelay: true,
            ..usual
        }
    }
}

/// `future` within `limit`, not counting the time in which a person is asked. `None`: out of time.
async fn within<F: Future>(limit: Duration, learned: &Learned, future: F) -> Option<F::Output> {
    tokio::pin!(future);
    loop {
        match tokio::time::timeout(limit, &mut future).await {
            Ok(output) => return Some(output),
            Err(_) if learned.is_asking() => {}
            Err(_) => return None,
        }
    }
}

fn handshake_problem(error: &russh::Error, greeting: &Greeting) -> SshProblem {
    if greeting.is_foreign() {
        return SshProblem::NotSsh;
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what else breaks a handshake is not SSH"
    )]
    match error {
        russh::Error::NoCommonAlgo { kind, .. } => {
            SshProblem::NoCommonAlgorithm(format!("{kind:?} algorithm"))
        }
        russh::Error::Disconnect | russh::Error::HUP | russh::Error::IO(_) => SshProblem::ClosedEarly,
        _ => SshProblem::NotSsh,
    }
}
