//! How hosts and tunnels stand now, as far as somebody looked.

use serde::Serialize;
use std::net::Ipv4Addr;
use ts_rs::TS;
use wirewarp_model::{ForwardId, Name, UserError};

/// In a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it was applied, and as the inventory wants it.
    Ok,
    /// The inventory wants something else than what is in force.
    ChangesWaiting,
    /// The live state is not what was applied.
    Drift,
    /// It could not be looked at; `error` says why.
    Unreachable,
}

/// A host as it was seen last in this run of the program. Also the payload of the event `status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HostLive {
    /// Its name.
    pub name: Name,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// In a word.
    pub health: Health,
    /// Why it could not be looked at.
    pub error: Option<UserError>,
    /// Its operating system, e.g. `Debian GNU/Linux 12 (bookworm)`; empty if it was never seen.
    pub system: String,
    /// The generation in force; 0 for none.
    pub generation: u64,
    /// Where its live state differs from that generation, a line each.
    pub drift: Vec<String>,
    /// Since when it runs, in seconds; none if it did not tell.
    pub uptime: Option<u64>,
    /// The tunnels that end on it, if it is a VPS.
    pub tunnels: Vec<TunnelLive>,
    /// Its forwards whose public port a program on it serves as well, if it is a VPS.
    pub conflicts: Vec<PortConflict>,
}

/// A port that is forwarded, and served by a program of the VPS: people reach the machine at home, and not that program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PortConflict {
    /// The forward.
    pub forward: ForwardId,
    /// Which port and by whom, in words.
    pub why: String,
}

/// A peer's tunnel, as its VPS sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TunnelLive {
    /// Peer.
    pub peer: Name,
    /// VPS.
    pub vps: Name,
    /// The address that its forwards use.
    #[ts(type = "string")]
    pub public_ip: Ipv4Addr,
    /// Whether it is up.
    pub up: bool,
    /// If not, why, in words.
    pub why: String,
    /// Seconds since the last handshake, at the time of the look.
    pub handshake_age: Option<u64>,
    /// `address:port` that it was last heard from.
    pub endpoint: Option<String>,
    /// Bytes received from it since its interface was made.
    pub received: u64,
    /// Bytes sent to it.
    pub sent: u64,
}
