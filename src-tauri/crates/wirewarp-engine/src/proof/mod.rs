//! The proof: tries a forward from outside and names the hop that fails, if one does.
//!
//! - [`lane`]: one protocol and port of a forward with every address that its packets meet.
//! - [`query`]: what to ask a port, and reading what strangers answer; no sockets.
//! - [`reach`]: tries the public port from this machine.
//! - [`origin`]: which of the flows that a host saw is ours.
//! - [`gather`]: scripts that read the facts on the VPS and at home, one exec a host, and the parsers of their output.
//! - [`hops`]: decides from all that which hop fails; pure.
//!
//! In order: read both hosts, [`reach::reach`], read both again, put the facts into [`hops::Facts`], and [`hops::judge`].

pub mod gather;
pub mod hops;
pub mod lane;
pub mod origin;
pub mod query;
pub mod reach;

pub use hops::{Facts, Hop, Report, State, Verdict, judge};
pub use lane::Lane;
pub use origin::{Origin, Own};
pub use query::{Query, fuzz_answers, query_for};
pub use reach::{Limits, Reach, Try, reach as try_port};
