//! What happens while it happens: one way, from the engine to whoever looks.

use serde::Serialize;

/// Takes progress. Called from several tasks at once; must not block.
pub trait Progress: Send + Sync {
    /// Something happened.
    fn report(&self, event: Event);
}

/// Takes nothing.
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _: Event) {}
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// A step on a host began, ended or failed.
    Step {
        /// The host's name.
        host: String,
        /// What is done, in words.
        step: String,
        /// How it stands.
        state: StepState,
        /// Output of a failed step, or a remark; may be empty.
        message: String,
        /// How long it took, milliseconds; none while it runs.
        ms: Option<u64>,
    },
    /// Something worth a line, e.g. that a package manager's lock is waited for.
    Message {
        /// The host's name.
        host: String,
        /// The line.
        text: String,
    },
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// It began.
    Started,
    /// It is done.
    Done,
    /// It failed.
    Failed,
}
