//! Table `hosts`, and what was seen of them.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use wirewarp_model::{Host, HostId, observed::Observed};

use crate::{Store, StoreError, now, object::Object, row::parse};

pub(crate) async fn all(db: &mut SqliteConnection) -> Result<Vec<Host>, StoreError> {
    let rows = sqlx::query("SELECT * FROM hosts ORDER BY rowid")
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<Host, StoreError> {
    Ok(Host {
        id: parse("hosts.id", row.try_get("id")?)?,
        name: parse("hosts.name", row.try_get("name")?)?,
        access: serde_json::from_str(row.try_get("access")?)?,
        machine_id: row.try_get("machine_id")?,
    })
}

impl Object for Host {
    const KIND: &'static str = "host";
    const DELETE: &'static str = "DELETE FROM hosts WHERE id = ?";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }

    async fn put(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO hosts (id, name, access, machine_id) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET \
             name = excluded.name, access = excluded.access, machine_id = excluded.machine_id",
        )
        .bind(self.id.to_string())
        .bind(self.name.as_str())
        .bind(serde_json::to_string(&self.access)?)
        .bind(&self.machine_id)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Store {
    /// Remembers what was seen of a host.
    pub async fn remember_observed(&self, host: HostId, seen: &Observed) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO observed (host_id, seen, at) VALUES (?, ?, ?) \
             ON CONFLICT (host_id) DO UPDATE SET seen = excluded.seen, at = excluded.at",
        )
        .bind(host.to_string())
        .bind(serde_json::to_string(seen)?)
        .bind(now())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// When it was last seen, milliseconds since 1970 UTC.
    pub async fn last_observed_at(&self, host: HostId) -> Result<Option<i64>, StoreError> {
        let query = sqlx::query_scalar("SELECT at FROM observed WHERE host_id = ?").bind(host.to_string());
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// What was last seen of a host. What an older version wrote and this one cannot read counts as nothing.
    pub async fn last_observed(&self, host: HostId) -> Result<Option<Observed>, StoreError> {
        let query = sqlx::query_scalar("SELECT seen FROM observed WHERE host_id = ?").bind(host.to_string());
        let text: Option<String> = query.fetch_optional(&self.pool).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}
