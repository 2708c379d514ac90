//! The history against real files.

use std::collections::BTreeMap;
use tempfile::TempDir;
use uuid::Uuid;
use wirewarp_model::{
    HostId, PeerId,
    figures::{Bucket, Sample, Series},
};

use super::{
    History, Level, Poll, State,
    level::{DAY, HOUR, pack, unpack},
};

const HOST: HostId = HostId(Uuid::from_u128(1));
/// A Monday at midnight.
const BEGIN: i64 = 1_699_833_600;

async fn new_history() -> (TempDir, History) {
    let folder = tempfile::tempdir().expect("a folder");
    let history = History::open(&folder.path().join("history.db"))
        .await
        .expect("it opens");
    (folder, history)
}

fn peer(number: u128) -> Series {
    Series::Peer(PeerId(Uuid::from_u128(number)))
}

fn sample(series: Series, at: i64, values: [u64; 2]) -> Sample {
    Sample {
        series,
        at,
        seconds: 60,
        values: values.to_vec(),
    }
}

async fn write(history: &History, samples: &[Sample]) {
    let poll = Poll {
        host: HOST,
        samples,
        last: Some(b"last"),
    };
    history.write(&[poll]).await.expect("it is written");
}

/// A small generator of numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn sums(buckets: &[Bucket]) -> (u64, u64, u64) {
    let sum = |column: usize| buckets.iter().map(|bucket| bucket.cells[column].sum).sum();
    (
        sum(0),
        sum(1),
        buckets
            .iter()
            .map(|bucket| bucket.cells[0].peak)
            .max()
            .unwrap_or(0),
    )
}

#[tokio::test]
async fn the_sums_of_all_levels_are_equal_whenever_they_are_added_up() {
    let (_folder, history) = new_history().await;
    let mut numbers = Numbers(7);
    let mut wanted: BTreeMap<Series, (u64, u64, u64)> = BTreeMap::new();
    let end = BEGIN + 3 * DAY + 5 * HOUR;
    let mut at = BEGIN + 1234;
    while at < end {
        let mut samples = Vec::new();
        for series in [peer(1), peer(2)] {
            if numbers.next(3) > 0 {
                let values = [numbers.next(1 << 30), numbers.next(100)];
                let entry = wanted.entry(series).or_default();
                *entry = (
                    entry.0 + values[0],
                    entry.1 + values[1],
                    entry.2.max(values[0].div_ceil(60)),
                );
                samples.push(sample(series, at, values));
            }
        }
        write(&history, &samples).await;
        if numbers.next(200) == 0 {
            history.roll(at).await.expect("it is added up");
        }
        at += 300 + i64::try_from(numbers.next(300)).expect("a small number");
    }
    for (series, wanted) in &wanted {
        for level in [Level::Minutes, Level::Hours, Level::Days] {
            let buckets = history
                .read(*series, level, BEGIN, end + DAY)
                .await
                .expect("it is read");
            assert_eq!(sums(&buckets), *wanted, "{series} {level:?}");
            assert!(
                buckets.windows(2).all(|two| two[0].start < two[1].start),
                "{series} {level:?}"
            );
            assert!(buckets.iter().all(|bucket| bucket.start % level.step() == 0));
        }
        let days = history
            .read(*series, Level::Days, BEGIN, end)
            .await
            .expect("it is read");
        assert_eq!(days.len(), 4);
        let second = history
            .read(*series, Level::Hours, BEGIN + DAY, BEGIN + 2 * DAY)
            .await
            .expect("it is read");
        assert_eq!(sums(&second).0, days[1].cells[0].sum);
    }
}

#[tokio::test]
async fn each_level_is_thrown_away_after_its_time() {
    let (_folder, history) = new_history().await;
    for day in 0..20 {
        write(&history, &[sample(peer(1), BEGIN + day * DAY + 100, [10, 1])]).await;
        history
            .roll(BEGIN + (day + 1) * DAY)
            .await
            .expect("it is added up");
    }
    let now = BEGIN + 20 * DAY;
    history.roll(now + HOUR).await.expect("it is added up");
    let count = async |level: Level, from: i64| {
        history
            .read(peer(1), level, from, now)
            .await
            .expect("it is read")
            .len()
    };
    assert_eq!(count(Level::Days, BEGIN).await, 20);
    assert_eq!(count(Level::Hours, BEGIN).await, 20);
    let minutes = count(Level::Minutes, BEGIN).await;
    assert!((14..=16).contains(&minutes), "{minutes}");
    let raw: i64 = sqlx::query_scalar("SELECT count(*) FROM raw")
        .fetch_one(&history.pool)
        .await
        .expect("a count");
    assert!(raw <= 2, "{raw}");
    assert_eq!(Level::finest(now - HOUR, now), Level::Raw);
    assert_eq!(Level::finest(now - 3 * DAY, now), Level::Minutes);
    assert_eq!(Level::finest(now - 90 * DAY, now), Level::Hours);
    assert_eq!(Level::finest(now - 900 * DAY, now), Level::Days);
}

