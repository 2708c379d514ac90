//! `known_hosts` files (`SSH_KNOWN_HOSTS FILE FORMAT` in `sshd(8)`).

use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use russh::keys::ssh_key::known_hosts::{Entry, HostPatterns, Marker};
use sha1::Sha1;

use super::config::matches_any;
use super::host_key::HostKey;
use super::target::Endpoint;

/// The lines about one endpoint.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownHosts {
    /// Keys the host is known by.
    pub keys: Vec<KnownLine>,
    /// Keys of the same name without the port. `ssh` accepts these for another port, but they say nothing against a
    /// different key there.
    pub without_port: Vec<KnownLine>,
    /// Keys it must not use.
    pub revoked: Vec<KnownLine>,
}

/// A key and where it stands.
#[derive(Debug, Clone)]
pub(super) struct KnownLine {
    pub key: HostKey,
    /// File and line, for messages.
    pub place: String,
}

impl KnownHosts {
    /// What `files` say about `endpoint`. Files that do not exist or cannot be read say nothing, like for `ssh`.
    pub(super) fn load(files: &[PathBuf], endpoint: &Endpoint) -> Self {
        let mut found = Self::default();
        for file in files {
            match std::fs::read(file) {
                Ok(bytes) => found.read(&String::from_utf8_lossy(&bytes), file, endpoint),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    tracing::warn!(file = %file.display(), %error, "a known_hosts file cannot be read");
                }
            }
        }
        found
    }

    /// Adds what `text` says about `endpoint`.
    pub(super) fn read(&mut self, text: &str, file: &Path, endpoint: &Endpoint) {
        let name = endpoint.known_hosts_name();
        for (index, line) in text.lines().enumerate() {
            let Some(entry) = parse_line(line) else { continue };
            let exact = applies(entry.host_patterns(), &name);
            if !exact && !applies(entry.host_patterns(), &endpoint.host) {
                continue;
            }
            let place = format!("{} line {}", file.display(), index + 1);
            let known = KnownLine {
                key: HostKey::from_key(entry.public_key().clone()),
                place,
            };
            match entry.marker() {
                None if exact => self.keys.push(known),
                None => self.without_port.push(known),
                Some(Marker::Revoked) => self.revoked.push(known),
                Some(Marker::CertAuthority) => {
                    tracing::info!(
                        place = known.place,
                        "host certificates are not used; the line is skipped"
                    );
                }
            }
        }
    }
}

/// A line with a key; `None` for comments and for what cannot be understood, which `ssh` skips as well.
fn parse_line(line: &str) -> Option<Entry> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let one_space_apart = line.split_whitespace().collect::<Vec<_>>().join(" ");
    one_space_apart.parse().ok()
}

fn applies(patterns: &HostPatterns, name: &str) -> bool {
    match patterns {
        HostPatterns::Patterns(patterns) => matches_any(patterns.iter().map(String::as_str), name),
        HostPatterns::HashedName { salt, hash } => {
            let mac = Hmac::<Sha1>::new_from_slice(salt);
            mac.is_ok_and(|mac| mac.chain_update(name).verify_slice(hash).is_ok())
        }
    }
}

#[cfg(test)]
#[path = "known_hosts_tests.rs"]
mod tests;
