//! Writing down what the polls bring, many at once.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::mpsc;
use wirewarp_model::{
    HostId,
    figures::{Sample, Series},
};
use wirewarp_store::history::{Collector, History, Poll, State};

use super::clock;

/// What one poll brings.
pub(super) struct Record {
    pub(super) host: HostId,
    pub(super) at: i64,
    pub(super) samples: Vec<Sample>,
    /// What the next poll is compared with; none after a failed one, and of what is no poll.
    pub(super) last: Option<Vec<u8>>,
    pub(super) states: Vec<(Series, State)>,
}

/// How long polls are gathered before they are written in one transaction.
const GATHER: Duration = Duration::from_secs(1);

/// Most polls that wait for a disk that takes nothing; older ones are given up.
const MOST: usize = 10_000;

/// After this long without a word the computer slept, in seconds: it writes at least once a minute.
const SLEPT: i64 = 180;

/// A time in which somebody collected.
struct Run {
    started: i64,
    noted: i64,
}

impl Run {
    fn begun(now: i64) -> Self {
        Self {
            started: now,
            noted: now,
        }
    }

    /// Its beginning and its end so far. After a sleep it is another.
    fn goes_on(&mut self, now: i64) -> (i64, i64) {
        if now - self.noted > SLEPT {
            self.started = now;
        }
        self.noted = now;
        (self.started, now)
    }
}

/// Writes until nobody sends any more. Holds the right to collect as long.
pub(super) async fn write_all(
    history: History,
    _claim: Collector,
    mut records: mpsc::Receiver<Record>,
    unwritten: Arc<AtomicBool>,
) {
    let mut waiting: Vec<Record> = Vec::new();
    let mut rolled_hour = i64::MIN;
    let mut run = Run::begun(clock());
    // Nobody else writes states while this one holds the claim: what it noted last is what the file says.
    let mut noted: HashMap<Series, String> = HashMap::new();
    loop {
        let gathered = tokio::time::timeout(Duration::from_mins(1), records.recv()).await;
        match gathered {
            Ok(Some(record)) => {
                waiting.push(record);
                gather(&mut records, &mut waiting).await;
            }
            Ok(None) => {
                let done = flush(&history, &mut waiting, &mut noted).await;
                unwritten.store(!done, Ordering::Relaxed);
                return;
            }
            Err(_) => {}
        }
        let done = flush(&history, &mut waiting, &mut noted).await;
        unwritten.store(!done, Ordering::Relaxed);
        let (started, now) = run.goes_on(clock());
        if let Err(error) = history.note_run(started, now).await {
            tracing::warn!(%error, "that figures are collected could not be written down");
        }
        let hour = (clock() - 90).div_euclid(3600);
        if hour != rolled_hour {
            match history.roll(clock()).await {
                Ok(()) => rolled_hour = hour,
                Err(error) => tracing::warn!(%error, "the history could not be added up"),
            }
        }
    }
}

async fn gather(records: &mut mpsc::Receiver<Record>, waiting: &mut Vec<Record>) {
    let until = tokio::time::Instant::now() + GATHER;
    while let Ok(Some(record)) = tokio::time::timeout_at(until, records.recv()).await {
        waiting.push(record);
    }
}

/// Writes what waits; what cannot be written waits on. Says whether nothing waits.
async fn flush(history: &History, waiting: &mut Vec<Record>, noted: &mut HashMap<Series, String>) -> bool {
    if waiting.is_empty() {
        return true;
    }
    let polls: Vec<Poll<'_>> = waiting
        .iter()
        .filter(|record| record.last.is_some() || !record.samples.is_empty())
        .map(|record| Poll {
            host: record.host,
            samples: &record.samples,
            last: record.last.as_deref(),
        })
        .collect();
    if let Err(error) = history.write(&polls).await {
        tracing::warn!(%error, "what was measured could not be written down");
        let excess = waiting.len().saturating_sub(MOST);
        waiting.drain(..excess);
        return false;
    }
    for record in waiting.drain(..) {
        for (of, state) in record.states {
            if noted.get(&of) == Some(&state.state) {
                continue;
            }
            match history.note_state(of, record.at, &state).await {
                Ok(_) => {
                    noted.insert(of, state.state);
                }
                Err(error) => tracing::warn!(%error, "a change of state could not be written down"),
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Run;

    #[test]
    fn a_sleeping_computer_collects_nothing() {
        let mut run = Run::begun(0);
        assert_eq!(run.goes_on(60), (0, 60));
        assert_eq!(run.goes_on(120), (0, 120));
        assert_eq!(run.goes_on(30_000), (30_000, 30_000));
        assert_eq!(run.goes_on(30_060), (30_000, 30_060));
    }
}
