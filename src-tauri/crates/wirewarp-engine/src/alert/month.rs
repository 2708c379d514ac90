//! A VPS's month against what it may carry.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::Serialize;
use wirewarp_model::{
    HostId, Name,
    figures::{Column, Series},
};

use crate::{
    Engine,
    error::EngineError,
    watch::{Stretch, clock},
};

/// Days whose traffic a forecast goes on with.
const RECENT: i64 = 7 * 86_400;

/// The month that is running, by the provider's reckoning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Month {
    /// Its beginning, seconds since 1970 UTC.
    pub from: i64,
    /// Its end, seconds since 1970 UTC, not part of it.
    pub to: i64,
    /// Bytes that the VPS's interface received and sent, as far as they were counted.
    pub used: u64,
    /// Bytes that it may carry; none if nobody set a quota.
    pub quota: Option<u64>,
    /// Bytes that it will have carried at the end if it goes on like in the last week; none before a day was measured.
    pub forecast: Option<u64>,
    /// When the quota will be used up then; none if it will not be within the month, or nobody knows.
    pub used_up_at: Option<i64>,
}

impl Engine {
    /// How much a VPS has carried since its month began.
    pub async fn month(&self, name: &Name) -> Result<Month, EngineError> {
        let inventory = self.inventory().await?;
        let Some(vps) = inventory.vps_named(name) else {
            let known = inventory.vpses.iter().map(|vps| vps.name.as_str());
            return Err(EngineError::not_found("VPS", name.as_str(), known));
        };
        let quotas = self.alerting().await?.quotas;
        let quota = quotas.iter().find(|quota| quota.vps == vps.id);
        let (bytes, day) = quota.map_or((None, 1), |quota| (Some(quota.bytes), quota.first_day));
        self.month_of(vps.host, bytes, day).await
    }

    pub(super) async fn month_of(
        &self,
        host: HostId,
        quota: Option<u64>,
        first_day: u8,
    ) -> Result<Month, EngineError> {
        let now = clock();
        let (from, to) = month_around(now, first_day);
        let used = self.carried(host, from, now).await?.0;
        let (recent, measured) = self.carried(host, now - RECENT, now).await?;
        let rest = u128::try_from(to - now).unwrap_or(0);
        let rate = |rest: u128| u128::from(recent) * rest / u128::from(measured.max(1));
        let forecast =
            (measured >= 86_400).then(|| u64::try_from(u128::from(used) + rate(rest)).unwrap_or(u64::MAX));
        let used_up_at = match (quota, forecast) {
            (Some(quota), Some(forecast)) if used < quota && forecast > quota => {
                let left = u128::from(quota - used) * u128::from(measured) / u128::from(recent.max(1));
                i64::try_from(left).ok().map(|left| now.saturating_add(left))
            }
            _ => None,
        };
        Ok(Month {
            from,
            to,
            used,
            quota,
            forecast,
            used_up_at,
        })
    }

    /// Bytes that a machine received and sent, and the seconds that were measured.
    async fn carried(&self, host: HostId, from: i64, to: i64) -> Result<(u64, u64), EngineError> {
        let stretch = Stretch {
            from,
            to: to.max(from + 1),
            step: None,
        };
        let past = self.past(Series::Host(host), stretch).await?;
        let bytes = past.sum(Column::Received).saturating_add(past.sum(Column::Sent));
        Ok((bytes, past.buckets.iter().map(|bucket| bucket.seconds).sum()))
    }
}

/// The month in which `now` lies, if months begin on this day (UTC).
fn month_around(now: i64, first_day: u8) -> (i64, i64) {
    let today = Timestamp::from_second(now)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC)
        .date();
    let day = i8::try_from(first_day).unwrap_or(1).clamp(1, 28);
    let this = today.with().day(day).build().unwrap_or(today);
    let begins = if this > today {
        this.saturating_sub(1.month())
    } else {
        this
    };
    (second(begins), second(begins.saturating_add(1.month())))
}

fn second(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC)
        .map_or(0, |zoned| zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::month_around;

    #[test]
    fn a_month_begins_on_the_providers_day() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        let month = |now: &str, day| month_around(at(now), day);
        let whole = |from: &str, to: &str| (at(from), at(to));
        assert_eq!(
            month("2026-11-23T10:00:00Z", 1),
            whole("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
        );
        assert_eq!(
            month("2026-01-05T00:00:00Z", 6),
            whole("2025-12-06T00:00:00Z", "2026-01-06T00:00:00Z")
        );
        assert_eq!(
            month("2026-01-06T00:00:00Z", 6),
            whole("2026-01-06T00:00:00Z", "2026-02-06T00:00:00Z")
        );
        assert_eq!(
            month("2028-02-29T23:59:59Z", 28),
            whole("2028-02-28T00:00:00Z", "2028-03-28T00:00:00Z")
        );
    }
}
