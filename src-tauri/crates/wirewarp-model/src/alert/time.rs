//! When not to be told, and how much a VPS may carry.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

use crate::{AlertRuleId, Label, ParseError, SilenceId, VpsId, error::excerpt};

/// A time of not being told. What fires meanwhile is shown, and told when it still holds afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Silence {
    /// Its identifier.
    pub id: SilenceId,
    /// Of which rule alone.
    pub rule: Option<AlertRuleId>,
    /// Of which machine, peer or forward alone.
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub object: Option<Uuid>,
    /// Until when, seconds since 1970 UTC.
    pub until: i64,
    /// Why, in the person's words.
    #[cfg_attr(feature = "ts", ts(as = "String"))]
    pub why: Label,
}

impl Silence {
    /// Whether it keeps an alert of this rule about this object quiet at `now`.
    pub fn covers(&self, rule: AlertRuleId, object: &str, now: i64) -> bool {
        now < self.until
            && self.rule.is_none_or(|only| only == rule)
            && self.object.is_none_or(|only| only.to_string() == object)
    }
}

/// Hours of the day, by the clock of this computer, in which only what is critical is told. Written `22:00-07:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(as = "String"))]
pub struct QuietHours {
    /// Minutes since midnight.
    from: u16,
    /// Minutes since midnight; before `from` if it is the next day.
    to: u16,
}

impl QuietHours {
    /// Whether a minute of the day (since midnight) lies within.
    pub fn contains(self, minute: u16) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

impl FromStr for QuietHours {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = || {
            let why = format!("“{}” is no such time; write it like 22:00-07:00", excerpt(text));
            ParseError::new("quiet hours", why)
        };
        let minute = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let number = |text: &str, most: u16| {
                let digits = (1..=2).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
                text.parse::<u16>().ok().filter(|value| digits && *value < most)
            };
            Some(number(hour, 24)? * 60 + number(minute, 60)?)
        };
        let (from, to) = text.split_once('-').ok_or_else(refuse)?;
        let (from, to) = minute(from).zip(minute(to)).ok_or_else(refuse)?;
        if from == to {
            return Err(refuse());
        }
        Ok(Self { from, to })
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    }
}

crate::text::serde_as_text!(QuietHours);

/// How much a VPS may carry in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Quota {
    /// Of which.
    pub vps: VpsId,
    /// Bytes a month, received and sent together.
    pub bytes: u64,
    /// Day of the month on which it begins anew, 1 to 28.
    pub first_day: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight() {
        let night: QuietHours = "22:00-07:30".parse().unwrap();
        assert_eq!(night.to_string(), "22:00-07:30");
        assert!(night.contains(22 * 60) && night.contains(0) && night.contains(7 * 60 + 29));
        assert!(!night.contains(7 * 60 + 30) && !night.contains(21 * 60 + 59));
        let noon: QuietHours = "12:00-13:00".parse().unwrap();
        assert!(noon.contains(12 * 60) && !noon.contains(13 * 60));
        for bad in [
            "",
            "22:00",
            "24:00-07:00",
            "22-07",
            "7:60-8:00",
            "08:00-08:00",
            "+1:00-2:00",
        ] {
            assert_eq!(
                bad.parse::<QuietHours>().unwrap_err().field,
                "quiet hours",
                "{bad}"
            );
        }
    }
}
