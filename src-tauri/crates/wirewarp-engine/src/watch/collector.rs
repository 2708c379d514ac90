//! The one who watches all hosts.

use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{broadcast, mpsc, watch},
    task::{AbortHandle, JoinHandle, JoinSet},
};
use wirewarp_model::{HostId, Inventory, PeerId};
use wirewarp_store::history::History;
use wirewarp_watch::{HostState, span};

use super::{
    clock,
    host::HostTask,
    measuring::{MEASURE, measure_again},
    now::HostNow,
    writer::{Record, write_all},
};
use crate::{
    Engine,
    alert::{Alarm, Message, watch_over},
    error::EngineError,
    quality::TunnelQuality,
};

/// Between two looks at the inventory.
const TICK: Duration = Duration::from_secs(1);

/// Hosts begin to be polled this far apart, so that two hundred connections are not opened at once.
const APART: Duration = Duration::from_millis(25);

/// Whether what is measured is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    /// It is, and another program that does so already is an error.
    Required,
    /// It is, unless another program does so already.
    IfFree,
    /// It is not.
    No,
}

/// Polls all hosts until it is dropped.
#[derive(Debug)]
pub struct Watching {
    shared: Arc<Shared>,
    interval: watch::Sender<Duration>,
    supervisor: JoinHandle<()>,
    writer: Option<JoinHandle<()>>,
    alarm: Option<JoinHandle<()>>,
    measurer: Option<JoinHandle<()>>,
    measuring: watch::Sender<Duration>,
    told: broadcast::Sender<Arc<Message>>,
}

/// What the hosts' tasks share.
pub(super) struct Shared {
    pub(super) engine: Engine,
    now: RwLock<BTreeMap<HostId, Arc<HostNow>>>,
    news: watch::Sender<u64>,
    /// How well tunnels carried when that was measured last.
    qualities: RwLock<BTreeMap<PeerId, TunnelQuality>>,
    records: Option<mpsc::Sender<Record>>,
    /// When a host was polled last, seconds since 1970 UTC.
    polled_at: AtomicI64,
    /// Whether the last attempt to write the history failed.
    unwritten: Arc<AtomicBool>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Engine {
    /// The figures over time of this inventory, opened when they are first asked for.
    pub(crate) async fn history(&self) -> Result<&History, EngineError> {
        let path = self.data_dir.join("history.db");
        let open = async || Ok::<_, EngineError>(History::open(&path).await?);
        self.history.get_or_try_init(open).await
    }

    /// Begins to poll every host each `interval`, at least a second.
    pub async fn start_watching(
        &self,
        interval: Duration,
        recording: Recording,
    ) -> Result<Watching, EngineError> {
        let (mut writer, mut records) = (None, None);
        let unwritten = Arc::new(AtomicBool::new(false));
        if recording != Recording::No {
            let history = self.history().await?.clone();
            match history.claim()? {
                Some(claim) => {
                    let (send, receive) = mpsc::channel(1024);
                    writer = Some(tokio::spawn(write_all(
                        history,
                        claim,
                        receive,
                        unwritten.clone(),
                    )));
                    records = Some(send);
                }
                None if recording == Recording::Required => return Err(already_collected()),
                None => {}
            }
        }
        let shared = Arc::new(Shared {
            engine: self.clone(),
            now: RwLock::default(),
            news: watch::Sender::new(0),
            qualities: RwLock::default(),
            records,
            polled_at: AtomicI64::new(clock()),
            unwritten,
        });
        let interval = watch::Sender::new(interval.max(TICK));
        let inventory = watch::Sender::new(Arc::new(self.inventory().await?));
        let told = broadcast::Sender::new(64);
        // Whoever writes the history is the only one who tells.
        let alarm = match &writer {
            Some(_) => Some(tokio::spawn(watch_over(Alarm {
                engine: self.clone(),
                history: self.history().await?.clone(),
                hosts: shared.hosts(),
                news: shared.news.subscribe(),
                inventory: inventory.subscribe(),
                told: told.clone(),
            }))),
            None => None,
        };
        let measuring = watch::Sender::new(MEASURE);
        let measurer = writer.is_some().then(|| {
            let news = inventory.subscribe();
            tokio::spawn(measure_again(shared.clone(), news, measuring.subscribe()))
        });
        let supervisor = tokio::spawn(supervise(shared.clone(), inventory, interval.subscribe()));
        Ok(Watching {
            shared,
            interval,
            supervisor,
            writer,
            alarm,
            measurer,
            measuring,
            told,
        })
    }
}

fn already_collected() -> EngineError {
    EngineError::refused(
        "already_watched",
        "Another program of WireWarp collects the figures of this inventory already.",
        &[
            "Look on without collecting: wirewarp top",
            "Or end that program, e.g. close the window",
        ],
    )
}

impl Watching {
    /// Whether what is measured is written down by this program.
    pub fn is_recording(&self) -> bool {
        self.writer.is_some()
    }

    /// All hosts as they are now, by name. One that was not asked yet is not there.
    pub fn now(&self) -> Vec<Arc<HostNow>> {
        let mut all: Vec<Arc<HostNow>> = self.shared.read().values().cloned().collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// Tells each time that a host was polled.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.shared.news.subscribe()
    }

    /// Alerts as they fire, remind and are over, all that happened in the same moment at once. Only the program that
    /// writes the history has any.
    pub fn told(&self) -> broadcast::Receiver<Arc<Message>> {
        self.told.subscribe()
    }

