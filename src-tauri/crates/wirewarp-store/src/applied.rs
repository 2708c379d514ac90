//! Table `applied`: the generation that this inventory last brought to each host. Its files are those of the operation
//! that brought it there.

use sqlx::Row;
use wirewarp_model::{HostId, OperationId, bundle::Bundle};

use crate::{
    Store, StoreError, now, operation_files,
    row::{number, parse},
};

/// What was last applied to a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its generation.
    pub generation: u64,
    /// Its files.
    pub bundle: Bundle,
}

impl Store {
    /// What was last applied.
    pub async fn last_applied(&self, host: HostId) -> Result<Option<Applied>, StoreError> {
        let mut read = self.pool.begin().await?;
        let query = sqlx::query("SELECT generation, operation_id FROM applied WHERE host_id = ?");
        let Some(row) = query.bind(host.to_string()).fetch_optional(&mut *read).await? else {
            return Ok(None);
        };
        let operation = parse("applied.operation_id", row.try_get("operation_id")?)?;
        Ok(Some(Applied {
            generation: number("applied.generation", row.try_get("generation")?)?,
            bundle: operation_files::bundle(&mut read, operation).await?,
        }))
    }

    /// The generation that was last applied; 0 if none was.
    pub async fn last_generation(&self, host: HostId) -> Result<u64, StoreError> {
        let query =
            sqlx::query_scalar("SELECT generation FROM applied WHERE host_id = ?").bind(host.to_string());
        let generation: Option<i64> = query.fetch_optional(&self.pool).await?;
        number("applied.generation", generation.unwrap_or(0))
    }

    /// Writes down that the files of an operation are in force now.
    pub async fn record_applied(
        &self,
        host: HostId,
        generation: u64,
        operation: OperationId,
    ) -> Result<(), StoreError> {
        let generation =
            i64::try_from(generation).map_err(|_| StoreError::Value("the generation is too high".into()))?;
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO applied (host_id, generation, operation_id, at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (host_id) DO UPDATE SET generation = excluded.generation, \
             operation_id = excluded.operation_id, at = excluded.at",
        )
        .bind(host.to_string())
        .bind(generation)
        .bind(operation.to_string())
        .bind(now())
        .execute(&mut *write)
        .await?;
        operation_files::let_go(&mut write, host, Some(operation)).await?;
        write.commit().await?;
        Ok(())
    }

    /// Nothing of ours is on the host any more.
    pub async fn forget_applied(&self, host: HostId) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM applied WHERE host_id = ?")
            .bind(host.to_string())
            .execute(&mut *write)
            .await?;
        operation_files::let_go(&mut write, host, None).await?;
        write.commit().await?;
        Ok(())
    }
}
