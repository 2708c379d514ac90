//! The log: a file in the data folder, and standard error.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
};
use tracing_subscriber::{
    EnvFilter, Registry, fmt,
    layer::SubscriberExt as _,
    reload::{self, Handle},
    util::SubscriberInitExt as _,
};

use crate::view::LogLevel;

/// A longer file is put aside when the program starts, in bytes.
const MOST_BYTES: u64 = 5 * 1024 * 1024;

static FILTER: OnceLock<Handle<EnvFilter, Registry>> = OnceLock::new();

/// Where the log is.
pub fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("desktop.log")
}

/// Begins to log. Done once; without a file, to standard error alone. `WIREWARP_LOG` goes before `level`.
pub fn begin(data_dir: &Path, level: LogLevel) {
    let wanted = EnvFilter::try_from_env("WIREWARP_LOG").unwrap_or_else(|_| filter(level));
    let (filter, handle) = reload::Layer::new(wanted);
    let to_file = open(&file(data_dir)).ok().map(|file| {
        fmt::layer()
            .with_ansi(false)
            .with_target(false)
            .with_writer(Mutex::new(file))
    });
    let to_stderr = fmt::layer().with_target(false).with_writer(std::io::stderr);
    let begun = tracing_subscriber::registry()
        .with(filter)
        .with(to_file)
        .with(to_stderr)
        .try_init();
    if begun.is_ok() {
        let _ = FILTER.set(handle);
    }
}

/// Logs more or less from now on.
pub fn set_level(level: LogLevel) {
    if let Some(handle) = FILTER.get()
        && let Err(error) = handle.reload(filter(level))
    {
        tracing::warn!(%error, "the level of the log stays as it was");
    }
}

fn filter(level: LogLevel) -> EnvFilter {
    EnvFilter::new(match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "wirewarp=info,warn",
        LogLevel::Debug => "wirewarp=debug,info",
    })
}

/// Opens the file for its owner alone, at its end.
fn open(path: &Path) -> std::io::Result<File> {
    if path.metadata().is_ok_and(|file| file.len() > MOST_BYTES) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
