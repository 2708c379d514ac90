//! Figures over time.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;
use wirewarp_model::figures::Column;

/// Something that figures are kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
pub struct SeriesRef {
    /// What it is.
    pub kind: SeriesKind,
    /// Its identifier.
    #[ts(type = "string")]
    pub id: Uuid,
}

/// What figures are kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SeriesKind {
    /// A machine.
    Host,
    /// A peer's tunnel.
    Peer,
    /// How well a peer's tunnel carries.
    Tunnel,
    /// A port forward.
    Forward,
    /// A public address.
    PublicIp,
}

/// A stretch of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
pub struct StretchForm {
    /// Seconds since 1970 UTC.
    pub from: i64,
    /// Seconds since 1970 UTC, not part of it.
    pub to: i64,
    /// Seconds of a point; none for as finely as it is kept and can be shown.
    pub step: Option<i64>,
}

/// The figures of a stretch of the past. The lists of a column have a value for each entry of `at`.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PastView {
    /// Seconds of a point.
    pub step: i64,
    /// Beginnings of the points, seconds since 1970 UTC, in order. Where nothing was measured there is none.
    pub at: Vec<i64>,
    /// What is measured.
    pub columns: Vec<ColumnView>,
    /// Beginnings of the steps in which the host was polled: one that is not there is a gap; where one is there and `at`
    /// has none, nothing happened.
    pub polled: Vec<i64>,
    /// When it became how, what held at the beginning first.
    pub states: Vec<StateView>,
}

/// A column of the figures.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ColumnView {
    /// Which.
    pub column: Column,
    /// Of bytes the mean rate per second, of a state its mean value.
    pub mean: Vec<f64>,
    /// The highest rate or value within each point.
    pub peak: Vec<u64>,
    /// Of bytes all of them, else 0.
    pub sum: u64,
    /// Of bytes the rate that is not exceeded for 95 in 100 of the time; none if nobody polled.
    pub p95: Option<f64>,
}

/// How something became.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct StateView {
    /// Seconds since 1970 UTC.
    pub at: i64,
    /// One word, e.g. `connected`.
    pub state: String,
    /// Why, in words.
    pub reason: String,
}

/// How figures are collected.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Collecting {
    /// Whether this program writes the history; else another one does, or none.
    pub recording: bool,
    /// Seconds between two polls of a host.
    pub interval: u64,
    /// Bytes that the history takes on disk.
    pub history_bytes: u64,
}
