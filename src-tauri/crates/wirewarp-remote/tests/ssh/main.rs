//! The SSH layer against real servers on loopback.

mod support;

mod commands;
