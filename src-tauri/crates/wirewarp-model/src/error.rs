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
    excerpt_of(text, 60)
}

/// The same with at most `most` characters, for a whole line.
pub fn excerpt_of(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for c in text.chars().take(most) {
        // Quotes are escaped in source code, which this is not.
        if c == '\'' || c == '"' {
            shown.push(c);
        } else {
            shown.extend(c.escape_debug());
        }
    }
    if text.chars().count() > most {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_printable_and_short_and_keeps_quotes_as_they_are() {
        assert_eq!(
            excerpt("this host's \"rules\"\u{1b}[31m"),
            "this host's \"rules\"\\u{1b}[31m"
        );
        assert_eq!(excerpt_of("abcdef", 3), "abc…");
    }
}
