//! The figures of the past: how long a chart of a month takes from a year's data.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use uuid::Uuid;
use wirewarp_engine::person::Nobody;
use wirewarp_engine::watch::Stretch;
use wirewarp_engine::{Engine, Options};
use wirewarp_model::figures::{Sample, Series};
use wirewarp_model::{HostId, PeerId};
use wirewarp_store::history::{History, Poll};

use super::Row;
use crate::clock::Times;
use crate::report::{Measured, Target};
use crate::stage::{Stage, say};

pub const ROW: Row = Row {
    name: "history",
    about: "the chart of a month of one peer, from a year's data",
    run,
};

const DAY: i64 = 86_400;
const YEAR: i64 = 365;
/// Peers with traffic all year.
const PEERS: u128 = 5;
/// Seconds between two polls.
const POLL: i64 = 60;
/// Seconds of a point of the window's chart of a month.
const POINT: i64 = 7200;

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    say("writing down a year of five peers, a poll a minute");
    let folder = stage.lab.folder().join("history");
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let now = i64::try_from(std::time::UNIX_EPOCH.elapsed()?.as_secs())?;
        live_through(&folder, now).await?;
        let options = Options {
            data_dir: folder.clone(),
        };
        let engine = Engine::open(options, Arc::new(Nobody)).await?;
        let mut times = Times::default();
        let mut points = 0;
        for round in 0..stage.rounds(60) {
            // Another month each time, so that nothing is remembered from before.
            let back = i64::try_from(round % 11)? * 30 * DAY;
            let stretch = Stretch {
                from: now - back - 30 * DAY,
                to: now - back,
                step: Some(POINT),
            };
            let began = Instant::now();
            let past = engine.past(peer(1), stretch).await?;
            times.push(began.elapsed());
            points = past.buckets.len();
            ensure!(points >= 340, "{points} points");
        }
        engine.end();
        let size = std::fs::metadata(folder.join("history.db"))?.len() / 1_000_000;
        let what = "a month of one peer from a year's data, at the engine";
        let shown = Measured::figure(what, Target::Below(50.0), times.median() * 1e3, "ms");
        Ok(vec![
            shown.seen(format!("{points} points; the file has {size} MB")),
        ])
    })
}

fn peer(number: u128) -> Series {
    Series::Peer(PeerId(Uuid::from_u128(number)))
}

/// A year that ends at `now`.
async fn live_through(folder: &Path, now: i64) -> Result<()> {
    let history = History::open(&folder.join("history.db")).await?;
    let host = HostId(Uuid::from_u128(99));
    let begin = (now - YEAR * DAY).div_euclid(DAY) * DAY;
    for day in 0..=YEAR {
        let mut samples = Vec::new();
        for minute in 0..DAY / POLL {
            let at = begin + day * DAY + minute * POLL;
            if at >= now {
                break;
            }
            let busy = u64::try_from(minute).context("a minute")? * 1000;
            let mut sample = |series: Series, values: Vec<u64>| {
                samples.push(Sample {
                    series,
                    at,
                    seconds: 60,
                    values,
                });
            };
            sample(Series::Host(host), vec![100, 400, 6000, 20, busy, busy]);
            for number in 1..=PEERS {
                sample(peer(number), vec![busy * 7, busy]);
            }
        }
        let poll = Poll {
            host,
            samples: &samples,
            last: None,
        };
        history.write(&[poll]).await?;
        history.roll((begin + (day + 1) * DAY).min(now)).await?;
    }
    Ok(())
}
