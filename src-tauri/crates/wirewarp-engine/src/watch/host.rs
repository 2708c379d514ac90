//! One host, polled again and again.

use rand::Rng;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;
use wirewarp_model::{Host, HostId, Inventory, figures::Series, polled::Polled};
use wirewarp_remote::poll::poll;
use wirewarp_store::history::State;
use wirewarp_watch::{Before, HostState, Reached, Subjects, measure};

use super::{
    clock,
    collector::Shared,
    now::{Answer, HostNow},
    writer::Record,
};
use crate::error::EngineError;

/// Seconds between two askings for what changes slowly.
const DAY: i64 = 86_400;

/// Longest wait for a host that does not answer, and for one that does not let us in.
const LONGEST: Duration = Duration::from_secs(60);
const REFUSED: Duration = Duration::from_mins(5);

/// What is remembered of a host between two programs.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    before: Option<Before>,
    daily_at: i64,
    security_updates: Option<u32>,
}

/// Polls one host until it is dropped.
pub(super) struct HostTask {
    shared: Arc<Shared>,
    id: HostId,
    inventory: watch::Receiver<Arc<Inventory>>,
    interval: watch::Receiver<Duration>,
    reached: Reached,
    kept: Kept,
}

impl HostTask {
    pub(super) fn new(
        shared: Arc<Shared>,
        id: HostId,
        inventory: watch::Receiver<Arc<Inventory>>,
        interval: watch::Receiver<Duration>,
    ) -> Self {
        Self {
            shared,
            id,
            inventory,
            interval,
            reached: Reached::default(),
            kept: Kept::default(),
        }
    }

    pub(super) async fn run(mut self) {
        self.kept = self.remembered().await;
        loop {
            let began = tokio::time::Instant::now();
            self.turn().await;
            let wait = self.wait();
            loop {
                tokio::select! {
                    () = tokio::time::sleep_until(began + wait) => break,
                    // Somebody looks now: the next poll need not wait for the old interval.
                    changed = self.interval.changed() => match changed {
                        Ok(()) if self.reached.tries() == 0 => break,
                        Ok(()) => {}
                        Err(_) => return,
                    },
                }
            }
        }
    }

    async fn remembered(&self) -> Kept {
        let Ok(history) = self.shared.engine.history().await else {
            return Kept::default();
        };
        let body = history.last_poll(self.id).await.ok().flatten();
        // What an older program wrote otherwise is as good as nothing.
        body.and_then(|body| postcard::from_bytes(&body).ok())
            .unwrap_or_default()
    }

    /// Until the next poll: doubled with each failure, and never at the same moment for all hosts.
    fn wait(&self) -> Duration {
        let interval = *self.interval.borrow();
        let tries = self.reached.tries();
        if tries == 0 {
            return interval;
        }
        let longest = if self.reached.refuses() { REFUSED } else { LONGEST };
        let doubled = interval
            .saturating_mul(1 << tries.min(5))
            .min(longest.max(interval));
        doubled.mul_f64(rand::rng().random_range(0.75..1.25))
    }

    async fn turn(&mut self) {
        let inventory = self.inventory.borrow_and_update().clone();
        let Some(host) = inventory.host(self.id) else {
            return;
        };
        let daily = clock() - self.kept.daily_at >= DAY;
        match self.poll(&inventory, host, daily).await {
            Ok(polled) => self.answered(&inventory, host, &polled).await,
            Err(error) => self.failed(host, &error).await,
        }
    }

    async fn poll(&self, inventory: &Inventory, host: &Host, daily: bool) -> Result<Polled, EngineError> {
        let hosts = &self.shared.engine.hosts;
        let session = hosts.session(inventory, host).await?;
        let answer = match poll(&session, daily).await {
            Err(_) if session.is_closed() => poll(&hosts.fresh(inventory, host).await?, daily).await,
            other => other,
        };
        answer.map_err(|source| EngineError::Poll {
            host: host.name.clone(),
            source,
        })
    }

    async fn answered(&mut self, inventory: &Inventory, host: &Host, polled: &Polled) {
        let at = self
            .kept
            .before
            .as_ref()
            .map_or(i64::MIN, Before::at)
            .saturating_add(1)
            .max(clock());
        if let Some(daily) = &polled.daily {
            (self.kept.daily_at, self.kept.security_updates) = (at, daily.security_updates);
        }
        let subjects = Subjects::new(inventory, host.id);
        let (before, samples) = measure(&subjects, self.kept.before.take(), polled, at);
        self.kept.before = Some(before);
        self.reached.answered(at);
        let answer = Answer {
            polled,
            samples: &samples,
            security_updates: self.kept.security_updates,
            at,
        };
        let now = HostNow::answered(inventory, host, &answer);
        let states = states(&now);
        self.shared.publish(now);
        let last = postcard::to_allocvec(&self.kept).unwrap_or_default();
        let record = Record {
            host: host.id,
            at,
            samples,
            last: Some(last),
            states,
        };
        self.shared.write(record).await;
    }

    async fn failed(&mut self, host: &Host, error: &EngineError) {
        let at = clock();
        self.reached.failed(at, &error.to_string(), !may_pass(error));
        tracing::debug!(host = %host.name, %error, "a poll failed");
        let others = self.shared.others_answer(host.id, at, *self.interval.borrow());
        let (state, reason) = self.reached.state(at, others);
        let mut now = match self.shared.host(host.id) {
            Some(before) => before.unanswered(state, reason),
            None => HostNow::silent(host, state, reason),
        };
        now.refused = matches!(error, EngineError::Ssh { .. }) && !may_pass(error);
        let states = states(&now);
        self.shared.publish(now);
        let record = Record {
            host: host.id,
            at,
            samples: Vec::new(),
            last: None,
            states,
        };
        self.shared.write(record).await;
    }
}

/// Whether it may answer the next time without anybody doing something.
fn may_pass(error: &EngineError) -> bool {
    matches!(error, EngineError::Poll { .. }) || error.is_passing()
}

/// What is written down of how things are. What nobody knows is not a change: a host that is offline says so itself.
fn states(now: &HostNow) -> Vec<(Series, State)> {
    let state = |word: &str, reason: &str| State {
        state: word.to_owned(),
        reason: reason.to_owned(),
    };
    let host = (Series::Host(now.id), state(now.state.as_str(), &now.reason));
    let peers = now
        .peers
        .iter()
        .map(|peer| (Series::Peer(peer.id), state(peer.state.as_str(), &peer.reason)));
    let known = now.state != HostState::Unknown || now.at.is_some();
    std::iter::once(host).chain(peers).filter(|_| known).collect()
}
