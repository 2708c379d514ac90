//! Table `forwards`.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use wirewarp_model::{ForwardId, PortForward};

use crate::{
    StoreError,
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

/// Writes a forward; a new one goes behind all others.
pub(crate) async fn put(db: &mut SqliteConnection, forward: &PortForward) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO forwards (id, position, peer_id, ports, target, label, template, enabled) \
         VALUES (?, (SELECT coalesce(max(rowid), 0) + 1 FROM forwards), ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO UPDATE SET peer_id = excluded.peer_id, ports = excluded.ports, \
         target = excluded.target, label = excluded.label, template = excluded.template, enabled = excluded.enabled",
    )
    .bind(forward.id.to_string())
    .bind(forward.peer.to_string())
    .bind(serde_json::to_string(&forward.ports)?)
    .bind(serde_json::to_string(&forward.target)?)
    .bind(forward.label.as_str())
    .bind(forward.template.as_ref().map(ToString::to_string))
    .bind(forward.enabled)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn delete(db: &mut SqliteConnection, id: ForwardId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM forwards WHERE id = ?")
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}
