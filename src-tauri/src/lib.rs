//! The window: a thin shell over the engine. Commands go down, events come up.

pub mod commands;
pub mod contract;
pub mod events;
pub mod view;
