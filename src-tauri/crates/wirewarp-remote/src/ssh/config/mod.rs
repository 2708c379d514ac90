//! The person's SSH configuration (`ssh_config(5)`), as far as connecting needs it.
//!
//! Why not a library: the well-kept `ssh2-config` 0.9 knows no `Match`, so that what stands below one is added to the
//! host above it, and fails the whole file for a value it does not understand. Both would connect to the wrong place
//! or nowhere, silently.

mod lookup;
mod parse;
mod pattern;
mod syntax;
mod tokens;

pub(super) use lookup::{HostConfig, IdentityAgent, Query};
pub(super) use parse::SshConfig;
pub(super) use pattern::matches_any;
pub(super) use tokens::expand_home;

/// Entry for fuzzing: one line, and its words as host patterns.
pub(super) fn fuzz_line(line: &str) {
    if let Ok(Some(read)) = syntax::read_line(line) {
        for argument in &read.arguments {
            pattern::list_matches(argument, "vps.example");
        }
    }
}
