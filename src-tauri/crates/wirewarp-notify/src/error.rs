//! Why a message was not taken.

use std::time::Duration;

/// A failed attempt. Its text has no secret in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NotifyError {
    message: String,
    passing: bool,
    retry_after: Option<Duration>,
}

impl NotifyError {
    /// One that may pass by itself.
    pub(crate) fn passing(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            passing: true,
            retry_after: None,
        }
    }

    /// One that stays until somebody changes the channel.
    pub(crate) fn lasting(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            passing: false,
            retry_after: None,
        }
    }

    /// The same, after which the receiver asks for this much patience.
    pub(crate) fn after(self, wait: Option<Duration>) -> Self {
        Self {
            retry_after: wait,
            ..self
        }
    }

    /// Whether another attempt can help.
    pub fn is_passing(&self) -> bool {
        self.passing
    }

    /// How long the receiver asks to wait before another attempt.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}
