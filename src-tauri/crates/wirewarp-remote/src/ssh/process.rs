//! A running command: a channel of a connection, or a process of this machine.

use std::process::Stdio;
use std::sync::Arc;

use russh::client::Msg;
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Sig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::OwnedSemaphorePermit;

use super::exec::Exit;
use super::handler::Learned;
use super::problem::SshProblem;

/// A command that was started.
pub(super) struct Process {
    pub input: Input,
    pub output: Output,
}

/// Its standard input.
pub(super) enum Input {
    Channel(Arc<OpenChannel>),
    Child(Option<ChildStdin>),
}

/// What it says.
pub(super) enum Output {
    Channel {
        read: ChannelReadHalf,
        learned: Arc<Learned>,
        _open: Arc<OpenChannel>,
    },
    Child(Box<Running>),
}

/// One thing it says.
pub(super) enum Said {
    Out(Vec<u8>),
    Err(Vec<u8>),
    /// No more output.
    Eof,
    Exit(Exit),
    /// The host does not run the command.
    Refused,
    /// Nothing more will come.
    Gone,
}

/// The writing end of a channel; dropping it ends the command there.
pub(super) struct OpenChannel {
    write: Option<ChannelWriteHalf<Msg>>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// A local process and its pipes.
pub(super) struct Running {
    child: Child,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    exited: bool,
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Process {
    pub(super) fn of_channel(
        channel: Channel<Msg>,
        learned: Arc<Learned>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let (read, write) = channel.split();
        let open = Arc::new(OpenChannel {
            write: Some(write),
            _permit: permit,
        });
        Self {
            input: Input::Channel(open.clone()),
            output: Output::Channel {
                read,
                learned,
                _open: open,
            },
        }
    }

    /// Starts `command` with `sh` on this machine.
    pub(super) fn local(command: &str) -> Result<Self, SshProblem> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(command).kill_on_drop(true);
        shell
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = shell
            .spawn()
            .map_err(|error| SshProblem::Local(error.to_string()))?;
        let input = Input::Child(child.stdin.take());
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        Ok(Self {
            input,
            output: Output::Child(Box::new(Running {
                child,
                stdout,
                stderr,
                exited: false,
                out: vec![0; 16 * 1024],
                err: vec![0; 4 * 1024],
            })),
        })
    }
}

impl OpenChannel {
    /// Says that the terminal has another size.
    pub(super) async fn window_change(&self, columns: u32, rows: u32) -> Result<(), ()> {
        let write = self.write.as_ref().ok_or(())?;
        write.window_change(columns, rows, 0, 0).await.map_err(|_| ())
    }

    /// Hangs up.
    pub(super) async fn close(&self) {
        if let Some(write) = &self.write {
            // A channel that is gone is closed already.
            let _ = write.close().await;
        }
    }
}

impl Input {
    /// Sends bytes. Fails when nobody reads any more.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), ()> {
        match self {
            Self::Channel(open) => match &open.write {
                Some(write) => write.data_bytes(bytes.to_vec()).await.map_err(|_| ()),
                None => Err(()),
            },
            Self::Child(Some(stdin)) => stdin.write_all(bytes).await.map_err(|_| ()),
            Self::Child(None) => Err(()),
        }
    }

    /// Says that nothing more will come.
    pub(super) async fn eof(&mut self) {
        match self {
            Self::Channel(open) => {
                if let Some(write) = &open.write {
                    // A channel that is gone needs no end-of-file.
                    let _ = write.eof().await;
                }
            }
            Self::Child(stdin) => drop(stdin.take()),
        }
    }
}

impl Output {
    /// The next thing said. Cancel-safe.
    pub(super) async fn next(&mut self) -> Said {
        match self {
            Self::Channel { read, .. } => loop {
                if let Some(said) = said_by_channel(read.wait().await) {
                    return said;
                }
            },
            Self::Child(running) => running.next().await,
        }
    }

    /// The last words of the connection.
    pub(super) fn farewell(&self) -> String {
        match self {
            Self::Channel { learned, .. } => learned.farewell().unwrap_or_default(),
            Self::Child(_) => String::new(),
        }
    }
}

fn said_by_channel(message: Option<ChannelMsg>) -> Option<Said> {
    match message {
        None | Some(ChannelMsg::Close) => Some(Said::Gone),
        Some(ChannelMsg::Data { data }) => Some(Said::Out(data.to_vec())),
        Some(ChannelMsg::ExtendedData { data, .. }) => Some(Said::Err(data.to_vec())),
        Some(ChannelMsg::Eof) => Some(Said::Eof),
        Some(ChannelMsg::Failure) => Some(Said::Refused),
        Some(ChannelMsg::ExitStatus { exit_status }) => Some(Said::Exit(Exit::Code(exit_status))),
        Some(ChannelMsg::ExitSignal { signal_name, .. }) => {
            Some(Said::Exit(Exit::Signal(format!("{signal_name:?}"))))
        }
        // Window updates, and what clients never get.
        Some(_) => None,
    }
}

impl Running {
    async fn next(&mut self) -> Said {
        let Self { out, err, .. } = self;
        tokio::select! {
            read = read_some(&mut self.stdout, out), if self.stdout.is_some() => match read {
                0 => self.pipe_closed(true),
                n => Said::Out(out[..n].to_vec()),
            },
            read = read_some(&mut self.stderr, err), if self.stderr.is_some() => match read {
                0 => self.pipe_closed(false),
                n => Said::Err(err[..n].to_vec()),
            },
            status = self.child.wait(), if !self.exited => {
                self.exited = true;
                status.map_or(Said::Gone, |status| Said::Exit(exit_of(status)))
            }
            else => Said::Gone,
        }
    }

    fn pipe_closed(&mut self, stdout: bool) -> Said {
        if stdout {
            self.stdout = None;
        } else {
            self.stderr = None;
        }
        // Empty output says nothing; the end is told once, when both pipes are closed.
        if self.stdout.is_none() && self.stderr.is_none() {
            Said::Eof
        } else {
            Said::Out(Vec::new())
        }
    }
}

async fn read_some(pipe: &mut Option<impl AsyncReadExt + Unpin>, buffer: &mut [u8]) -> usize {
    match pipe {
        Some(pipe) => pipe.read(buffer).await.unwrap_or(0),
        None => 0,
    }
}

fn exit_of(status: std::process::ExitStatus) -> Exit {
    match status.code() {
        Some(code) => Exit::Code(u32::try_from(code).unwrap_or(u32::MAX)),
        None => Exit::Signal(signal_of(status)),
    }
}

#[cfg(unix)]
fn signal_of(status: std::process::ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    status
        .signal()
        .map_or_else(|| "unknown".into(), |number| number.to_string())
}

#[cfg(not(unix))]
fn signal_of(_status: std::process::ExitStatus) -> String {
    "unknown".into()
}

impl Drop for OpenChannel {
    fn drop(&mut self) {
        let (Some(write), Ok(runtime)) = (self.write.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        // Closing needs a message to the host. A command that has ended already does not mind.
        runtime.spawn(async move {
            let _ = write.signal(Sig::TERM).await;
            let _ = write.close().await;
        });
    }
}
