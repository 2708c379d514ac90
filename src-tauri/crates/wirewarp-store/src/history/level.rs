//! How finely the past is kept.

use serde::{Deserialize, Serialize};
use wirewarp_model::figures::{Bucket, Cell};

use crate::StoreError;

/// How finely something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Each measurement, for a day.
    Raw,
    /// Minutes, for 14 days.
    Minutes,
    /// Hours, for a year.
    Hours,
    /// Days (UTC), for ever.
    Days,
}

/// Seconds.
pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

impl Level {
    /// Seconds of a bucket; 1 for measurements, which are where they are.
    pub fn step(self) -> i64 {
        match self {
            Self::Raw => 1,
            Self::Minutes => MINUTE,
            Self::Hours => HOUR,
            Self::Days => DAY,
        }
    }

    /// For how many seconds it is kept; none for ever.
    pub fn kept(self) -> Option<i64> {
        match self {
            Self::Raw => Some(DAY),
            Self::Minutes => Some(14 * DAY),
            Self::Hours => Some(366 * DAY),
            Self::Days => None,
        }
    }

    /// The finest level that still has what was at `from`, if it is `now`.
    pub fn finest(from: i64, now: i64) -> Self {
        // What is being added up is still there: a level is thrown away a while after its time.
        let has = |level: &Self| level.kept().is_none_or(|kept| from >= now - kept);
        [Self::Raw, Self::Minutes, Self::Hours]
            .into_iter()
            .find(has)
            .unwrap_or(Self::Days)
    }

    /// Number in the file; none for measurements, which have a table of their own.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Raw | Self::Minutes => 0,
            Self::Hours => 1,
            Self::Days => 2,
        }
    }

    /// Seconds of a row.
    pub(super) fn row(self) -> i64 {
        match self {
            Self::Raw => 1,
            Self::Minutes => HOUR,
            Self::Hours => DAY,
            Self::Days => 32 * DAY,
        }
    }

    /// The level that is added up to it.
    pub(super) fn finer(self) -> Self {
        match self {
            Self::Raw | Self::Minutes => Self::Raw,
            Self::Hours => Self::Minutes,
            Self::Days => Self::Hours,
        }
    }
}

pub(super) fn floor(at: i64, step: i64) -> i64 {
    at.div_euclid(step) * step
}

/// A bucket within its row. Numbers are written with as many bytes as they need, hence the small ones.
#[derive(Serialize, Deserialize)]
struct Packed {
    /// Steps from the row's beginning.
    offset: u16,
    seconds: u64,
    /// Sum, and by how much the peak is above the mean.
    cells: Vec<(u64, u64)>,
}

/// The peak of a single measurement is its mean: most peaks of minutes cost one byte.
fn mean(sum: u64, seconds: u64) -> u64 {
    sum.div_ceil(seconds.max(1))
}

pub(super) fn pack(buckets: &[Bucket], row_start: i64, step: i64) -> Result<Vec<u8>, StoreError> {
    let packed = buckets.iter().map(|bucket| Packed {
        offset: u16::try_from((bucket.start - row_start) / step).unwrap_or(u16::MAX),
        seconds: bucket.seconds,
        cells: bucket
            .cells
            .iter()
            .map(|cell| (cell.sum, cell.peak.saturating_sub(mean(cell.sum, bucket.seconds))))
            .collect(),
    });
    let packed: Vec<Packed> = packed.collect();
    postcard::to_allocvec(&packed).map_err(|error| StoreError::Value(format!("history: {error}")))
}

pub(super) fn unpack(bytes: &[u8], row_start: i64, step: i64) -> Result<Vec<Bucket>, StoreError> {
    let packed: Vec<Packed> =
        postcard::from_bytes(bytes).map_err(|error| StoreError::Value(format!("history: {error}")))?;
    let bucket = |one: Packed| {
        let cell = |(sum, above): (u64, u64)| Cell {
            sum,
            peak: above.saturating_add(mean(sum, one.seconds)),
        };
        Bucket {
            start: row_start + i64::from(one.offset) * step,
            seconds: one.seconds,
            cells: one.cells.into_iter().map(cell).collect(),
        }
    };
    Ok(packed.into_iter().map(bucket).collect())
}
