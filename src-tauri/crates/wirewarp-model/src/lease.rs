//! Fixed addresses of machines in a VM network, and the hardware addresses that they are known by.

use serde::{Deserialize, Serialize};
use std::{fmt, net::Ipv4Addr, str::FromStr};

use crate::{Label, ParseError, error::excerpt, text::serde_as_text};

const FIELD: &str = "MAC address";

/// A machine of a VM network that is given the same address each time it asks by DHCP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The card that asks.
    pub mac: MacAddress,
    /// What it is given.
    pub address: Ipv4Addr,
    /// What its owner calls the machine; may be empty.
    #[serde(default)]
    pub name: Label,
}

/// The hardware address of one network card (IEEE 802, 48 bits), written `BC:24:11:00:00:64`. Addresses of groups and
/// the one of nobody are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress([u8; 6]);

impl MacAddress {
    /// The address with these bytes; none if it is not one card's. The lowest bit of the first byte says a group.
    pub fn new(bytes: [u8; 6]) -> Option<Self> {
        (bytes[0] & 1 == 0 && bytes != [0; 6]).then_some(Self(bytes))
    }
}

impl FromStr for MacAddress {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bytes = bytes(text.trim()).ok_or_else(|| {
            let message = format!("“{}” is not an address such as BC:24:11:00:00:64", excerpt(text));
            ParseError::new(FIELD, message)
        })?;
        Self::new(bytes).ok_or_else(|| {
            let message = format!("{} is not the address of one card", excerpt(text.trim()));
            ParseError::new(FIELD, message)
        })
    }
}

/// Six pairs of digits with colons or dashes between them.
fn bytes(text: &str) -> Option<[u8; 6]> {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let parts: [&str; 6] = parts.try_into().ok()?;
    let mut bytes = [0; 6];
    for (byte, part) in bytes.iter_mut().zip(parts) {
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
        *byte = u8::from_str_radix(part, 16).ok().filter(|_| digits)?;
    }
    Some(bytes)
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.0.map(|byte| format!("{byte:02X}"));
        f.pad(&pairs.join(":"))
    }
}

serde_as_text!(MacAddress);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_is_one_address() {
        for text in ["bc:24:11:00:00:6e", "BC-24-11-00-00-6E", " bc:24:11:00:00:6E "] {
            let mac: MacAddress = text.parse().unwrap();
            assert_eq!(mac.to_string(), "BC:24:11:00:00:6E");
        }
    }

    #[test]
    fn what_is_not_one_card_is_refused_with_the_field_named() {
        let wrong = [
            "",
            "virtio",
            "BC:24:11:00:00",
            "BC:24:11:00:00:64:01",
            "+C:24:11:00:00:64",
            "BC:24:11:00:00:6é",
            "01:00:5E:00:00:01",
            "FF:FF:FF:FF:FF:FF",
            "00:00:00:00:00:00",
        ];
        for text in wrong {
            assert_eq!(text.parse::<MacAddress>().unwrap_err().field, FIELD, "{text}");
        }
    }

    #[test]
    fn a_lease_without_a_name_is_read() {
        let lease: Lease =
            serde_json::from_str(r#"{"mac":"bc:24:11:00:00:64","address":"10.99.5.2"}"#).unwrap();
        assert_eq!(
            (lease.address, lease.name.as_str()),
            (Ipv4Addr::new(10, 99, 5, 2), "")
        );
    }

    proptest! {
        #[test]
        fn it_is_read_as_it_is_shown(bytes in any::<[u8; 6]>()) {
            if let Some(mac) = MacAddress::new(bytes) {
                prop_assert_eq!(mac.to_string().parse::<MacAddress>(), Ok(mac));
            }
        }
    }
}
