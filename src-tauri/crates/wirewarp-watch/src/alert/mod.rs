//! When somebody is told: what is seen, second by second, becomes alerts.

mod message;
#[cfg(test)]
mod tests;

pub use message::{Line, Message, text};

use wirewarp_model::{
    AlertId, HostId,
    alert::{Alert, AlertRule, AlertState},
    figures::Series,
};

use crate::span;

/// Longest time that a condition must be gone before its alert is over, in seconds.
const LONGEST_CLEAR: i64 = 60;

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Nobody knows, or it is a little below its limit: what was so stays so.
    Unclear,
}

impl Holds {
    /// Whether `value` is at its limit. It is so until it has fallen a twentieth below.
    pub fn at_least(value: u64, limit: u64) -> Self {
        if value >= limit {
            Self::Yes
        } else if value.saturating_mul(20) >= limit.saturating_mul(19) {
            Self::Unclear
        } else {
            Self::No
        }
    }
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// What is seen of something that a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Of what.
    pub of: Series,
    /// What it is called.
    pub name: String,
    /// The machine that it is seen on.
    pub host: HostId,
    /// Whether the rule's condition holds.
    pub holds: Holds,
    /// Since when it holds, if that is known better than by having seen it; seconds since 1970 UTC.
    pub since: Option<i64>,
    /// Why, in words.
    pub reason: String,
}

/// What somebody is told of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It fired.
    Fired,
    /// It fired a while ago, and still holds.
    Reminder,
    /// It is over.
    Resolved,
}

/// An alert after a look, and what is told of it. Without an alert there is none, or no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// How it is now.
    pub alert: Option<Alert>,
    /// What to tell.
    pub news: Option<News>,
}

/// The next step of an alert. `muted`: nobody is to be told now, because of a silence or of the hour; what fired
/// meanwhile is told later if it still holds.
pub fn step(rule: &AlertRule, seen: &Sight, before: Option<Alert>, now: i64, muted: bool) -> Step {
    let Some(mut alert) = before else {
        return match seen.holds {
            Holds::Yes => step_on(rule, seen, begin(rule, seen, now), now, muted),
            Holds::No | Holds::Unclear => Step::default(),
        };
    };
    // The clock was set back: a condition cannot have begun in the future.
    alert.since = alert.since.min(now);
    step_on(rule, seen, alert, now, muted)
}

fn begin(rule: &AlertRule, seen: &Sight, now: i64) -> Alert {
    Alert {
        id: AlertId(uuid::Uuid::new_v4()),
        rule: rule.id,
        rule_name: rule.name.to_string(),
        severity: rule.severity,
        kind: seen.of.kind().to_owned(),
        object: seen.of.object().to_string(),
        name: seen.name.clone(),
        host: seen.host,
        reason: seen.reason.clone(),
        state: AlertState::Pending,
        since: seen.since.map_or(now, |since| since.min(now)),
        clear_since: None,
        fired_at: None,
        resolved_at: None,
        told_at: None,
    }
}

fn step_on(rule: &AlertRule, seen: &Sight, mut alert: Alert, now: i64, muted: bool) -> Step {
    match (alert.state, seen.holds) {
        (AlertState::Pending, Holds::No) | (AlertState::Resolved, _) => return Step::default(),
        (AlertState::Pending, Holds::Yes) => {
            alert.reason.clone_from(&seen.reason);
            if now - alert.since >= i64::from(rule.for_seconds) {
                alert.state = AlertState::Firing;
                alert.fired_at = Some(now);
            }
        }
        (AlertState::Firing, Holds::Yes) => {
            alert.clear_since = None;
            alert.reason.clone_from(&seen.reason);
        }
        (AlertState::Firing, Holds::No) => {
            let clear_since = *alert.clear_since.get_or_insert(now);
            if now - clear_since >= clear_after(rule) {
                alert.state = AlertState::Resolved;
                alert.resolved_at = Some(now);
                let news = alert.told_at.map(|_| News::Resolved);
                return Step {
                    alert: Some(alert),
                    news,
                };
            }
        }
        (AlertState::Pending | AlertState::Firing, Holds::Unclear) => {}
    }
    let news = if muted { None } else { due(rule, &alert, now) };
    if news.is_some() {
        alert.told_at = Some(now);
    }
    Step {
        alert: Some(alert),
        news,
    }
}

/// How long the condition must be gone, so that one that comes and goes is told once.
fn clear_after(rule: &AlertRule) -> i64 {
    (i64::from(rule.for_seconds) / 5).min(LONGEST_CLEAR)
}

fn due(rule: &AlertRule, alert: &Alert, now: i64) -> Option<News> {
    if alert.state != AlertState::Firing || alert.clear_since.is_some() {
        return None;
    }
    match alert.told_at {
        None => Some(News::Fired),
        Some(told) => {
            let every = i64::from(rule.remind_minutes) * 60;
            (every > 0 && now - told >= every).then_some(News::Reminder)
        }
    }
}

/// How long an alert has been going on at `now`, or went on, in words.
pub fn lasted(alert: &Alert, now: i64) -> String {
    let end = alert.clear_since.or(alert.resolved_at).unwrap_or(now);
    span(end.saturating_sub(alert.since))
}
