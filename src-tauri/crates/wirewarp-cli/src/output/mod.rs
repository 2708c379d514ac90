//! What is printed: text for people on standard output, JSON for programs, progress and questions on standard error.

pub mod error;
pub mod plan;
pub mod progress;
pub mod table;

use serde::Serialize;
use std::io::Write;

/// Prints to standard output. A reader that went away (`wirewarp log | head`) ends the program quietly.
pub fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Prints to standard error, where progress and questions go.
pub fn note(text: &str) {
    let mut err = anstream::stderr().lock();
    let _ = writeln!(err, "{text}");
}

/// Prints one JSON document.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Styles; `anstream` drops them where the output is no terminal or `NO_COLOR` is set.
pub mod style {
    use anstyle::{AnsiColor, Style};

    pub const GOOD: Style = AnsiColor::Green.on_default();
    pub const WARN: Style = AnsiColor::Yellow.on_default();
    pub const BAD: Style = AnsiColor::Red.on_default().bold();
    pub const DIM: Style = Style::new().dimmed();
    pub const BOLD: Style = Style::new().bold();

    /// `text` in `style`.
    pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
        format!("{style}{text}{style:#}")
    }
}
