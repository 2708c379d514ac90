//! A shell in a terminal of its own on the host, for a person.

use std::sync::Arc;

use futures::FutureExt as _;

use super::connection::Connection;
use super::error::SshError;
use super::exec::Exit;
use super::problem::SshProblem;
use super::process::{Input, OpenChannel, Output, Process, Said};

/// What programs on the host take our terminal for.
const TERM: &str = "xterm-256color";

/// Size of a terminal in characters; both at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalSize {
    /// Columns.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
}

/// What is typed into a shell. Clones type into the same one.
#[derive(Clone)]
pub struct ShellInput {
    open: Arc<OpenChannel>,
    connection: Connection,
}

/// What a shell says. The host is not read while nobody asks for the next part: at most about a megabyte waits.
pub struct ShellOutput {
    output: Output,
    end: Option<ShellEnd>,
    connection: Connection,
}

/// One thing that a shell says.
#[derive(Debug)]
pub enum ShellSaid {
    /// Output, as it came.
    Bytes(Vec<u8>),
    /// Nothing more will come.
    Ended(ShellEnd),
}

/// How a shell ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShellEnd {
    /// By itself.
    Exit(Exit),
    /// The host gives no terminal, or no shell.
    Refused,
    /// The connection is gone, with its last words.
    Lost(String),
}

impl Connection {
    /// Starts the account's login shell in a terminal of this size, or a command in its place.
    pub async fn shell(
        &self,
        size: TerminalSize,
        command: Option<&str>,
    ) -> Result<(ShellInput, ShellOutput), SshError> {
        let channel = self.open_session().await?;
        let asked = async {
            channel
                .request_pty(true, TERM, size.columns, size.rows, 0, 0, &[])
                .await?;
            match command {
                Some(command) => channel.exec(true, command).await,
                None => channel.request_shell(true).await,
            }
        };
        asked.await.map_err(|error| self.channel_error(error))?;
        let Process { input, output } = self.process_of(channel);
        let Input::Channel(open) = input else {
            return Err(self.error(SshProblem::ConnectionLost(String::new())));
        };
        let input = ShellInput {
            open,
            connection: self.clone(),
        };
        let output = ShellOutput {
            output,
            end: None,
            connection: self.clone(),
        };
        Ok((input, output))
    }
}

impl ShellInput {
    /// Types. Waits while the host takes no more.
    pub async fn write(&self, bytes: &[u8]) -> Result<(), SshError> {
        let sent = Input::Channel(self.open.clone()).send(bytes).await;
        sent.map_err(|()| self.gone())
    }

    /// Says that the terminal has another size.
    pub async fn resize(&self, size: TerminalSize) -> Result<(), SshError> {
        let resized = self.open.window_change(size.columns, size.rows).await;
        resized.map_err(|()| self.gone())
    }

    /// Hangs up: the shell and what runs in it get a `HUP` from the host.
    pub async fn close(&self) {
        self.open.close().await;
        self.connection.close().await;
    }

    fn gone(&self) -> SshError {
        self.connection.error(SshProblem::ConnectionLost(String::new()))
    }
}

impl ShellOutput {
    /// Adds what has come meanwhile to `bytes`, without waiting, until there are about `most` of them.
    pub fn take_waiting(&mut self, bytes: &mut Vec<u8>, most: usize) {
        while bytes.len() < most && self.end.is_none() {
            match self.output.next().now_or_never() {
                Some(Said::Out(more) | Said::Err(more)) => bytes.extend(more),
                Some(Said::Exit(how)) => self.end = Some(ShellEnd::Exit(how)),
                Some(Said::Refused) => self.end = Some(ShellEnd::Refused),
                // The end is told again to who asks for the next part.
                Some(Said::Gone) | None => return,
                Some(Said::Eof) => {}
            }
        }
    }

    /// The next part. After the end, the end again. Cancel-safe.
    pub async fn next(&mut self) -> ShellSaid {
        loop {
            match self.output.next().await {
                Said::Out(bytes) | Said::Err(bytes) if bytes.is_empty() => {}
                Said::Out(bytes) | Said::Err(bytes) => return ShellSaid::Bytes(bytes),
                Said::Exit(how) => self.end = Some(ShellEnd::Exit(how)),
                Said::Refused => self.end = Some(ShellEnd::Refused),
                Said::Eof => {}
                Said::Gone => {
                    let end = match self.end.clone() {
                        Some(end) => end,
                        None => ShellEnd::Lost(self.connection.last_words().await),
                    };
                    return ShellSaid::Ended(end);
                }
            }
        }
    }
}
