//! Table `audit`: who changed what. Nothing is ever taken out of it.

use serde::Serialize;
use serde_json::Value;
use sqlx::{Row, SqliteConnection};
use std::collections::HashMap;

use crate::{Store, StoreError, now, save::Actor};

/// One change of one object.
#[derive(Debug, Clone, Serialize)]
pub struct AuditEntry {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// `user@machine`.
    pub who: String,
    /// The change it was part of, e.g. `port.add`.
    pub action: String,
    /// `host`, `vps`, `peer`, `forward`, `template` or `host key`.
    pub kind: String,
    /// Its identifier.
    pub object: String,
    /// Its name or label then.
    pub name: String,
    /// What it was; none if it is new.
    pub before: Option<Value>,
    /// What it became; none if it went.
    pub after: Option<Value>,
}

pub(crate) async fn write<T: Serialize>(
    db: &mut SqliteConnection,
    actor: Actor<'_>,
    kind: &str,
    id: &str,
    name: &str,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), StoreError> {
    let json = |value: Option<&T>| value.map(serde_json::to_string).transpose();
    sqlx::query(
        "INSERT INTO audit (at, who, action, kind, object_id, name, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(now())
    .bind(actor.who)
    .bind(actor.action)
    .bind(kind)
    .bind(id)
    .bind(name)
    .bind(json(before)?)
    .bind(json(after)?)
    .execute(db)
    .await?;
    Ok(())
}

/// The number of the newest row; 0 if there is none.
pub(crate) async fn newest(db: &mut SqliteConnection) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM audit");
    Ok(query.fetch_one(db).await?)
}

/// See [`Store::stamp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    audit: i64,
    /// The newest, and how many are open, and of those wait.
    operations: (i64, i64, i64),
}

impl Store {
    /// A number that grows with every change of the inventory, whichever program made it.
    pub async fn revision(&self) -> Result<i64, StoreError> {
        let query = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM audit");
        Ok(query.fetch_one(&self.pool).await?)
    }

    /// When the objects of a kind were added: identifier -> milliseconds since 1970 UTC.
    pub async fn added(&self, kind: &str) -> Result<HashMap<String, i64>, StoreError> {
        let query =
            "SELECT object_id, max(at) FROM audit WHERE kind = ? AND before IS NULL GROUP BY object_id";
        let rows: Vec<(String, i64)> = sqlx::query_as(query).bind(kind).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().collect())
    }

    /// What differs after anything that a page could show was written down, whichever program did it: changes of the
    /// inventory, operations that begin, wait or end.
    pub async fn stamp(&self) -> Result<Stamp, StoreError> {
        let query = sqlx::query_as(
            "SELECT (SELECT coalesce(max(id), 0) FROM audit), (SELECT coalesce(max(rowid), 0) FROM operations), \
             (SELECT count(*) FROM operations WHERE ended_at IS NULL), \
             (SELECT count(*) FROM operations WHERE ended_at IS NULL AND state = 'waiting')",
        );
        let (audit, newest, open, waiting) = query.fetch_one(&self.pool).await?;
        Ok(Stamp {
            audit,
            operations: (newest, open, waiting),
        })
    }

    /// The newest entries, newest first.
    pub async fn audit(&self, most: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let query = sqlx::query("SELECT * FROM audit ORDER BY id DESC LIMIT ?").bind(i64::from(most));
        let rows = query.fetch_all(&self.pool).await?;
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        let read = |row: &sqlx::sqlite::SqliteRow| -> Result<AuditEntry, StoreError> {
            Ok(AuditEntry {
                at: row.try_get("at")?,
                who: row.try_get("who")?,
                action: row.try_get("action")?,
                kind: row.try_get("kind")?,
                object: row.try_get("object_id")?,
                name: row.try_get("name")?,
                before: json(row.try_get("before")?),
                after: json(row.try_get("after")?),
            })
        };
        rows.iter().map(read).collect()
    }
}
