//! A connection: logged in, with room for many commands at once.

use std::sync::{Arc, Weak};
use std::time::Duration;

use russh::client::{Handle, Msg};
use russh::{Channel, ChannelOpenFailure, Disconnect};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use wirewarp_model::error::excerpt;

use super::error::SshError;
use super::exec::{Exec, ExecOutput, Feed};
use super::handler::{Client, Learned};
use super::host_key::HostKey;
use super::problem::SshProblem;
use super::process::Process;
use super::sudo::CheckedPassword;
use super::target::Endpoint;

/// Commands that run at once on one connection; sshd's `MaxSessions` is 10 unless set otherwise.
const MOST_SESSIONS: usize = 8;

/// A connection to a host. Clones are the same connection; it ends when the last one is dropped or [`Connection::close`]
/// is called. A jump host's connection lives as long as those through it.
#[derive(Clone)]
pub struct Connection(Arc<Shared>);

pub(super) struct Shared {
    handle: Handle<Client>,
    endpoint: Endpoint,
    user: String,
    learned: Arc<Learned>,
    sessions: Arc<Semaphore>,
    checked: CheckedPassword,
    /// Keeps the connection that this one runs through.
    jump: Option<Connection>,
}

impl Connection {
    pub(super) fn new(
        handle: Handle<Client>,
        endpoint: Endpoint,
        user: String,
        learned: Arc<Learned>,
        jump: Option<Connection>,
    ) -> Self {
        let sessions = Arc::new(Semaphore::new(MOST_SESSIONS));
        Self(Arc::new(Shared {
            handle,
            endpoint,
            user,
            learned,
            sessions,
            checked: CheckedPassword::default(),
            jump,
        }))
    }

    pub(super) fn from_shared(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    pub(super) fn downgrade(&self) -> Weak<Shared> {
        Arc::downgrade(&self.0)
    }

    /// The host and port, and the way there.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// The login name.
    pub fn user(&self) -> &str {
        &self.0.user
    }

    /// The key by which the host proved who it is.
    pub fn host_key(&self) -> Option<HostKey> {
        self.0.learned.host_key()
    }

    /// Whether the connection has ended.
    pub fn is_closed(&self) -> bool {
        self.0.handle.is_closed()
    }

    /// Why it has ended, as far as that is known: its own last words, or that the way there is gone.
    pub(super) async fn last_words(&self) -> String {
        if let Some(jump) = &self.0.jump
            && jump.ends_now().await
        {
            return format!("the jump host {} is gone", jump.endpoint());
        }
        self.0.learned.farewell().unwrap_or_default()
    }

    /// Whether it ends within a moment: what runs through it may have noticed first.
    async fn ends_now(&self) -> bool {
        for _ in 0..10 {
            if self.is_closed() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// Runs a command and waits for it. A status other than 0 is no error; see [`ExecOutput::status`].
    pub async fn exec(&self, exec: Exec<'_>) -> Result<ExecOutput, SshError> {
        self.exec_lines(exec, &mut |_| ()).await
    }

    /// The same, giving each line of standard output to `on_line` when it comes.
    pub async fn exec_lines(
        &self,
        exec: Exec<'_>,
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<ExecOutput, SshError> {
        let process = self.start(exec.command, exec.limits.total).await?;
        let result = process.run(Feed::plain(exec.stdin), &exec.limits, on_line).await;
        result.map_err(|problem| self.error(problem))
    }

    /// Starts `command` in the account's login shell.
    pub(super) async fn start(&self, command: &str, limit: Duration) -> Result<Process, SshError> {
        let starting = async {
            let permit = self.0.sessions.clone().acquire_owned().await.ok();
            let channel = self.open_session().await?;
            // No answer is waited for: a refusal arrives as one and is seen while reading.
            channel
                .exec(true, command)
                .await
                .map_err(|error| self.channel_error(error))?;
            Ok(Process::of_channel(channel, self.0.learned.clone(), permit))
        };
        match tokio::time::timeout(limit, starting).await {
            Ok(result) => result,
            Err(_) => Err(self.error(SshProblem::CommandTimedOut(limit))),
        }
    }

    /// A channel in which something can be started.
    pub(super) async fn open_session(&self) -> Result<Channel<Msg>, SshError> {
        let opened = self.0.handle.channel_open_session().await;
        opened.map_err(|error| self.channel_error(error))
    }

    /// What was started in a channel.
    pub(super) fn process_of(&self, channel: Channel<Msg>) -> Process {
        Process::of_channel(channel, self.0.learned.clone(), None)
    }

    /// A stream to `host:port` as this host sees it.
    pub(super) async fn forward(
        &self,
        host: &str,
        port: u16,
        limit: Duration,
    ) -> Result<impl AsyncRead + AsyncWrite + Unpin + Send + use<>, SshError> {
        let opening = self
            .0
            .handle
            .channel_open_direct_tcpip(host, u32::from(port), "127.0.0.1", 0);
        let fail = |problem| SshError::new(host, problem);
        let opened: Result<Channel<Msg>, russh::Error> = tokio::time::timeout(limit, opening)
            .await
            .map_err(|_| fail(SshProblem::TimedOut(limit)))?;
        opened.map(Channel::into_stream).map_err(|error| {
            let jump = self.endpoint().to_string();
            let problem = if let russh::Error::ChannelOpenFailure(why) = &error {
                SshProblem::JumpRefused {
                    jump,
                    why: plain(why),
                }
            } else {
                SshProblem::ConnectionLost(format!("the jump host {jump} is gone"))
            };
            fail(problem).because(error)
        })
    }

    /// Says goodbye. Commands that still run on the connection fail.
    pub async fn close(&self) {
        // A connection that is gone already is closed, too.
        let _ = self.0.handle.disconnect(Disconnect::ByApplication, "", "").await;
    }

    /// The sudo password that this host has accepted.
    pub(super) fn checked_password(&self) -> &CheckedPassword {
        &self.0.checked
    }

    pub(super) fn error(&self, problem: SshProblem) -> SshError {
        SshError::new(&self.0.endpoint, problem)
    }

    pub(super) fn channel_error(&self, error: russh::Error) -> SshError {
        let problem = if let russh::Error::ChannelOpenFailure(why) = &error {
            SshProblem::ChannelRefused(plain(why))
        } else {
            SshProblem::ConnectionLost(self.0.learned.farewell().unwrap_or_default())
        };
        self.error(problem).because(error)
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Connection({}@{})", self.0.user, self.0.endpoint)
    }
}

fn plain(why: &ChannelOpenFailure) -> String {
    match why {
        ChannelOpenFailure::AdministrativelyProhibited => "it is forbidden there".into(),
        ChannelOpenFailure::ConnectFailed => "it could not connect".into(),
        ChannelOpenFailure::UnknownChannelType => "it does not know how".into(),
        ChannelOpenFailure::ResourceShortage => "it has no room for more".into(),
        ChannelOpenFailure::Other { reason, .. } => excerpt(reason),
    }
}
