//! Figures over time on disk: `history.db` beside the inventory. What was measured is kept for a day, its minutes for two weeks, its
//! hours for a year, its days for ever; each is the exact sum of the finer one.

mod alerts;
mod level;
mod open;
mod read;
mod roll;
mod runs;
mod states;
#[cfg(test)]
mod tests;
mod write;

pub use alerts::{Delivery, DeliveryState, NewDelivery};
pub use level::Level;
pub use open::Collector;
pub use states::{State, StateChange};
pub use write::Poll;

use sqlx::SqlitePool;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};
use wirewarp_model::figures::Series;

/// An open history. Clones share its connections.
#[derive(Debug, Clone)]
pub struct History {
    pub(crate) pool: SqlitePool,
    path: PathBuf,
    /// Rows of `series`; they are never deleted while the program runs.
    numbers: Arc<Mutex<BTreeMap<Series, i64>>>,
}
