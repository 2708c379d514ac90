//! The log: what was changed by whom, and how applies ended.

use jiff::Timestamp;
use serde::Serialize;
use wirewarp_store::{AuditEntry, Operation, OperationState, OperationStep};

use crate::{Engine, error::EngineError};

/// One line of the log.
#[derive(Debug, Clone, Serialize)]
pub struct LogEntry {
    /// When.
    pub at: Timestamp,
    /// Who: `user@machine`; for an apply, the host.
    pub who: String,
    /// What.
    pub what: String,
    /// How it ended; empty for a change of the inventory.
    pub outcome: String,
    /// The operation's identifier, if it is one.
    pub operation: Option<String>,
}

/// An operation with its steps.
#[derive(Debug, Clone, Serialize)]
pub struct OperationDetails {
    /// In a line.
    pub headline: String,
    /// The operation.
    pub operation: Operation,
    /// Its steps, in order.
    pub steps: Vec<OperationStep>,
    /// Why it failed, with the output; empty if it did not.
    pub output: String,
}

impl Engine {
    /// The newest entries, newest first.
    pub async fn log(&self, most: u32) -> Result<Vec<LogEntry>, EngineError> {
        let mut entries: Vec<LogEntry> = self.store.audit(most).await?.iter().map(change).collect();
        entries.extend(self.store.operations(most).await?.iter().map(operation));
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        entries.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(entries)
    }

    /// An operation by its identifier or the first characters of it.
    pub async fn operation(&self, id: &str) -> Result<OperationDetails, EngineError> {
        let all = self.store.operations(1_000).await?;
        let fits = |operation: &&Operation| {
            id.len() >= 4 && operation.id.to_string().starts_with(&id.to_ascii_lowercase())
        };
        let mut found = all.iter().filter(fits);
        let (Some(only), None) = (found.next(), found.next()) else {
            let known: Vec<String> = all.iter().take(5).map(short).collect();
            return Err(EngineError::not_found(
                "operation",
                id,
                known.iter().map(String::as_str),
            ));
        };
        let steps = self.store.operation_steps(only.id).await?;
        let output = only
            .error
            .as_ref()
            .map(|error| error.message.clone())
            .unwrap_or_default();
        let headline = format!("{} on {}: {}", only.action, only.host_name, outcome(only));
        Ok(OperationDetails {
            headline,
            operation: only.clone(),
            steps,
            output,
        })
    }
}

fn change(entry: &AuditEntry) -> LogEntry {
    let verb = match (&entry.before, &entry.after) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let name = if entry.name.is_empty() {
        entry.object.chars().take(8).collect()
    } else {
        entry.name.clone()
    };
    LogEntry {
        at: time(entry.at),
        who: entry.who.clone(),
        what: format!("{}: {verb} {} {name}", entry.action, entry.kind),
        outcome: String::new(),
        operation: None,
    }
}

fn operation(operation: &Operation) -> LogEntry {
    LogEntry {
        at: time(operation.started_at),
        who: operation.host_name.clone(),
        what: format!(
            "{}: generation {} -> {} ({})",
            operation.action,
            operation.base,
            operation.generation,
            short(operation)
        ),
        outcome: outcome(operation),
        operation: Some(operation.id.to_string()),
    }
}

fn outcome(operation: &Operation) -> String {
    let word = match operation.state {
        OperationState::Running => "running",
        OperationState::Waiting => "waiting for its confirmation",
        OperationState::Succeeded => "succeeded",
        OperationState::Failed => "failed",
        OperationState::RolledBack => "went back",
    };
    let first = operation
        .error
        .as_ref()
        .and_then(|error| error.message.lines().next());
    first.map_or_else(|| word.to_owned(), |line| format!("{word}: {line}"))
}

fn short(operation: &Operation) -> String {
    operation.id.to_string().chars().take(8).collect()
}

fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
