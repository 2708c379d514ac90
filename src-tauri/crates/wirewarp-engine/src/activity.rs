//! What was changed, by whom, and how applies ended: by parts, for a list that can be long.

use std::collections::HashMap;
use wirewarp_model::PeerId;
pub use wirewarp_store::{Activity, ActivityFilter, ActivityKind, Stamp};

use crate::{Engine, error::EngineError};

impl Engine {
    /// The entries that `filter` lets through, newest first: `limit` of them after `offset`, and how many there are.
    pub async fn activity(
        &self,
        filter: &ActivityFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<Activity>, u32), EngineError> {
        Ok(self.store.activity(filter, offset, limit).await?)
    }

    /// When each peer was added, milliseconds since 1970 UTC; also of those that are gone.
    pub async fn peers_added(&self) -> Result<HashMap<PeerId, i64>, EngineError> {
        let added = self.store.added("peer").await?;
        Ok(added
            .into_iter()
            .filter_map(|(id, at)| Some((id.parse().ok()?, at)))
            .collect())
    }

    /// A number that grows with every change of the inventory, whichever program made it.
    pub async fn revision(&self) -> Result<i64, EngineError> {
        Ok(self.store.revision().await?)
    }

    /// What differs after anything that a window could show was written down, whichever program did it.
    pub async fn stamp(&self) -> Result<Stamp, EngineError> {
        Ok(self.store.stamp().await?)
    }
}
