//! SSH: reaching a host, proving that it is the right one, logging in, and running things there as root.
//!
//! Nothing of the library underneath (russh) shows outside; errors are [`SshError`] with a stable code, a sentence for
//! the person, and hints.

mod agent;
mod attempt;
mod collect;
mod config;
mod connect;
mod connection;
mod dial;
mod error;
mod exec;
mod handler;
mod hints;
mod host_key;
pub mod keys;
mod known_hosts;
mod login;
mod password;
mod problem;
mod process;
mod resolve;
mod session;
mod shell;
mod sudo;
mod target;
mod trust;

pub use connect::Connector;
pub use connection::Connection;
pub use error::SshError;
pub use exec::{Exec, ExecLimits, ExecOutput, Exit};
pub use host_key::HostKey;
pub use problem::SshProblem;
pub use resolve::SshFiles;
pub use session::{LocalSession, Script, Session};
pub use shell::{ShellEnd, ShellInput, ShellOutput, ShellSaid, TerminalSize};
pub use sudo::Privilege;
pub use target::{AuthMethods, Endpoint, Limits, NoPrompt, Prompt, Target};
pub use trust::{Decision, Trust};

/// Entry for fuzzing: `data` as a known_hosts file and, line by line, as an SSH configuration.
pub fn fuzz_files(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let endpoint = Endpoint::new("vps.example", 2222);
    known_hosts::KnownHosts::default().read(&text, std::path::Path::new("known_hosts"), &endpoint);
    for line in text.lines() {
        config::fuzz_line(line);
    }
}
