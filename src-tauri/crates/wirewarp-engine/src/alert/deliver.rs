//! Sending what is to be told, until it is taken or given up.

use futures::future::join_all;
use rand::Rng;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};
use wirewarp_model::AlertChannelId;
use wirewarp_notify::{LIMIT, Notifier, NotifyError};
use wirewarp_store::history::{Delivery, DeliveryState, History};
use wirewarp_watch::alert::Message;

use super::Alerting;
use crate::{Engine, watch::clock};

/// Seconds before the second attempt, the third, and so on; after the last it is given up.
const WAITS: [u32; 9] = [5, 30, 120, 300, 600, 1800, 3600, 3600, 7200];

/// Between two looks for what has waited long enough.
const TICK: Duration = Duration::from_secs(1);

/// Most that is sent in one go.
const MOST: u32 = 100;

/// Sends what is due, whenever something is, until nobody tells the channels any more.
pub(super) async fn send_all(
    engine: Engine,
    history: History,
    channels: watch::Receiver<Arc<Alerting>>,
    new: Arc<Notify>,
) {
    let notifier = match Notifier::new(LIMIT) {
        Ok(notifier) => notifier,
        Err(error) => {
            tracing::error!(%error, "nobody can be told of alerts");
            return;
        }
    };
    while channels.has_changed().is_ok() {
        let due = history.due_deliveries(clock(), MOST).await.unwrap_or_default();
        let mut by_channel: BTreeMap<AlertChannelId, Vec<Delivery>> = BTreeMap::new();
        for delivery in due {
            by_channel.entry(delivery.channel).or_default().push(delivery);
        }
        let alerting = channels.borrow().clone();
        // Side by side: a slow server keeps nobody else waiting.
        let sending = by_channel.iter().map(|(channel, deliveries)| {
            let sender = Sender {
                engine: &engine,
                history: &history,
                notifier: &notifier,
            };
            let alerting = alerting.clone();
            async move { sender.send_to(&alerting, *channel, deliveries).await }
        });
        join_all(sending).await;
        let _ = tokio::time::timeout(TICK, new.notified()).await;
    }
}

struct Sender<'a> {
    engine: &'a Engine,
    history: &'a History,
    notifier: &'a Notifier,
}

impl Sender<'_> {
    /// One after the other, in order; when one is not taken the later ones wait as well.
    async fn send_to(&self, alerting: &Alerting, channel: AlertChannelId, deliveries: &[Delivery]) {
        for delivery in deliveries {
            let outcome = self.attempt(alerting, channel, delivery).await;
            let failed = outcome.is_err();
            self.note(delivery, outcome).await;
            if failed {
                return;
            }
        }
    }

    async fn attempt(
        &self,
        alerting: &Alerting,
        channel: AlertChannelId,
        delivery: &Delivery,
    ) -> Result<String, Failed> {
        let gone = || Failed::lasting("the channel was removed or switched off");
        let mut channels = alerting.channels.iter();
        let channel = channels
            .find(|one| one.id == channel && one.enabled)
            .ok_or_else(gone)?;
        let message: Message = serde_json::from_str(&delivery.message)
            .map_err(|_| Failed::lasting("the message was written by another version"))?;
        let secret = self
            .engine
            .channel_secret(channel)
            .await
            .map_err(|error| Failed {
                why: error.to_string(),
                again: true,
                wait: None,
            })?;
        let sent = self.notifier.send(channel, secret.as_ref(), &message).await;
        sent.map_err(|error| Failed::from(&error))
    }

    async fn note(&self, delivery: &Delivery, outcome: Result<String, Failed>) {
        let (state, next_at, said) = match outcome {
            Ok(said) => (DeliveryState::Delivered, 0, said),
            Err(failed) => match failed.next(delivery.tries) {
                Some(wait) => (DeliveryState::Waiting, clock() + wait, failed.why),
                None => (DeliveryState::Failed, 0, failed.why),
            },
        };
        if state != DeliveryState::Delivered {
            let channel = &delivery.channel_name;
            tracing::warn!(%channel, %said, state = state.as_str(), "an alert was not delivered");
        }
        if let Err(error) = self
            .history
            .note_delivery(delivery.id, state, next_at, &said)
            .await
        {
            tracing::warn!(%error, "a delivery could not be noted");
            // It would be sent again at once.
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    }
}

/// Why a message was not taken.
struct Failed {
    why: String,
    again: bool,
    wait: Option<Duration>,
}

impl Failed {
    fn lasting(why: &str) -> Self {
        Self {
            why: why.to_owned(),
            again: false,
            wait: None,
        }
    }

    /// Seconds until the next attempt after so many; none if it is given up.
    fn next(&self, tries: u32) -> Option<i64> {
        if !self.again {
            return None;
        }
        let wait = *WAITS.get(usize::try_from(tries).ok()?)?;
        let spread = i64::from(rand::rng().random_range(0..=wait / 5));
        let asked = self.wait.map_or(0, |wait| wait.as_secs());
        Some((i64::from(wait) + spread).max(i64::try_from(asked).unwrap_or(0)))
    }
}

impl From<&NotifyError> for Failed {
    fn from(error: &NotifyError) -> Self {
        Self {
            why: error.to_string(),
            again: error.is_passing(),
            wait: error.retry_after(),
        }
    }
}
