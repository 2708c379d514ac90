//! What the tests, the demo and the benchmarks of `WireWarp` share.
//!
//! [`lab`] makes real Debian hosts on one machine, [`traffic`] are the small programs that talk through
//! them, [`suite`] turns a list of named cases into a test binary that shares one lab, [`wirewarp`] is the command.

pub mod lab;
pub mod site;
pub mod suite;
pub mod traffic;
pub mod wirewarp;
