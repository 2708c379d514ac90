//! What an answer means.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use wirewarp_model::error::{excerpt, excerpt_of};

use crate::Problem;

/// Longest text of a server in a message, in characters.
const MOST_SAID: usize = 300;

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The text beside the status; for a refused sign-in the only place that says why.
    pub reason: String,
    /// All bytes.
    pub body: Vec<u8>,
}

/// How much the one who asked is known by, for what a 401 means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedWith {
    /// An API token.
    Token,
    /// A ticket.
    Ticket,
}

/// The whole of a good answer: a few calls put something beside `data`.
#[derive(Debug, Deserialize)]
pub struct Envelope {
    /// What was asked for.
    #[serde(default)]
    pub data: Value,
    /// Of a node's network: the difference to what is in force, if anything is staged.
    #[serde(default)]
    pub changes: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: BTreeMap<String, Value>,
}

impl Answer {
    /// Whether the next attempt may go better.
    pub fn is_passing(&self) -> bool {
        matches!(self.status, 502..=504 | 595 | 596)
    }

    /// The answer to a call to `path`, or what its refusal means.
    pub fn envelope(&self, path: &str, asked_with: AskedWith) -> Result<Envelope, Problem> {
        match self.status {
            200..=299 => self.good(path),
            401 => Err(self
                .page_of_another()
                .unwrap_or_else(|| self.unauthorised(asked_with))),
            status => Err(self.refusal(status)),
        }
    }

    fn good(&self, path: &str) -> Result<Envelope, Problem> {
        if let Some(page) = self.page_of_another() {
            return Err(page);
        }
        let parsed: Result<Envelope, _> = serde_json::from_slice(&self.body);
        parsed.map_err(|error| bad(path, &error))
    }

    fn unauthorised(&self, asked_with: AskedWith) -> Problem {
        match asked_with {
            AskedWith::Token => Problem::TokenRefused(self.said()),
            AskedWith::Ticket => Problem::SessionExpired(self.said()),
        }
    }

    fn refusal(&self, status: u16) -> Problem {
        if let Some(page) = self.page_of_another() {
            return page;
        }
        let said = self.said();
        match status {
            400 => self.bad_parameters(said),
            403 => Problem::Forbidden {
                needs: needed(&said),
                said,
            },
            501 => Problem::NotOffered(said),
            595 | 596 => Problem::NodeUnreachable(said),
            500 => server_error(said),
            status => Problem::Refused { status, said },
        }
    }

    fn bad_parameters(&self, said: String) -> Problem {
        let fields: BTreeMap<String, String> = self
            .parsed()
            .errors
            .into_iter()
            .map(|(field, why)| (excerpt(&field), printable(why.as_str().unwrap_or_default())))
            .collect();
        if fields.is_empty() {
            return Problem::Refused { status: 400, said };
        }
        let hotplug = fields.iter().find_map(|(field, why)| {
            let why = why.strip_prefix("hotplug problem - ")?;
            Some((field.clone(), why.to_owned()))
        });
        match hotplug {
            Some((field, why)) => Problem::HotplugFailed { field, why },
            None => Problem::BadParameters(fields),
        }
    }

    /// What the server says about a refusal: its message, else the text of the status line.
    pub fn said(&self) -> String {
        let message = self.parsed().message;
        if message.trim().is_empty() {
            printable(&self.reason)
        } else {
            printable(&message)
        }
    }

    fn parsed(&self) -> Refusal {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// What is told where something else answers, such as a proxy with a page of its own: pveproxy says JSON or nothing,
    /// also when it refuses, so that a page says nothing about who asked.
    pub fn page_of_another(&self) -> Option<Problem> {
        let first = self.body.iter().find(|byte| !byte.is_ascii_whitespace())?;
        if *first == b'{' {
            return None;
        }
        let start = &self.body[..self.body.len().min(400)];
        Some(Problem::NotProxmox {
            status: self.status,
            said: excerpt(&String::from_utf8_lossy(start)),
        })
    }
}

/// `value` as the type that a call to `path` answers with.
pub fn typed<T: DeserializeOwned>(path: &str, value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| bad(path, &error))
}

fn bad(path: &str, error: &serde_json::Error) -> Problem {
    Problem::BadAnswer {
        path: excerpt_of(path, 120),
        why: printable(&error.to_string()),
    }
}

/// Whether a value of the server is true: it writes 1, "1" and true, and leaves out or nulls what is not.
pub fn is_true(value: &Value) -> bool {
    value.as_u64() == Some(1) || value.as_str() == Some("1") || value.as_bool() == Some(true)
}

/// Text of a server as it may stand in a message: one line, bounded, nothing that a terminal obeys.
pub fn printable(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    excerpt_of(&words.join(" "), MOST_SAID)
}

/// Path and privileges out of `Permission check failed (/nodes/pve1, Sys.Modify)`.
fn needed(said: &str) -> Option<(String, String)> {
    let inner = said
        .strip_prefix("Permission check failed (")?
        .strip_suffix(')')?;
    let (path, privileges) = inner.split_once(", ")?;
    Some((path.to_owned(), privileges.to_owned()))
}

/// Proxmox answers 500 with a text to most of what goes wrong; these are the ones that somebody acts upon. The texts are
/// those of pve-common, qemu-server, pve-container and pve-guest-common; of a command that an agent may not run, QEMU's.
fn server_error(said: String) -> Problem {
    let has = |part: &str| said.contains(part);
    if has("checksum mismatch") || has("detected modified configuration") {
        Problem::ChangedMeanwhile
    } else if has("is locked (") || has("can't lock file") {
        Problem::Locked(said)
    } else if has("Configuration file '") && has("does not exist") {
        Problem::GuestMissing
    } else if has("hostname lookup '") || has("no such cluster node") {
        Problem::NodeMissing(said)
    } else if has("guest agent is not running") || has("No QEMU guest agent configured") || is_stopped(&said)
    {
        Problem::AgentSilent(said)
    } else if has("guest-exec") && (has("has been disabled") || has("has not been found")) {
        Problem::AgentBlocks(said)
    } else if has("Permission check failed") {
        Problem::Forbidden {
            needs: needed(&said),
            said,
        }
    } else {
        Problem::Refused { status: 500, said }
    }
}

fn is_stopped(said: &str) -> bool {
    said.starts_with("VM ") && said.ends_with(" is not running")
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