#[tokio::test]
async fn a_clock_that_is_set_back_changes_nothing_that_was_added_up() {
    let (_folder, history) = new_history().await;
    write(&history, &[sample(peer(1), BEGIN + 10, [5, 5])]).await;
    history.roll(BEGIN + 2 * HOUR).await.expect("it is added up");
    write(&history, &[sample(peer(1), BEGIN + 20, [7, 7])]).await;
    write(&history, &[sample(peer(1), BEGIN + 30, [1, 1])]).await;
    history.roll(BEGIN + 3 * HOUR).await.expect("it is added up");
    let hours = history
        .read(peer(1), Level::Hours, BEGIN, BEGIN + DAY)
        .await
        .expect("it is read");
    assert_eq!(
        hours.iter().map(|bucket| bucket.cells[0].sum).collect::<Vec<_>>(),
        [5, 8]
    );
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let (folder, history) = new_history().await;
    write(&history, &[sample(peer(1), BEGIN, [5, 6])]).await;
    drop(history);
    let history = History::open(&folder.path().join("history.db"))
        .await
        .expect("it opens");
    assert_eq!(
        history.last_poll(HOST).await.expect("it is read").as_deref(),
        Some(&b"last"[..])
    );
    let raw = history
        .read(peer(1), Level::Raw, BEGIN, BEGIN + 1)
        .await
        .expect("it is read");
    assert_eq!((raw.len(), sums(&raw)), (1, (5, 6, 1)));
    assert!(history.size().await.expect("a size") > 4096);
    assert_eq!(
        history
            .read(peer(9), Level::Days, 0, BEGIN)
            .await
            .expect("it is read"),
        []
    );
}

#[tokio::test]
async fn one_program_collects() {
    let (folder, history) = new_history().await;
    let other = History::open(&folder.path().join("history.db"))
        .await
        .expect("it opens");
    let mine = history.claim().expect("it can be asked").expect("it is free");
    assert!(other.claim().expect("it can be asked").is_none());
    drop(mine);
    assert!(other.claim().expect("it can be asked").is_some());
}

#[tokio::test]
async fn a_damaged_history_is_put_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.db");
    std::fs::write(&path, "this is no database, however long it may be. ".repeat(100))
        .expect("it is written");
    let history = History::open(&path).await.expect("it opens");
    write(&history, &[sample(peer(1), BEGIN, [1, 1])]).await;
    assert!(folder.path().join("history.db.damaged").exists());
}

#[tokio::test]
async fn a_state_is_written_when_it_changes() {
    let (_folder, history) = new_history().await;
    let state = |word: &str| State {
        state: word.into(),
        reason: format!("because {word}"),
    };
    for (at, word, changes) in [
        (10, "up", true),
        (20, "up", false),
        (30, "down", true),
        (40, "up", true),
    ] {
        assert_eq!(
            history
                .note_state(peer(1), at, &state(word))
                .await
                .expect("it is noted"),
            changes,
            "{at}"
        );
    }
    let times = async |from, to| {
        let changes = history.states(peer(1), from, to).await.expect("it is read");
        changes.iter().map(|change| change.at).collect::<Vec<_>>()
    };
    assert_eq!(times(0, 100).await, [10, 30, 40]);
    assert_eq!(times(25, 100).await, [10, 30, 40]);
    assert_eq!(times(30, 40).await, [30]);
    assert_eq!(times(50, 60).await, [40]);
}

#[test]
fn a_row_is_small_and_comes_back_as_it_was() {
    let samples = (0..60_i64).map(|minute| sample(peer(1), BEGIN + minute * 60, [1_000_000, 20_000_000]));
    let buckets: Vec<Bucket> = samples.map(|sample| Bucket::of(&sample, sample.at)).collect();
    let bytes = pack(&buckets, BEGIN, 60).expect("it is packed");
    assert!(bytes.len() < 800, "{}", bytes.len());
    assert_eq!(unpack(&bytes, BEGIN, 60).expect("it is unpacked"), buckets);
    assert!(unpack(b"\xff\xff\xff", BEGIN, 60).is_err());
}

#[tokio::test]
async fn runs_are_apart_and_within_what_is_asked_for() {
    let (_folder, history) = new_history().await;
    for (started, now) in [(100, 100), (100, 160), (300, 400), (390, 450), (100, 130)] {
        history.note_run(started, now).await.expect("it is written");
    }
    let runs = history.runs(120, 440).await.expect("it is read");
    assert_eq!(runs, [(120, 160), (300, 440)]);
}
