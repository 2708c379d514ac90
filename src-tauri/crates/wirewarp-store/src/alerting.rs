//! Tables `alert_rules`, `alert_channels`, `silences`, `alert_settings` and `vps_quotas`: when somebody is told.

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, SqliteConnection};
use wirewarp_model::{
    AlertChannelId, AlertRuleId, Name, SilenceId, VpsId,
    alert::{AlertChannel, AlertRule, QuietHours, Quota, Silence},
};

use crate::{Store, StoreError, audit, row::parse, save::Actor};

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alerting {
    /// Rules, oldest first.
    pub rules: Vec<AlertRule>,
    /// Channels, by name.
    pub channels: Vec<AlertChannel>,
    /// Silences that are not over, the first to end first.
    pub silences: Vec<Silence>,
    /// Hours in which only what is critical is told.
    pub quiet: Option<QuietHours>,
    /// Of VPSes that have one.
    pub quotas: Vec<Quota>,
}

/// A row that is replaced or removed as a whole.
struct Thing<'a> {
    table: Table,
    id: String,
    name: &'a str,
    /// The columns beside `id` and `body`: what [`Table::put`] binds third.
    key: Key<'a>,
}

enum Key<'a> {
    Nothing,
    Text(&'a str),
    Number(i64),
}

#[derive(Clone, Copy)]
enum Table {
    Rules,
    Channels,
    Silences,
}

impl Table {
    fn kind(self) -> &'static str {
        match self {
            Self::Rules => "alert rule",
            Self::Channels => "alert channel",
            Self::Silences => "silence",
        }
    }

    fn actions(self) -> (&'static str, &'static str) {
        match self {
            Self::Rules => ("alert.rule", "alert.rule.remove"),
            Self::Channels => ("alert.channel", "alert.channel.remove"),
            Self::Silences => ("alert.silence", "alert.silence.end"),
        }
    }

    fn body(self) -> &'static str {
        match self {
            Self::Rules => "SELECT body FROM alert_rules WHERE id = ?",
            Self::Channels => "SELECT body FROM alert_channels WHERE id = ?",
            Self::Silences => "SELECT body FROM silences WHERE id = ?",
        }
    }

    fn put(self) -> &'static str {
        match self {
            Self::Rules => {
                "INSERT INTO alert_rules (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
            }
            Self::Channels => {
                "INSERT INTO alert_channels (id, body, name_key) VALUES (?, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET body = excluded.body, name_key = excluded.name_key"
            }
            Self::Silences => {
                "INSERT INTO silences (id, body, until) VALUES (?, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET body = excluded.body, until = excluded.until"
            }
        }
    }

    fn remove(self) -> &'static str {
        match self {
            Self::Rules => "DELETE FROM alert_rules WHERE id = ?",
            Self::Channels => "DELETE FROM alert_channels WHERE id = ?",
            Self::Silences => "DELETE FROM silences WHERE id = ?",
        }
    }
}

impl Store {
    /// Everything about being told. Silences that are over at `now` (seconds since 1970 UTC) are left out.
    pub async fn alerting(&self, now: i64) -> Result<Alerting, StoreError> {
        let mut read = self.pool.begin().await?;
        let rules = bodies(&mut read, "SELECT body FROM alert_rules ORDER BY rowid", None).await?;
        let channels = bodies(
            &mut read,
            "SELECT body FROM alert_channels ORDER BY name_key",
            None,
        )
        .await?;
        let silences = "SELECT body FROM silences WHERE until > ? ORDER BY until";
        let silences = bodies(&mut read, silences, Some(now)).await?;
        let quiet: Option<String> =
            sqlx::query_scalar("SELECT value FROM alert_settings WHERE key = 'quiet hours'")
                .fetch_optional(&mut *read)
                .await?;
        let quiet = quiet
            .map(|text| parse("alert_settings.value", &text))
            .transpose()?;
        let quotas = sqlx::query("SELECT vps_id, bytes, first_day FROM vps_quotas ORDER BY vps_id")
            .fetch_all(&mut *read)
            .await?;
        let quotas = quotas.iter().map(quota).collect::<Result<_, _>>()?;
        read.commit().await?;
        Ok(Alerting {
            rules,
            channels,
            silences,
            quiet,
            quotas,
        })
    }