    /// Polls from now on this often, at least a second apart.
    pub fn set_interval(&self, interval: Duration) {
        let interval = interval.max(TICK);
        self.interval.send_if_modified(|now| {
            let changes = *now != interval;
            *now = interval;
            changes
        });
    }

    /// Measures the busy tunnels from now on this often, never if it is zero.
    pub fn set_measuring(&self, every: Duration) {
        self.measuring.send_replace(every);
    }

    /// Ends it, once what was measured is written down.
    pub async fn end(mut self) {
        self.supervisor.abort();
        let _ = (&mut self.supervisor).await;
        for task in [self.alarm.take(), self.measurer.take()].into_iter().flatten() {
            task.abort();
            let _ = task.await;
        }
        let Some(writer) = self.writer.take() else { return };
        // The tasks are gone with the supervisor; the last sender goes with this.
        drop(self);
        let _ = tokio::time::timeout(Duration::from_secs(5), writer).await;
    }
}

/// A part of the collector, and whether it works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthPart {
    /// Which.
    pub part: &'static str,
    /// Whether it works.
    pub ok: bool,
    /// What it does or lacks.
    pub detail: String,
}

impl Watching {
    /// Whether the collector does its work; that hosts do not answer is no fault of its own.
    pub fn health(&self, interval: Duration) -> Vec<HealthPart> {
        let now = self.now();
        let online = now.iter().filter(|host| host.state == HostState::Online).count();
        let polled = self.shared.polled_at.load(Ordering::Relaxed);
        let quiet = clock() - polled;
        let late = i64::try_from(interval.as_secs()).unwrap_or(i64::MAX / 8) * 3 + 90;
        let polls = HealthPart {
            part: "polls",
            ok: now.is_empty() || quiet <= late,
            detail: format!(
                "{online} of {} hosts answer; last poll {} ago",
                now.len(),
                span(quiet)
            ),
        };
        let written = !self.shared.unwritten.load(Ordering::Relaxed);
        let history = HealthPart {
            part: "history",
            ok: written,
            detail: if written {
                "written"
            } else {
                "cannot be written; is the disk full?"
            }
            .to_owned(),
        };
        vec![polls, history]
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.supervisor.abort();
        for task in [&self.alarm, &self.measurer].into_iter().flatten() {
            task.abort();
        }
    }
}

impl Shared {
    /// All hosts, whenever it is called.
    fn hosts(self: &Arc<Self>) -> Box<dyn Fn() -> Vec<Arc<HostNow>> + Send + Sync> {
        let shared = self.clone();
        Box::new(move || shared.read().values().cloned().collect())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<HostId, Arc<HostNow>>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn host(&self, id: HostId) -> Option<Arc<HostNow>> {
        self.read().get(&id).cloned()
    }

    pub(super) fn keep_quality(&self, of: PeerId, quality: TunnelQuality) {
        let mut all = self.qualities.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(of, quality);
    }

    pub(super) fn publish(&self, mut now: HostNow) {
        let qualities = self.qualities.read().unwrap_or_else(PoisonError::into_inner);
        for peer in &mut now.peers {
            peer.quality = qualities.get(&peer.id).cloned();
        }
        drop(qualities);
        let mut all = self.now.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(now.id, Arc::new(now));
        drop(all);
        self.polled_at.store(clock(), Ordering::Relaxed);
        self.news.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn forget(&self, id: HostId) {
        let mut all = self.now.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(&id);
    }

    pub(super) async fn write(&self, record: Record) {
        if let Some(records) = &self.records {
            let _ = records.send(record).await;
        }
    }

    /// Whether another host answered lately; none if there is no other.
    pub(super) fn others_answer(&self, but: HostId, now: i64, interval: Duration) -> Option<bool> {
        let lately = i64::try_from(interval.as_secs())
            .unwrap_or(i64::MAX / 4)
            .saturating_mul(3)
            .max(60);
        let all = self.read();
        let mut others = all.values().filter(|host| host.id != but).peekable();
        others.peek()?;
        Some(others.any(|host| host.at.is_some_and(|at| now - at <= lately)))
    }
}

/// Has a task for each host of the inventory, as that changes.
async fn supervise(
    shared: Arc<Shared>,
    inventory: watch::Sender<Arc<Inventory>>,
    interval: watch::Receiver<Duration>,
) {
    let mut stamp = shared.engine.stamp().await.ok();
    let mut tasks = JoinSet::new();
    let mut running: HashMap<HostId, AbortHandle> = HashMap::new();
    loop {
        let wanted: Vec<HostId> = inventory.borrow().hosts.iter().map(|host| host.id).collect();
        running.retain(|id, task| {
            let stays = wanted.contains(id) && !task.is_finished();
            if !stays {
                task.abort();
                shared.forget(*id);
            }
            stays
        });
        for id in wanted {
            if running.contains_key(&id) {
                continue;
            }
            let task = HostTask::new(shared.clone(), id, inventory.subscribe(), interval.clone());
            running.insert(id, tasks.spawn(task.run()));
            tokio::time::sleep(APART).await;
        }
        tokio::time::sleep(TICK).await;
        while tasks.try_join_next().is_some() {}
        let now = shared.engine.stamp().await.ok();
        if now.is_some()
            && now != stamp
            && let Ok(changed) = shared.engine.inventory().await
        {
            inventory.send_replace(Arc::new(changed));
            stamp = now;
        }
        tracing::trace!(hosts = running.len(), at = clock(), "watching");
    }
}
