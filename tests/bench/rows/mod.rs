//! The rows of the table, a file each.

mod collecting;
mod connect;
mod first_packet;
mod fleet;
mod footprint;
mod guests;
mod history;
mod one_forward;
mod pages;
mod planning;
mod round_trips;
mod start;
mod streams;
mod terminal;

use anyhow::Result;

use crate::report::Measured;
use crate::stage::Stage;

/// Something that is measured.
pub struct Row {
    pub name: &'static str,
    pub about: &'static str,
    pub run: fn(&Stage) -> Result<Vec<Measured>>,
}

/// All, in the order in which they are measured: those that need nothing to be quiet first.
pub const ROWS: &[Row] = &[
    one_forward::ROW,
    round_trips::ROW,
    footprint::ROW,
    first_packet::ROW,
    streams::ROW,
    fleet::ROW,
    guests::ROW,
    collecting::ROW,
    history::ROW,
    connect::ROW,
    planning::ROW,
    start::ROW,
    pages::ROW,
    terminal::ROW,
];
