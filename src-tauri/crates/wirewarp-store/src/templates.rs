//! Table `templates`: the person's own.

use sqlx::Row;
use wirewarp_model::Name;

use crate::{Store, StoreError, row::parse};

impl Store {
    /// Name and ports of each.
    pub async fn templates(&self) -> Result<Vec<(Name, String)>, StoreError> {
        let rows = sqlx::query("SELECT name, ports FROM templates ORDER BY name_key")
            .fetch_all(&self.pool)
            .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| -> Result<(Name, String), StoreError> {
            Ok((
                parse("templates.name", row.try_get("name")?)?,
                row.try_get("ports")?,
            ))
        };
        rows.iter().map(read).collect()
    }

    /// Adds or replaces one.
    pub async fn put_template(&self, name: &Name, ports: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO templates (name_key, name, ports) VALUES (?, ?, ?) \
             ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, ports = excluded.ports",
        )
        .bind(name.key())
        .bind(name.as_str())
        .bind(ports)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Removes one; whether there was one.
    pub async fn remove_template(&self, name: &Name) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM templates WHERE name_key = ?")
            .bind(name.key())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
