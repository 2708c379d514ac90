//! Whether a host is the one it was: the rules for known, unknown and changed keys.

use async_trait::async_trait;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg};

use super::host_key::HostKey;
use super::known_hosts::KnownHosts;
use super::problem::SshProblem;
use super::target::Endpoint;

/// The caller's own list of host keys, and the person's answer about a new one.
#[async_trait]
pub trait Trust: Send + Sync {
    /// The keys that `endpoint` is known by in the caller's list.
    async fn known_keys(&self, endpoint: &Endpoint) -> Vec<HostKey>;

    /// Whether to accept the key of a host that is known nowhere. An implementation that accepts writes the key down,
    /// so that the question is asked once. The host has proved that it holds the key.
    async fn decide(&self, endpoint: &Endpoint, offered: &HostKey) -> Decision;

    /// Whether the known_hosts files have no say about `endpoint`: the person is about to trust a reinstalled host.
    fn begins_anew(&self, _endpoint: &Endpoint) -> bool {
        false
    }
}

/// The answer about an unknown host key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Connect.
    Accept,
    /// Stop with [`SshProblem::HostKeyUnknown`].
    Refuse,
}

/// Everything that is known about the keys of one endpoint.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// From the caller's list. Where it has any, the files are not asked: a host trusted anew with WireWarp need not be
    /// cleaned out of `known_hosts` first.
    pub own: Vec<HostKey>,
    /// From the `known_hosts` files.
    pub files: KnownHosts,
}

/// What the rules say about an offered key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Known,
    Unknown,
    Bad(SshProblem),
}

impl Known {
    /// Judges `offered`. A host that is known by keys of other algorithms only has changed, too: otherwise somebody in
    /// between could offer a type of key that the person has not seen yet.
    pub(super) fn judge(&self, offered: &HostKey) -> Verdict {
        let (algorithm, fingerprint) = (offered.algorithm(), offered.fingerprint());
        if let Some(line) = self.files.revoked.iter().find(|line| line.key == *offered) {
            return Verdict::Bad(SshProblem::HostKeyRevoked {
                algorithm,
                fingerprint,
                place: line.place.clone(),
            });
        }
        let keys: Vec<&HostKey> = self.trusted().collect();
        if keys.is_empty() {
            let elsewhere = self.files.without_port.iter().any(|line| line.key == *offered);
            return if elsewhere {
                Verdict::Known
            } else {
                Verdict::Unknown
            };
        }
        if keys.contains(&offered) {
            return Verdict::Known;
        }
        let known: Vec<String> = keys
            .iter()
            .map(|key| format!("{} {}", key.algorithm(), key.fingerprint()))
            .collect();
        Verdict::Bad(SshProblem::HostKeyChanged {
            algorithm,
            fingerprint,
            known: known.join(", "),
            place: self.place(),
        })
    }

    /// The algorithms to negotiate with, those of known keys first, so that a host with several keys shows a known one.
    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        let mut order: Vec<Algorithm> = Vec::new();
        let known = self.trusted().flat_map(HostKey::signature_algorithms);
        for algorithm in known.chain(usual_algorithms()) {
            if usual_algorithms().contains(&algorithm) && !order.contains(&algorithm) {
                order.push(algorithm);
            }
        }
        order
    }

    fn trusted(&self) -> Box<dyn Iterator<Item = &HostKey> + '_> {
        if self.own.is_empty() {
            Box::new(self.files.keys.iter().map(|line| &line.key))
        } else {
            Box::new(self.own.iter())
        }
    }

    fn place(&self) -> String {
        match self.files.keys.first() {
            Some(line) if self.own.is_empty() => line.place.clone(),
            _ => "WireWarp's own list".to_owned(),
        }
    }
}

/// Without `ssh-rsa`, which signs with SHA-1, and `ssh-dss`; OpenSSH refuses both since 8.8.
fn usual_algorithms() -> [Algorithm; 6] {
    [
        Algorithm::Ed25519,
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP256,
        },
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP384,
        },
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP521,
        },
        Algorithm::Rsa {
            hash: Some(HashAlg::Sha512),
        },
        Algorithm::Rsa {
            hash: Some(HashAlg::Sha256),
        },
    ]
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
