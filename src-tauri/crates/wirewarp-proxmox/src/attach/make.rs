//! Making the calls that were decided.

use super::{Call, Configure};
use crate::{Api, ProxmoxError, guests::GuestRef, names::Upid, params::Params};

impl Api {
    /// Makes one call of an attach or a detach. [`Call::ApplyNetwork`] gives the task to follow; read the network back after
    /// it, since its log can be empty.
    ///
    /// Fails like the calls themselves: [`Problem::ChangedMeanwhile`](crate::Problem::ChangedMeanwhile) when somebody changed
    /// the guest since it was looked at, and [`Problem::HotplugFailed`](crate::Problem::HotplugFailed) with the change left
    /// pending, which the next decision takes into account.
    pub async fn make(&self, guest: &GuestRef, call: &Call) -> Result<Option<Upid>, ProxmoxError> {
        let node = &guest.node;
        match call {
            Call::CreateBridge(bridge) => self.create_bridge(node, bridge).await?,
            Call::DeleteBridge(name) => self.delete_bridge(node, name).await?,
            Call::RevertNetwork => self.revert_network(node).await?,
            Call::ApplyNetwork => return self.apply_network(node).await.map(Some),
            Call::RevertPending(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.revert_pending(guest, &names).await?;
            }
            Call::Configure(change) => self.set(guest, params(change), Some(&change.digest)).await?,
            Call::RegenerateCloudInit => self.regenerate_cloudinit(guest).await?,
        }
        Ok(None)
    }
}

fn params(change: &Configure) -> Params {
    let set = change
        .set
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    let mut params: Params = set.collect();
    if !change.delete.is_empty() {
        let names: Vec<&str> = change.delete.iter().map(String::as_str).collect();
        params.push(("delete".to_owned(), names.join(",")));
    }
    params
}
