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
    /// Why the forward is not meant to work at present.
    pub off: Option<Off>,
    /// Seen on the VPS.
    pub vps: VpsFacts,
    /// Seen of the tunnel.
    pub tunnel: Option<Handshake>,
    /// Whether the peer answered the VPS's ping through the tunnel. A linux peer lets it in; of others silence says nothing.
    pub ping: Option<bool>,
    /// Whether it answered one as large as the tunnel's MTU, not to be cut into pieces.
    pub large_ping: Option<bool>,
    /// Seen at home.
    pub home: HomeFacts,
}

/// Why a forward is not in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// It is disabled.
    Disabled,
    /// Its peer is suspended.
    Suspended,
    /// Its peer, set up by hand, has no key yet.
    NoKey,
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
    /// Packets of the try that a rule took on arrival, before any filter.
    pub arrived: Option<u64>,
    /// Whether packets of the try went into the tunnel, past the firewalls of the VPS.
    pub passed: Option<bool>,
    /// Whether an answer to the try came back out of the tunnel.
    pub replied: Option<bool>,
    /// Packets, of anybody, that went back through the VPS's firewalls during the try.
    pub returned: Option<u64>,
    /// Whether packets for the public port, of anybody, went into the tunnel during the try.
    pub others: Option<bool>,
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
    /// Whether it is set up by hand: then nobody can ask it.
    pub by_hand: bool,
    /// Packets, of anybody, that came out of the tunnel during the try.
    pub received: Option<u64>,
    /// What became of the try's own packets there.
    pub flow: Option<Flow>,
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

/// The try in the peer's connection tracking. What a filter dropped is not there (the kernel confirms an entry behind the
/// filters), so that what is there has left the peer towards the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// It is not there.
    None,
    /// It left the peer, and the target did not answer. (An ICMP error is no answer.)
    Unanswered,
    /// The target answered it.
    Answered,
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
