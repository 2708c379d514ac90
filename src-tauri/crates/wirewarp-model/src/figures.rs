//! Figures over time: what is measured of what, one measurement, and the sum of many.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

use crate::{ForwardId, HostId, ParseError, PeerId, PublicIpId, error::excerpt};

/// Something that figures are kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// A machine: processor, memory, disk, load and network.
    Host(HostId),
    /// A peer's tunnel.
    Peer(PeerId),
    /// How well a peer's tunnel carries.
    Tunnel(PeerId),
    /// A port forward.
    Forward(ForwardId),
    /// An address of an IP pool: what its forwards carry.
    PublicIp(PublicIpId),
}

impl Series {
    /// Its kind, as a file names it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Host(_) => "host",
            Self::Peer(_) => "peer",
            Self::Tunnel(_) => "tunnel",
            Self::Forward(_) => "forward",
            Self::PublicIp(_) => "public_ip",
        }
    }

    /// The identifier of what it is about.
    pub fn object(self) -> Uuid {
        match self {
            Self::Host(HostId(id))
            | Self::Peer(PeerId(id))
            | Self::Tunnel(PeerId(id))
            | Self::Forward(ForwardId(id))
            | Self::PublicIp(PublicIpId(id)) => id,
        }
    }

    /// The series of a kind and an identifier, as a file names them.
    pub fn new(kind: &str, object: &str) -> Result<Self, ParseError> {
        let id = Uuid::from_str(object)
            .map_err(|_| ParseError::new("series", format!("“{}” is not an identifier", excerpt(object))))?;
        Ok(match kind {
            "host" => Self::Host(HostId(id)),
            "peer" => Self::Peer(PeerId(id)),
            "tunnel" => Self::Tunnel(PeerId(id)),
            "forward" => Self::Forward(ForwardId(id)),
            "public_ip" => Self::PublicIp(PublicIpId(id)),
            _ => {
                return Err(ParseError::new(
                    "series",
                    format!("“{}” is no kind", excerpt(kind)),
                ));
            }
        })
    }

    /// What is measured of it, in the order in which a [`Sample`] has it.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Host(_) => &[
                Column::Cpu,
                Column::Memory,
                Column::Disk,
                Column::Load,
                Column::Received,
                Column::Sent,
            ],
            Self::Peer(_) => &[Column::FromHome, Column::ToHome],
            Self::Tunnel(_) => &[
                Column::Pings,
                Column::PingsLost,
                Column::RoundTrips,
                Column::RoundTripMost,
                Column::PathMtu,
            ],
            Self::Forward(_) | Self::PublicIp(_) => &[Column::FromHome, Column::ToHome, Column::Connections],
        }
    }

    /// Where a column stands in a sample.
    pub fn index_of(self, column: Column) -> Option<usize> {
        self.columns().iter().position(|one| *one == column)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.object())
    }
}

/// One thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Column {
    /// Processor time in use, in thousandths of all processors.
    Cpu,
    /// Memory in use, MiB.
    Memory,
    /// Space in use on `/`, MiB.
    Disk,
    /// Load average of a minute, in hundredths.
    Load,
    /// Bytes that the host's network interface received.
    Received,
    /// Bytes that the host's network interface sent.
    Sent,
    /// Bytes from home towards the internet.
    FromHome,
    /// Bytes from the internet towards home.
    ToHome,
    /// Connections that are open.
    Connections,
    /// Pings that were sent through a tunnel.
    Pings,
    /// Pings that did not come back.
    PingsLost,
    /// Round trips of those that came back, together, in microseconds: over their number it is the mean.
    RoundTrips,
    /// The longest round trip, in microseconds.
    RoundTripMost,
    /// How large packets in the tunnel may be, in bytes; 0 where it did not tell.
    PathMtu,
}

impl Column {
    /// Whether it is a count that goes on (bytes, pings), and not a state (connections).
    pub fn is_count(self) -> bool {
        match self {
            Self::Received
            | Self::Sent
            | Self::FromHome
            | Self::ToHome
            | Self::Pings
            | Self::PingsLost
            | Self::RoundTrips => true,
            Self::Cpu
            | Self::Memory
            | Self::Disk
            | Self::Load
            | Self::Connections
            | Self::RoundTripMost
            | Self::PathMtu => false,
        }
    }
}

