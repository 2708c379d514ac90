//! What held, and who was told.

use serde::Serialize;
use sqlx::{Connection, Row};
use uuid::Uuid;
use wirewarp_model::{
    AlertChannelId, AlertId, Name,
    alert::{Alert, AlertState},
};

use super::{History, level::DAY};
use crate::StoreError;

/// How long what is over is kept, in seconds.
const ALERTS_KEPT: i64 = 366 * DAY;
const DELIVERIES_KEPT: i64 = 30 * DAY;

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum DeliveryState {
    /// It is tried, or tried again.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was given up.
    Failed,
}

impl DeliveryState {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// A message and the channel that it goes by. Times are seconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// By which channel.
    pub channel: AlertChannelId,
    /// What that was called then.
    pub channel_name: String,
    /// When it was to be told.
    pub at: i64,
    /// The message, as JSON.
    #[serde(skip)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub message: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next, if it waits.
    pub next_at: i64,
    /// What the receiver said, or why there was none.
    pub said: String,
}

/// A message that is to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// By which channel.
    pub channel: AlertChannelId,
    /// What that is called.
    pub channel_name: Name,
    /// The message, as JSON.
    pub message: String,
}

impl History {
    /// The alerts that are not over.
    pub async fn open_alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let query = "SELECT body FROM alerts WHERE state IN ('pending', 'firing') ORDER BY since DESC, id";
        let bodies: Vec<String> = sqlx::query_scalar(query).fetch_all(&self.pool).await?;
        read(&bodies)
    }

    /// The newest that fired, open or over, newest first; at most `most`.
    pub async fn fired_alerts(&self, most: u32) -> Result<Vec<Alert>, StoreError> {
        let query =
            "SELECT body FROM alerts WHERE state IN ('firing', 'resolved') ORDER BY since DESC, id LIMIT ?";
        let bodies: Vec<String> = sqlx::query_scalar(query).bind(most).fetch_all(&self.pool).await?;
        read(&bodies)
    }

    /// Writes changed alerts, forgets those that never fired, and notes what is to go out at `at`: all or nothing, so that a
    /// program that is killed neither forgets nor repeats a message.
    pub async fn note_alerts(
        &self,
        changed: &[Alert],
        forgotten: &[AlertId],
        new: &[NewDelivery],
        at: i64,
    ) -> Result<(), StoreError> {
        let mut db = self.pool.acquire().await?;
        let mut write = db.begin_with("BEGIN IMMEDIATE").await?;
        for alert in changed {
            sqlx::query(
                "INSERT INTO alerts (id, rule, object, state, since, body) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET state = excluded.state, since = excluded.since, body = excluded.body",
            )
            .bind(alert.id.to_string())
            .bind(alert.rule.to_string())
            .bind(&alert.object)
            .bind(alert.state.as_str())
            .bind(alert.since)
            .bind(serde_json::to_string(alert)?)
            .execute(&mut *write)
            .await?;
        }
        for id in forgotten {
            sqlx::query("DELETE FROM alerts WHERE id = ?")
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        }
        for delivery in new {
            sqlx::query(
                "INSERT INTO deliveries (channel, channel_name, at, message, state, tries, next_at, said) \
                 VALUES (?1, ?2, ?3, ?4, 'waiting', 0, ?3, '')",
            )
            .bind(delivery.channel.to_string())
            .bind(delivery.channel_name.as_str())
            .bind(at)
            .bind(&delivery.message)
            .execute(&mut *write)
            .await?;
        }
        let is_over = |alert: &Alert| alert.state == AlertState::Resolved;
        if !new.is_empty() || changed.iter().any(is_over) {
            sqlx::query("DELETE FROM alerts WHERE state = 'resolved' AND since < ?")
                .bind(at - ALERTS_KEPT)
                .execute(&mut *write)
                .await?;
            sqlx::query("DELETE FROM deliveries WHERE at < ?")
                .bind(at - DELIVERIES_KEPT)
                .execute(&mut *write)
                .await?;
        }
        write.commit().await?;
        Ok(())
    }

    /// Deliveries that wait and are to be tried by `now`, oldest first.
    pub async fn due_deliveries(&self, now: i64, most: u32) -> Result<Vec<Delivery>, StoreError> {
        let query = "SELECT * FROM deliveries WHERE state = 'waiting' AND next_at <= ? ORDER BY id LIMIT ?";
        let rows = sqlx::query(query)
            .bind(now)
            .bind(most)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(delivery).collect()
    }

    /// The newest deliveries, newest first.
    pub async fn deliveries(&self, most: u32) -> Result<Vec<Delivery>, StoreError> {
        let rows = sqlx::query("SELECT * FROM deliveries ORDER BY id DESC LIMIT ?")
            .bind(most)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(delivery).collect()
    }

    /// Notes how an attempt went.
    pub async fn note_delivery(
        &self,
        id: i64,
        state: DeliveryState,
        next_at: i64,
        said: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE deliveries SET state = ?, tries = tries + 1, next_at = ?, said = ? WHERE id = ?")
            .bind(state.as_str())
            .bind(next_at)
            .bind(said)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn read(bodies: &[String]) -> Result<Vec<Alert>, StoreError> {
    bodies
        .iter()
        .map(|body| Ok(serde_json::from_str(body)?))
        .collect()
}

fn delivery(row: &sqlx::sqlite::SqliteRow) -> Result<Delivery, StoreError> {
    let state: String = row.try_get("state")?;
    let state = [
        DeliveryState::Waiting,
        DeliveryState::Delivered,
        DeliveryState::Failed,
    ]
    .into_iter()
    .find(|one| one.as_str() == state)
    .ok_or_else(|| StoreError::Value(format!("deliveries.state: {state}")))?;
    let channel: String = row.try_get("channel")?;
    let channel = Uuid::parse_str(&channel)
        .map(AlertChannelId)
        .map_err(|error| StoreError::Value(format!("deliveries.channel: {error}")))?;
    Ok(Delivery {
        id: row.try_get("id")?,
        channel,
        channel_name: row.try_get("channel_name")?,
        at: row.try_get("at")?,
        message: row.try_get("message")?,
        state,
        tries: row.try_get("tries")?,
        next_at: row.try_get("next_at")?,
        said: row.try_get("said")?,
    })
}
