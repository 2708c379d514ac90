//! Stopping an apply while that is still without consequences.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use crate::error::EngineError;

const FREE: u8 = 0;
const ASKED: u8 = 1;
const HANDED_OVER: u8 = 2;

/// Asked from one side, heeded on the other: of asking and handing a script to a host, whichever is first wins.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicU8>);

impl Stop {
    /// Asks to stop. Fails once a host was given its script: from then on it decides, and confirms or goes back.
    pub fn ask(&self) -> Result<(), EngineError> {
        match self
            .0
            .compare_exchange(FREE, ASKED, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) | Err(ASKED) => Ok(()),
            Err(_) => Err(EngineError::refused(
                "handed_over",
                "A host is being changed already; stopping now would only leave it to go back by itself.",
                &["Wait for the end, then go back to the generation before"],
            )),
        }
    }

    /// Whether it can still be asked.
    pub fn is_free(&self) -> bool {
        self.0.load(Ordering::Acquire) == FREE
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire) == ASKED
    }

    /// Before a host is given its script. Fails if it was asked to stop.
    pub(crate) fn hand_over(&self) -> Result<(), EngineError> {
        match self
            .0
            .compare_exchange(FREE, HANDED_OVER, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) | Err(HANDED_OVER) => Ok(()),
            Err(_) => Err(EngineError::refused(
                "cancelled",
                "It was stopped before anything was changed.",
                &[],
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_stopping_and_handing_over_the_first_wins() {
        let (asked, handed) = (Stop::default(), Stop::default());
        asked.ask().unwrap();
        asked.ask().unwrap();
        assert_eq!(asked.hand_over().unwrap_err().to_user().code, "cancelled");
        handed.hand_over().unwrap();
        handed.hand_over().unwrap();
        assert_eq!(handed.ask().unwrap_err().to_user().code, "handed_over");
        assert!(!handed.is_free() && !handed.is_asked());
    }
}
