//! What is known of a lane. Everything may be unknown: a host that could not be asked leaves its part empty.

use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

use crate::proof::reach::Reach;

/// All facts of one lane.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What the name that players type leads to.
    pub name: Option<NameFact>,
    /// Where the try was made from.
    pub vantage: Vantage,
    /// What the try from this machine gave.
    pub reach: Option<Reach>,
    /// Seen on the VPS.
    pub vps: VpsFacts,
    /// Seen of the tunnel.
    pub tunnel: Option<Handshake>,
    /// Seen at home.
    pub home: HomeFacts,
}

/// What the name leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NameFact {
    /// Players type the address itself.
    NotUsed,
    /// The name was looked up.
    Resolved {
        /// The name.
        name: String,
        /// Its IPv4 addresses; none if there is no such name.
        addresses: Vec<Ipv4Addr>,
    },
}

/// Where the try was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Vantage {
    /// A machine of the internet, or of the home LAN whose own traffic leaves by the home line: packets come in by the
    /// VPS's public interface as a player's do.
    #[default]
    Outside,
    /// A machine whose packets take another way: the VPS itself, the peer, or one behind a tunnel.
    Inside {
        /// Which, for a sentence: "the VPS itself".
        which: String,
    },
}

/// Seen on the VPS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpsFacts {
    /// Whether it answers on SSH.
    pub ssh: Option<bool>,
    /// The live rule of the public port.
    pub rule: Option<Rule>,
    /// Packets for the public port that a rule took on arrival during the try (counter after minus counter before).
    pub arrived: Option<u64>,
    /// Packets for the public port that went into the tunnel during the try, behind every firewall of the VPS.
    pub passed: Option<u64>,
    /// Packets back from behind it during the try.
    pub replied: Option<u64>,
    /// Where the live state differs from the generation in force, as the host's own check says.
    pub drift: Option<Vec<String>>,
    /// Other firewalls there, as observed: "Docker: table ip filter, chain FORWARD: policy drop".
    pub firewalls: Vec<String>,
}

/// The live rule of a public port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Rule {
    /// There is none.
    Missing,
    /// It leads here.
    Leads {
        /// Address inside.
        address: Ipv4Addr,
        /// Port there; none if the port is kept.
        port: Option<u16>,
    },
}

/// The peer's last handshake, as the VPS saw it by its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Handshake {
    /// There was none since the interface was made.
    Never,
    /// It was so many seconds ago.
    Ago {
        /// Seconds.
        seconds: u64,
    },
}

/// Seen at home. All unknown for a manual peer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeFacts {
    /// Whether the peer answers on SSH.
    pub ssh: Option<bool>,
    /// Packets that came out of the tunnel for this port during the try.
    pub arrived: Option<u64>,
    /// Connections of this port that came out of the tunnel and were let through the peer.
    pub flows: Option<Flows>,
    /// Where the live state differs from the generation in force.
    pub drift: Option<Vec<String>>,
    /// Other firewalls there, as observed.
    pub firewalls: Vec<String>,
    /// Whether the target answers on its network (ARP or ping).
    pub alive: Option<bool>,
    /// What a try from the peer gave.
    pub inner: Option<Inner>,
    /// Who listens on the port, if the target is the peer itself.
    pub listeners: Option<Vec<Listening>>,
}

/// Connections in the peer's connection tracking. One that a filter dropped is not there (the kernel confirms an entry
/// behind the filters), so that one which is there has left the peer towards the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flows {
    /// How many.
    pub seen: u32,
    /// How many of them the target answered.
    pub replied: u32,
}

/// What a try from the peer to the target gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inner {
    /// TCP: connected. UDP: something came back.
    Open,
    /// TCP reset, or ICMP port unreachable.
    Refused,
    /// Nothing came back.
    Silent,
    /// The target's network or the target is not reachable.
    Unreachable,
}

/// A program of the peer that has the port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listening {
    /// The address it listens on; none for all.
    pub address: Option<Ipv4Addr>,
    /// The program, if the system told.
    pub owner: String,
}
