//! For how much of the time something was there.

use serde::Serialize;

/// When somebody watched: from, to (seconds since 1970 UTC), in order and apart.
pub type Times = [(i64, i64)];

/// For how long something was there and not, of the time in which somebody watched and knew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Uptime {
    /// Seconds that it was there.
    pub up: i64,
    /// Seconds that it was not.
    pub down: i64,
    /// How often it went.
    pub outages: u32,
}

impl Uptime {
    /// The share of the time that it was there, 0 to 1; none if nobody knows.
    pub fn share(self) -> Option<f64> {
        let known = self.up + self.down;
        #[expect(clippy::cast_precision_loss, reason = "seconds of a month")]
        let share = self.up as f64 / known as f64;
        (known > 0).then_some(share)
    }
}

/// What the changes of a state (when, and what it became; in order) come to within `from..to`. The words for there and for not
/// there are those of hosts and of tunnels; any other means that nobody knows. What holds last holds on.
pub fn uptime(changes: &[(i64, &str)], watched: &Times, from: i64, to: i64) -> Uptime {
    let mut sum = Uptime::default();
    for (place, (at, state)) in changes.iter().enumerate() {
        let ends = changes.get(place + 1).map_or(to, |(next, _)| *next);
        let (begins, ends) = ((*at).max(from), ends.min(to));
        let seconds = both(watched, begins, ends);
        match is_there(state) {
            Some(true) => sum.up += seconds,
            Some(false) => {
                sum.down += seconds;
                let new = place == 0 || is_there(changes[place - 1].1) != Some(false);
                sum.outages += u32::from(new && seconds > 0);
            }
            None => {}
        }
    }
    sum
}

fn is_there(state: &str) -> Option<bool> {
    match state {
        "online" | "connected" => Some(true),
        "offline" | "disconnected" => Some(false),
        _ => None,
    }
}

/// Seconds of `from..to` in which somebody watched.
fn both(watched: &Times, from: i64, to: i64) -> i64 {
    let first = watched.partition_point(|(_, end)| *end <= from);
    let within = watched.iter().skip(first).take_while(|(begin, _)| *begin < to);
    within
        .map(|(begin, end)| (*end).min(to) - (*begin).max(from))
        .filter(|seconds| *seconds > 0)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_somebody_saw_counts() {
        let changes = [
            (100, "connected"),
            (200, "disconnected"),
            (260, "unknown"),
            (300, "disconnected"),
            (310, "connected"),
        ];
        let all = uptime(&changes, &[(0, 1000)], 0, 400);
        assert_eq!((all.up, all.down, all.outages), (190, 70, 2));
        // Closed from 150 to 230: that half of the outage is not known.
        let half = uptime(&changes, &[(0, 150), (230, 1000)], 0, 400);
        assert_eq!((half.up, half.down, half.outages), (140, 40, 2));
        // A window within.
        let inner = uptime(&changes, &[(0, 1000)], 250, 305);
        assert_eq!((inner.up, inner.down, inner.outages), (0, 15, 2));
        assert_eq!(uptime(&changes, &[], 0, 400).share(), None);
        assert_eq!(uptime(&[(0, "never")], &[(0, 10)], 0, 10).share(), None);
        assert_eq!(inner.share(), Some(0.0));
    }

    proptest::proptest! {
        #[test]
        fn parts_add_up(
            mut at in proptest::collection::vec(0_i64..1000, 1..12),
            cut in 0_i64..1000,
            watched in proptest::collection::vec((0_i64..100, 1_i64..100), 0..6),
        ) {
            at.sort_unstable();
            at.dedup();
            let words = ["connected", "disconnected", "unknown"];
            let changes: Vec<(i64, &str)> = at.iter().enumerate().map(|(n, at)| (*at, words[n % 3])).collect();
            let mut end = 0;
            let mut times = Vec::new();
            for (gap, length) in watched {
                times.push((end + gap, end + gap + length));
                end += gap + length;
            }
            let whole = uptime(&changes, &times, 0, 1000);
            let (one, other) = (uptime(&changes, &times, 0, cut), uptime(&changes, &times, cut, 1000));
            proptest::prop_assert_eq!(whole.up, one.up + other.up);
            proptest::prop_assert_eq!(whole.down, one.down + other.down);
        }
    }
}
