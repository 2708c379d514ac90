//! Table `applied`: the generation that this inventory last brought to each host, whole.

use sqlx::Row;
use wirewarp_model::{HostId, OperationId, bundle::Bundle};

use crate::{Store, StoreError, now, row::number};

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
        let query =
            sqlx::query("SELECT generation, bundle FROM applied WHERE host_id = ?").bind(host.to_string());
        let Some(row) = query.fetch_optional(&self.pool).await? else {
            return Ok(None);
        };
        let generation = number("applied.generation", row.try_get("generation")?)?;
        Ok(Some(Applied {
            generation,
            bundle: serde_json::from_str(row.try_get("bundle")?)?,
        }))
    }

    /// Whether anything was.
    pub async fn was_applied(&self, host: HostId) -> Result<bool, StoreError> {
        let query = sqlx::query("SELECT 1 FROM applied WHERE host_id = ?").bind(host.to_string());
        Ok(query.fetch_optional(&self.pool).await?.is_some())
    }

    /// Writes down what is in force now.
    pub async fn record_applied(
        &self,
        host: HostId,
        generation: u64,
        bundle: &Bundle,
        operation: OperationId,
    ) -> Result<(), StoreError> {
        let generation =
            i64::try_from(generation).map_err(|_| StoreError::Value("the generation is too high".into()))?;
        sqlx::query(
            "INSERT INTO applied (host_id, generation, bundle, operation_id, at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (host_id) DO UPDATE SET generation = excluded.generation, bundle = excluded.bundle, \
             operation_id = excluded.operation_id, at = excluded.at",
        )
        .bind(host.to_string())
        .bind(generation)
        .bind(serde_json::to_string(bundle)?)
        .bind(operation.to_string())
        .bind(now())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Nothing of ours is on the host any more.
    pub async fn forget_applied(&self, host: HostId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM applied WHERE host_id = ?")
            .bind(host.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
