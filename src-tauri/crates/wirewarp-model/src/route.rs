//! What of a machine's own traffic goes through its tunnel.

use ipnet::Ipv4Net;
use std::{fmt, net::Ipv4Addr, str::FromStr};

use crate::{
    ParseError,
    error::excerpt,
    net::{overlap, parse_machine, parse_network, private_networks},
    text::serde_as_text,
};

const FIELD: &str = "route";
const EVERYTHING: &str = "say “everything” for all destinations";

/// What of the traffic that a machine begins itself, or passes on for its containers, goes through its tunnel. Its VM
/// network always does, and so do the replies to what came out of the tunnel. As text: `replies`, `everything`, or
/// networks with commas between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PeerRoute {
    /// Nothing but replies.
    #[default]
    Replies,
    /// Everything that is not for the home.
    Everything,
    /// What is for these networks.
    Destinations(Destinations),
}

impl PeerRoute {
    /// Whether the machine's own traffic is left alone.
    pub fn is_replies(&self) -> bool {
        *self == Self::Replies
    }
}

/// Networks of the internet: one at least, each once, in order, joined where they touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destinations(Vec<Ipv4Net>);

impl Destinations {
    /// Most of them: each is a rule of its own, which is asked for every packet's way.
    pub const MOST: usize = 100;
    /// The widest, as the length of its prefix.
    const WIDEST: u8 = 8;

    /// The networks.
    pub fn iter(&self) -> impl Iterator<Item = Ipv4Net> {
        self.0.iter().copied()
    }

    /// Reads networks, or single addresses, with commas between them.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let networks: Vec<Ipv4Net> = words.map(destination).collect::<Result<_, _>>()?;
        let networks = Ipv4Net::aggregate(&networks);
        if networks.is_empty() {
            let message = "it is empty; say “replies”, “everything”, or networks such as 198.51.100.0/24";
            return Err(ParseError::new(FIELD, message));
        }
        if networks.len() > Self::MOST {
            let message = format!(
                "these are {} networks; {} are the most",
                networks.len(),
                Self::MOST
            );
            return Err(ParseError::new(FIELD, message));
        }
        Ok(Self(networks))
    }
}

/// One network of the internet. Private ones have another meaning at each end of a tunnel, and no VPS passes them on.
fn destination(text: &str) -> Result<Ipv4Net, ParseError> {
    let word = text.to_ascii_lowercase();
    if matches!(word.as_str(), "replies" | "everything") {
        let message = format!("“{word}” stands alone; with it there are no networks");
        return Err(ParseError::new(FIELD, message));
    }
    if matches!(word.as_str(), "all" | "any" | "default" | "0.0.0.0/0" | "::/0") {
        return Err(ParseError::new(FIELD, EVERYTHING));
    }
    if !text.contains('/') && !text.contains(|c: char| c.is_ascii_digit()) {
        let message = format!(
            "“{}” is none of “replies”, “everything”, or a network such as 198.51.100.0/24",
            excerpt(text)
        );
        return Err(ParseError::new(FIELD, message));
    }
    let wide = text.parse::<Ipv4Net>().ok();
    if let Some(network) = wide.filter(|network| network.prefix_len() < Destinations::WIDEST) {
        return Err(ParseError::new(
            FIELD,
            format!("{network} is too wide; {EVERYTHING}"),
        ));
    }
    let network = match text.parse::<Ipv4Addr>() {
        Ok(_) => parse_machine(FIELD, text)?.into(),
        Err(_) => parse_network(FIELD, text)?,
    };
    match private_networks().find(|private| overlap(*private, network)) {
        Some(private) => Err(ParseError::new(
            FIELD,
            format!(
                "{network} is not of the internet: {private} is for private networks, which a VPS does not lead to"
            ),
        )),
        None => Ok(network),
    }
}

impl FromStr for PeerRoute {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "replies" => Ok(Self::Replies),
            "everything" => Ok(Self::Everything),
            _ => Destinations::parse(text).map(Self::Destinations),
        }
    }
}

impl fmt::Display for PeerRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replies => f.write_str("replies"),
            Self::Everything => f.write_str("everything"),
            Self::Destinations(networks) => {
                let words: Vec<String> = networks.iter().map(|network| network.to_string()).collect();
                f.write_str(&words.join(","))
            }
        }
    }
}

serde_as_text!(PeerRoute);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_is_shown() {
        let texts = [
            ("replies", "replies"),
            (" Everything ", "everything"),
            ("198.51.100.0/24", "198.51.100.0/24"),
            (
                "198.51.100.7, 192.0.2.0/25,192.0.2.128/25,",
                "192.0.2.0/24,198.51.100.7/32",
            ),
        ];
        for (typed, shown) in texts {
            let route: PeerRoute = typed.parse().unwrap();
            assert_eq!(route.to_string(), shown);
            assert_eq!(shown.parse::<PeerRoute>().unwrap(), route);
        }
    }

    #[test]
    fn what_cannot_be_a_destination_is_refused_with_the_right_word() {
        let wrong = [
            ("", "empty"),
            (",", "empty"),
            ("0.0.0.0/0", "everything"),
            ("all", "everything"),
            ("64.0.0.0/2", "everything"),
            ("192.0.0.0/8", "private"),
            ("192.168.1.0/24", "private"),
            ("10.0.0.7", "private"),
            ("100.64.0.0/10", "private"),
            ("127.0.0.1", "meaning of its own"),
            ("198.51.100.7/24", "host bits"),
            ("2001:db8::/32", "IPv6"),
            ("everythin", "“everything”"),
            ("198.51.100.0/24,replies", "alone"),
            ("1.2.3", "network"),
        ];
        for (text, says) in wrong {
            let error = text.parse::<PeerRoute>().unwrap_err().to_string();
            assert!(
                error.starts_with("route: ") && error.contains(says),
                "{text}: {error}"
            );
        }
        let many: Vec<String> = (0..101).map(|n| format!("198.51.{}.1", n * 2)).collect();
        assert!(
            many.join(",")
                .parse::<PeerRoute>()
                .unwrap_err()
                .to_string()
                .contains("100")
        );
    }
}
