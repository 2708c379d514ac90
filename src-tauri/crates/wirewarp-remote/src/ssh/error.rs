//! The one error of this module.

use std::error::Error;
use std::fmt;

use wirewarp_model::UserError;

use super::{hints, problem::SshProblem};

/// A failure to reach a host or to run something on it: which host, what, and the library's own error as the source.
#[derive(Debug)]
pub struct SshError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    host: String,
    problem: SshProblem,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SshError {
    /// `problem` with `host` (as a person writes it).
    pub fn new(host: impl fmt::Display, problem: SshProblem) -> Self {
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
    pub fn problem(&self) -> &SshProblem {
        &self.0.problem
    }

    /// Whether it may pass by itself, as while a host's network is being changed.
    pub fn is_passing(&self) -> bool {
        matches!(
            self.0.problem,
            SshProblem::Unreachable
                | SshProblem::Refused
                | SshProblem::TimedOut(_)
                | SshProblem::ClosedEarly
                | SshProblem::ConnectionLost(_)
                | SshProblem::CommandTimedOut(_)
                | SshProblem::CommandSilent(_)
                | SshProblem::JumpRefused { .. }
        )
    }

    /// Whether the host may be another one than it was: nothing goes on until the person has looked into it.
    pub fn is_distrust(&self) -> bool {
        matches!(
            self.0.problem,
            SshProblem::HostKeyChanged { .. } | SshProblem::HostKeyRevoked { .. }
        )
    }

    /// The stable identifier to match on.
    pub fn code(&self) -> &'static str {
        self.0.problem.code()
    }

    /// What to do next, most useful first.
    pub fn hints(&self) -> Vec<String> {
        hints::hints(&self.0.problem, &self.0.host)
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

impl fmt::Display for SshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.host, self.0.problem)
    }
}

impl Error for SshError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}
