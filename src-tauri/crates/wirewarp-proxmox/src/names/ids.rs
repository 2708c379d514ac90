//! Texts with an alphabet. The patterns are those of pve-common and pve-access-control.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer};
use wirewarp_model::{ParseError, error::excerpt};

use super::segment;

/// A text type that is parsed by `$fits` and shown as it is.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $field:literal, $shape:literal, $fits:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                let fits: fn(&str) -> bool = $fits;
                if fits(text) {
                    return Ok(Self(text.to_owned()));
                }
                Err(ParseError::new($field, format!("“{}” is not {}", excerpt(text), $shape)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_type!(
    /// A node: a host name, at most 63 characters.
    NodeName,
    "node",
    "a node's name such as pve1",
    is_node
);

text_type!(
    /// A bridge that WireWarp makes: Proxmox takes letters, digits and `_`, the kernel 15 characters.
    BridgeName,
    "bridge",
    "a bridge's name: 2 to 15 letters, digits and “_”, beginning with a letter",
    |text| (2..=15).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
);

text_type!(
    /// What a configuration is recognised by, so that a change of somebody else is not overwritten: hexadecimal digits
    /// of a SHA-1.
    Digest,
    "digest",
    "a digest of a configuration",
    |text| (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
);

text_type!(
    /// A task: `UPID:node:pid:pstart:starttime:type:id:user:`.
    Upid,
    "task",
    "a task's identifier",
    is_upid
);

text_type!(
    /// A user with realm, e.g. `root@pam`.
    UserId,
    "user",
    "a user with realm such as root@pam",
    is_user
);

text_type!(
    /// An API token without its secret, e.g. `root@pam!wirewarp`.
    TokenId,
    "API token",
    "a token such as root@pam!wirewarp",
    |text| text
        .split_once('!')
        .is_some_and(|(user, name)| is_user(user) && is_word(name))
);

fn is_node(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Begins with a letter, goes on with letters, digits, `.`, `-` and `_`: realms and names of tokens.
fn is_word(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
}

fn is_user(text: &str) -> bool {
    let Some((name, realm)) = text.rsplit_once('@') else {
        return false;
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || ":/!=".contains(c);
    text.len() <= 64 && !name.is_empty() && !name.contains(odd) && is_word(realm)
}

fn is_upid(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let hex = |part: &str| (1..=16).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit());
    text.len() <= 256
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && parts.len() == 9
        && parts[0] == "UPID"
        && is_node(parts[1])
        && parts[2..5].iter().all(|part| hex(part))
        && parts[8].is_empty()
}

impl Upid {
    /// The node that the task runs on.
    pub fn node(&self) -> &str {
        self.0.split(':').nth(1).unwrap_or_default()
    }

    /// What kind of task it is, e.g. `srvreload`; shortened and printable.
    pub fn kind(&self) -> String {
        excerpt(self.0.split(':').nth(5).unwrap_or_default())
    }

    /// As a part of a path.
    pub(crate) fn segment(&self) -> String {
        segment(&self.0)
    }
}

impl TokenId {
    /// The token named `name` of `user`.
    pub fn new(user: &UserId, name: &str) -> Result<Self, ParseError> {
        format!("{user}!{name}").parse()
    }

    /// Whose it is.
    pub fn user(&self) -> &str {
        self.0.split('!').next().unwrap_or_default()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.split('!').nth(1).unwrap_or_default()
    }
}

/// The number of a guest, unique in its cluster: 100 to 999,999,999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "u32")]
pub struct Vmid(u32);

impl Vmid {
    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Vmid {
    type Error = ParseError;

    fn try_from(number: u32) -> Result<Self, ParseError> {
        if (100..=999_999_999).contains(&number) {
            Ok(Self(number))
        } else {
            Err(ParseError::new(
                "guest",
                format!("{number} is not a guest's number, 100 to 999999999"),
            ))
        }
    }
}

impl FromStr for Vmid {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let number: u32 = text
            .parse()
            .map_err(|_| ParseError::new("guest", format!("“{}” is not a guest's number", excerpt(text))))?;
        Self::try_from(number)
    }
}

impl fmt::Display for Vmid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_tells_its_node_and_kind_and_goes_into_a_path() {
        let upid: Upid = "UPID:pve1:000000F5:00039787:6B02CEE5:srvreload:networking:app@pve!full:"
            .parse()
            .unwrap();
        assert_eq!((upid.node(), upid.kind().as_str()), ("pve1", "srvreload"));
        assert_eq!(
            upid.segment(),
            "UPID%3Apve1%3A000000F5%3A00039787%3A6B02CEE5%3Asrvreload%3Anetworking%3Aapp%40pve%21full%3A"
        );
    }

    #[test]
    fn names_that_lead_out_of_a_path_are_refused() {
        for bad in [
            "", "..", "a/b", "a?b", "a#b", "a%2fb", "pve1\n", "-pve", "pve_1", "pvé",
        ] {
            assert!(bad.parse::<NodeName>().is_err(), "{bad}");
            assert!(bad.parse::<Upid>().is_err(), "{bad}");
        }
        for bad in ["wg-br", "1br", "b", "a_name_too_long1", "br 0"] {
            assert!(bad.parse::<BridgeName>().is_err(), "{bad}");
        }
        assert!(
            "UPID:pve1:0:0:0:a:b:../../x:"
                .parse::<Upid>()
                .unwrap()
                .segment()
                .contains("..%2F")
        );
    }

    #[test]
    fn users_and_tokens_are_told_apart() {
        let user: UserId = "app@pve".parse().unwrap();
        let token = TokenId::new(&user, "full").unwrap();
        assert_eq!((token.user(), token.name()), ("app@pve", "full"));
        assert!("app@pve!full".parse::<UserId>().is_err());
        assert!("app@pve".parse::<TokenId>().is_err());
        assert!("root".parse::<UserId>().is_err());
        assert!("99".parse::<Vmid>().is_err() && "100".parse::<Vmid>().is_ok());
    }
}
