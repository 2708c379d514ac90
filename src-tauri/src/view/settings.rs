//! What the person has set.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Settings of this program, kept in the data folder. What an older file does not have is as in a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Words.
    pub language: Language,
    /// Height of rows.
    pub density: Density,
    /// Whether closing the window leaves the program in the tray, where there is one.
    pub close_to_tray: bool,
    /// Whether it starts with the session, in the tray.
    pub autostart: bool,
    /// Whether the system is told when a job ends while the window is not in front.
    pub notifications: bool,
    /// Between two looks at the hosts while the window is visible, in seconds; 0 for never by itself.
    pub refresh_seconds: u32,
    /// Between two polls of a host's figures while the window is visible, in seconds, 1 to 3600.
    pub poll_seconds: u32,
    /// The same while it is not, in seconds, 1 to 3600.
    pub poll_background_seconds: u32,
    /// How long a host waits for the confirmation before it goes back by itself, in seconds, 10 to 3600.
    pub rollback_after: u32,
    /// User of a new host whose form names none; empty for what SSH says.
    pub ssh_user: String,
    /// UDP port of WireGuard on a new VPS.
    pub listen_port: u16,
    /// DNS names that lead to public addresses: address -> name.
    pub dns_names: BTreeMap<String, String>,
    /// The terminal.
    pub terminal: TerminalSettings,
    /// What goes into the log.
    pub log_level: LogLevel,
    /// The same of single modules, e.g. `wirewarp_remote` -> everything.
    pub log_modules: BTreeMap<String, LogLevel>,
    /// Whether the first start's path was finished or put away.
    pub welcomed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: Language::System,
            density: Density::Normal,
            close_to_tray: true,
            autostart: false,
            notifications: true,
            refresh_seconds: 60,
            poll_seconds: 10,
            poll_background_seconds: 60,
            rollback_after: 60,
            ssh_user: String::new(),
            listen_port: 51820,
            dns_names: BTreeMap::new(),
            terminal: TerminalSettings::default(),
            log_level: LogLevel::Info,
            log_modules: BTreeMap::new(),
            welcomed: false,
        }
    }
}

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system's.
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// Words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system's.
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Height of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// As drawn.
    Normal,
    /// Lower.
    Compact,
}

/// The terminal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TerminalSettings {
    /// Pixels.
    pub font_size: u32,
    /// Lines that are kept.
    pub scrollback: u32,
    /// Name of its colours; `system` for those of the window.
    pub theme: String,
    /// Whether to ask before several lines are pasted.
    pub warn_paste: bool,
    /// Whether the mouse's selection is copied at once.
    pub copy_on_select: bool,
}

impl Default for TerminalSettings {
    fn default() -> Self {
        Self {
            font_size: 13,
            scrollback: 10_000,
            theme: "system".into(),
            warn_paste: true,
            copy_on_select: false,
        }
    }
}

/// What goes into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What a person should do something about.
    Warn,
    /// What was done.
    Info,
    /// How it was done.
    Debug,
}
