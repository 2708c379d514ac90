//! What was changed, by whom, and how applies ended.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wirewarp_engine::OperationState;
use wirewarp_model::{OperationId, UserError};

/// Which entries; empty texts and none do not filter.
#[derive(Debug, Clone, Default, Deserialize, TS)]
pub struct ActivityFilter {
    /// Words that occur in what, who or on what.
    pub text: String,
    /// Which kind.
    pub kind: Option<ActivityKind>,
    /// Only what failed or went back.
    pub failed: bool,
    /// Not before, milliseconds since 1970 UTC.
    pub from: Option<i64>,
    /// Before, the same.
    pub until: Option<i64>,
}

/// Kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// The inventory was changed.
    Change,
    /// A plan was applied to a host.
    Operation,
}

/// Which part of a long list.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct Page {
    /// Entries before it.
    pub offset: u32,
    /// Most entries, 500 at most.
    pub limit: u32,
}

/// A part of the entries, newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ActivityPage {
    /// The entries.
    pub rows: Vec<ActivityRow>,
    /// How many the filter lets through.
    pub total: u32,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ActivityRow {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// Which kind.
    pub kind: ActivityKind,
    /// `user@machine`; for an operation, the host's name.
    pub who: String,
    /// The change it was part of, e.g. `port.add`.
    pub action: String,
    /// `added`, `changed` or `removed`, `generation 3 -> 4`.
    pub what: String,
    /// What it was done to: kind and name, e.g. `peer attic`.
    pub object: String,
    /// How an operation ended.
    pub state: Option<OperationState>,
    /// The first line of why it failed.
    pub error: Option<String>,
    /// The operation.
    pub operation: Option<OperationId>,
    /// What it was before, as JSON; of a change alone.
    pub before: Option<String>,
    /// What it became, as JSON; of a change alone.
    pub after: Option<String>,
}

/// An operation with its steps.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OperationView {
    /// Its identifier.
    pub id: OperationId,
    /// What the host was called.
    pub host: String,
    /// The change it was part of.
    pub action: String,
    /// The generation before.
    pub base: u64,
    /// The generation to be.
    pub generation: u64,
    /// How it stands.
    pub state: OperationState,
    /// Milliseconds since 1970 UTC.
    pub started_at: i64,
    /// The same; none while it runs.
    pub ended_at: Option<i64>,
    /// Why it failed, with the output.
    pub error: Option<UserError>,
    /// Its steps, in order.
    pub steps: Vec<OperationStepView>,
}

/// One step of an operation.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OperationStepView {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// The step.
    pub step: String,
    /// `started`, `ok`, `failed` or `waiting`.
    pub state: String,
    /// More about it.
    pub message: String,
    /// How long it took, milliseconds.
    pub ms: i64,
}
