//! Months of the calendar, UTC: the days of the history are UTC's too.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthSpan {
    /// Its beginning, seconds since 1970 UTC.
    pub from: i64,
    /// Its end, seconds since 1970 UTC, not part of it.
    pub to: i64,
}

/// The last `count` months, the one in which `now` lies as the last.
pub fn months(now: i64, count: i32) -> Vec<MonthSpan> {
    let zoned = Timestamp::from_second(now)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC);
    let first = zoned.date().first_of_month();
    let begins = |back: i32| second(first.saturating_sub(back.months()));
    (0..count)
        .rev()
        .map(|back| MonthSpan {
            from: begins(back),
            to: begins(back - 1),
        })
        .collect()
}

fn second(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC)
        .map_or(0, |zoned| zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::months;

    #[test]
    fn months_follow_each_other() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        let all = months(at("2026-01-31T23:59:59Z"), 3);
        let begins: Vec<i64> = all.iter().map(|month| month.from).collect();
        assert_eq!(
            begins,
            [
                "2025-11-01T00:00:00Z",
                "2025-12-01T00:00:00Z",
                "2026-01-01T00:00:00Z"
            ]
            .map(at)
        );
        assert!(all.windows(2).all(|two| two[0].to == two[1].from));
        assert_eq!(all[2].to, at("2026-02-01T00:00:00Z"));
    }
}
