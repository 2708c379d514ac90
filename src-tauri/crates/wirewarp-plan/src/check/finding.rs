//! What a check says.

use serde::{Deserialize, Serialize};
use wirewarp_model::{ForwardId, HostId, PeerId, VpsId};

/// One thing that is wrong, in the way, or good to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Finding {
    /// A stable identifier, e.g. `port_taken`.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is and what it does, in the reader's words.
    pub message: String,
    /// What to do, most useful first.
    pub hints: Vec<String>,
    /// What it is about.
    pub subject: Subject,
}

/// How bad a finding is; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is applied while it is there.
    Error,
    /// It is applied, and may not work before the person has done something.
    Warning,
    /// Good to know.
    Note,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Subject {
    /// The machine.
    Host(HostId),
    /// A VPS.
    Vps(VpsId),
    /// A peer.
    Peer(PeerId),
    /// A port forward.
    Forward(ForwardId),
}

impl Finding {
    pub(crate) fn new(code: &str, severity: Severity, subject: Subject, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            message: message.into(),
            hints: vec![],
            subject,
        }
    }

    pub(crate) fn error(code: &str, subject: Subject, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, subject, message)
    }

    pub(crate) fn warning(code: &str, subject: Subject, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, subject, message)
    }

    pub(crate) fn note(code: &str, subject: Subject, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, subject, message)
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}
