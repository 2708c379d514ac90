//! Polling a host: its gauges and counters in one light exec, and their parser.
//!
//! Everything that comes back is untrusted. Parsing is total: garbage gives an error that names the line.

mod parse;
#[cfg(test)]
mod tests;

use std::time::Duration;
use wirewarp_model::{UserError, error::excerpt, polled::Polled};

use crate::{
    observe::new_mark,
    session::{RunError, ScriptLimits, ScriptRunner},
};

const POLL: &str = include_str!("poll.sh");

/// Longest that a poll may take; one that is slower comes too late for the next.
const LIMITS: ScriptLimits = ScriptLimits {
    time: Duration::from_secs(20),
    stdout: 4 << 20,
};

/// The daily part simulates an upgrade, which takes seconds on a small host.
const DAILY_LIMITS: ScriptLimits = ScriptLimits {
    time: Duration::from_secs(90),
    ..LIMITS
};

/// Polls the host, in one exec. It changes nothing there. `daily` asks for what changes slowly as well.
pub async fn poll(runner: &dyn ScriptRunner, daily: bool) -> Result<Polled, PollError> {
    let mark = new_mark();
    let (limits, word) = if daily {
        (DAILY_LIMITS, " daily")
    } else {
        (LIMITS, "")
    };
    let script = format!("{POLL}\npoll {mark}{word}\n");
    let mut text = String::new();
    let mut take = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    runner.run_script(&script, &limits, &mut take).await?;
    parse(&mark, &text)
}

/// Parses what the poll printed for `mark`. Unknown lines are left out, so that an older program understands a newer poll.
pub fn parse(mark: &str, text: &str) -> Result<Polled, PollError> {
    parse::parse(mark, text)
}

/// Entry for fuzzing: `data` as the answer of a host, behind a mark that it knows.
pub fn fuzz_parse(data: &[u8]) {
    let text = format!("ww-fuzz begin\n{}\nww-fuzz end\n", String::from_utf8_lossy(data));
    let _ = parse("ww-fuzz", &text);
}

/// Why a poll told nothing usable. Display is the whole message.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// It did not run to its end.
    #[error("the host could not be asked for its figures: {0}")]
    Run(#[from] RunError),
    /// It answered only in part.
    #[error("the host's figures broke off")]
    BrokeOff,
    /// A line makes no sense.
    #[error("the host's figures cannot be used: “{0}”")]
    Line(String),
    /// What every host has is not there.
    #[error("the host's figures lack “{0}”")]
    Lacks(&'static str),
}

impl PollError {
    pub(self) fn line(line: &str) -> Self {
        Self::Line(excerpt(line))
    }

    /// What crosses to the window and to `--json`.
    pub fn user(&self) -> UserError {
        let (code, hint) = match self {
            Self::Run(_) | Self::BrokeOff => ("host_lost", "The next poll follows by itself."),
            Self::Line(_) | Self::Lacks(_) => (
                "poll_unusable",
                "Log in to the host and see whether /proc can be read and “wg show all dump” works.",
            ),
        };
        UserError {
            code: code.to_owned(),
            message: self.to_string(),
            hints: vec![hint.to_owned()],
        }
    }
}
