//! Hardware addresses.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer};
use wirewarp_model::{ParseError, error::excerpt};

/// A hardware address; written as Proxmox does, `BC:24:11:00:00:64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac([u8; 6]);

impl Mac {
    /// The address with these bytes.
    pub fn new(bytes: [u8; 6]) -> Self {
        Self(bytes)
    }

    /// Whether it is one of a single machine: Proxmox refuses any other in a NIC.
    pub fn is_unicast(self) -> bool {
        self.0[0] & 1 == 0 && self.0 != [0; 6]
    }
}

impl FromStr for Mac {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = || {
            let message = format!("“{}” is not an address such as BC:24:11:00:00:64", excerpt(text));
            ParseError::new("MAC address", message)
        };
        let parts: Vec<&str> = text.split([':', '-']).collect();
        let parts: [&str; 6] = parts.try_into().map_err(|_| refuse())?;
        let mut bytes = [0; 6];
        for (byte, part) in bytes.iter_mut().zip(parts) {
            let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
            let parsed = u8::from_str_radix(part, 16).ok().filter(|_| digits);
            *byte = parsed.ok_or_else(refuse)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.0.map(|byte| format!("{byte:02X}"));
        f.write_str(&pairs.join(":"))
    }
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_address() {
        let mac: Mac = "bc:24:11:00:00:64".parse().unwrap();
        assert_eq!(mac, "BC-24-11-00-00-64".parse().unwrap());
        assert_eq!(mac.to_string(), "BC:24:11:00:00:64");
    }

    #[test]
    fn addresses_of_many_and_of_nobody_are_not_unicast() {
        assert!("BC:24:11:00:00:64".parse::<Mac>().unwrap().is_unicast());
        assert!(!"01:00:5E:00:00:01".parse::<Mac>().unwrap().is_unicast());
        assert!(!"00:00:00:00:00:00".parse::<Mac>().unwrap().is_unicast());
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in [
            "",
            "virtio",
            "BC:24:11:00:00",
            "BC:24:11:00:00:64:01",
            "+C:24:11:00:00:64",
        ] {
            assert!(bad.parse::<Mac>().is_err(), "{bad}");
        }
    }
}
