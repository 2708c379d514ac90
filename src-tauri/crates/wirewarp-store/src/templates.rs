//! Table `templates`: the person's own.

use sqlx::{Row, SqliteConnection};
use wirewarp_model::Name;

use crate::{Store, StoreError, audit, row::parse, save::Actor};

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
    pub async fn put_template(&self, name: &Name, ports: &str, who: &str) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before = ports_of(&mut write, name).await?;
        sqlx::query(
            "INSERT INTO templates (name_key, name, ports) VALUES (?, ?, ?) \
             ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, ports = excluded.ports",
        )
        .bind(name.key())
        .bind(name.as_str())
        .bind(ports)
        .execute(&mut *write)
        .await?;
        let after = Some(ports.to_owned());
        write_audit(&mut write, name, who, (before.as_ref(), after.as_ref())).await?;
        write.commit().await?;
        Ok(())
    }

    /// Removes one; whether there was one.
    pub async fn remove_template(&self, name: &Name, who: &str) -> Result<bool, StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let Some(before) = ports_of(&mut write, name).await? else {
            return Ok(false);
        };
        sqlx::query("DELETE FROM templates WHERE name_key = ?")
            .bind(name.key())
            .execute(&mut *write)
            .await?;
        write_audit(&mut write, name, who, (Some(&before), None)).await?;
        write.commit().await?;
        Ok(true)
    }
}

async fn ports_of(db: &mut SqliteConnection, name: &Name) -> Result<Option<String>, StoreError> {
    let query = sqlx::query_scalar("SELECT ports FROM templates WHERE name_key = ?").bind(name.key());
    Ok(query.fetch_optional(db).await?)
}

async fn write_audit(
    db: &mut SqliteConnection,
    name: &Name,
    who: &str,
    (before, after): (Option<&String>, Option<&String>),
) -> Result<(), StoreError> {
    let action = if after.is_some() {
        "template.add"
    } else {
        "template.remove"
    };
    let actor = Actor { who, action };
    audit::write(db, actor, "template", &name.key(), name.as_str(), before, after).await
}