    /// Adds or replaces a rule.
    pub async fn put_alert_rule(&self, rule: &AlertRule, who: &str) -> Result<(), StoreError> {
        let thing = Thing {
            table: Table::Rules,
            id: rule.id.to_string(),
            name: rule.name.as_str(),
            key: Key::Nothing,
        };
        self.put_thing(&thing, rule, who).await
    }

    /// Removes a rule; whether there was one.
    pub async fn remove_alert_rule(
        &self,
        id: AlertRuleId,
        name: &str,
        who: &str,
    ) -> Result<bool, StoreError> {
        self.remove_thing::<AlertRule>(Table::Rules, &id.to_string(), name, who)
            .await
    }

    /// Adds or replaces a channel.
    pub async fn put_alert_channel(&self, channel: &AlertChannel, who: &str) -> Result<(), StoreError> {
        let key = channel.name.key();
        let taken: Option<String> =
            sqlx::query_scalar("SELECT id FROM alert_channels WHERE name_key = ? AND id <> ?")
                .bind(&key)
                .bind(channel.id.to_string())
                .fetch_optional(&self.pool)
                .await?;
        if taken.is_some() {
            let (name, by) = (channel.name.clone(), "channel");
            return Err(StoreError::NameTaken { name, by });
        }
        let thing = Thing {
            table: Table::Channels,
            id: channel.id.to_string(),
            name: channel.name.as_str(),
            key: Key::Text(&key),
        };
        self.put_thing(&thing, channel, who).await
    }

    /// Removes a channel; whether there was one.
    pub async fn remove_alert_channel(
        &self,
        id: AlertChannelId,
        name: &Name,
        who: &str,
    ) -> Result<bool, StoreError> {
        self.remove_thing::<AlertChannel>(Table::Channels, &id.to_string(), name.as_str(), who)
            .await
    }

    /// Begins a silence.
    pub async fn put_silence(&self, silence: &Silence, who: &str) -> Result<(), StoreError> {
        let thing = Thing {
            table: Table::Silences,
            id: silence.id.to_string(),
            name: silence.why.as_str(),
            key: Key::Number(silence.until),
        };
        self.put_thing(&thing, silence, who).await
    }

    /// Ends a silence; whether there was one.
    pub async fn remove_silence(&self, id: SilenceId, who: &str) -> Result<bool, StoreError> {
        self.remove_thing::<Silence>(Table::Silences, &id.to_string(), "", who)
            .await
    }

    /// Sets the quiet hours, or takes them away.
    pub async fn set_quiet_hours(&self, quiet: Option<QuietHours>, who: &str) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before: Option<String> =
            sqlx::query_scalar("SELECT value FROM alert_settings WHERE key = 'quiet hours'")
                .fetch_optional(&mut *write)
                .await?;
        let after = quiet.map(|quiet| quiet.to_string());
        match &after {
            Some(text) => {
                sqlx::query(
                    "INSERT INTO alert_settings (key, value) VALUES ('quiet hours', ?) \
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                )
                .bind(text)
                .execute(&mut *write)
                .await?;
            }
            None => {
                sqlx::query("DELETE FROM alert_settings WHERE key = 'quiet hours'")
                    .execute(&mut *write)
                    .await?;
            }
        }
        let actor = Actor {
            who,
            action: "alert.quiet",
        };
        audit::write(
            &mut write,
            actor,
            "alert setting",
            "quiet hours",
            "quiet hours",
            before.as_ref(),
            after.as_ref(),
        )
        .await?;
        write.commit().await?;
        Ok(())
    }

