//! The SSH layer against real servers on loopback.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod becoming_root;
mod commands;
mod jumps;
mod login;
mod private_keys;
mod reaching;
mod shells;
