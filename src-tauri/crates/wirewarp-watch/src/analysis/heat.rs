//! Traffic by weekday and hour.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use std::collections::BTreeSet;
use wirewarp_model::figures::{Bucket, Column, Series};

/// Hours of a week.
const HOURS: usize = 7 * 24;

/// One hour of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HeatCell {
    /// Bytes in both directions, all weeks together.
    pub bytes: u64,
    /// In how many weeks it was measured; 0 if nobody knows.
    pub weeks: u32,
}

/// Traffic by weekday and hour, in somebody's own time.
#[derive(Debug, Clone)]
pub struct Heat {
    zone: TimeZone,
    cells: Vec<HeatCell>,
    /// Hours that were measured, whatever was in them.
    polled: BTreeSet<i64>,
}

impl Heat {
    /// An empty one in this time zone.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            cells: vec![HeatCell::default(); HOURS],
            polled: BTreeSet::new(),
        }
    }

    /// Adds the traffic of a series, in buckets of an hour or less.
    pub fn add(&mut self, of: Series, buckets: &[Bucket]) {
        let columns = [Column::FromHome, Column::ToHome].map(|column| of.index_of(column));
        for bucket in buckets {
            let bytes = columns
                .iter()
                .flatten()
                .filter_map(|at| bucket.cells.get(*at))
                .fold(0_u64, |sum, cell| sum.saturating_add(cell.sum));
            let at = self.place(bucket.start);
            if let Some(cell) = self.cells.get_mut(at) {
                cell.bytes = cell.bytes.saturating_add(bytes);
            }
        }
    }

    /// Says that an hour was looked at; `start` is in seconds since 1970 UTC.
    pub fn polled(&mut self, start: i64) {
        self.polled.insert(start.div_euclid(3600));
    }

    /// The hours of a week, Monday from 0 to 1 o'clock first.
    pub fn cells(mut self) -> Vec<HeatCell> {
        for hour in std::mem::take(&mut self.polled) {
            let at = self.place(hour * 3600);
            if let Some(cell) = self.cells.get_mut(at) {
                cell.weeks = cell.weeks.saturating_add(1);
            }
        }
        self.cells
    }

    fn place(&self, at: i64) -> usize {
        let local = Timestamp::from_second(at)
            .unwrap_or_default()
            .to_zoned(self.zone.clone());
        let day = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        day * 24 + usize::try_from(local.hour()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wirewarp_model::{PeerId, figures::Cell};

    #[test]
    fn an_hour_is_that_of_the_one_who_looks() {
        let peer = Series::Peer(PeerId(Uuid::nil()));
        // A Sunday, 23:00 UTC: Monday midnight in Berlin in winter.
        let start = 1_700_434_800;
        let cell = |sum| Cell { sum, peak: 0 };
        let bucket = Bucket {
            start,
            seconds: 3600,
            cells: vec![cell(30), cell(12)],
        };
        for (zone, at) in [
            (TimeZone::UTC, 6 * 24 + 23),
            (TimeZone::get("Europe/Berlin").expect("it is known"), 0),
        ] {
            let mut heat = Heat::new(zone);
            heat.add(peer, std::slice::from_ref(&bucket));
            heat.polled(start);
            heat.polled(start + 1800);
            heat.polled(start + 7 * 86_400);
            let cells = heat.cells();
            assert_eq!(cells.len(), HOURS);
            assert_eq!(cells[at], HeatCell { bytes: 42, weeks: 2 });
            assert_eq!(cells.iter().filter(|cell| cell.weeks > 0).count(), 1);
        }
    }
}