/// One measurement of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Of what.
    pub series: Series,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// Seconds that it stands for: since the measurement before.
    pub seconds: u32,
    /// A value for each column: of a count what was added within those seconds, of a state what it was.
    pub values: Vec<u64>,
}

/// Measurements of a stretch of time, added up. Adding is exact: the sum of the minutes of an hour is the hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Its beginning, seconds since 1970 UTC.
    pub start: i64,
    /// Seconds that were measured, of those that it has. More than those if the program did not run for a while before.
    pub seconds: u64,
    /// For each column.
    pub cells: Vec<Cell>,
}

/// A column within a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Of a count its sum; of a state its values, each times the seconds that it stands for.
    pub sum: u64,
    /// Of a count the highest rate, in units per second; of a state the highest value.
    pub peak: u64,
}

impl Bucket {
    /// A bucket that begins at `start`, of one measurement.
    pub fn of(sample: &Sample, start: i64) -> Self {
        let seconds = u64::from(sample.seconds.max(1));
        let cell = |(value, column): (&u64, &Column)| {
            if column.is_count() {
                let peak = value.div_ceil(seconds);
                Cell { sum: *value, peak }
            } else {
                let sum = value.saturating_mul(seconds);
                Cell { sum, peak: *value }
            }
        };
        let cells = sample
            .values
            .iter()
            .zip(sample.series.columns())
            .map(cell)
            .collect();
        Self {
            start,
            seconds,
            cells,
        }
    }

    /// Adds another to it, whose columns are the same.
    pub fn add(&mut self, other: &Self) {
        self.seconds = self.seconds.saturating_add(other.seconds);
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            cell.sum = cell.sum.saturating_add(more.sum);
            cell.peak = cell.peak.max(more.peak);
        }
    }

    /// The mean of a column, in a bucket of `length` seconds: of a count units per second, of a state its value. A count
    /// that was measured over less than the bucket is not spread over what nobody saw.
    pub fn mean(&self, column: usize) -> Option<f64> {
        let cell = self.cells.get(column)?;
        (self.seconds > 0).then(|| as_float(cell.sum) / as_float(self.seconds))
    }
}

/// The nearest number that a chart can show; exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "a chart's pixel is coarser")]
pub fn as_float(count: u64) -> f64 {
    count as f64
}

/// Adds neighbouring buckets up to such of `step` seconds, each of which begins at a multiple of it.
///
/// `buckets` are in order of time.
pub fn fold(buckets: impl IntoIterator<Item = Bucket>, step: i64) -> Vec<Bucket> {
    let mut folded: Vec<Bucket> = Vec::new();
    for mut bucket in buckets {
        bucket.start = bucket.start.div_euclid(step) * step;
        match folded.last_mut() {
            Some(last) if last.start == bucket.start => last.add(&bucket),
            _ => folded.push(bucket),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at: i64, values: &[u64]) -> Sample {
        let series = Series::Forward(ForwardId(Uuid::nil()));
        Sample {
            series,
            at,
            seconds: 10,
            values: values.to_vec(),
        }
    }

    #[test]
    fn what_is_added_up_is_exact_and_keeps_its_peak() {
        let samples = [
            sample(0, &[100, 5, 2]),
            sample(10, &[900, 0, 4]),
            sample(70, &[1, 1, 0]),
        ];
        let buckets = samples.iter().map(|sample| Bucket::of(sample, sample.at));
        let folded = fold(buckets, 60);
        assert_eq!(
            folded.iter().map(|bucket| bucket.start).collect::<Vec<_>>(),
            [0, 60]
        );
        assert_eq!(folded[0].seconds, 20);
        assert_eq!(folded[0].cells[0], Cell { sum: 1000, peak: 90 });
        assert_eq!(folded[0].cells[2], Cell { sum: 60, peak: 4 });
        assert_eq!(folded[0].mean(0), Some(50.0));
        assert_eq!(folded[0].mean(2), Some(3.0));
    }

    #[test]
    fn a_series_is_found_again_by_its_name() {
        let id = Uuid::from_u128(7);
        for series in [
            Series::Host(HostId(id)),
            Series::Peer(PeerId(id)),
            Series::Tunnel(PeerId(id)),
            Series::PublicIp(PublicIpId(id)),
        ] {
            assert_eq!(
                Series::new(series.kind(), &series.object().to_string()),
                Ok(series)
            );
        }
        assert!(Series::new("moon", &id.to_string()).is_err());
        assert!(Series::new("host", "x").is_err());
    }
}
