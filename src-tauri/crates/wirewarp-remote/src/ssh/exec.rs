//! Running one command: what goes in, what comes out, and how much of it.

use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use wirewarp_model::error::excerpt;

use super::collect::Collector;
use super::problem::SshProblem;
use super::process::{Input, Process, Said};

/// After a command's end, how long its last output is waited for: a child in the background may hold the pipes for ever.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Bytes handed to the connection at a time.
const CHUNK: usize = 32 * 1024;

/// A command for the login shell of the account.
#[derive(Debug, Clone, Copy)]
pub struct Exec<'a> {
    /// The command line. Foreign text in it goes through [`wirewarp_model::shell::quote`] first.
    pub command: &'a str,
    /// Its standard input; what the command does not read is dropped.
    pub stdin: &'a [u8],
    /// Limits.
    pub limits: ExecLimits,
}

impl<'a> Exec<'a> {
    /// `command` with no input and the usual limits.
    pub fn new(command: &'a str) -> Self {
        Self {
            command,
            stdin: &[],
            limits: ExecLimits::default(),
        }
    }
}

/// How long a command may take and how much it may print.
///
/// A command that is given up loses its pipes and, where sshd passes signals on (not for root), gets a `TERM`. One that
/// neither reads nor writes may go on there: what must not, needs a limit of its own on the host.
#[derive(Debug, Clone, Copy)]
pub struct ExecLimits {
    /// From start to end.
    pub total: Duration,
    /// Without a byte in either direction.
    pub idle: Duration,
    /// Bytes of standard output; more is an error.
    pub stdout: usize,
    /// Bytes of standard error that are kept, the last ones.
    pub stderr: usize,
}

impl Default for ExecLimits {
    fn default() -> Self {
        Self {
            total: Duration::from_mins(2),
            idle: Duration::from_mins(1),
            stdout: 16 * 1024 * 1024,
            stderr: 64 * 1024,
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exit {
    /// With this status.
    Code(u32),
    /// Killed by this signal, e.g. `KILL`.
    Signal(String),
}

/// What a command left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecOutput {
    /// How it ended.
    pub exit: Exit,
    /// Standard output, whole.
    pub stdout: Vec<u8>,
    /// The end of standard error.
    pub stderr: String,
}

impl ExecOutput {
    /// Whether the command ended with status 0.
    pub fn success(&self) -> bool {
        self.exit == Exit::Code(0)
    }

    /// Standard output as text, without what is not UTF-8 in it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// What is fed to a command.
pub(super) struct Feed<'a> {
    /// Sent at once.
    pub first: &'a [u8],
    /// Standard output up to this line is not the command's: the noise of login scripts.
    pub marker: Option<&'a str>,
    /// Wait for the marker, this long, before the rest is sent.
    pub hold: Option<Duration>,
    /// Sent last.
    pub rest: &'a [u8],
}

impl<'a> Feed<'a> {
    pub(super) fn plain(stdin: &'a [u8]) -> Self {
        Self {
            first: &[],
            marker: None,
            hold: None,
            rest: stdin,
        }
    }
}

/// A point in time that moves on with every byte.
struct Activity(std::sync::Mutex<Instant>);

impl Activity {
    fn touch(&self) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Instant::now();
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Process {
    /// Feeds the command and collects what it says. Dropping the future ends the command's channel or kills it.
    pub(super) async fn run(
        self,
        feed: Feed<'_>,
        limits: &ExecLimits,
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<ExecOutput, SshProblem> {
        let Self {
            input, mut output, ..
        } = self;
        let activity = Activity(std::sync::Mutex::new(Instant::now()));
        let mut deadline = Instant::now() + limits.total;
        let (open_gate, gate) = oneshot::channel();
        let mut collector = Collector::new(limits, feed.marker, open_gate, on_line);
        let writing = write_all(input, &feed, gate, &activity);
        tokio::pin!(writing);
        let (mut written, mut exit, mut over) = (false, None, false);
        while !(over || (exit.is_some() && collector.ended)) {
            let wake = deadline.min(activity.last() + limits.idle);
            tokio::select! {
                said = output.next() => {
                    activity.touch();
                    match said {
                        Said::Out(bytes) => collector.out(&bytes)?,
                        Said::Err(bytes) => collector.err(&bytes)?,
                        Said::Eof => collector.ended = true,
                        Said::Refused => return Err(SshProblem::ChannelRefused("it does not run commands".into())),
                        Said::Exit(how) => {
                            exit = Some(how);
                            deadline = deadline.min(Instant::now() + LAST_WORDS);
                        }
                        Said::Gone => over = true,
                    }
                }
                result = &mut writing, if !written => {
                    written = true;
                    result?;
                }
                () = tokio::time::sleep_until(wake.into()) => match out_of_time(deadline, &activity, limits) {
                    Some(_) if exit.is_some() => over = true,
                    Some(problem) => return Err(problem),
                    None => {}
                },
            }
        }
        let exit = exit.ok_or_else(|| SshProblem::ConnectionLost(output.farewell()))?;
        collector.finish(exit)
    }
}

fn out_of_time(deadline: Instant, activity: &Activity, limits: &ExecLimits) -> Option<SshProblem> {
    let now = Instant::now();
    if now >= deadline {
        Some(SshProblem::CommandTimedOut(limits.total))
    } else if now >= activity.last() + limits.idle {
        Some(SshProblem::CommandSilent(limits.idle))
    } else {
        None
    }
}

/// Writes everything, then end-of-file. That a command does not read its input is no failure.
async fn write_all(
    mut input: Input,
    feed: &Feed<'_>,
    gate: oneshot::Receiver<()>,
    activity: &Activity,
) -> Result<(), SshProblem> {
    if !feed.first.is_empty() && input.send(feed.first).await.is_err() {
        return Ok(());
    }
    if let Some(limit) = feed.hold {
        match tokio::time::timeout(limit, gate).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Ok(()),
            Err(_) => {
                return Err(SshProblem::SudoDenied(
                    "it asked for something more than the password".into(),
                ));
            }
        }
    }
    for chunk in feed.rest.chunks(CHUNK) {
        if input.send(chunk).await.is_err() {
            return Ok(());
        }
        activity.touch();
    }
    input.eof().await;
    Ok(())
}

/// What stands in the place of a command's result when its marker never came.
pub(super) fn no_marker(noise: &str, stderr: &str) -> SshProblem {
    let said = if stderr.trim().is_empty() { noise } else { stderr };
    SshProblem::ShellUnusable(excerpt(last_line(said)))
}

/// The last line that says something: what stands before it are greetings.
pub(super) fn last_line(text: &str) -> &str {
    text.lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}
