//! How hosts stood when they were last looked at.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use wirewarp_engine::{HostLook, TunnelStatus, activity::Stamp};
use wirewarp_model::{ForwardId, Name};

use crate::{
    Desktop,
    desktop::now,
    errors::{Answered, user},
    outside::News,
    view::{Health, HostLive, PortConflict, Subject, TunnelLive},
    words,
};

/// Between two looks at the clock of the background.
const TICK: Duration = Duration::from_secs(1);

/// The newest look at each host.
#[derive(Default)]
pub(crate) struct Lives {
    seen: Mutex<BTreeMap<Name, Seen>>,
}

struct Seen {
    live: HostLive,
    /// Whether a failed look may be repeated without the person.
    may_pass: bool,
    /// Whether an apply would change it.
    waiting: bool,
}

impl Lives {
    /// All, by name.
    pub(crate) fn all(&self) -> Vec<HostLive> {
        self.seen().values().map(|seen| seen.live.clone()).collect()
    }

    /// One.
    pub(crate) fn of(&self, name: &Name) -> Option<HostLive> {
        self.seen().get(name).map(|seen| seen.live.clone())
    }

    /// The tunnel of a peer.
    pub(crate) fn tunnel(&self, vps: &Name, peer: &Name) -> Option<TunnelLive> {
        let live = self.of(vps)?;
        live.tunnels.into_iter().find(|tunnel| tunnel.peer == *peer)
    }

    fn may_look_again(&self, name: &Name) -> bool {
        self.seen().get(name).is_none_or(|seen| seen.may_pass)
    }

    /// Takes a look in. What is not known of an unreachable host stays as it was.
    fn take(&self, look: HostLook) -> HostLive {
        let (may_pass, mut waiting) = (look.may_pass, look.status.changes_waiting);
        let mut seen = self.seen();
        let mut live = live(look);
        if live.health == Health::Unreachable
            && let Some(before) = seen.get(&live.name)
        {
            live.system.clone_from(&before.live.system);
            waiting = before.waiting;
        }
        let entry = Seen {
            live: live.clone(),
            may_pass,
            waiting,
        };
        seen.insert(live.name.clone(), entry);
        live
    }

    /// Hosts that an apply would change.
    fn waiting(&self) -> BTreeSet<Name> {
        let seen = self.seen();
        let waiting = seen.values().filter(|seen| seen.waiting);
        waiting.map(|seen| seen.live.name.clone()).collect()
    }

    /// Forgets hosts that are not in the inventory any more.
    fn keep_only(&self, names: &[Name]) {
        let names: HashSet<&Name> = names.iter().collect();
        self.seen().retain(|name, _| names.contains(name));
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<Name, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desktop {
    /// Looks at hosts now, and tells each look; and that other changes are pending, if a look showed that.
    pub(crate) async fn look_at(self: &Arc<Self>, names: &[Name]) -> Answered<()> {
        let take = |look: HostLook| {
            let live = self.lives.take(look);
            self.outside.tell(News::Status(live));
        };
        let before = self.lives.waiting();
        self.engine.watch(names, &take).await.map_err(user)?;
        if self.lives.waiting() != before {
            self.snapshots.forget_pending().await;
            self.changed(&[Subject::Inventory]);
        }
        Ok(())
    }

    /// Looks at all hosts again and again while the window can be seen, and tells what other programs change.
    pub(crate) async fn keep_watching(self: Arc<Self>) {
        let (mut waited, mut stamp) = (u32::MAX, self.first_stamp);
        loop {
            let every = self.settings.get().refresh_seconds;
            if self.outside.is_visible() {
                self.tell_foreign_changes(&mut stamp).await;
                if every > 0 && waited >= every {
                    waited = 0;
                    self.look_at_quiet_ones().await;
                }
            }
            tokio::time::sleep(TICK).await;
            waited = waited.saturating_add(1);
        }
    }

    async fn tell_foreign_changes(&self, known: &mut Stamp) {
        let Ok(now) = self.engine.stamp().await else {
            return;
        };
        if *known != now {
            self.snapshots.forget_pending().await;
            self.changed(&[Subject::Inventory, Subject::Activity]);
        }
        *known = now;
    }

    /// All hosts but those whose last look failed in a way that only the person can change.
    async fn look_at_quiet_ones(self: &Arc<Self>) {
        let Ok(snapshot) = self.snapshot().await else {
            return;
        };
        let names: Vec<Name> = snapshot
            .inventory
            .hosts
            .iter()
            .map(|host| host.name.clone())
            .collect();
        self.lives.keep_only(&names);
        let quiet: Vec<Name> = names
            .into_iter()
            .filter(|name| self.lives.may_look_again(name))
            .collect();
        if quiet.is_empty() {
            return;
        }
        if let Err(error) = self.look_at(&quiet).await {
            tracing::warn!(error = %error.message, "the hosts could not be looked at");
        }
    }
}

fn live(look: HostLook) -> HostLive {
    let status = look.status;
    let health = match (&look.error, status.drift.is_empty(), status.changes_waiting) {
        (Some(_), ..) => Health::Unreachable,
        (None, false, _) => Health::Drift,
        (None, true, true) => Health::ChangesWaiting,
        (None, true, false) => Health::Ok,
    };
    HostLive {
        name: status.name,
        at: now(),
        health,
        error: look.error.map(words::error),
        system: status.system,
        generation: status.generation,
        drift: status.drift,
        uptime: look.uptime,
        tunnels: look.tunnels.into_iter().map(tunnel).collect(),
        conflicts: look.conflicts.into_iter().map(conflict).collect(),
    }
}

fn conflict((forward, why): (ForwardId, String)) -> PortConflict {
    PortConflict { forward, why }
}

fn tunnel(status: TunnelStatus) -> TunnelLive {
    TunnelLive {
        peer: status.peer,
        vps: status.vps,
        public_ip: status.public_ip,
        up: status.up,
        why: status.why,
        handshake_age: status.handshake_age,
        endpoint: status.endpoint,
        received: status.received,
        sent: status.sent,
    }
}
