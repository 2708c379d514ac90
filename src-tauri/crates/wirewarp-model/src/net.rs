//! Addresses, networks and interface names, parsed with messages that say what would be right.

use ipnet::Ipv4Net;
use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use crate::{ParseError, error::excerpt, text::serde_as_text};

/// Parses an IPv4 address. `field` is what the message calls it.
pub fn parse_ipv4(field: &'static str, text: &str) -> Result<Ipv4Addr, ParseError> {
    let text = text.trim();
    text.parse().map_err(|_| {
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if bare.parse::<Ipv6Addr>().is_ok() {
            ParseError::new(
                field,
                format!(
                    "{} is an IPv6 address; an IPv4 address is needed here",
                    excerpt(text)
                ),
            )
        } else if text.contains('/') {
            ParseError::new(
                field,
                format!(
                    "“{}” is a network; a single address is needed here",
                    excerpt(text)
                ),
            )
        } else {
            ParseError::new(
                field,
                format!("“{}” is not an IPv4 address such as 203.0.113.10", excerpt(text)),
            )
        }
    })
}

/// Parses the IPv4 address of a machine that packets can be sent to.
pub fn parse_machine(field: &'static str, text: &str) -> Result<Ipv4Addr, ParseError> {
    let address = parse_ipv4(field, text)?;
    match reserved().find(|network| network.contains(&address)) {
        Some(network) => Err(ParseError::new(
            field,
            format!("{address} is no machine's address: {network} has a meaning of its own"),
        )),
        None => Ok(address),
    }
}

/// What no machine of a network can have: "this network", loopback, link-local, multicast and reserved addresses
/// (RFC 6890, RFC 5771).
fn reserved() -> impl Iterator<Item = Ipv4Net> {
    let networks = [
        ([0, 0, 0, 0], 8),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([224, 0, 0, 0], 3),
    ];
    networks
        .into_iter()
        .map(|(address, length)| Ipv4Net::new_assert(Ipv4Addr::from(address), length))
}

/// Networks that are not of the internet, though machines have them: homes', providers' and offices' (RFC 1918, RFC 6598).
pub fn private_networks() -> impl Iterator<Item = Ipv4Net> {
    let networks = [
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([172, 16, 0, 0], 12),
        ([192, 168, 0, 0], 16),
    ];
    networks
        .into_iter()
        .map(|(address, length)| Ipv4Net::new_assert(Ipv4Addr::from(address), length))
}

/// Parses an IPv4 network for machines, e.g. `10.99.5.0/24`. Host bits are refused: whether `10.99.5.7/24` means the
/// network or the machine is for the person to say.
pub fn parse_network(field: &'static str, text: &str) -> Result<Ipv4Net, ParseError> {
    let text = text.trim();
    // 010.0.0.0 is 8.0.0.0 to some programs and 10.0.0.0 to others: refused, as `Ipv4Addr` does.
    let plain = text
        .split('/')
        .next()
        .is_some_and(|address| address.parse::<Ipv4Addr>().is_ok());
    let parsed = text.parse().ok().filter(|_| plain);
    let network: Ipv4Net = parsed.ok_or_else(|| {
        if text
            .split('/')
            .next()
            .is_some_and(|a| a.parse::<Ipv6Addr>().is_ok())
        {
            ParseError::new(
                field,
                format!("{} is IPv6; an IPv4 network is needed here", excerpt(text)),
            )
        } else {
            ParseError::new(
                field,
                format!("“{}” is not a network such as 10.99.5.0/24", excerpt(text)),
            )
        }
    })?;
    if network.addr() != network.network() {
        return Err(ParseError::new(
            field,
            format!("{network} has host bits set; the network is {}", network.trunc()),
        ));
    }
    if let Some(other) = reserved().find(|other| overlap(*other, network)) {
        return Err(ParseError::new(
            field,
            format!("{network} is not for machines: {other} has a meaning of its own"),
        ));
    }
    Ok(network)
}

/// Whether two networks share an address.
pub fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b.network()) || b.contains(&a.network())
}

/// A Linux network interface's name: 1 to 15 bytes, no `/`, no white space (`dev_valid_name` in the kernel); here also
/// without quotes and other characters that have a meaning in nft or a shell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IfName(String);

impl IfName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tunnel interface with this index: `ww0`, `ww1` ...
    pub fn tunnel(index: u8) -> Self {
        Self(format!("ww{index}"))
    }

    /// The bridge made for the VM network of the tunnel with this index: `wwbr0`, `wwbr1` ...
    pub fn vm_bridge(index: u8) -> Self {
        Self(format!("wwbr{index}"))
    }

    /// Whether the interface is one of WireWarp's own.
    pub fn is_own(&self) -> bool {
        let digits = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        let rest = self.0.strip_prefix("wwbr").or_else(|| self.0.strip_prefix("ww"));
        rest.is_some_and(digits)
    }
}

impl FromStr for IfName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let fits = (1..=15).contains(&text.len()) && text != "." && text != "..";
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-@:".contains(&b);
        if fits && text.bytes().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        Err(ParseError::new(
            "interface",
            format!("“{}” is not an interface's name", excerpt(text)),
        ))
    }
}

impl fmt::Display for IfName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_text!(IfName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_where_ipv4_is_meant_is_named() {
        let error = parse_ipv4("target", "2001:db8::1").unwrap_err();
        assert!(error.to_string().contains("IPv6"), "{error}");
        assert!(
            parse_network("network", "2001:db8::/64")
                .unwrap_err()
                .to_string()
                .contains("IPv6")
        );
    }

    #[test]
    fn a_network_with_host_bits_is_refused_and_the_right_one_named() {
        let error = parse_network("network", "10.99.5.7/24").unwrap_err();
        assert!(error.to_string().contains("10.99.5.0/24"), "{error}");
    }

    #[test]
    fn what_is_not_for_machines_is_refused() {
        for network in [
            "0.0.0.0/0",
            "127.0.0.0/16",
            "224.0.0.0/24",
            "169.254.1.0/24",
            "240.0.0.0/8",
        ] {
            let error = parse_network("network", network).unwrap_err();
            assert!(error.to_string().contains("not for machines"), "{error}");
        }
        for address in [
            "0.0.0.0",
            "127.0.0.1",
            "224.0.0.5",
            "255.255.255.255",
            "169.254.169.254",
        ] {
            let error = parse_machine("target", address).unwrap_err();
            assert!(error.to_string().contains("no machine's"), "{error}");
        }
        assert!(parse_network("network", "010.0.0.0/24").is_err());
        for good in ["10.0.0.0/24", "192.168.0.0/16", "172.16.0.0/29", "100.64.0.0/24"] {
            parse_network("network", good).unwrap();
        }
        parse_machine("target", "192.168.1.9").unwrap();
    }

    #[test]
    fn own_interfaces_are_told_from_others() {
        let own = |t: &str| t.parse::<IfName>().unwrap().is_own();
        assert!(own("ww0") && own("wwbr12"));
        assert!(!own("wwan0") && !own("ww") && !own("eth0"));
    }
}
