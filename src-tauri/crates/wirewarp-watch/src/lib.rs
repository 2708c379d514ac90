//! Pure decisions about what is watched: two polls of a host become measurements, and what holds for long enough becomes
//! an alert. No clock, no input or output; the time is passed in.

pub mod alert;
pub mod analysis;
mod counter;
mod idle;
mod measure;
mod state;
mod subjects;

pub use measure::{Before, measure};
pub use state::{HostState, Reached, SILENCE, TunnelState, span, tunnel_state};
pub use subjects::Subjects;
