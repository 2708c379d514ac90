//! Table `plans`: what was shown before it was done.

use serde::Serialize;
use serde_json::Value;
use wirewarp_model::PlanId;

use crate::{Store, StoreError, now};

impl Store {
    /// Writes a plan down, once.
    pub async fn save_plan(&self, id: PlanId, body: &impl Serialize) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO plans (id, body, created_at) VALUES (?, ?, ?)")
            .bind(id.to_string())
            .bind(serde_json::to_string(body)?)
            .bind(now())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// A plan as it was shown.
    pub async fn plan(&self, id: PlanId) -> Result<Option<Value>, StoreError> {
        let query = sqlx::query_scalar("SELECT body FROM plans WHERE id = ?").bind(id.to_string());
        let body: Option<String> = query.fetch_optional(&self.pool).await?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }
}
