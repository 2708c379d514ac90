//! What a stretch of the past comes to: at which hours of the week there is how much traffic, and for how much of the time
//! something was there.

mod heat;
mod month;
mod uptime;

pub use heat::{Heat, HeatCell};
pub use month::{MonthSpan, months};
pub use uptime::{Times, Uptime, uptime};
