//! Watching: every host is polled again and again, what is measured is written down, and how things are is known at any
//! moment. One program writes an inventory's history; others look on without writing.

mod analysis;
mod collector;
mod host;
mod measuring;
mod metrics;
mod now;
mod past;
mod writer;

pub use analysis::{Analysis, Carried, MonthTraffic, UptimeRow};
pub use collector::{HealthPart, Recording, Watching};
pub use metrics::prometheus;
pub use now::{ForwardNow, HostNow, PeerNow, Rates, SystemNow, Totals};
pub use past::{Past, Stretch};
pub use wirewarp_store::history::{Level, State, StateChange};
pub use wirewarp_watch::{
    HostState, TunnelState,
    analysis::{HeatCell, Uptime},
    span,
};

/// Seconds since 1970 UTC.
pub(crate) fn clock() -> i64 {
    jiff::Timestamp::now().as_second()
}
