//! Port forwards: protocol + public ports on the peer's assigned public IP -> address + ports behind the peer.

use serde::{Deserialize, Serialize};
use std::{fmt, net::Ipv4Addr};

use crate::{ForwardId, Label, Name, PeerId, PortMappings, Protocols};

/// One port forward of the inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortForward {
    /// Its identifier.
    pub id: ForwardId,
    /// The peer behind which the target lies; its assigned public IP is where the ports open.
    pub peer: PeerId,
    /// What is forwarded.
    pub ports: PortForwardPorts,
    /// Where it goes.
    pub target: ForwardTarget,
    /// What its owner calls it; may be empty.
    pub label: Label,
    /// The template it was made from.
    pub template: Option<Name>,
    /// Whether it is in force; a disabled one keeps its ports reserved in the inventory alone.
    pub enabled: bool,
}

/// What a forward carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PortForwardPorts {
    /// The whole public IP: every protocol and port, ICMP included.
    All,
    /// Ports of TCP, UDP or both.
    Ports {
        /// The protocols.
        protocols: Protocols,
        /// The ports.
        mappings: PortMappings,
    },
}

impl fmt::Display for PortForwardPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("everything"),
            Self::Ports { protocols, mappings } => write!(f, "{mappings} {protocols}"),
        }
    }
}

/// The machine that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ForwardTarget {
    /// A machine in the peer's VM network. It sees the real client.
    Vm {
        /// Its address.
        address: Ipv4Addr,
    },
    /// The peer itself. It sees the real client.
    Peer,
    /// Another machine of the home LAN, through an alias of its own. It sees the peer instead of the client.
    Lan {
        /// Its address on the LAN.
        address: Ipv4Addr,
        /// The address of the VM network's upper half (`10.99.N.128/25`) that stands for it inside the tunnel.
        alias: Ipv4Addr,
    },
}
