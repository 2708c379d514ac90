//! Trusting a host again after it was reinstalled.

use wirewarp_model::Name;

use crate::{Engine, error::EngineError, preview::host_id};

impl Engine {
    /// Accepts the key that a host shows now in place of those remembered: the one with `fingerprint`, or the one that
    /// the person says yes to. The answer is the accepted fingerprint. What was remembered stays if it is refused.
    pub async fn trust_anew(&self, name: &Name, fingerprint: Option<&str>) -> Result<String, EngineError> {
        let inventory = self.inventory().await?;
        let id = host_id(&inventory, name)?;
        let host = inventory
            .host(id)
            .ok_or_else(|| EngineError::not_found("host", name.as_str(), std::iter::empty()))?;
        Ok(self
            .hosts
            .anew(&inventory, host, fingerprint)
            .await?
            .fingerprint())
    }
}
