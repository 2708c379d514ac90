//! Who goes first: hosts go side by side, but for those whose way leads through another that is changed as well.

use futures::future::join_all;
use std::sync::Arc;
use tokio::sync::Notify;
use wirewarp_model::HostId;

use super::{Finished, host::HostRun};
use crate::Engine;

/// A host's place among the others.
#[derive(Debug, Default)]
pub(super) struct Turn {
    given: Arc<Notify>,
    awaited: Vec<Arc<Notify>>,
}

impl Turn {
    /// The host needs its way no more until it is confirmed, or at all.
    pub(super) fn give(&self) {
        self.given.notify_one();
    }

    /// Comes when every host whose way leads through this one has given its turn.
    pub(super) async fn comes(&self) {
        for other in &self.awaited {
            other.notified().await;
        }
    }
}

/// Finishes all. Hosts that leave by way of another go first, and where one could not, the other keeps it its way. One
/// that is reached by way of another has its whole change before the other begins: a tunnel's end that changes first, its
/// key for example, would cut off the way to the second.
pub(super) async fn in_order(engine: &Engine, runs: Vec<HostRun>) -> Vec<Finished> {
    let (leaving, mut others): (Vec<_>, Vec<_>) =
        runs.into_iter().partition(|run| run.plan.leaves_by.is_some());
    let ways: Vec<Option<HostId>> = leaving.iter().map(|run| run.plan.leaves_by).collect();
    let left = join_all(leaving.into_iter().map(HostRun::finish)).await;
    for (by, done) in ways.into_iter().zip(&left) {
        if done.applied.error.is_some() {
            let way = others.iter_mut().filter(|run| Some(run.host) == by);
            way.for_each(|run| run.hold_for(&done.applied.name));
        }
    }
    wait_for_one_another(engine, &mut others).await;
    let others = join_all(others.into_iter().map(HostRun::finish)).await;
    left.into_iter().chain(others).collect()
}

async fn wait_for_one_another(engine: &Engine, runs: &mut [HostRun]) {
    for at in 0..runs.len() {
        let by = engine.hosts.way_of(runs[at].host).await;
        let Some(through) = runs.iter().position(|run| Some(run.host) == by) else {
            continue;
        };
        let given = runs[at].turn.given.clone();
        runs[through].turn.awaited.push(given);
    }
}
