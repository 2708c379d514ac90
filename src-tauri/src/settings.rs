//! The settings' file.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{
    errors::{Answered, bad_input, error},
    view::Settings,
};
use wirewarp_model::error::excerpt;

/// Settings, in memory and in `settings.json` of the data folder.
pub(crate) struct SettingsFile {
    path: PathBuf,
    now: Mutex<Settings>,
}

impl SettingsFile {
    /// Reads the file. One that is missing or cannot be read gives the settings of a new one; it is kept aside then.
    pub(crate) fn open(data_dir: &Path) -> Self {
        let path = data_dir.join("settings.json");
        let now = Mutex::new(read(&path));
        Self { path, now }
    }

    /// The settings.
    pub(crate) fn get(&self) -> Settings {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts others in their place, once they are on disk.
    pub(crate) fn set(&self, settings: Settings) -> Answered<()> {
        check(&settings)?;
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        write(&self.path, &settings).map_err(|why| {
            let message = format!(
                "The settings could not be written to {}: {why}",
                self.path.display()
            );
            error(
                "file",
                message,
                &["Is the disk full, or the folder somebody else's?"],
            )
        })?;
        *now = settings;
        Ok(())
    }
}

fn read(path: &Path) -> Settings {
    let Ok(text) = std::fs::read_to_string(path) else {
        return Settings::default();
    };
    serde_json::from_str(&text).unwrap_or_else(|why| {
        tracing::warn!(path = %path.display(), %why, "the settings cannot be read; a copy is kept and new ones begun");
        // Without the copy nothing is lost but settings.
        let _ = std::fs::copy(path, path.with_extension("unreadable.json"));
        Settings::default()
    })
}

/// Whole or not at all: a file beside it takes its place.
fn write(path: &Path, settings: &Settings) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(serde_json::to_string_pretty(settings)?.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn check(settings: &Settings) -> Answered<()> {
    if !(10..=3600).contains(&settings.rollback_after) {
        return Err(bad_input("rollback_after", "it must be 10 to 3600 seconds"));
    }
    if settings.listen_port == 0 {
        return Err(bad_input("listen_port", "ports are 1 to 65535"));
    }
    if settings.refresh_seconds != 0 && settings.refresh_seconds < 10 {
        return Err(bad_input(
            "refresh_seconds",
            "it must be 10 seconds or more, or 0 for never",
        ));
    }
    for (field, seconds) in [
        ("poll_seconds", settings.poll_seconds),
        ("poll_background_seconds", settings.poll_background_seconds),
    ] {
        if !(1..=3600).contains(&seconds) {
            return Err(bad_input(field, "it must be 1 to 3600 seconds"));
        }
    }
    let letter =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_:".contains(letter);
    let is_module = |name: &String| name.starts_with("wirewarp") && name.chars().all(letter);
    if let Some(wrong) = settings.log_modules.keys().find(|name| !is_module(name)) {
        return Err(bad_input(
            "log_modules",
            format!("“{}” is no module such as wirewarp_remote", excerpt(wrong)),
        ));
    }
    for (address, name) in &settings.dns_names {
        if address.parse::<std::net::Ipv4Addr>().is_err() || !is_dns_name(name) {
            return Err(bad_input(
                "dns_names",
                format!("“{name}” is not a DNS name such as play.example.org"),
            ));
        }
    }
    Ok(())
}

/// Letters, digits and hyphens in parts of at most 63, 253 in all (RFC 1035, section 2.3.1).
pub(crate) fn is_dns_name(name: &str) -> bool {
    let part = |part: &str| {
        (1..=63).contains(&part.len())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(part)
}
