//! Trusting a host again after it was reinstalled.

use wirewarp_model::Name;

use crate::{Engine, error::EngineError, preview::host_named};

impl Engine {
    /// Accepts the key that a host shows now in place of those remembered: the one with `fingerprint`, or the one that
    /// the person says yes to. The answer is the accepted fingerprint. What was remembered stays if it is refused.
    pub async fn trust_anew(&self, name: &Name, fingerprint: Option<&str>) -> Result<String, EngineError> {
        let inventory = self.inventory().await?;
        let host = host_named(&inventory, name)?;
        Ok(self
            .hosts
            .anew(&inventory, host, fingerprint)
            .await?
            .fingerprint())
    }
}
