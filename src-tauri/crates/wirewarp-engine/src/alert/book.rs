//! The alerts that are open, and what a look at a host makes of them.

use std::collections::BTreeMap;
use wirewarp_model::{
    AlertId, AlertRuleId, HostId,
    alert::{Alert, AlertRule, AlertState},
};
use wirewarp_watch::alert::{Holds, News, Sight, step};

use super::sight::{Beside, sights};
use crate::watch::HostNow;

/// What came of a look.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Alerts that are otherwise than before.
    pub(super) changed: Vec<Alert>,
    /// Alerts that were pending and came to nothing.
    pub(super) forgotten: Vec<AlertId>,
    /// What is to be told, in order.
    pub(super) news: Vec<(Alert, News)>,
}

impl Turn {
    pub(super) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.forgotten.is_empty()
    }
}

/// The open alerts, by rule and object.
#[derive(Debug, Default)]
pub(super) struct Book {
    open: BTreeMap<(AlertRuleId, String), Alert>,
}

impl Book {
    /// Goes on with what was open when the program before ended.
    pub(super) fn new(open: Vec<Alert>) -> Self {
        let keyed = |alert: Alert| ((alert.rule, alert.object.clone()), alert);
        Self {
            open: open.into_iter().map(keyed).collect(),
        }
    }

    /// Whether something of a host is open: then it is looked at each second, whether there is news of it or not.
    pub(super) fn concerns(&self, host: HostId) -> bool {
        self.open.values().any(|alert| alert.host == host)
    }

    /// Looks at a host by these rules.
    pub(super) fn look(
        &mut self,
        rules: &[AlertRule],
        host: &HostNow,
        beside: &Beside,
        now: i64,
        muted: impl Fn(&AlertRule, &Sight) -> bool,
        turn: &mut Turn,
    ) {
        for rule in rules.iter().filter(|rule| rule.enabled) {
            for seen in sights(rule, host, beside) {
                let key = (rule.id, seen.of.object().to_string());
                let before = self.open.remove(&key);
                if before.is_none() && seen.holds != Holds::Yes {
                    continue;
                }
                let next = step(rule, &seen, before.clone(), now, muted(rule, &seen));
                match (before, next.alert) {
                    (Some(before), None) => turn.forgotten.push(before.id),
                    (None, None) => {}
                    (before, Some(after)) => {
                        turn.news.extend(next.news.map(|news| (after.clone(), news)));
                        if before.as_ref() != Some(&after) {
                            turn.changed.push(after.clone());
                        }
                        if after.state != AlertState::Resolved {
                            self.open.insert(key, after);
                        }
                    }
                }
            }
        }
    }

    /// Closes, without a word, what nobody looks at any more: its rule or its object is gone.
    pub(super) fn sweep(&mut self, still: impl Fn(&Alert) -> bool, now: i64, turn: &mut Turn) {
        let gone: Vec<_> = self
            .open
            .iter()
            .filter(|(_, alert)| !still(alert))
            .map(|(key, _)| key.clone())
            .collect();
        for key in gone {
            let Some(mut alert) = self.open.remove(&key) else {
                continue;
            };
            if alert.state == AlertState::Pending {
                turn.forgotten.push(alert.id);
            } else {
                alert.state = AlertState::Resolved;
                alert.resolved_at = Some(now);
                turn.changed.push(alert);
            }
        }
    }
}
