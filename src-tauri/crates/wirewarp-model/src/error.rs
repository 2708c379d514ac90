//! How a mistake is told: what is wrong, in the reader's words, and what to do next.

use serde::{Deserialize, Serialize};

/// Why a text is not what a field needs. `Display` is the whole message, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct ParseError {
    /// The field in the person's words, e.g. `public port`.
    pub field: &'static str,
    /// What is wrong and what would be right, without the field.
    pub message: String,
}

impl ParseError {
    /// An error about `field`.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
        }
    }
}

/// What crosses to the window and to `--json`. Readers match on `code` alone; the rest is for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UserError {
    /// A stable identifier, e.g. `host_key_changed`.
    pub code: String,
    /// What is wrong and why.
    pub message: String,
    /// What to do next, most useful first.
    pub hints: Vec<String>,
}

/// A short, printable excerpt of a text that somebody typed or a host sent: control characters escaped, at most 60
/// characters. Never put foreign text into a message without it.
pub fn excerpt(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown = String::new();
    for c in text.chars().take(MOST) {
        // Quotes are escaped in source code, which this is not.
        if c == '\'' || c == '"' {
            shown.push(c);
        } else {
            shown.extend(c.escape_debug());
        }
    }
    if text.chars().count() > MOST {
        shown.push('…');
    }
    shown
}
