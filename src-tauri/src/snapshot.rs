//! The inventory as it was read last, with what is computed from it, for as long as nothing changes it.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, OnceCell};
use wirewarp_engine::{Drafting, Engine, PendingWhy as Why};
use wirewarp_model::{Inventory, PeerId};

use crate::{
    errors::{Answered, user},
    view::{Pending, PendingHost, PendingWhy},
};

/// Another program may apply without changing the inventory; after this long it is asked again.
const PENDING_FRESH: Duration = Duration::from_secs(30);

/// One state of the inventory.
pub(crate) struct Snapshot {
    revision: i64,
    pub(crate) inventory: Inventory,
    drafting: OnceCell<Drafting>,
    added: OnceCell<HashMap<PeerId, i64>>,
    pending: Mutex<Option<(Instant, Pending)>>,
}

/// The newest.
#[derive(Default)]
pub(crate) struct Snapshots {
    newest: Mutex<Option<Arc<Snapshot>>>,
}

impl Snapshots {
    /// The inventory as it is now; read again only if somebody changed it.
    pub(crate) async fn now(&self, engine: &Engine) -> Answered<Arc<Snapshot>> {
        let mut newest = self.newest.lock().await;
        let revision = engine.revision().await.map_err(user)?;
        if let Some(known) = newest.as_ref().filter(|known| known.revision == revision) {
            return Ok(known.clone());
        }
        let read = Arc::new(Snapshot {
            revision,
            inventory: engine.inventory().await.map_err(user)?,
            drafting: OnceCell::new(),
            added: OnceCell::new(),
            pending: Mutex::default(),
        });
        *newest = Some(read.clone());
        Ok(read)
    }

    /// Hosts were changed: what is pending is computed anew.
    pub(crate) async fn forget_pending(&self) {
        if let Some(newest) = self.newest.lock().await.as_ref() {
            *newest.pending.lock().await = None;
        }
    }
}

impl Snapshot {
    /// Its ports, sorted at the first question.
    pub(crate) async fn drafting(&self) -> &Drafting {
        self.drafting
            .get_or_init(|| async { Drafting::new(&self.inventory) })
            .await
    }

    /// When each peer was added, milliseconds since 1970 UTC.
    pub(crate) async fn added(&self, engine: &Engine) -> Answered<&HashMap<PeerId, i64>> {
        self.added
            .get_or_try_init(|| async { engine.peers_added().await.map_err(user) })
            .await
    }

    /// What is recorded and not applied.
    pub(crate) async fn pending(&self, engine: &Engine) -> Answered<Pending> {
        let mut known = self.pending.lock().await;
        if let Some((at, pending)) = known.as_ref()
            && at.elapsed() < PENDING_FRESH
        {
            return Ok(pending.clone());
        }
        let hosts = engine.pending(&self.inventory).await.map_err(user)?;
        let host = |host: wirewarp_engine::PendingHost| PendingHost {
            name: host.name,
            why: match host.why {
                Why::New => PendingWhy::New,
                Why::Changed => PendingWhy::Changed,
                Why::Lost => PendingWhy::Lost,
                Why::Leaving => PendingWhy::Leaving,
            },
        };
        let pending = Pending {
            hosts: hosts.into_iter().map(host).collect(),
        };
        *known = Some((Instant::now(), pending.clone()));
        Ok(pending)
    }
}