    /// Sets a VPS's quota, or takes it away. `name` is the VPS's.
    pub async fn set_quota(
        &self,
        vps: VpsId,
        name: &Name,
        new: Option<Quota>,
        who: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before = sqlx::query("SELECT vps_id, bytes, first_day FROM vps_quotas WHERE vps_id = ?")
            .bind(vps.to_string())
            .fetch_optional(&mut *write)
            .await?;
        let before = before.as_ref().map(quota).transpose()?;
        match new {
            Some(new) => {
                let bytes = i64::try_from(new.bytes).unwrap_or(i64::MAX);
                sqlx::query(
                    "INSERT INTO vps_quotas (vps_id, bytes, first_day) VALUES (?, ?, ?) \
                     ON CONFLICT (vps_id) DO UPDATE SET bytes = excluded.bytes, first_day = excluded.first_day",
                )
                .bind(vps.to_string())
                .bind(bytes)
                .bind(new.first_day)
                .execute(&mut *write)
                .await?;
            }
            None => {
                sqlx::query("DELETE FROM vps_quotas WHERE vps_id = ?")
                    .bind(vps.to_string())
                    .execute(&mut *write)
                    .await?;
            }
        }
        let actor = Actor {
            who,
            action: "vps.quota",
        };
        let id = vps.to_string();
        audit::write(
            &mut write,
            actor,
            "quota",
            &id,
            name.as_str(),
            before.as_ref(),
            new.as_ref(),
        )
        .await?;
        write.commit().await?;
        Ok(())
    }

    async fn put_thing<T>(&self, thing: &Thing<'_>, value: &T, who: &str) -> Result<(), StoreError>
    where
        T: Serialize + DeserializeOwned,
    {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before: Option<T> = body(&mut write, thing.table, &thing.id).await?;
        let query = sqlx::query(thing.table.put())
            .bind(&thing.id)
            .bind(serde_json::to_string(value)?);
        let query = match thing.key {
            Key::Nothing => query,
            Key::Text(text) => query.bind(text.to_owned()),
            Key::Number(number) => query.bind(number),
        };
        query.execute(&mut *write).await?;
        let action = thing.table.actions().0;
        let kind = thing.table.kind();
        let actor = Actor { who, action };
        audit::write(
            &mut write,
            actor,
            kind,
            &thing.id,
            thing.name,
            before.as_ref(),
            Some(value),
        )
        .await?;
        write.commit().await?;
        Ok(())
    }

    async fn remove_thing<T>(&self, table: Table, id: &str, name: &str, who: &str) -> Result<bool, StoreError>
    where
        T: Serialize + DeserializeOwned,
    {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let Some(before) = body::<T>(&mut write, table, id).await? else {
            return Ok(false);
        };
        sqlx::query(table.remove()).bind(id).execute(&mut *write).await?;
        let action = table.actions().1;
        let actor = Actor { who, action };
        audit::write(&mut write, actor, table.kind(), id, name, Some(&before), None).await?;
        write.commit().await?;
        Ok(true)
    }
}

async fn body<T: DeserializeOwned>(
    db: &mut SqliteConnection,
    table: Table,
    id: &str,
) -> Result<Option<T>, StoreError> {
    let text: Option<String> = sqlx::query_scalar(table.body())
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

async fn bodies<T: DeserializeOwned>(
    db: &mut SqliteConnection,
    query: &'static str,
    after: Option<i64>,
) -> Result<Vec<T>, StoreError> {
    let mut query = sqlx::query_scalar::<_, String>(query);
    if let Some(after) = after {
        query = query.bind(after);
    }
    let texts = query.fetch_all(db).await?;
    texts.iter().map(|text| Ok(serde_json::from_str(text)?)).collect()
}

fn quota(row: &sqlx::sqlite::SqliteRow) -> Result<Quota, StoreError> {
    let bytes: i64 = row.try_get("bytes")?;
    Ok(Quota {
        vps: parse("vps_quotas.vps_id", row.try_get("vps_id")?)?,
        bytes: u64::try_from(bytes).unwrap_or(0),
        first_day: row.try_get("first_day")?,
    })
}
