//! Running a command with a time limit and looking at what it said.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;

/// How long a command of the lab may take if nothing else is said.
pub const DEFAULT_LIMIT: Duration = Duration::from_mins(3);

/// What a command said and how it ended.
#[derive(Clone, Debug)]
pub struct Output {
    /// The command as it was run, for messages.
    pub command: String,
    /// The exit status; 124 if the time limit ended it, -1 if a signal did.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Output {
    /// Whether it ended with status 0.
    pub fn succeeded(&self) -> bool {
        self.status == 0
    }

    /// Standard output without the last newline; an error with everything that was said unless it succeeded.
    pub fn ok(&self) -> Result<&str> {
        ensure!(
            self.succeeded(),
            "`{}` ended with status {}\n{}{}",
            self.command,
            self.status,
            self.stdout,
            self.stderr
        );
        Ok(self.stdout.trim_end())
    }

    /// Standard output read as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let text = self.ok()?;
        serde_json::from_str(text).with_context(|| format!("`{}` said {text:?}", self.command))
    }
}

/// A command line, given a time limit through timeout(1).
pub fn limited(limit: Duration, words: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command
        .arg("--kill-after=5")
        .arg(format!("{}", limit.as_secs().max(1)))
        .args(words);
    command
}

/// Runs a prepared command to its end with `input` on its standard input.
pub fn run(mut command: Command, input: &[u8]) -> Result<Output> {
    let shown = show(&command);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let stdin = child.stdin.take();
    let input = input.to_vec();
    // A child that does not read its input closes the pipe; that is its affair.
    let writer = thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(&input)));
    let output = child
        .wait_with_output()
        .with_context(|| format!("cannot wait for `{shown}`"))?;
    drop(writer.join());
    Ok(Output {
        command: shown,
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs a command line on this machine; an error unless it ends with status 0.
pub fn must(words: &[&str]) -> Result<String> {
    let output = run(limited(DEFAULT_LIMIT, words), b"")?;
    Ok(output.ok()?.to_owned())
}

/// Asks again every 50 ms until there is an answer or `limit` is over.
pub fn wait_for<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    while started.elapsed() < limit {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("waited {} s in vain for {what}", limit.as_secs())
}

/// Asks a child to end and waits for it. timeout(1) passes this on to what it runs, which it does not do with a KILL.
pub fn end(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        let id = child.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        drop(child.wait());
    }
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
