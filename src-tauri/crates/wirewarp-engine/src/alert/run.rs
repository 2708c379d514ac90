//! Judging what the collector sees, second by second, and telling of it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{Notify, broadcast, watch};
use uuid::Uuid;
use wirewarp_model::{
    AlertId, HostId, Inventory,
    alert::{Alert, AlertChannel, AlertRule, Severity},
};
use wirewarp_store::{
    StoreError,
    history::{History, NewDelivery},
};
use wirewarp_watch::alert::{Line, Message, News, Sight};

use super::{
    Alerting,
    book::{Book, Turn},
    checks, deliver,
    sight::Beside,
};
use crate::{
    Engine,
    watch::{HostNow, clock},
};

/// Polls that end within this time are looked at together.
const TOGETHER: Duration = Duration::from_millis(200);

/// Between two looks at what is open.
const TICK: Duration = Duration::from_secs(1);

/// What the judge needs of the collector.
pub(crate) struct Alarm {
    /// Whose rules.
    pub(crate) engine: Engine,
    /// Where it is written down.
    pub(crate) history: History,
    /// All hosts as they are now.
    pub(crate) hosts: Box<dyn Fn() -> Vec<Arc<HostNow>> + Send + Sync>,
    /// Tells that a host was polled.
    pub(crate) news: watch::Receiver<u64>,
    /// What there is; it also tells that rules changed.
    pub(crate) inventory: watch::Receiver<Arc<Inventory>>,
    /// Takes all that is told, whichever way, for the program itself.
    pub(crate) told: broadcast::Sender<Arc<Message>>,
}

/// Judges and tells until the collector ends.
pub(crate) async fn watch_over(alarm: Alarm) {
    let alerting = alarm.engine.alerting().await.unwrap_or_default();
    let open = alarm.history.open_alerts().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the open alerts cannot be read");
        Vec::new()
    });
    let rules = watch::Sender::new(Arc::new(alerting));
    let beside = watch::Sender::new(Beside::default());
    let new = Arc::new(Notify::new());
    let judge = Judge {
        seen: beside.subscribe(),
        book: Book::new(open),
        looked: BTreeMap::new(),
        new: new.clone(),
        owed: VecDeque::new(),
        alarm,
    };
    let engine = judge.alarm.engine.clone();
    let history = judge.alarm.history.clone();
    let checking = checks::keep(engine.clone(), rules.subscribe(), beside);
    let sending = deliver::send_all(engine, history, rules.subscribe(), new);
    tokio::join!(judge.run(rules), checking, sending);
}

struct Judge {
    alarm: Alarm,
    seen: watch::Receiver<Beside>,
    book: Book,
    /// The hosts as they were looked at last.
    looked: BTreeMap<HostId, Arc<HostNow>>,
    new: Arc<Notify>,
    /// What a full or locked disk has not taken yet, oldest first.
    owed: VecDeque<Owed>,
}

/// What one turn leaves to write down.
struct Owed {
    changed: Vec<Alert>,
    forgotten: Vec<AlertId>,
    deliveries: Vec<NewDelivery>,
    at: i64,
}

