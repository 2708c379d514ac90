//! The figures of a stretch of the past.

use serde::Serialize;
use wirewarp_model::figures::{Bucket, Column, Series, as_float, fold};
use wirewarp_store::history::{Level, StateChange};

use super::clock;
use crate::{Engine, error::EngineError};

/// Most points of a chart; more than a screen has pixels says nothing.
const MOST_POINTS: i64 = 1000;

/// From when to when, and how finely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Seconds since 1970 UTC.
    pub from: i64,
    /// Seconds since 1970 UTC, not part of it.
    pub to: i64,
    /// Seconds of a point; none for as finely as it is kept and can be shown.
    pub step: Option<i64>,
}

/// The figures of a series over a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Past {
    /// What is measured, in the order in which the buckets have it.
    #[serde(skip)]
    pub columns: &'static [Column],
    /// Seconds of a bucket.
    pub step: i64,
    /// In order; where nothing was measured there is none.
    pub buckets: Vec<Bucket>,
    /// Beginnings of the steps in which the host was polled, in order: where a step is not among them there is a gap,
    /// and where it is and has no bucket, nothing happened.
    pub polled: Vec<i64>,
    /// When it became how, the state at the beginning first.
    pub states: Vec<(i64, String, String)>,
}

impl Past {
    /// The sum of a count.
    pub fn sum(&self, column: Column) -> u64 {
        let Some(at) = self.columns.iter().position(|one| *one == column) else {
            return 0;
        };
        self.buckets
            .iter()
            .map(|bucket| bucket.cells.get(at).map_or(0, |cell| cell.sum))
            .sum()
    }

    /// The rate below which a share of the steps was, in units per second; of a count. Steps in which nothing happened
    /// count as 0, gaps do not count. None if nobody polled.
    pub fn percentile(&self, column: Column, share: f64) -> Option<f64> {
        let at = self.columns.iter().position(|one| *one == column)?;
        let mut rates: Vec<f64> = self
            .buckets
            .iter()
            .filter_map(|bucket| Some(as_float(bucket.cells.get(at)?.sum) / as_float(bucket.seconds.max(1))))
            .collect();
        rates.resize(rates.len().max(self.polled.len()), 0.0);
        rates.sort_by(f64::total_cmp);
        let last = rates.len().checked_sub(1)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index of the list"
        )]
        let index = (as_float(last as u64) * share.clamp(0.0, 1.0)).round() as usize;
        rates.get(index).copied()
    }
}

impl Engine {
    /// The figures of a series over a stretch of time. `host` is the machine whose polls tell of it.
    pub async fn past(&self, of: Series, stretch: Stretch) -> Result<Past, EngineError> {
        not_empty(stretch)?;
        let history = self.history().await?;
        let (level, step) = fineness(stretch);
        let buckets = fold(history.read(of, level, stretch.from, stretch.to).await?, step);
        let host = self.host_of(of).await?;
        let polled = match host {
            Some(host) => {
                history
                    .read(Series::Host(host), level, stretch.from, stretch.to)
                    .await?
            }
            None => Vec::new(),
        };
        let mut polled: Vec<i64> = fold(polled, step).iter().map(|bucket| bucket.start).collect();
        polled.dedup();
        let states = history.states(of, stretch.from, stretch.to).await?;
        let state = |change: StateChange| (change.at, change.state.state, change.state.reason);
        Ok(Past {
            columns: of.columns(),
            step,
            buckets,
            polled,
            states: states.into_iter().map(state).collect(),
        })
    }

    /// Bytes that the history takes on disk.
    pub async fn history_size(&self) -> Result<u64, EngineError> {
        Ok(self.history().await?.size().await?)
    }

    /// The machine whose polls tell of a series.
    async fn host_of(&self, of: Series) -> Result<Option<wirewarp_model::HostId>, EngineError> {
        let inventory = self.inventory().await?;
        let of_peer = |id| {
            inventory
                .peer(id)
                .and_then(|peer| inventory.vps(peer.vps))
                .map(|vps| vps.host)
        };
        Ok(match of {
            Series::Host(id) => Some(id),
            Series::Peer(id) | Series::Tunnel(id) => of_peer(id),
            Series::Forward(id) => inventory.forward(id).and_then(|forward| of_peer(forward.peer)),
            Series::PublicIp(id) => {
                let vps = inventory.vpses.iter().find(|vps| vps.ip(id).is_some());
                vps.map(|vps| vps.host)
            }
        })
    }
}

/// Fails where a stretch ends before it begins.
pub(super) fn not_empty(stretch: Stretch) -> Result<(), EngineError> {
    if stretch.from < stretch.to {
        return Ok(());
    }
    Err(EngineError::refused(
        "empty_stretch",
        "The stretch of time ends before it begins.",
        &["Give a beginning that is before the end"],
    ))
}

/// The level that has it all, and the step of a point: what was asked for, but not finer than the level and not so fine that
/// there would be more points than a chart can show.
fn fineness(stretch: Stretch) -> (Level, i64) {
    let finest = Level::finest(stretch.from, clock());
    let shown = (stretch.to - stretch.from).div_euclid(MOST_POINTS);
    let step = stretch.step.unwrap_or(1).max(shown).max(finest.step());
    // A coarser level whose buckets make up the step is as exact, and quicker.
    let level = [Level::Days, Level::Hours, Level::Minutes]
        .into_iter()
        .find(|level| step >= level.step())
        .unwrap_or(Level::Raw)
        .max(finest);
    let step = (step + level.step() - 1).div_euclid(level.step()) * level.step();
    (level, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_points_for_its_pixels() {
        let day = 86_400;
        let at = |ago: i64, length: i64| {
            let from = clock() - ago;
            fineness(Stretch {
                from,
                to: from + length,
                step: None,
            })
        };
        assert_eq!(at(600, 600), (Level::Raw, 1));
        assert_eq!(at(day - 10, day - 10), (Level::Minutes, 120));
        assert_eq!(at(30 * day, 30 * day), (Level::Hours, 3600));
        assert_eq!(at(360 * day, 360 * day), (Level::Hours, 32_400));
        assert_eq!(at(1000 * day, 1000 * day), (Level::Days, day));
    }
}
