//! What rules need beside the figures: the month's traffic, whether forwards work, whether hosts were changed by hand,
//! whether a Proxmox host shows the certificate that is trusted. It is asked for as long as a rule needs it, and no longer.

use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::Instant};
use wirewarp_model::alert::Condition;

use super::{Alerting, sight::Beside};
use crate::Engine;

/// Between two reckonings of the month.
const MONTHS: Duration = Duration::from_mins(1);

/// Between two tries of all forwards.
const FORWARDS: Duration = Duration::from_mins(5);

/// Between two looks for what was changed by hand.
const DRIFT: Duration = Duration::from_mins(15);

/// Between two looks at the certificates of Proxmox hosts.
const CERTIFICATES: Duration = Duration::from_mins(5);

/// Before the first of them: hosts are polled first.
const SETTLE: Duration = Duration::from_secs(5);

/// Something that is asked for again and again, while a rule needs it.
struct Errand {
    every: Duration,
    next: Instant,
}

impl Errand {
    fn new(every: Duration) -> Self {
        Self {
            every,
            next: Instant::now() + SETTLE,
        }
    }

    /// Whether it is time. It is also time as soon as the first rule needs it.
    fn is_due(&mut self, needed: bool) -> bool {
        if !needed {
            self.next = Instant::now();
            return false;
        }
        if Instant::now() < self.next {
            return false;
        }
        self.next = Instant::now() + self.every;
        true
    }
}

/// Keeps `beside` up to date until nobody tells the rules any more.
pub(super) async fn keep(
    engine: Engine,
    rules: watch::Receiver<Arc<Alerting>>,
    beside: watch::Sender<Beside>,
) {
    let [mut months, mut forwards, mut drift, mut certificates] =
        [MONTHS, FORWARDS, DRIFT, CERTIFICATES].map(Errand::new);
    while rules.has_changed().is_ok() {
        let alerting = rules.borrow().clone();
        let needed = |is: fn(Condition) -> bool| {
            let mut rules = alerting.rules.iter().filter(|rule| rule.enabled);
            rules.any(|rule| is(rule.condition))
        };
        if months.is_due(needed(|condition| matches!(condition, Condition::Quota { .. }))) {
            reckon_months(&engine, &alerting, &beside).await;
        }
        if forwards.is_due(needed(|condition| condition == Condition::ForwardFailing)) {
            try_forwards(&engine, &beside).await;
        }
        if drift.is_due(needed(|condition| condition == Condition::Drift)) {
            look_for_drift(&engine, &beside).await;
        }
        if certificates.is_due(needed(|condition| condition == Condition::KeyChanged)) {
            look_at_certificates(&engine, &beside).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn reckon_months(engine: &Engine, alerting: &Alerting, beside: &watch::Sender<Beside>) {
    let Ok(inventory) = engine.inventory().await else {
        return;
    };
    let mut months = std::collections::BTreeMap::new();
    for quota in &alerting.quotas {
        let Some(vps) = inventory.vps(quota.vps) else {
            continue;
        };
        if let Ok(month) = engine
            .month_of(vps.host, Some(quota.bytes), quota.first_day)
            .await
        {
            months.insert(vps.host, month);
        }
    }
    beside.send_if_modified(|beside| {
        let changes = beside.months != months;
        beside.months = months;
        changes
    });
}

async fn try_forwards(engine: &Engine, beside: &watch::Sender<Beside>) {
    let report = match engine.check(None).await {
        Ok(report) => report,
        Err(error) => {
            tracing::debug!(%error, "the forwards could not be tried");
            return;
        }
    };
    let mut forwards = std::collections::BTreeMap::new();
    for check in report.checks {
        let failing = (!check.ok).then(|| format!("{}: {}", check.title, check.verdict));
        let known: &mut Option<String> = forwards.entry(check.id).or_default();
        // A forward fails if a part of it does.
        if known.is_none() {
            *known = failing;
        }
    }
    beside.send_modify(|beside| beside.forwards = forwards);
}

async fn look_at_certificates(engine: &Engine, beside: &watch::Sender<Beside>) {
    match engine.certificates().await {
        Ok(found) => {
            beside.send_if_modified(|beside| {
                let changes = beside.certificates != found;
                beside.certificates = found;
                changes
            });
        }
        Err(error) => tracing::debug!(%error, "the certificates could not be looked at"),
    }
}

async fn look_for_drift(engine: &Engine, beside: &watch::Sender<Beside>) {
    let Ok(inventory) = engine.inventory().await else {
        return;
    };
    for vps in &inventory.vpses {
        let found = engine.drift(&vps.name).await;
        beside.send_modify(|beside| match found {
            Ok(report) if report.is_empty() => {
                beside.drift.insert(vps.host, None);
            }
            Ok(report) => {
                let files = report
                    .files
                    .iter()
                    .map(|file| format!("{} {}", file.path, file.what()));
                let what: Vec<String> = report.live.iter().cloned().chain(files).collect();
                beside.drift.insert(vps.host, Some(what.join("; ")));
            }
            Err(error) => {
                tracing::debug!(vps = %vps.name, %error, "drift could not be looked for");
                beside.drift.remove(&vps.host);
            }
        });
    }
}
