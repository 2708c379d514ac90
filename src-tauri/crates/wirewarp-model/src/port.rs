//! Ports, ranges and the mappings that people type: `25565`, `80,443`, `27000-27050`, `8000-8010->9000`.

use serde::{Deserialize, Serialize};
use std::{fmt, num::NonZeroU16, str::FromStr};

use crate::{ParseError, error::excerpt, text::serde_as_text};

/// A TCP or UDP port, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Port(NonZeroU16);

impl Port {
    /// The port with this number; none for 0.
    pub fn new(number: u16) -> Option<Self> {
        NonZeroU16::new(number).map(Self)
    }

    /// Its number.
    pub fn number(self) -> u16 {
        self.0.get()
    }
}

impl FromStr for Port {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = if digits { text.parse::<u16>().ok() } else { None };
        number.and_then(Self::new).ok_or_else(|| {
            ParseError::new(
                "port",
                format!("“{}” is not a port; ports are 1 to 65535", excerpt(text)),
            )
        })
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

/// Ports `first` to `last`, both included; `first <= last` always holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: Port,
    last: Port,
}

impl PortRange {
    /// The range; none if it runs backwards.
    pub fn new(first: Port, last: Port) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Lowest port.
    pub fn first(self) -> Port {
        self.first
    }

    /// Highest port.
    pub fn last(self) -> Port {
        self.last
    }

    /// How many ports, 1 to 65535.
    pub fn count(self) -> u32 {
        u32::from(self.last.number()) - u32::from(self.first.number()) + 1
    }

    /// Whether it is one port.
    pub fn is_single(self) -> bool {
        self.first == self.last
    }

    /// Whether the port is in it.
    pub fn contains(self, port: Port) -> bool {
        (self.first..=self.last).contains(&port)
    }

    /// Whether both have a port in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Its ports, lowest first.
    pub fn ports(self) -> impl Iterator<Item = Port> {
        (self.first.number()..=self.last.number()).filter_map(Port::new)
    }
}

impl From<Port> for PortRange {
    fn from(port: Port) -> Self {
        Self {
            first: port,
            last: port,
        }
    }
}

impl FromStr for PortRange {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let Some((first, last)) = text.split_once('-') else {
            return Ok(text.trim().parse::<Port>()?.into());
        };
        let (first, last) = (first.trim().parse()?, last.trim().parse()?);
        Self::new(first, last).ok_or_else(|| {
            ParseError::new(
                "port range",
                format!("{first}-{last} runs backwards; write {last}-{first}"),
            )
        })
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_single() {
            self.first.fmt(f)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// One mapping: the public ports and the first port behind the peer. A range keeps its order: the second public port
/// goes to the second target port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortMapping {
    public: PortRange,
    target_first: Port,
}

impl PortMapping {
    /// The mapping; fails if the target range would run past 65535.
    pub fn new(public: PortRange, target_first: Port) -> Result<Self, ParseError> {
        let last = u32::from(target_first.number()) + public.count() - 1;
        if last > 65_535 {
            let message =
                format!("{public}->{target_first} would end at target port {last}; the highest is 65535");
            return Err(ParseError::new("port range", message));
        }
        Ok(Self { public, target_first })
    }

    /// Ports on the public address.
    pub fn public(self) -> PortRange {
        self.public
    }

    /// Ports behind the peer, as many as there are public ones.
    pub fn target(self) -> PortRange {
        let last = self
            .target_first
            .number()
            .saturating_add(u16::try_from(self.public.count() - 1).unwrap_or(u16::MAX));
        PortRange {
            first: self.target_first,
            last: Port::new(last).unwrap_or(self.target_first),
        }
    }

    /// Whether each port keeps its number.
    pub fn keeps_ports(self) -> bool {
        self.public.first == self.target_first
    }
}

impl FromStr for PortMapping {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let Some((public, target)) = text.split_once("->") else {
            let public: PortRange = text.trim().parse()?;
            return Self::new(public, public.first());
        };
        let (public, target): (PortRange, PortRange) = (public.trim().parse()?, target.trim().parse()?);
        if !target.is_single() && target.count() != public.count() {
            let message = format!(
                "{public} has {} ports and {target} has {}; give as many, or only the first target port",
                public.count(),
                target.count()
            );
            return Err(ParseError::new("port range", message));
        }
        Self::new(public, target.first())
    }
}

