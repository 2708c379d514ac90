//! What only the person at the keyboard can say.

use async_trait::async_trait;
use wirewarp_model::Secret;

/// Asks the person. A caller without one (a script) answers no and none.
#[async_trait]
pub trait Person: Send + Sync {
    /// Whether this host key, seen for the first time, is the right one.
    async fn trusts(&self, question: &HostKeyQuestion) -> bool;

    /// Whether this certificate of a Proxmox host, seen for the first time, is the right one.
    async fn trusts_certificate(&self, question: &CertificateQuestion) -> bool;

    /// A passphrase, password or code that is needed now.
    async fn secret(&self, question: &SecretQuestion) -> Option<Secret>;
}

/// A secret that only the person knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretQuestion {
    /// What is asked for, without a colon at its end.
    pub prompt: String,
    /// Why what was said before did not do, if this is asked again.
    pub refused: Option<String>,
    /// Whether the person chooses it now: nothing would tell a slip of the finger, so it is typed twice.
    pub is_new: bool,
}

impl SecretQuestion {
    /// Asked for the first time.
    pub fn new(prompt: impl Into<String>) -> Self {
        Self {
            prompt: prompt.into(),
            refused: None,
            is_new: false,
        }
    }
}

/// A host key that nobody has vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKeyQuestion {
    /// Address and port that were dialled.
    pub endpoint: String,
    /// Algorithm, e.g. `ssh-ed25519`.
    pub algorithm: String,
    /// `SHA256:...` as `ssh-keygen -lf` prints it.
    pub fingerprint: String,
}

/// A certificate that nobody has vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateQuestion {
    /// Host and port that were dialled.
    pub endpoint: String,
    /// SHA-256, as Proxmox shows it under the node's certificates.
    pub fingerprint: String,
}

/// Nobody is there: every question is answered no.
pub struct Nobody;

#[async_trait]
impl Person for Nobody {
    async fn trusts(&self, _: &HostKeyQuestion) -> bool {
        false
    }

    async fn trusts_certificate(&self, _: &CertificateQuestion) -> bool {
        false
    }

    async fn secret(&self, _: &SecretQuestion) -> Option<Secret> {
        None
    }
}
