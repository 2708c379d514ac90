//! The apply protocol against the real host scripts, run by a local `sh` under a root of its own: state, claims, events,
//! uploads. What needs systemd (transient units, boot) is tested on whole machines, in `tests/e2e`.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod claims;
mod failures;
mod host;
mod leaving;
mod life;
mod packages;
