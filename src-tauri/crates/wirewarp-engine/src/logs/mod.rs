//! The program's own log: JSON, one event a line, a file per program and day in `logs/` of the data folder, kept for a week.

mod begin;
mod find;
mod follow;
mod levels;
pub mod redact;
mod tail;
#[cfg(test)]
mod tests;

pub use begin::{Begun, Program, begin, forget_old};
pub use find::{LogLine, LogQuery, find};
pub use follow::Follow;
pub use levels::{Level, Levels};

use std::path::{Path, PathBuf};

/// Days that a file is kept, today's among them.
pub const DAYS_KEPT: i64 = 7;

/// Where the files are.
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("logs")
}

/// The day (UTC) of a log's file by its name, e.g. `command.2026-03-01.jsonl`; none if it is another file.
fn day(path: &Path) -> Option<jiff::civil::Date> {
    let name = path.file_name()?.to_str()?;
    let stem = name.strip_suffix(".jsonl")?;
    stem.rsplit_once('.')?.1.parse().ok()
}

/// Files of the log, oldest day first.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some((day(&entry.path())?, entry.path())))
        .collect();
    files.sort();
    files.into_iter().map(|(_, path)| path).collect()
}
