//! The command while it runs.

use std::io::Read;
use std::process::{Child, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::process::{must, wait_for};
use wirewarp_tests::wirewarp::Operator;

/// A `wirewarp` that has been started. It is killed when this is dropped.
pub struct Program {
    child: Child,
    said: Vec<JoinHandle<String>>,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit status; none if a signal ended it.
    pub status: Option<i32>,
    /// Standard output and standard error.
    pub said: String,
}

impl Ended {
    /// An error unless it ended with status 1 and said all of these words.
    pub fn failed(&self, says: &[&str]) -> Result<()> {
        let lacking = says.iter().find(|word| !self.said.contains(**word));
        ensure!(
            self.status == Some(1) && lacking.is_none(),
            "not failed, or without {lacking:?}: {self:?}"
        );
        Ok(())
    }
}

impl Program {
    /// Starts it.
    pub fn start(me: &Operator, words: &[&str]) -> Result<Self> {
        let mut command = me.command(words);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().context("cannot start wirewarp")?;
        let said = [child.stdout.take().map(reader), child.stderr.take().map(reader)];
        Ok(Self {
            child,
            said: said.into_iter().flatten().collect(),
        })
    }

    /// Ends it as `kill -9` does.
    pub fn kill(&mut self) -> Result<Ended> {
        self.kill_group()?;
        self.end(Duration::from_secs(5))
    }

    /// Waits for its end.
    pub fn end(&mut self, limit: Duration) -> Result<Ended> {
        let child = &mut self.child;
        let status = wait_for("the end of wirewarp", limit, || Ok(child.try_wait()?))?;
        let said = self
            .said
            .drain(..)
            .map(|reader| reader.join().unwrap_or_default());
        Ok(Ended {
            status: status.code(),
            said: said.collect(),
        })
    }

    /// timeout(1), which runs it, makes a process group of its own for both.
    fn kill_group(&self) -> Result<()> {
        must(&["kill", "-KILL", "--", &format!("-{}", self.child.id())]).map(drop)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            drop(self.kill_group());
            drop(self.child.wait());
        }
    }
}

fn reader(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was said before the end is enough.
        drop(from.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
