//! Host keys as values: shown, compared, kept.

use std::fmt;

use russh::keys::{Algorithm, HashAlg, PublicKey};
use wirewarp_model::ParseError;

/// A host's public key, without a comment.
#[derive(Clone, PartialEq, Eq)]
pub struct HostKey(PublicKey);

impl HostKey {
    /// Reads `ssh-ed25519 AAAA...`; a comment is dropped.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let key = PublicKey::from_openssh(text.trim());
        key.map(Self::from_key)
            .map_err(|_| ParseError::new("host key", "it is not a key in the OpenSSH format"))
    }

    pub(super) fn from_key(mut key: PublicKey) -> Self {
        key.set_comment("");
        Self(key)
    }

    /// The name of the key's type, e.g. `ssh-ed25519`.
    pub fn algorithm(&self) -> String {
        self.0.algorithm().as_str().to_owned()
    }

    /// `SHA256:...`, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The signature algorithms a host with this key can use in the handshake, best first.
    pub(super) fn signature_algorithms(&self) -> Vec<Algorithm> {
        let algorithm = self.0.algorithm();
        if !matches!(algorithm, Algorithm::Rsa { .. }) {
            return vec![algorithm];
        }
        let hashes = [HashAlg::Sha512, HashAlg::Sha256];
        hashes.map(|hash| Algorithm::Rsa { hash: Some(hash) }).to_vec()
    }
}

impl fmt::Display for HostKey {
    /// `ssh-ed25519 AAAA...`, what [`HostKey::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_openssh().map_err(|_| fmt::Error)?;
        f.write_str(text.trim_end())
    }
}

impl fmt::Debug for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostKey({} {})", self.algorithm(), self.fingerprint())
    }
}
