//! The log: files in the data folder, and standard error.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};
use wirewarp_engine::logs::{self, Begun, Level, Levels, Program};

use crate::view::{LogLevel, Settings};

static BEGUN: OnceLock<Begun> = OnceLock::new();

/// Where the log's files are.
pub fn folder(data_dir: &Path) -> PathBuf {
    logs::folder(data_dir)
}

/// Begins to log. Done once; without a folder, to standard error alone. `WIREWARP_LOG` goes before the settings.
pub fn begin(data_dir: &Path, settings: &Settings) {
    let set = std::env::var("WIREWARP_LOG")
        .ok()
        .map(|text| text.parse::<Levels>());
    let wanted = match &set {
        Some(Ok(levels)) => levels.clone(),
        _ => levels(settings),
    };
    let Some(begun) = logs::begin(data_dir, Program::Window, &wanted, &wanted) else {
        return;
    };
    if let Some(error) = &begun.no_file {
        tracing::warn!(%error, "the log has no file");
    }
    if let Some(Err(error)) = set {
        tracing::warn!(%error, "WIREWARP_LOG is not heeded");
    }
    let _ = BEGUN.set(begun);
}

/// Logs more or less from now on.
pub fn set_levels(settings: &Settings) {
    if let Some(begun) = BEGUN.get() {
        begun.set(&levels(settings));
    }
}

fn levels(settings: &Settings) -> Levels {
    let each = settings.log_modules.iter();
    each.filter_map(|(module, level)| levels_of(module, *level))
        .fold(general(settings.log_level), |all, one| all.with_modules(&one))
}

fn levels_of(module: &str, level: LogLevel) -> Option<Levels> {
    format!("{module}={}", word(level)).parse().ok()
}

fn word(level: LogLevel) -> Level {
    match level {
        LogLevel::Error => Level::Error,
        LogLevel::Warn => Level::Warn,
        LogLevel::Info => Level::Info,
        LogLevel::Debug => Level::Debug,
    }
}

fn general(level: LogLevel) -> Levels {
    match level {
        LogLevel::Error => Levels::new(Level::Error, Level::Error),
        LogLevel::Warn => Levels::new(Level::Warn, Level::Warn),
        LogLevel::Info => Levels::new(Level::Info, Level::Warn),
        LogLevel::Debug => Levels::new(Level::Debug, Level::Info),
    }
}
