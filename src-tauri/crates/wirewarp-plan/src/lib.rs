//! Decisions and text: from what is wanted and what was seen to what is put on a host.
//!
//! Pure: no sockets, clock or randomness. The same inputs give the same bytes.
//!
//! - [`allocate`]: numbers, networks, aliases and public IPs for what is new
//! - [`check`]: what is wrong with a wish, or in its way on a host
//! - [`render`]: every file of a generation
//! - [`plan`]: what an apply would change, in words, diffs and flows; drift
//! - [`template`]: named sets of ports

pub mod allocate;
pub mod check;
pub mod plan;
pub mod render;
pub mod template;
pub mod translation;
