//! What the tests, the demo and the benchmarks of `WireWarp` share.
//!
//! [`lab`] makes real Debian hosts on one machine, [`laptop`] types commands without them, [`proxmox`] stands in for a Proxmox VE server, [`traffic`] are the small programs that talk through
//! them, [`suite`] turns a list of named cases into a test binary that shares one lab, [`hold`] stops an apply where a
//! test wants it, [`receivers`] take alerts, [`prometheus`]
//! scrapes, [`wirewarp`] is the command, [`window`] the desktop program.

pub mod hold;
pub mod lab;
pub mod laptop;
pub mod prometheus;
pub mod proxmox;
pub mod receivers;
pub mod site;
pub mod suite;
pub mod traffic;
pub mod window;
pub mod wirewarp;
