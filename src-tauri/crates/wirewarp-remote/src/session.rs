//! How a host is spoken to by everything that is not SSH itself: whole scripts, run as root.

use async_trait::async_trait;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

use crate::ssh::{Endpoint, ExecLimits, Exit, HostKey, Privilege, Script, Session, SshError};

/// Runs whole POSIX shell scripts as root on one host.
#[async_trait]
pub trait ScriptRunner: Send + Sync {
    /// Runs `script`, given to `sh` on standard input, to its end. Each line of standard output is passed to `line`
    /// without its line feed, as it comes; bytes that are not UTF-8 become U+FFFD.
    async fn run_script(
        &self,
        script: &str,
        limits: &ScriptLimits,
        line: &mut (dyn for<'l> FnMut(&'l str) + Send),
    ) -> Result<ScriptOutcome, RunError>;
}

/// What a script may take; a host is not trusted to be brief.
#[derive(Debug, Clone, Copy)]
pub struct ScriptLimits {
    /// Longest run.
    pub time: Duration,
    /// Most bytes of standard output.
    pub stdout: usize,
}

impl Default for ScriptLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_mins(1),
            stdout: 4 << 20,
        }
    }
}

/// How a script ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptOutcome {
    /// Exit status; none if a signal ended it.
    pub status: Option<i32>,
    /// The last of what it wrote to standard error, at most 4 KiB.
    pub stderr: String,
}

/// A host over SSH, or this machine, with a way to become root there.
#[derive(Debug, Clone)]
pub struct RootSession {
    /// Where.
    pub session: Session,
    /// How to become root, from [`Session::find_privilege`].
    pub privilege: Privilege,
}

impl RootSession {
    /// Whether the connection has ended; this machine never does.
    pub fn is_closed(&self) -> bool {
        match &self.session {
            Session::Ssh(connection) => connection.is_closed(),
            Session::Local(_) => false,
        }
    }

    /// The login name; none for this machine.
    pub fn user(&self) -> Option<&str> {
        match &self.session {
            Session::Ssh(connection) => Some(connection.user()),
            Session::Local(_) => None,
        }
    }

    /// The host as it was dialled; none for this machine.
    pub fn endpoint(&self) -> Option<&Endpoint> {
        match &self.session {
            Session::Ssh(connection) => Some(connection.endpoint()),
            Session::Local(_) => None,
        }
    }

    /// The key by which the host proved who it is; none for this machine.
    pub fn host_key(&self) -> Option<HostKey> {
        match &self.session {
            Session::Ssh(connection) => connection.host_key(),
            Session::Local(_) => None,
        }
    }
}

#[async_trait]
impl ScriptRunner for RootSession {
    async fn run_script(
        &self,
        script: &str,
        limits: &ScriptLimits,
        line: &mut (dyn for<'l> FnMut(&'l str) + Send),
    ) -> Result<ScriptOutcome, RunError> {
        let limits = ExecLimits {
            total: limits.time,
            // A package manager may say nothing for minutes.
            idle: limits.time,
            stdout: limits.stdout,
            stderr: STDERR_KEPT,
        };
        let script = Script { text: script, limits };
        let output = Box::pin(self.session.run_script(&self.privilege, script, line)).await?;
        let status = match output.exit {
            Exit::Code(code) => i32::try_from(code).ok(),
            Exit::Signal(_) => None,
        };
        Ok(ScriptOutcome {
            status,
            stderr: output.stderr,
        })
    }
}

/// Why a script did not run to its end. What it had already started may still be running on the host.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// SSH or sudo did not get that far, or the connection was lost.
    #[error(transparent)]
    Ssh(#[from] SshError),
    /// It could not be started.
    #[error("the shell could not be started: {0}")]
    Start(String),
    /// The connection ended, or the shell.
    #[error("the shell was lost: {0}")]
    Lost(String),
    /// It took too long.
    #[error("the host did not finish within {} s", .0.as_secs())]
    Timeout(Duration),
    /// It wrote more than it may.
    #[error("the host sent more than {0} bytes")]
    TooMuchOutput(usize),
}

/// Most bytes of standard error that are kept.
const STDERR_KEPT: usize = 4096;

/// This machine, or one that a local command leads into (`ip netns exec NAME`, `nsenter ...`).
#[derive(Debug, Clone, Default)]
pub struct LocalRunner {
    /// Command and arguments before `sh -s`; e.g. `["sudo", "-n"]`, or nothing.
    pub prefix: Vec<String>,
    /// Variables added to the environment.
    pub environment: Vec<(String, String)>,
}

#[async_trait]
impl ScriptRunner for LocalRunner {
    async fn run_script(
        &self,
        script: &str,
        limits: &ScriptLimits,
        line: &mut (dyn for<'l> FnMut(&'l str) + Send),
    ) -> Result<ScriptOutcome, RunError> {
        let child = self.spawn().map_err(|error| RunError::Start(error.to_string()))?;
        tokio::time::timeout(limits.time, converse(child, script, limits, line))
            .await
            .map_err(|_| RunError::Timeout(limits.time))?
    }
}

impl LocalRunner {
    fn spawn(&self) -> std::io::Result<Child> {
        let words: Vec<&str> = self
            .prefix
            .iter()
            .map(String::as_str)
            .chain(["sh", "-s"])
            .collect();
        Command::new(words[0])
            .args(&words[1..])
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }
}

async fn converse(
    mut child: Child,
    script: &str,
    limits: &ScriptLimits,
    line: &mut (dyn for<'l> FnMut(&'l str) + Send),
) -> Result<ScriptOutcome, RunError> {
    let (Some(mut stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(RunError::Start("it has no pipes".into()));
    };
    let write = async move {
        // A script that ends before it was read whole says so by its status.
        let _ = stdin.write_all(script.as_bytes()).await;
    };
    let (sent, errors) = (write, tail_of(BufReader::new(stderr)));
    let ((), read, stderr) = tokio::join!(
        sent,
        read_lines(BufReader::new(stdout), limits.stdout, line),
        errors
    );
    read?;
    let status = child
        .wait()
        .await
        .map_err(|error| RunError::Lost(error.to_string()))?;
    Ok(ScriptOutcome {
        status: status.code(),
        stderr,
    })
}

/// Passes on lines until the end of `reader`, or until more than `most` bytes came.
async fn read_lines(
    mut reader: impl AsyncBufRead + Unpin + Send,
    most: usize,
    line: &mut (dyn for<'l> FnMut(&'l str) + Send),
) -> Result<(), RunError> {
    let (mut left, mut buffer) = (most, Vec::new());
    loop {
        buffer.clear();
        let room = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
        let read = (&mut reader).take(room).read_until(b'\n', &mut buffer).await;
        let count = read.map_err(|error| RunError::Lost(error.to_string()))?;
        if count == 0 {
            return Ok(());
        }
        left = left.checked_sub(count).ok_or(RunError::TooMuchOutput(most))?;
        line(String::from_utf8_lossy(buffer.strip_suffix(b"\n").unwrap_or(&buffer)).as_ref());
    }
}

async fn tail_of(mut reader: impl AsyncBufRead + Unpin + Send) -> String {
    let (mut kept, mut chunk) = (Vec::new(), vec![0; STDERR_KEPT]);
    while let Ok(count @ 1..) = reader.read(&mut chunk).await {
        kept.extend_from_slice(&chunk[..count]);
        let excess = kept.len().saturating_sub(STDERR_KEPT);
        kept.drain(..excess);
    }
    String::from_utf8_lossy(&kept).into_owned()
}
