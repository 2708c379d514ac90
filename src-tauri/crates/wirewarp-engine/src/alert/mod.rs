//! Being told: rules, channels, silences and quotas as a person sets them, and what came of them. The collector
//! ([`crate::watch`]) judges and sends.

mod book;
mod channels;
mod checks;
mod deliver;
mod month;
mod run;
mod sight;
#[cfg(test)]
mod tests;

pub use month::Month;
pub(crate) use run::{Alarm, watch_over};
pub use wirewarp_model::alert::{
    Alert, AlertChannel, AlertRule, AlertState, ChannelKind, Condition, MailSecurity, QuietHours, Quota,
    Severity, Silence,
};
pub use wirewarp_store::{
    Alerting,
    history::{Delivery, DeliveryState},
};
pub use wirewarp_watch::alert::{Line, Message, text};

use uuid::Uuid;
use wirewarp_model::{AlertRuleId, Label, Name, SilenceId};

use crate::{Engine, error::EngineError, record::who, watch::clock};

/// Longest silence, in seconds.
const LONGEST_SILENCE: i64 = 366 * 86_400;

impl Engine {
    /// Rules, channels, silences, quiet hours and quotas.
    pub async fn alerting(&self) -> Result<Alerting, EngineError> {
        Ok(self.store.alerting(clock()).await?)
    }

    /// The newest alerts, open or over, newest first, behind those that are pending; at most `most`.
    pub async fn alerts(&self, most: u32) -> Result<Vec<Alert>, EngineError> {
        let history = self.history().await?;
        let mut alerts = history.open_alerts().await?;
        alerts.retain(|alert| alert.state == AlertState::Pending);
        alerts.extend(history.fired_alerts(most).await?);
        Ok(alerts)
    }

    /// The newest messages and whether they arrived, newest first.
    pub async fn deliveries(&self, most: u32) -> Result<Vec<Delivery>, EngineError> {
        Ok(self.history().await?.deliveries(most).await?)
    }

    /// Adds or replaces a rule.
    pub async fn put_alert_rule(&self, rule: AlertRule) -> Result<(), EngineError> {
        let rule = rule.checked()?;
        let alerting = self.alerting().await?;
        let is_known = |id| alerting.channels.iter().any(|channel| channel.id == id);
        if !rule.channels.iter().all(|id| is_known(*id)) {
            return Err(EngineError::refused(
                "not_found",
                "The rule names a channel that there is not.",
                &["Choose other channels"],
            ));
        }
        let has_name = |other: &AlertRule| {
            let (one, two) = (rule.name.as_str(), other.name.as_str());
            other.id != rule.id && one.to_lowercase() == two.to_lowercase()
        };
        if alerting.rules.iter().any(has_name) {
            return Err(EngineError::refused(
                "name_taken",
                format!("There is a rule called “{}” already.", rule.name),
                &["Choose another name"],
            ));
        }
        Ok(self.store.put_alert_rule(&rule, &who()).await?)
    }

    /// Removes a rule. What it found so far is over, and nobody is told so.
    pub async fn remove_alert_rule(&self, id: AlertRuleId) -> Result<(), EngineError> {
        let alerting = self.alerting().await?;
        let rule = alerting.rules.iter().find(|rule| rule.id == id);
        let name = rule.map_or("", |rule| rule.name.as_str());
        if self.store.remove_alert_rule(id, name, &who()).await? {
            return Ok(());
        }
        Err(EngineError::not_found(
            "rule",
            &id.to_string(),
            std::iter::empty(),
        ))
    }

    /// Tells nothing of a rule, an object (a machine with all that is on it, a peer, a forward), both or all for so many
    /// seconds.
    pub async fn silence(
        &self,
        rule: Option<AlertRuleId>,
        object: Option<Uuid>,
        seconds: i64,
        why: Label,
    ) -> Result<Silence, EngineError> {
        if !(1..=LONGEST_SILENCE).contains(&seconds) {
            return Err(EngineError::refused(
                "bad_input",
                "A silence lasts from a second to a year.",
                &["Give another length"],
            ));
        }
        let silence = Silence {
            id: SilenceId(Uuid::new_v4()),
            rule,
            object,
            until: clock() + seconds,
            why,
        };
        self.store.put_silence(&silence, &who()).await?;
        Ok(silence)
    }

    /// Ends a silence.
    pub async fn end_silence(&self, id: SilenceId) -> Result<(), EngineError> {
        if self.store.remove_silence(id, &who()).await? {
            return Ok(());
        }
        Err(EngineError::not_found(
            "silence",
            &id.to_string(),
            std::iter::empty(),
        ))
    }

    /// Sets the hours in which only what is critical is told, or takes them away.
    pub async fn set_quiet_hours(&self, quiet: Option<QuietHours>) -> Result<(), EngineError> {
        Ok(self.store.set_quiet_hours(quiet, &who()).await?)
    }

    /// Sets how much a VPS may carry in a month (bytes, both ways together; the day on which a month begins), or that
    /// nobody counts.
    pub async fn set_quota(&self, name: &Name, quota: Option<(u64, u8)>) -> Result<(), EngineError> {
        let inventory = self.inventory().await?;
        let Some(vps) = inventory.vps_named(name) else {
            let known = inventory.vpses.iter().map(|vps| vps.name.as_str());
            return Err(EngineError::not_found("VPS", name.as_str(), known));
        };
        if let Some((bytes, day)) = quota {
            let fits = bytes > 0 && i64::try_from(bytes).is_ok();
            if !fits || !(1..=28).contains(&day) {
                return Err(EngineError::refused(
                    "bad_input",
                    "A quota is more than nothing, and its month begins on day 1 to 28.",
                    &["Look the figures up at the VPS's provider"],
                ));
            }
        }
        let new = quota.map(|(bytes, first_day)| Quota {
            vps: vps.id,
            bytes,
            first_day,
        });
        Ok(self.store.set_quota(vps.id, &vps.name, new, &who()).await?)
    }
}
