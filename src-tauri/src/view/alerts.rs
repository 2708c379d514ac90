//! Being told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wirewarp_engine::alert::{AlertChannel, AlertRule, Silence};

/// When somebody is told, by which way, and when not.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AlertingView {
    /// Rules, oldest first.
    pub rules: Vec<AlertRule>,
    /// Channels, by name.
    pub channels: Vec<AlertChannel>,
    /// Silences that are not over, the first to end first.
    pub silences: Vec<Silence>,
    /// Hours in which only what is critical is told, e.g. `22:00-07:00`.
    pub quiet_hours: Option<String>,
}

/// Tell nothing for a while.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SilenceForm {
    /// Identifier of the rule, if it is about one.
    pub rule: Option<String>,
    /// Identifier of a machine, peer or forward, if it is about one.
    pub object: Option<String>,
    /// For how long.
    pub seconds: i64,
}

/// How much a VPS may carry in a month.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct QuotaForm {
    /// Bytes, both ways together.
    pub bytes: u64,
    /// Day on which a month begins, 1 to 28.
    pub first_day: u8,
}
