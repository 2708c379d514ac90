//! The server's clock, which a test can move.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Real time and what a test added to it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    ahead: Duration,
}

impl Clock {
    /// Time since 1970.
    pub fn now(self) -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + self.ahead
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> u64 {
        self.now().as_secs()
    }

    /// Lets `time` pass.
    pub fn advance(&mut self, time: Duration) {
        self.ahead += time;
    }
}