impl Judge {
    async fn run(mut self, rules: watch::Sender<Arc<Alerting>>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.changed(&rules).await;
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                polled = self.alarm.news.changed() => {
                    if polled.is_err() {
                        return;
                    }
                    // Many hosts answer at nearly the same moment.
                    tokio::time::sleep(TOGETHER).await;
                }
            }
            match self.alarm.inventory.has_changed() {
                Ok(true) => self.changed(&rules).await,
                Ok(false) => {}
                Err(_) => return,
            }
            let alerting = rules.borrow().clone();
            let turn = self.look(&alerting);
            self.tell(&alerting, turn);
            self.write_down().await;
        }
    }

    /// Rules or hosts changed: what is open is looked at anew, or closed.
    async fn changed(&mut self, rules: &watch::Sender<Arc<Alerting>>) {
        let inventory = self.alarm.inventory.borrow_and_update().clone();
        match self.alarm.engine.alerting().await {
            Ok(alerting) => {
                rules.send_replace(Arc::new(alerting));
            }
            Err(error) => tracing::warn!(%error, "the rules of alerts cannot be read"),
        }
        self.looked.clear();
        let alerting = rules.borrow().clone();
        let known = objects(&inventory);
        let still = |alert: &Alert| {
            let rule = alerting
                .rules
                .iter()
                .find(|rule| rule.enabled && rule.id == alert.rule);
            rule.is_some() && known.contains(&alert.object)
        };
        let mut turn = Turn::default();
        self.book.sweep(still, clock(), &mut turn);
        self.tell(&alerting, turn);
        self.write_down().await;
    }

    fn look(&mut self, alerting: &Alerting) -> Turn {
        let mut turn = Turn::default();
        let now = clock();
        let quiet = alerting
            .quiet
            .is_some_and(|quiet| quiet.contains(minute_of_day()));
        let muted = |rule: &AlertRule, seen: &Sight| {
            let (object, host) = (seen.of.object().to_string(), seen.host.to_string());
            let mut silences = alerting.silences.iter();
            let silent = silences
                .any(|silence| silence.covers(rule.id, &object, now) || silence.covers(rule.id, &host, now));
            silent || (quiet && rule.severity < Severity::Critical)
        };
        let all = self.seen.has_changed().unwrap_or(false);
        let beside = self.seen.borrow_and_update();
        for host in (self.alarm.hosts)() {
            let same = self
                .looked
                .get(&host.id)
                .is_some_and(|before| Arc::ptr_eq(before, &host));
            if same && !all && !self.book.concerns(host.id) {
                continue;
            }
            self.book
                .look(&alerting.rules, &host, &beside, now, muted, &mut turn);
            self.looked.insert(host.id, host);
        }
        turn
    }

    fn tell(&mut self, alerting: &Alerting, turn: Turn) {
        if turn.is_empty() {
            return;
        }
        let now = clock();
        let lines: Vec<(&Alert, Line)> = turn
            .news
            .iter()
            .map(|(alert, news)| (alert, Line::new(alert, *news, &self.host_name(alert), now)))
            .collect();
        let deliveries = messages(alerting, &lines, now).unwrap_or_default();
        for (alert, _) in turn.news.iter().filter(|(_, news)| *news == News::Fired) {
            tracing::info!(rule = %alert.rule_name, name = %alert.name, reason = %alert.reason, "an alert fired");
        }
        let all = lines.into_iter().map(|(_, line)| line).collect();
        if !turn.news.is_empty() {
            let _ = self
                .alarm
                .told
                .send(Arc::new(Message::new(Uuid::new_v4(), all, now)));
        }
        self.owed.push_back(Owed {
            changed: turn.changed,
            forgotten: turn.forgotten,
            deliveries,
            at: now,
        });
    }

    /// Writes down what is owed, in order; what cannot be written is tried again at the next tick.
    async fn write_down(&mut self) {
        while let Some(owed) = self.owed.front() {
            let noted =
                self.alarm
                    .history
                    .note_alerts(&owed.changed, &owed.forgotten, &owed.deliveries, owed.at);
            if let Err(error) = noted.await {
                tracing::warn!(%error, "alerts could not be written down, and are tried again");
                return;
            }
            self.owed.pop_front();
            self.new.notify_one();
        }
    }

    fn host_name(&self, alert: &Alert) -> String {
        let known = self.looked.get(&alert.host);
        known.map_or_else(String::new, |host| host.name.to_string())
    }
}

/// A message for each channel that is to tell something.
fn messages(alerting: &Alerting, lines: &[(&Alert, Line)], now: i64) -> Result<Vec<NewDelivery>, StoreError> {
    let mut new = Vec::new();
    for channel in alerting.channels.iter().filter(|channel| channel.enabled) {
        let told: Vec<Line> = lines
            .iter()
            .filter(|(alert, _)| tells(alerting, channel, alert))
            .map(|(_, line)| line.clone())
            .collect();
        if !told.is_empty() {
            new.push(NewDelivery {
                channel: channel.id,
                channel_name: channel.name.clone(),
                message: serde_json::to_string(&Message::new(Uuid::new_v4(), told, now))?,
            });
        }
    }
    Ok(new)
}

fn tells(alerting: &Alerting, channel: &AlertChannel, alert: &Alert) -> bool {
    let rule = alerting.rules.iter().find(|rule| rule.id == alert.rule);
    let chosen = rule.is_some_and(|rule| rule.channels.is_empty() || rule.channels.contains(&channel.id));
    chosen && alert.severity >= channel.at_least
}

/// Identifiers of all that an alert can be about.
fn objects(inventory: &Inventory) -> BTreeSet<String> {
    let hosts = inventory.hosts.iter().map(|host| host.id.to_string());
    let peers = inventory.peers.iter().map(|peer| peer.id.to_string());
    let forwards = inventory.forwards.iter().map(|forward| forward.id.to_string());
    hosts.chain(peers).chain(forwards).collect()
}

/// By the clock of this computer.
fn minute_of_day() -> u16 {
    let now = jiff::Zoned::now();
    u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or(0)
}
