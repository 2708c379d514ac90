//! wirewarp-remote: everything that happens on other machines.

pub mod ssh;
