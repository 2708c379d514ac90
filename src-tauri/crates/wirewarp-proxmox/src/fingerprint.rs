//! What a certificate is recognised by.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};
use wirewarp_model::{ParseError, error::excerpt};

/// SHA-256 of a certificate, written as Proxmox does: 32 pairs of hexadecimal digits with colons.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate in DER.
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl FromStr for Fingerprint {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = || {
            ParseError::new(
                "fingerprint",
                format!(
                    "“{}” is not a SHA-256 fingerprint, 32 pairs such as 01:E5:FB; Proxmox shows it under Node, \
                     Certificates",
                    excerpt(text)
                ),
            )
        };
        let digits: Vec<u8> = text.trim().bytes().filter(|byte| *byte != b':').collect();
        if digits.len() != 64 {
            return Err(refuse());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| refuse())?;
            if !pair.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(refuse());
            }
            *byte = u8::from_str_radix(pair, 16).map_err(|_| refuse())?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_proxmox_shows_and_writes_the_same() {
        let shown =
            "01:E5:FB:48:C4:83:6E:2A:71:64:F6:03:3C:F1:AF:98:39:45:4C:BC:50:8A:42:4D:0E:28:EF:1F:E6:94:8B:47";
        let read: Fingerprint = shown.parse().unwrap();
        assert_eq!(read.to_string(), shown);
        let bare = shown.replace(':', "").to_lowercase();
        assert_eq!(bare.parse::<Fingerprint>().unwrap(), read);
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in ["", "SHA256:abc", "01:E5", &"+1".repeat(32), &"é".repeat(32)] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }
}