impl fmt::Display for PortMapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.keeps_ports() {
            self.public.fmt(f)
        } else {
            write!(f, "{}->{}", self.public, self.target())
        }
    }
}

/// What a person types for one forward: at least one mapping, in order of the public port, no public port twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortMappings(Vec<PortMapping>);

impl PortMappings {
    /// Most mappings in one forward.
    pub const MOST: usize = 256;

    /// Sorts and checks `mappings`.
    pub fn new(mut mappings: Vec<PortMapping>) -> Result<Self, ParseError> {
        mappings.sort();
        if mappings.is_empty() {
            return Err(ParseError::new(
                "ports",
                "there are none; write e.g. 25565, 80,443 or 27000-27050",
            ));
        }
        if mappings.len() > Self::MOST {
            return Err(ParseError::new(
                "ports",
                format!("more than {} entries; use ranges", Self::MOST),
            ));
        }
        for pair in mappings.windows(2) {
            if pair[0].public().overlaps(pair[1].public()) {
                let message = format!("{} and {} overlap; name each public port once", pair[0], pair[1]);
                return Err(ParseError::new("ports", message));
            }
        }
        Ok(Self(mappings))
    }

    /// The mappings, lowest public port first.
    pub fn iter(&self) -> impl Iterator<Item = PortMapping> + '_ {
        self.0.iter().copied()
    }
}

impl FromStr for PortMappings {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.len() > 8_192 {
            return Err(ParseError::new(
                "ports",
                "the list is longer than 8192 characters",
            ));
        }
        let parts = text.split(',').map(str::trim);
        let parsed: Result<Vec<PortMapping>, _> = parts.map(PortMapping::from_str).collect();
        Self::new(parsed?)
    }
}

impl fmt::Display for PortMappings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mapping) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            mapping.fmt(f)?;
        }
        Ok(())
    }
}

serde_as_text!(PortRange, PortMapping, PortMappings);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<PortMappings, ParseError> {
        text.parse()
    }

    #[test]
    fn lists_ranges_and_offsets_are_read() {
        let ports = parse("8000-8010, 443->8443").unwrap();
        assert_eq!(ports.to_string(), "443->8443,8000-8010");
        let shifted = parse("8000-8010->9000").unwrap();
        assert_eq!(shifted.to_string(), "8000-8010->9000-9010");
        assert_eq!(parse(&shifted.to_string()).unwrap(), shifted);
    }

    #[test]
    fn bad_ports_are_refused_with_a_reason() {
        for (bad, word) in [
            ("0", "1 to 65535"),
            ("65536", "1 to 65535"),
            ("80-20", "backwards"),
            ("80-90,85", "overlap"),
            ("80,80", "overlap"),
            ("65000-65535->65001", "65535"),
            ("1-10->5-6", "as many"),
            ("", "not a port"),
            ("+80", "not a port"),
            ("80->", "not a port"),
            ("80,,81", "not a port"),
        ] {
            let error = parse(bad).unwrap_err().to_string();
            assert!(error.contains(word), "{bad:?}: {error}");
        }
    }

    proptest! {
        #[test]
        fn writing_then_reading_is_the_identity(first in 1u16.., count in 0u16..2000, target in 1u16..) {
            let (Some(a), Some(b)) = (Port::new(first), Port::new(first.saturating_add(count))) else { return Ok(()) };
            let Some(range) = PortRange::new(a, b) else { return Ok(()) };
            let Some(to) = Port::new(target) else { return Ok(()) };
            let Ok(mapping) = PortMapping::new(range, to) else { return Ok(()) };
            prop_assert_eq!(mapping.to_string().parse::<PortMapping>().unwrap(), mapping);
            prop_assert_eq!(mapping.target().count(), mapping.public().count());
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,64}") {
            let _ = parse(&text);
        }
    }
}
