//! Shells on hosts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wirewarp_model::UserError;

use super::TerminalId;

/// Size of a terminal in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
pub struct TerminalSize {
    /// Columns, at least 1.
    pub cols: u32,
    /// Rows, at least 1.
    pub rows: u32,
}

/// Payload of the event `terminal`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TerminalEvent {
    /// The terminal.
    pub id: TerminalId,
    /// What happened.
    pub news: TerminalNews,
}

/// What happened to a terminal. Its output comes by the channel that it was opened with.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "news")]
pub enum TerminalNews {
    /// It ended; all of its output is in the channel already.
    Ended {
        /// How.
        end: TerminalEnd,
    },
}

/// How a terminal ended.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum TerminalEnd {
    /// The shell ended with this status.
    Exit {
        /// Status.
        code: u32,
    },
    /// The shell was killed.
    Signal {
        /// The signal's name, e.g. `KILL`.
        signal: String,
    },
    /// The connection was lost.
    Lost {
        /// Why.
        error: UserError,
    },
    /// `terminal_close` was called.
    Closed,
}
