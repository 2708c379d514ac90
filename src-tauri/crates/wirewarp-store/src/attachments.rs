//! Table `attachments`.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use wirewarp_model::Attachment;

use crate::{
    StoreError,
    object::Object,
    row::{as_word, number, parse, parse_some, word},
};

pub(crate) async fn all(db: &mut SqliteConnection) -> Result<Vec<Attachment>, StoreError> {
    let rows = sqlx::query("SELECT * FROM attachments ORDER BY position")
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: parse("attachments.id", row.try_get("id")?)?,
        proxmox: parse("attachments.proxmox_id", row.try_get("proxmox_id")?)?,
        node: row.try_get("node")?,
        kind: word("attachments.kind", row.try_get("kind")?)?,
        vmid: number("attachments.vmid", row.try_get("vmid")?)?,
        label: parse("attachments.label", row.try_get("label")?)?,
        peer: parse("attachments.peer_id", row.try_get("peer_id")?)?,
        bridge: parse_some("attachments.bridge", row.try_get("bridge")?)?,
        address: parse("attachments.address", row.try_get("address")?)?,
        state: word("attachments.state", row.try_get("state")?)?,
        record: row.try_get("record")?,
    })
}

impl Object for Attachment {
    const KIND: &'static str = "attachment";
    const DELETE: &'static str = "DELETE FROM attachments WHERE id = ?";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> &str {
        self.label.as_str()
    }

    async fn put(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO attachments (id, position, proxmox_id, node, kind, vmid, label, peer_id, bridge, address, state, \
             record) VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM attachments), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET node = excluded.node, label = excluded.label, peer_id = excluded.peer_id, \
             bridge = excluded.bridge, address = excluded.address, state = excluded.state, record = excluded.record",
        )
        .bind(self.id.to_string())
        .bind(self.proxmox.to_string())
        .bind(&self.node)
        .bind(as_word(&self.kind)?)
        .bind(i64::from(self.vmid))
        .bind(self.label.as_str())
        .bind(self.peer.to_string())
        .bind(self.bridge.as_ref().map(ToString::to_string))
        .bind(self.address.to_string())
        .bind(as_word(&self.state)?)
        .bind(&self.record)
        .execute(db)
        .await?;
        Ok(())
    }
}
