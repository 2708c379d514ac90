//! One host as it stands now, for who watches many.

use futures::{StreamExt, stream};
use wirewarp_model::{ForwardId, Host, HostId, Inventory, observed::Observed};
use wirewarp_plan::check::{Subject, served_on};

use crate::{
    Engine, HostStatus, TunnelStatus,
    error::EngineError,
    preview::hosts_named,
    status::{tunnel_status, tunnels_of},
};

/// Hosts that are looked at side by side.
const AT_ONCE: usize = 8;

/// A host as it stands now.
#[derive(Debug, Clone)]
pub struct HostLook {
    /// The machine.
    pub status: HostStatus,
    /// Why it could not be looked at.
    pub error: Option<wirewarp_model::UserError>,
    /// Whether that may pass by itself; else another look fails likewise, or asks the person.
    pub may_pass: bool,
    /// Seconds since it was started.
    pub uptime: Option<u64>,
    /// The tunnels that end on it, if it is a VPS.
    pub tunnels: Vec<TunnelStatus>,
    /// Its forwards whose public port something on it serves, if it is a VPS, with by whom; none if nobody looked.
    pub conflicts: Vec<(ForwardId, String)>,
}

impl Engine {
    /// Looks at hosts, a few at once, and gives each to `on_look` when it is there. Names of no host are an error.
    pub async fn watch(
        &self,
        names: &[wirewarp_model::Name],
        on_look: &(dyn Fn(HostLook) + Send + Sync),
    ) -> Result<(), EngineError> {
        let inventory = self.inventory().await?;
        let ids: Vec<HostId> = hosts_named(&inventory, names)?;
        let inventory = &inventory;
        let mut looks = stream::iter(ids)
            .map(|id| async move { self.look_live(inventory, id).await })
            .buffer_unordered(AT_ONCE);
        while let Some(look) = looks.next().await {
            on_look(look?);
        }
        Ok(())
    }

    async fn look_live(&self, inventory: &Inventory, id: HostId) -> Result<HostLook, EngineError> {
        let host = inventory
            .host(id)
            .ok_or_else(|| EngineError::not_found("host", "", std::iter::empty()))?;
        let seen = self.look_at(inventory, host).await;
        let status = self.live_status(inventory, host, seen.as_ref().ok()).await?;
        let may_pass = seen.as_ref().err().is_none_or(EngineError::is_passing);
        let (seen, error) = match seen {
            Ok(seen) => (Some(seen), None),
            Err(error) => (None, Some(error.to_user())),
        };
        let tunnels = tunnels_of(inventory, id)
            .map(|(peer, vps, address)| tunnel_status(peer, vps, address, seen.as_ref()))
            .collect();
        let conflicts = seen
            .as_ref()
            .map_or_else(Vec::new, |seen| conflicts(inventory, id, seen));
        Ok(HostLook {
            status,
            error,
            may_pass,
            uptime: seen.and_then(|seen| seen.uptime),
            tunnels,
            conflicts,
        })
    }

    /// As `status` says it, but for what an apply would change: that is told from the files alone, since a whole plan
    /// for each of a thousand hosts each minute is too much.
    async fn live_status(
        &self,
        inventory: &Inventory,
        host: &Host,
        seen: Option<&Observed>,
    ) -> Result<HostStatus, EngineError> {
        let ours = seen.and_then(|seen| seen.ours.as_ref());
        let generation = match seen {
            Some(_) => ours.map_or(0, |ours| ours.generation),
            None => self.store.last_generation(host.id).await?,
        };
        let differs = self
            .why_pending(inventory, host)
            .await
            .map_or(true, |why| why.is_some());
        Ok(HostStatus {
            name: host.name.clone(),
            system: seen.map(|seen| seen.os.pretty.clone()).unwrap_or_default(),
            generation,
            drift: ours.map(|ours| ours.drift.clone()).unwrap_or_default(),
            changes_waiting: seen.is_some() && differs,
            error: None,
        })
    }
}

fn conflicts(inventory: &Inventory, host: HostId, seen: &Observed) -> Vec<(ForwardId, String)> {
    let vpses = inventory.vpses.iter().filter(|vps| vps.host == host);
    let found = vpses.flat_map(|vps| served_on(inventory, vps, seen));
    found
        .filter_map(|finding| {
            let Subject::Forward(id) = finding.subject else {
                return None;
            };
            Some((id, finding.message))
        })
        .collect()
}
