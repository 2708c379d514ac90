//! What an apply reports while it runs, and the lines in which the host says it.

use serde::{Deserialize, Serialize};
use wirewarp_model::{IfName, WgPublicKey};

use crate::path::Echo;

/// One thing that happened, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEvent {
    /// The step.
    pub step: Step,
    /// What became of it.
    pub state: StepState,
    /// More about it, for people; empty if there is nothing to say. Text of the host, one line.
    pub message: String,
    /// How long it took, in milliseconds; 0 while it runs.
    pub ms: u64,
}

/// The steps, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Installing packages (`prepare`).
    Packages,
    /// Making tunnel keys (`prepare`).
    Keys,
    /// Measuring the path of a tunnel (`prepare`).
    Path,
    /// Taking the lock, finishing what was cut short, comparing generations.
    Lock,
    /// Checking the uploaded files on the host, with its own nft.
    Check,
    /// Checking that the disk has room.
    Space,
    /// Arming the rollback.
    Arm,
    /// Writing the generation.
    Write,
    /// Switching to it.
    Switch,
    /// Loading it.
    Load,
    /// Forgetting connections that still go the old way.
    Flows,
    /// Going back.
    Rollback,
}

impl Step {
    const ALL: [(&'static str, Self); 12] = [
        ("packages", Self::Packages),
        ("keys", Self::Keys),
        ("path", Self::Path),
        ("lock", Self::Lock),
        ("check", Self::Check),
        ("space", Self::Space),
        ("arm", Self::Arm),
        ("write", Self::Write),
        ("switch", Self::Switch),
        ("load", Self::Load),
        ("flows", Self::Flows),
        ("rollback", Self::Rollback),
    ];

    pub(super) fn named(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, step)| *step)
    }

    /// As in JSON and in the host's log.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, step)| *step == self)
            .map_or("", |(name, _)| name)
    }
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// It began.
    Started,
    /// It is still running and says why.
    Waiting,
    /// It is done.
    Ok,
    /// It failed; the error that ends the apply says what follows.
    Failed,
}

/// A line of the host's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LogLine {
    Event(StepEvent),
    /// What the running step says.
    Note(String),
    /// What a failed command wrote.
    Output(String),
    Installed(String),
    Key(IfName, WgPublicKey),
    Echo(Echo),
    /// The last line: its word and the rest.
    End(String, String),
    /// Anything else; hosts may print what they like.
    Unknown,
}

impl LogLine {
    /// Total: any text is some line.
    pub(crate) fn parse(line: &str) -> Self {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "step" => parse_step(rest).map_or(Self::Unknown, Self::Event),
            "note" => Self::Note(printable(rest)),
            "|" => Self::Output(printable(rest)),
            "installed" => Self::Installed(printable(rest)),
            "key" => parse_key(rest).map_or(Self::Unknown, |(name, key)| Self::Key(name, key)),
            "echo" => Echo::parse(rest).map_or(Self::Unknown, Self::Echo),
            "end" => {
                let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                Self::End(word.to_owned(), printable(rest.trim()))
            }
            _ => Self::Unknown,
        }
    }
}

fn parse_step(rest: &str) -> Option<StepEvent> {
    let mut words = rest.splitn(4, ' ');
    let step = Step::named(words.next()?)?;
    let state = match words.next()? {
        "started" => StepState::Started,
        "ok" => StepState::Ok,
        "failed" => StepState::Failed,
        _ => return None,
    };
    let ms = words.next().and_then(|ms| ms.parse().ok()).unwrap_or(0);
    let message = words.next().unwrap_or("").trim();
    Some(StepEvent {
        step,
        state,
        ms,
        message: printable(message.strip_prefix("note: ").unwrap_or(message)),
    })
}

fn parse_key(rest: &str) -> Option<(IfName, WgPublicKey)> {
    let (name, key) = rest.split_once(' ')?;
    Some((name.parse().ok()?, key.parse().ok()?))
}

/// One line of a host's text without control characters (a terminal would obey them), at most 400 characters.
fn printable(text: &str) -> String {
    let plain = |c: char| {
        if c.is_control() && c != '\t' {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().map(plain).take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_step_line_becomes_an_event() {
        let LogLine::Event(event) = LogLine::parse("step load ok 41 note: 3 ports with older connections")
        else {
            panic!("no event")
        };
        assert_eq!(
            (event.step, event.state, event.ms),
            (Step::Load, StepState::Ok, 41)
        );
        assert_eq!(event.message, "3 ports with older connections");
        let json = serde_json::to_string(&event).unwrap();
        assert!(json.starts_with(r#"{"step":"load","state":"ok""#), "{json}");
    }

    #[test]
    fn escape_sequences_of_a_host_do_not_reach_the_terminal() {
        let line = LogLine::parse("| \u{1b}[2Jgone");
        assert_eq!(line, LogLine::Output("\u{fffd}[2Jgone".into()));
    }

    proptest! {
        #[test]
        fn any_line_is_some_line(line in ".{0,200}") {
            let _ = LogLine::parse(&line);
            let _ = LogLine::parse(&format!("step {line}"));
            let _ = LogLine::parse(&format!("key {line}"));
        }
    }
}
