//! Table `forwards`.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use wirewarp_model::PortForward;

use crate::{
    StoreError,
    object::Object,
    row::{parse, parse_some},
};

pub(crate) async fn all(db: &mut SqliteConnection) -> Result<Vec<PortForward>, StoreError> {
    let rows = sqlx::query("SELECT * FROM forwards ORDER BY position, rowid")
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<PortForward, StoreError> {
    Ok(PortForward {
        id: parse("forwards.id", row.try_get("id")?)?,
        peer: parse("forwards.peer_id", row.try_get("peer_id")?)?,
        ports: serde_json::from_str(row.try_get("ports")?)?,
        target: serde_json::from_str(row.try_get("target")?)?,
        label: parse("forwards.label", row.try_get("label")?)?,
        template: parse_some("forwards.template", row.try_get("template")?)?,
        enabled: row.try_get("enabled")?,
    })
}

impl Object for PortForward {
    const KIND: &'static str = "forward";
    const DELETE: &'static str = "DELETE FROM forwards WHERE id = ?";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> &str {
        self.label.as_str()
    }

    /// Writes a forward; a new one goes behind all others.
    async fn put(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO forwards (id, position, peer_id, ports, target, label, template, enabled) \
             VALUES (?, (SELECT coalesce(max(rowid), 0) + 1 FROM forwards), ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET peer_id = excluded.peer_id, ports = excluded.ports, \
             target = excluded.target, label = excluded.label, template = excluded.template, enabled = excluded.enabled",
        )
        .bind(self.id.to_string())
        .bind(self.peer.to_string())
        .bind(serde_json::to_string(&self.ports)?)
        .bind(serde_json::to_string(&self.target)?)
        .bind(self.label.as_str())
        .bind(self.template.as_ref().map(ToString::to_string))
        .bind(self.enabled)
        .execute(db)
        .await?;
        Ok(())
    }
}
