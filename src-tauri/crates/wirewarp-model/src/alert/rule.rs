//! When to be told.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Severity;
use crate::{AlertChannelId, AlertRuleId, Label, ParseError};

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Condition {
    /// A peer that was connected has no handshake any more.
    PeerDisconnected,
    /// A machine does not answer over SSH.
    HostOffline,
    /// A peer carries more than this, both ways together, in Mbit/s.
    Bandwidth {
        /// Mbit/s.
        above: u32,
    },
    /// The month's traffic of a VPS is more than this much of what its owner may use.
    Quota {
        /// Percent of the quota.
        percent: u8,
    },
    /// The disk of a machine is fuller than this.
    Disk {
        /// Percent of its size.
        percent: u8,
    },
    /// The memory of a machine is fuller than this.
    Memory {
        /// Percent of its size.
        percent: u8,
    },
    /// The processors of a machine are busier than this.
    Cpu {
        /// Percent of all of them.
        percent: u8,
    },
    /// Nobody answers at home behind a forward.
    ForwardFailing,
    /// Something on a VPS is not as WireWarp left it.
    Drift,
    /// A machine shows another host key, or does not let WireWarp in any more; or its Proxmox host another certificate.
    KeyChanged,
    /// A machine has security updates waiting, or asks for a restart.
    UpdatesWaiting,
}

impl Condition {
    /// As the command and files name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PeerDisconnected => "peer-disconnected",
            Self::HostOffline => "host-offline",
            Self::Bandwidth { .. } => "bandwidth",
            Self::Quota { .. } => "quota",
            Self::Disk { .. } => "disk",
            Self::Memory { .. } => "memory",
            Self::Cpu { .. } => "cpu",
            Self::ForwardFailing => "forward-failing",
            Self::Drift => "drift",
            Self::KeyChanged => "key-changed",
            Self::UpdatesWaiting => "updates-waiting",
        }
    }

    /// Whether it is told by asking a host more than its figures.
    pub fn needs_check(self) -> bool {
        matches!(self, Self::ForwardFailing | Self::Drift)
    }

    /// Refuses a limit that makes no sense.
    pub fn checked(self) -> Result<Self, ParseError> {
        match self {
            Self::Bandwidth { above: 0 } => Err(ParseError::new(
                "limit",
                "more than 0 Mbit/s is always so; say from how many Mbit/s on",
            )),
            Self::Quota { percent } if !(1..=200).contains(&percent) => {
                Err(ParseError::new("limit", "a quota's limit is 1 to 200 percent"))
            }
            Self::Disk { percent } | Self::Memory { percent } | Self::Cpu { percent }
                if !(1..=99).contains(&percent) =>
            {
                Err(ParseError::new("limit", "this limit is 1 to 99 percent"))
            }
            Self::PeerDisconnected
            | Self::HostOffline
            | Self::Bandwidth { .. }
            | Self::Quota { .. }
            | Self::Disk { .. }
            | Self::Memory { .. }
            | Self::Cpu { .. }
            | Self::ForwardFailing
            | Self::Drift
            | Self::KeyChanged
            | Self::UpdatesWaiting => Ok(self),
        }
    }
}

/// A rule of when to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AlertRule {
    /// Its identifier.
    pub id: AlertRuleId,
    /// What it is called; not empty.
    #[cfg_attr(feature = "ts", ts(as = "String"))]
    pub name: Label,
    /// What must hold.
    pub condition: Condition,
    /// Of which machines, peers or forwards alone; of all if it is empty.
    #[cfg_attr(feature = "ts", ts(as = "Vec<String>"))]
    pub only: Vec<Uuid>,
    /// For how long it must hold, in seconds.
    pub for_seconds: u32,
    /// How bad it is.
    pub severity: Severity,
    /// How often to remind while it holds, in minutes; 0 for never.
    pub remind_minutes: u32,
    /// Which channels alone; all if it is empty.
    pub channels: Vec<AlertChannelId>,
    /// Whether it is in use.
    pub enabled: bool,
}

impl AlertRule {
    /// Longest time that a condition can be asked to hold, in seconds: a week.
    pub const LONGEST: u32 = 7 * 86_400;

    /// The rule, if it makes sense.
    pub fn checked(self) -> Result<Self, ParseError> {
        if self.name.as_str().is_empty() {
            return Err(ParseError::new(
                "name",
                "it is empty; say what the rule is for, such as “Disk is full”",
            ));
        }
        if self.for_seconds > Self::LONGEST {
            return Err(ParseError::new("duration", "it is longer than a week"));
        }
        if self.remind_minutes > 0 && !(5..=43_200).contains(&self.remind_minutes) {
            return Err(ParseError::new(
                "reminder",
                "it can be every 5 minutes to every 30 days",
            ));
        }
        let condition = self.condition.checked()?;
        Ok(Self { condition, ..self })
    }

    /// Whether it is about this object.
    pub fn covers(&self, object: Uuid) -> bool {
        self.only.is_empty() || self.only.contains(&object)
    }
}
