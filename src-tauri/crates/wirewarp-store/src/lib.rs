//! The inventory on disk: one SQLite file, one file of code per table; secrets beside it, never in it.

mod activity;
mod alerting;
mod applied;
mod attachments;
mod audit;
mod error;
mod forwards;
pub mod history;
mod host_keys;
mod hosts;
mod names;
mod object;
mod open;
mod operation_files;
mod operations;
mod peers;
mod plans;
mod proxmoxes;
mod row;
mod save;
pub mod secrets;
mod session;
mod templates;
mod vpses;

pub use activity::{Activity, ActivityFilter, ActivityKind};
pub use alerting::Alerting;
pub use applied::Applied;
pub use audit::{AuditEntry, Stamp};
pub use error::StoreError;
pub use host_keys::KnownHostKey;
pub use operations::{NewOperation, Operation, OperationState, OperationStep};

use sqlx::SqlitePool;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc::UnboundedSender;

/// An open inventory. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
    steps: UnboundedSender<operations::Note>,
    reading: Arc<Mutex<Option<save::Reading>>>,
    /// Behind the connections: they are closed before it ends.
    session: Arc<session::Session>,
}

/// Milliseconds since 1970 UTC.
fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests;
