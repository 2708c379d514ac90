//! Ways to be told: keeping them with their secrets, and trying them.

use uuid::Uuid;
use wirewarp_model::{AlertChannelId, Secret, alert::Severity};
use wirewarp_notify::{LIMIT, Notifier, NotifyError, checked_kind, checked_secret};
use wirewarp_store::secrets::SecretKey;
use wirewarp_watch::alert::{Line, Message};

use super::{AlertChannel, Alerting};
use crate::{Engine, error::EngineError, record::who, watch::clock};

impl Engine {
    /// Adds or replaces a channel. Without a `secret` the one that is kept stays.
    pub async fn put_alert_channel(
        &self,
        channel: AlertChannel,
        secret: Option<Secret>,
    ) -> Result<(), EngineError> {
        let channel = checked(channel)?;
        let key = SecretKey::alert_channel(channel.id);
        match (channel.kind.secret_is(), secret) {
            (Some(_), Some(secret)) => {
                checked_secret(&channel.kind, &secret)?;
                self.secrets.set(&key, &secret).await?;
            }
            (Some(what), None) if !channel.kind.secret_is_optional() => {
                if self.secrets.get(&key).await?.is_none() {
                    return Err(secret_missing(what));
                }
            }
            (Some(_), None) => {}
            (None, _) => self.forget_secret(channel.id).await?,
        }
        Ok(self.store.put_alert_channel(&channel, &who()).await?)
    }

    /// Removes a channel with its secret. What still waits for it is given up.
    pub async fn remove_alert_channel(&self, id: AlertChannelId) -> Result<(), EngineError> {
        let alerting = self.alerting().await?;
        let channel = find(&alerting, id)?;
        let alone = alerting.rules.iter().find(|rule| rule.channels == [id]);
        if let Some(rule) = alone {
            return Err(EngineError::refused(
                "channel_in_use",
                format!("“{}” is told by {} alone.", rule.name, channel.name),
                &["Give the rule another channel first, or remove it"],
            ));
        }
        for rule in alerting.rules.iter().filter(|rule| rule.channels.contains(&id)) {
            let mut rule = rule.clone();
            rule.channels.retain(|one| *one != id);
            self.store.put_alert_rule(&rule, &who()).await?;
        }
        self.store.remove_alert_channel(id, &channel.name, &who()).await?;
        self.forget_secret(id).await
    }

    async fn forget_secret(&self, id: AlertChannelId) -> Result<(), EngineError> {
        // Where no secret was ever kept, nobody is asked for the vault's passphrase to find that out.
        if self.secrets.probe().await?.is_some() {
            self.secrets.delete(&SecretKey::alert_channel(id)).await?;
        }
        Ok(())
    }

    /// Sends a test by a channel that is kept, and says who took it.
    pub async fn test_alert_channel(&self, id: AlertChannelId) -> Result<String, EngineError> {
        let alerting = self.alerting().await?;
        self.try_alert_channel(find(&alerting, id)?.clone(), None).await
    }

    /// Sends a test by a channel as it is entered, kept or not. Without a `secret` the one that is kept is used.
    pub async fn try_alert_channel(
        &self,
        channel: AlertChannel,
        secret: Option<Secret>,
    ) -> Result<String, EngineError> {
        let channel = checked(channel)?;
        let secret = match secret {
            Some(secret) => {
                checked_secret(&channel.kind, &secret)?;
                Some(secret)
            }
            None => self.channel_secret(&channel).await?,
        };
        let sent = Notifier::new(LIMIT);
        let sent = match &sent {
            Ok(notifier) => notifier.send(&channel, secret.as_ref(), &test_message()).await,
            Err(error) => Err(error.clone()),
        };
        sent.map_err(|error| not_taken(&channel, &error))
    }

    /// What a channel needs beside what is in the inventory.
    pub(crate) async fn channel_secret(&self, channel: &AlertChannel) -> Result<Option<Secret>, EngineError> {
        let kind = &channel.kind;
        if kind.secret_is().is_none() {
            return Ok(None);
        }
        if kind.secret_is_optional()
            && self.secrets.known_place().is_none()
            && self.secrets.probe().await?.is_none()
        {
            return Ok(None);
        }
        Ok(self.secrets.get(&SecretKey::alert_channel(channel.id)).await?)
    }
}

fn checked(channel: AlertChannel) -> Result<AlertChannel, EngineError> {
    let mut channel = channel.checked()?;
    channel.kind = checked_kind(channel.kind)?;
    Ok(channel)
}

fn find(alerting: &Alerting, id: AlertChannelId) -> Result<&AlertChannel, EngineError> {
    let known = || alerting.channels.iter().map(|channel| channel.name.as_str());
    let found = alerting.channels.iter().find(|channel| channel.id == id);
    found.ok_or_else(|| EngineError::not_found("channel", &id.to_string(), known()))
}

fn secret_missing(what: &str) -> EngineError {
    EngineError::refused(
        "secret_missing",
        format!("The channel's {what} is missing."),
        &["Enter it; it is kept in the keychain"],
    )
}

fn not_taken(channel: &AlertChannel, error: &NotifyError) -> EngineError {
    let hint = if error.is_passing() {
        "Try again later; alerts are tried again by themselves"
    } else {
        "Correct the channel, and send a test again"
    };
    EngineError::refused("not_delivered", format!("{}: {error}", channel.name), &[hint])
}

fn test_message() -> Message {
    let at = clock();
    let line = Line {
        state: "firing".to_owned(),
        severity: Severity::Info,
        rule: "Test".to_owned(),
        kind: "host".to_owned(),
        name: "WireWarp".to_owned(),
        host: "WireWarp".to_owned(),
        reason: "this is a test, nothing is wrong".to_owned(),
        since: at,
        duration: "0 s".to_owned(),
    };
    Message::new(Uuid::new_v4(), vec![line], at)
}
