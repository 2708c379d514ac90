//! WireGuard public keys. Private keys never pass through the program's own types.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{fmt, str::FromStr};

use crate::{ParseError, error::excerpt, text::serde_as_text};

/// A Curve25519 public key: 32 bytes, written as 44 characters of base64 (wg(8)).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WgPublicKey([u8; 32]);

impl WgPublicKey {
    /// The key with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for WgPublicKey {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bytes = STANDARD
            .decode(text.trim())
            .ok()
            .and_then(|b| <[u8; 32]>::try_from(b).ok());
        bytes.map(Self).ok_or_else(|| {
            ParseError::new(
                "WireGuard public key",
                format!(
                    "“{}” is not 44 characters of base64, as “wg pubkey” prints them",
                    excerpt(text)
                ),
            )
        })
    }
}

impl fmt::Display for WgPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for WgPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WgPublicKey({self})")
    }
}

serde_as_text!(WgPublicKey);
