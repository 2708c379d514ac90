//! The window: a thin shell over the engine. Commands go down, events come up.

mod app;
mod catalogue;
mod change;
mod checks;
pub mod commands;
pub mod contract;
mod csv;
mod desktop;
mod ending;
mod errors;
pub mod events;
mod figures;
mod jobs;
mod lives;
pub mod log;
pub mod outside;
mod plans;
mod questions;
mod settings;
mod snapshot;
mod terminals;
pub mod view;
mod words;

pub use app::run;
pub use desktop::Desktop;

#[cfg(test)]
mod tests;
