//! The one error of this crate.

use std::{error::Error, fmt};

use wirewarp_model::UserError;

use crate::{Problem, hints};

/// A failed call: which host, what, and the library's own error as the source.
#[derive(Debug)]
pub struct ProxmoxError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    host: String,
    problem: Problem,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl ProxmoxError {
    /// `problem` with `host` (as a person writes it).
    pub fn new(host: impl fmt::Display, problem: Problem) -> Self {
        Self(Box::new(Inner {
            host: host.to_string(),
            problem,
            source: None,
        }))
    }

    /// The same with what caused it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The host, as a person writes it.
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// What went wrong.
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// Whether asking the same again soon may succeed: the host restarts, or a node cannot reach another for a moment.
    #[expect(clippy::wildcard_enum_match_arm, reason = "everything else is there to stay")]
    pub fn is_passing(&self) -> bool {
        match self.problem() {
            Problem::Unreachable(_)
            | Problem::TimedOut { .. }
            | Problem::Truncated { .. }
            | Problem::NodeUnreachable(_) => true,
            Problem::Refused { status, .. } | Problem::NotProxmox { status, .. } => {
                matches!(status, 502..=504)
            }
            _ => false,
        }
    }

    /// Whether a change that failed so may have been made all the same.
    pub fn is_in_doubt(&self) -> bool {
        matches!(
            self.problem(),
            Problem::TimedOut { changing: true, .. } | Problem::Truncated { changing: true }
        )
    }

    /// Whether the host may be another one than it was: nothing goes on until the person has looked into it.
    pub fn is_distrust(&self) -> bool {
        matches!(self.problem(), Problem::CertificateChanged { .. })
    }

    /// The stable identifier to match on.
    pub fn code(&self) -> &'static str {
        self.problem().code()
    }

    /// What to do next, most useful first.
    pub fn hints(&self) -> Vec<String> {
        hints::hints(self.problem(), self.host())
    }

    /// Code, message and hints, as they cross to the window and to `--json`.
    pub fn to_user_error(&self) -> UserError {
        UserError {
            code: self.code().to_owned(),
            message: self.to_string(),
            hints: self.hints(),
        }
    }
}

impl fmt::Display for ProxmoxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.host, self.0.problem)
    }
}

impl Error for ProxmoxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}
