//! Table `proxmoxes`.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use wirewarp_model::Proxmox;

use crate::{StoreError, object::Object, row::parse};

pub(crate) async fn all(db: &mut SqliteConnection) -> Result<Vec<Proxmox>, StoreError> {
    let rows = sqlx::query("SELECT * FROM proxmoxes ORDER BY name_key")
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<Proxmox, StoreError> {
    Ok(Proxmox {
        id: parse("proxmoxes.id", row.try_get("id")?)?,
        name: parse("proxmoxes.name", row.try_get("name")?)?,
        endpoint: row.try_get("endpoint")?,
        fingerprint: row.try_get("fingerprint")?,
        login: serde_json::from_str(row.try_get("login")?)?,
        version: row.try_get("version")?,
    })
}

impl Object for Proxmox {
    const KIND: &'static str = "proxmox";
    const DELETE: &'static str = "DELETE FROM proxmoxes WHERE id = ?";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }

    async fn put(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO proxmoxes (id, name, name_key, endpoint, fingerprint, login, version) VALUES (?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, \
             endpoint = excluded.endpoint, fingerprint = excluded.fingerprint, login = excluded.login, \
             version = excluded.version",
        )
        .bind(self.id.to_string())
        .bind(self.name.as_str())
        .bind(self.name.key())
        .bind(&self.endpoint)
        .bind(&self.fingerprint)
        .bind(serde_json::to_string(&self.login)?)
        .bind(&self.version)
        .execute(db)
        .await?;
        Ok(())
    }
}
