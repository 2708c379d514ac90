//! The program's own log.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wirewarp_engine::{
    bundle::BundleEntry,
    logs::{Level, LogLine},
};

use super::LogLevel;

/// What is looked for in the log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct LogForm {
    /// In the message or its details; empty for all.
    pub text: String,
    /// This grave or graver.
    pub level: Option<LogLevel>,
    /// Modules whose name begins like this.
    pub module: Option<String>,
    /// Nothing older; milliseconds since 1970.
    pub since: Option<i64>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LogRow {
    /// Milliseconds since 1970.
    pub at: i64,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    #[ts(type = "\"error\" | \"warn\" | \"info\" | \"debug\" | \"trace\"")]
    pub level: Level,
    /// Of which module, e.g. `wirewarp_remote::ssh`.
    pub module: String,
    /// `command` or `window`.
    pub program: String,
    /// The process.
    pub pid: u32,
    /// What happened.
    pub message: String,
    /// With what: `name=value`.
    pub details: String,
}

impl LogRow {
    /// A line as a page shows it.
    pub(crate) fn of(line: &LogLine) -> Self {
        Self {
            at: line.at.as_millisecond(),
            level: line.level,
            module: line.module.clone(),
            program: line.program.clone(),
            pid: line.pid,
            message: line.message().to_owned(),
            details: line.details(),
        }
    }
}

/// A support bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SupportBundleView {
    /// Where it is.
    pub path: String,
    /// What is in it.
    pub entries: Vec<BundleEntryView>,
    /// Whether the kept secrets themselves were looked for, besides whatever has the shape of one.
    pub secrets_compared: bool,
}

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BundleEntryView {
    /// Its name in the bundle.
    pub name: String,
    /// Its size, bytes.
    pub bytes: u32,
}

impl From<BundleEntry> for BundleEntryView {
    fn from(entry: BundleEntry) -> Self {
        Self {
            name: entry.name,
            bytes: u32::try_from(entry.bytes).unwrap_or(u32::MAX),
        }
    }
}
