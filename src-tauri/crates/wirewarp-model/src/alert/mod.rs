//! Being told: when, how bad it is, and by which way.

mod channel;
mod rule;
mod time;

pub use channel::{AlertChannel, ChannelKind, MailSecurity};
pub use rule::{AlertRule, Condition};
pub use time::{QuietHours, Quota, Silence};

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{AlertId, AlertRuleId, HostId, ParseError, error::excerpt};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "AlertSeverity"))]
pub enum Severity {
    /// Good to know.
    Info,
    /// To be looked at soon.
    Warning,
    /// Somebody cannot play now.
    Critical,
}

impl Severity {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        [Self::Info, Self::Warning, Self::Critical]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or_else(|| {
                let why = format!("“{}” is none of info, warning and critical", excerpt(text));
                ParseError::new("severity", why)
            })
    }
}

/// How far an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum AlertState {
    /// Its condition holds, and not yet for long enough.
    Pending,
    /// Its condition holds.
    Firing,
    /// Its condition held, and does no more.
    Resolved,
}

impl AlertState {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Resolved => "resolved",
        }
    }
}

/// One time that the condition of a rule held of something. All times are seconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Alert {
    /// Its identifier.
    pub id: AlertId,
    /// Which rule.
    pub rule: AlertRuleId,
    /// What the rule was called then.
    pub rule_name: String,
    /// How bad it is.
    pub severity: Severity,
    /// `host`, `peer` or `forward`.
    pub kind: String,
    /// The identifier of what it is about.
    pub object: String,
    /// What that was called then.
    pub name: String,
    /// The machine that it was seen on.
    pub host: HostId,
    /// Why, in words.
    pub reason: String,
    /// How far it is.
    pub state: AlertState,
    /// Since when the condition holds.
    pub since: i64,
    /// Since when it does not hold any more, if it does not.
    pub clear_since: Option<i64>,
    /// When it fired.
    pub fired_at: Option<i64>,
    /// When it was over.
    pub resolved_at: Option<i64>,
    /// When somebody was told last.
    pub told_at: Option<i64>,
}
