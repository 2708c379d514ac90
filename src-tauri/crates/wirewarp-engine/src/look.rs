//! Looking at hosts.

use futures::future::join_all;
use wirewarp_model::{Host, HostId, Inventory, Name, observed::Observed};
use wirewarp_plan::check::Sightings;
use wirewarp_remote::{apply::read_manifest, observe::observe, session::RootSession};

use crate::{Engine, error::EngineError};

/// What is known of a host without looking at it now.
#[derive(Debug, Clone)]
pub struct HostRecord {
    /// The generation that this inventory applied last; 0 for none.
    pub applied: u64,
    /// The last look, with its time in milliseconds since 1970 UTC.
    pub seen: Option<(i64, Observed)>,
}

impl Engine {
    /// What is known of a host without looking at it now.
    pub async fn host_record(&self, host: HostId) -> Result<HostRecord, EngineError> {
        let applied = self
            .store
            .last_applied(host)
            .await?
            .map_or(0, |last| last.generation);
        let at = self.store.last_observed_at(host).await?;
        let seen = self.store.last_observed(host).await?;
        let seen = at.zip(seen);
        Ok(HostRecord { applied, seen })
    }

    /// Looks at a host once.
    pub(crate) async fn look(&self, name: &Name, session: &RootSession) -> Result<Observed, EngineError> {
        observe(session).await.map_err(|source| EngineError::Look {
            host: name.clone(),
            source,
        })
    }

    /// Looks at a host of the inventory, and remembers what was seen. A connection that turns out to be dead is made
    /// again once.
    pub(crate) async fn look_at(&self, inventory: &Inventory, host: &Host) -> Result<Observed, EngineError> {
        self.finish_interrupted(inventory, host).await?;
        let session = self.hosts.session(inventory, host).await?;
        let (mut seen, session) = match self.look(&host.name, &session).await {
            Err(_) if session.is_closed() => {
                let session = self.hosts.fresh(inventory, host).await?;
                (self.look(&host.name, &session).await?, session)
            }
            other => (other?, session),
        };
        if !self.knows(inventory, host, &seen).await? {
            complete_manifest(host, &session, &mut seen).await?;
        }
        self.store.remember_observed(host.id, &seen).await?;
        Ok(seen)
    }

    /// Looks at a host as [`Self::look_at`] does, and brings its manifest home with the desired state in it.
    pub(crate) async fn look_whole(
        &self,
        inventory: &Inventory,
        host: &Host,
    ) -> Result<Observed, EngineError> {
        let mut seen = self.look_at(inventory, host).await?;
        let session = self.hosts.session(inventory, host).await?;
        complete_manifest(host, &session, &mut seen).await?;
        Ok(seen)
    }

    /// Whether this inventory knows what was last applied to the host; if not, what the host itself says matters.
    async fn knows(&self, inventory: &Inventory, host: &Host, seen: &Observed) -> Result<bool, EngineError> {
        let Some(ours) = &seen.ours else {
            return Ok(true);
        };
        let own = (ours.inventory, ours.host) == (Some(inventory.id), Some(host.id));
        Ok(own && self.store.last_generation(host.id).await? > 0)
    }

    /// Looks at several hosts side by side, with what came of each.
    pub(crate) async fn look_at_all(
        &self,
        inventory: &Inventory,
        hosts: &[HostId],
    ) -> Vec<(HostId, Result<Observed, EngineError>)> {
        let known = hosts.iter().filter_map(|id| inventory.host(*id));
        join_all(known.map(|host| async { (host.id, self.look_at(inventory, host).await) })).await
    }

    /// Every host as it was seen last.
    pub(crate) async fn last_looks(&self, inventory: &Inventory) -> Result<Sightings, EngineError> {
        let mut seen = Sightings::new();
        for host in &inventory.hosts {
            if let Some(observed) = self.store.last_observed(host.id).await? {
                seen.insert(host.id, observed);
            }
        }
        Ok(seen)
    }
}

async fn complete_manifest(
    host: &Host,
    session: &RootSession,
    seen: &mut Observed,
) -> Result<(), EngineError> {
    let Some(ours) = seen.ours.as_mut().filter(|ours| ours.manifest.is_some()) else {
        return Ok(());
    };
    let whole = read_manifest(session).await.map_err(|source| EngineError::Host {
        host: host.name.clone(),
        source,
    })?;
    if whole.is_some() {
        ours.manifest = whole;
    }
    Ok(())
}
