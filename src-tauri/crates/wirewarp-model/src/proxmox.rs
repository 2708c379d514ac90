//! Proxmox hosts that are signed in to, and guests that hang on a peer through them.

use serde::{Deserialize, Serialize};
use std::{fmt, net::Ipv4Addr};

use crate::{AttachmentId, IfName, Label, Name, PeerId, ProxmoxId};

/// A Proxmox VE host or cluster whose API is asked. Its secret is in the keychain, by its identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxmox {
    /// Its identifier.
    pub id: ProxmoxId,
    /// What its owner calls it.
    pub name: Name,
    /// Where its API is: `host:port`.
    pub endpoint: String,
    /// SHA-256 of the certificate that is trusted, as Proxmox writes it.
    pub fingerprint: String,
    /// Who signs in.
    pub login: ProxmoxLogin,
    /// Its version when it was signed in to last, e.g. `9.2.11`.
    pub version: String,
}

/// Who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ProxmoxLogin {
    /// An API token, whose secret is kept.
    Token {
        /// User, realm and name: `root@pam!wirewarp`.
        id: String,
    },
    /// A user, whose password is kept.
    Password {
        /// User and realm: `root@pam`.
        user: String,
    },
}

impl ProxmoxLogin {
    /// The user or token, as Proxmox writes it.
    pub fn who(&self) -> &str {
        match self {
            Self::Token { id } => id,
            Self::Password { user } => user,
        }
    }
}

/// A guest that was brought onto a peer's VM network, or reached on the LAN, by way of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its identifier.
    pub id: AttachmentId,
    /// Where it is a guest.
    pub proxmox: ProxmoxId,
    /// The node that it was on.
    pub node: String,
    /// Virtual machine or container.
    pub kind: GuestKind,
    /// Its number, unique in its cluster.
    pub vmid: u32,
    /// What it was called.
    pub label: Label,
    /// The peer whose tunnel its traffic takes.
    pub peer: PeerId,
    /// The bridge of the peer that it hangs on; none for a guest that stays on the LAN.
    pub bridge: Option<IfName>,
    /// Its address, to which forwards go.
    pub address: Ipv4Addr,
    /// How it stands.
    pub state: AttachmentState,
    /// What was there before, of everything that was touched: JSON that only the planner of attachments reads.
    pub record: String,
}

/// How far an attachment is in force. Each way can be gone on with, and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// It was begun.
    Attaching,
    /// It is whole.
    Attached,
    /// Giving back was begun.
    Detaching,
}

/// Whether a guest is a machine or a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GuestKind {
    /// A virtual machine.
    Vm,
    /// A container.
    Ct,
}

impl fmt::Display for GuestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Vm => "VM",
            Self::Ct => "container",
        })
    }
}
