//! Table `operation_files`: what operations put on their hosts. Kept while it can be needed: until an operation has its
//! outcome, and for as long as it is what was applied last.

use sqlx::{Row, SqliteConnection};
use wirewarp_model::{
    HostId, OperationId,
    bundle::{Bundle, BundleFile},
};

use crate::{Store, StoreError, row::number};

impl Store {
    /// The files of an operation turned out other than planned at first: its keys are known now.
    pub async fn replace_operation_files(&self, id: OperationId, bundle: &Bundle) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM operation_files WHERE operation_id = ?")
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        put(&mut write, id, bundle).await?;
        write.commit().await?;
        Ok(())
    }
}

/// Writes the files of an operation that has none.
pub(crate) async fn put(
    db: &mut SqliteConnection,
    id: OperationId,
    bundle: &Bundle,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE operations SET keys = ? WHERE id = ?")
        .bind(serde_json::to_string(&bundle.keys)?)
        .bind(id.to_string())
        .execute(&mut *db)
        .await?;
    for (path, file) in &bundle.files {
        sqlx::query("INSERT INTO operation_files (operation_id, path, mode, text) VALUES (?, ?, ?, ?)")
            .bind(id.to_string())
            .bind(path)
            .bind(i64::from(file.mode))
            .bind(&file.text)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// The files of an operation, and the names of their keys.
pub(crate) async fn bundle(db: &mut SqliteConnection, id: OperationId) -> Result<Bundle, StoreError> {
    let mut bundle = Bundle::default();
    let keys = sqlx::query_scalar("SELECT keys FROM operations WHERE id = ?").bind(id.to_string());
    let keys: Option<String> = keys.fetch_optional(&mut *db).await?;
    if let Some(keys) = keys {
        bundle.keys = serde_json::from_str(&keys)?;
    }
    let files = sqlx::query("SELECT path, mode, text FROM operation_files WHERE operation_id = ?");
    for row in files.bind(id.to_string()).fetch_all(&mut *db).await? {
        let file = BundleFile {
            mode: number("operation_files.mode", row.try_get("mode")?)?,
            text: row.try_get("text")?,
        };
        bundle.files.insert(row.try_get("path")?, file);
    }
    Ok(bundle)
}

/// Lets go what no operation of a host needs any more; `applied` is the one that is in force.
pub(crate) async fn let_go(
    db: &mut SqliteConnection,
    host: HostId,
    applied: Option<OperationId>,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM operation_files WHERE operation_id IS NOT ?1 AND operation_id IN \
         (SELECT id FROM operations WHERE host_id = ?2 AND ended_at IS NOT NULL)",
    )
    .bind(applied.map(|id| id.to_string()))
    .bind(host.to_string())
    .execute(db)
    .await?;
    Ok(())
}
