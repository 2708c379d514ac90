//! Beginning to log: to files, and to standard error.

use serde_json::Value;
use std::{
    io::{self, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{
    Layer as _, Registry,
    filter::Targets,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    reload::{self, Handle},
    util::SubscriberInitExt as _,
};

use super::{DAYS_KEPT, Levels, day, files, folder, redact::redact_json};

/// Which program logs; its files are named after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The command.
    Command,
    /// The window.
    Window,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Window => "window",
        }
    }
}

/// A log that has begun, to change what goes into it.
pub struct Begun {
    file: Handle<Targets, Registry>,
    /// Why there is no file.
    pub no_file: Option<io::Error>,
}

impl Begun {
    /// Logs more or less into the file from now on.
    pub fn set(&self, levels: &Levels) {
        if let Err(error) = self.file.reload(levels.filter()) {
            tracing::warn!(%error, "the levels of the log stay as they were");
        }
    }
}

/// Begins to log for this process: `to_file` into the data folder, `to_stderr` for people. None if it was done before. A
/// folder that cannot be written to leaves standard error alone: no command fails for want of a log.
pub fn begin(data_dir: &Path, program: Program, to_file: &Levels, to_stderr: &Levels) -> Option<Begun> {
    let (filter, handle) = reload::Layer::new(to_file.filter());
    let (file, no_file) = match open(&folder(data_dir), program) {
        Ok(file) => (Some(file), None),
        Err(error) => (None, Some(error)),
    };
    let file = file.map(|writer| fmt::layer().json().with_writer(writer).with_filter(filter));
    let stderr = fmt::layer()
        .with_target(false)
        .with_writer(io::stderr)
        .with_filter(to_stderr.filter());
    let begun = tracing_subscriber::registry().with(file).with(stderr).try_init();
    begun.ok().map(|()| Begun {
        file: handle,
        no_file,
    })
}

/// Opens today's file in `folder`, which is made for its owner alone, and takes away those that are too old.
pub(super) fn open(folder: &Path, program: Program) -> io::Result<Lines> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    forget_old(folder, jiff::Timestamp::now());
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(program.name())
        .filename_suffix("jsonl")
        // For a program that runs for weeks; the one above is for those that seldom do.
        .max_log_files(7)
        .build(folder)
        .map_err(io::Error::other)?;
    Ok(Lines {
        appender: Mutex::new(appender),
        program,
    })
}

/// Takes away the files of days that are no longer kept.
pub fn forget_old(folder: &Path, now: jiff::Timestamp) {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    for path in files(folder) {
        let old = day(&path).is_some_and(|day| (today - day).get_days() >= days_kept());
        if old {
            // Another program may have been first.
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn days_kept() -> i32 {
    i32::try_from(DAYS_KEPT).unwrap_or(i32::MAX)
}

/// Where the lines of this process go. Each is one write at the end of the file, so that two programs on one file leave
/// each other's lines whole (`O_APPEND`, open(2)).
pub(super) struct Lines {
    appender: Mutex<RollingFileAppender>,
    program: Program,
}

/// One event, kept together until it is whole.
pub(super) struct Line<'a> {
    lines: &'a Lines,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        let (lines, text) = (self, Vec::new());
        Line { lines, text }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let Ok(mut event) = serde_json::from_slice::<Value>(&self.text) else {
            return;
        };
        redact_json(&mut event);
        let lines = self.lines;
        event["program"] = lines.program.name().into();
        event["pid"] = std::process::id().into();
        let line = format!("{event}\n");
        let mut appender = lines.appender.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not end what is being logged.
        let _ = appender.write_all(line.as_bytes());
    }
}
