//! A tunnel that carries nothing is not silent: keep-alives and handshakes go on for ever. They are held back and written
//! down together, so that ten thousand idle peers do not fill a disk. Nothing is lost: what is held back is added to the
//! next measurement that is written.

use serde::{Deserialize, Serialize};

/// Bytes per second in both directions together that keep-alives and handshakes stay below: a keep-alive of 32 bytes each 25 s and a
/// handshake of 148 and 92 bytes each 120 s make 3.3 (wireguard.com/protocol).
const IDLE: u64 = 8;

/// What is held back of a series.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    /// A sum for each count.
    values: Vec<u64>,
    /// When the oldest of it was measured, seconds since 1970 UTC.
    since: i64,
}

impl Held {
    /// Decides about what was measured at `at` over `seconds`: gives what is to be written now, or holds it back. Held
    /// back is what idles, until the day (UTC) is over.
    pub(crate) fn pass(&mut self, values: Vec<u64>, at: i64, seconds: u32) -> Option<Vec<u64>> {
        let sum = values.iter().fold(0_u64, |sum, value| sum.saturating_add(*value));
        let idles = sum <= IDLE * u64::from(seconds);
        if self.values.is_empty() {
            if !idles {
                return Some(values);
            }
            if sum > 0 {
                *self = Self { values, since: at };
            }
            return None;
        }
        for (held, value) in self.values.iter_mut().zip(&values) {
            *held = held.saturating_add(*value);
        }
        let day_is_over = day(at) != day(self.since);
        (!idles || day_is_over).then(|| std::mem::take(&mut self.values))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

fn day(at: i64) -> i64 {
    at.div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keep_alives_are_held_back_until_something_happens_or_the_day_is_over() {
        let mut held = Held::default();
        assert_eq!(held.pass(vec![0, 0], 0, 60), None);
        assert!(held.is_empty());
        assert_eq!(held.pass(vec![64, 32], 60, 60), None);
        assert_eq!(held.pass(vec![0, 5000], 120, 60), Some(vec![64, 5032]));
        assert!(held.is_empty());
        assert_eq!(held.pass(vec![64, 0], 86_300, 60), None);
        assert_eq!(held.pass(vec![64, 0], 86_400, 60), Some(vec![128, 0]));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(values in prop::collection::vec((0_u64..2000, 0_u64..2000), 1..60)) {
            let mut held = Held::default();
            let mut written = [0_u64; 2];
            let mut at = 0;
            for (up, down) in &values {
                at += 60;
                for (sum, value) in written.iter_mut().zip(held.pass(vec![*up, *down], at, 60).unwrap_or_default()) {
                    *sum += value;
                }
            }
            let rest = held.pass(vec![0, 1_000_000], at + 60, 60).unwrap_or_default();
            prop_assert_eq!(written[0] + rest[0], values.iter().map(|one| one.0).sum::<u64>());
            prop_assert_eq!(written[1] + rest[1], values.iter().map(|one| one.1).sum::<u64>() + 1_000_000);
        }
    }
}
