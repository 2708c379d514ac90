//! Which calls connect a guest to a bridge of ours, and which take it back: decided here, made elsewhere.
//!
//! [`attach`] and [`detach`] are functions of what was seen. Neither knows a clock, chance or a connection. A [`Record`] is
//! written down before the first call; with it [`detach`] finds the way back from every point in between, also after a
//! failed hot-plug or a restart of the node, by looking at what is there and never at how far the calls had come.

mod detach;
mod make;
mod merge;
mod plan;
mod refusal;
mod staged;
mod state;

pub use detach::{Detach, Left, detach};
pub use plan::attach;
pub use refusal::Refusal;
pub use staged::only_about;
pub use state::{Pending, Settings};

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize, Serializer};

use crate::{
    names::{BridgeName, Digest, Mac},
    network::NewBridge,
    nic::NicIndex,
};

/// What the person wants of one guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The bridge that the tunnel's VM network is on.
    pub bridge: NewBridge,
    /// How the guest gets onto it.
    pub nic: NicWish,
    /// Who tells the guest its address.
    pub address: AddressWish,
}

/// How the guest gets onto the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NicWish {
    /// By one NIC more, at the first free index.
    New {
        /// Its hardware address. Chosen beforehand, so that a lease can be fixed to it.
        mac: Mac,
    },
    /// By a NIC that it has, which leaves the network it was on.
    Replace {
        /// Which.
        index: NicIndex,
    },
    /// Not at all: it stays on the LAN, and its replies come back because the node masquerades.
    KeepOnLan,
}

/// Who tells the guest its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressWish {
    /// The node, by DHCP, with a lease fixed to the hardware address. Of cloud-init and of a container it is asked to ask.
    Dhcp,
    /// The guest's configuration.
    Fixed {
        /// The address with the length of its network.
        address: Ipv4Net,
        /// Its way out; none leaves the guest the one it has.
        gateway: Option<Ipv4Addr>,
    },
    /// Somebody in the guest: the agent, or the person.
    Untouched,
}

/// One call, without a choice left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Stages the bridge.
    CreateBridge(NewBridge),
    /// Stages that the bridge goes.
    DeleteBridge(BridgeName),
    /// Throws away what is staged; only made where all of it is ours.
    RevertNetwork,
    /// Puts what is staged into force. Its task is followed, then the network is read again.
    ApplyNetwork,
    /// Takes back what waits in the guest's configuration under these names. The guest is looked at again after it, and what
    /// comes next is decided from that.
    RevertPending(BTreeSet<String>),
    /// Changes the guest's configuration.
    Configure(Configure),
    /// Writes the cloud-init drive anew; the guest reads it at its next start.
    RegenerateCloudInit,
}

/// A change of a guest's configuration: one call, so that it happens wholly or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configure {
    /// Names with their new values.
    pub set: BTreeMap<String, String>,
    /// Names that go.
    pub delete: BTreeSet<String>,
    /// The configuration that it was decided against.
    pub digest: Digest,
}

/// What is to be done, and what undoes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// In this order. Empty when everything is there already, or when the guest stays on the LAN. Where a failed hot-plug has
    /// to be taken back first, that is the last of them: look and decide again.
    pub calls: Vec<Call>,
    /// To be written down before the first of them.
    pub record: Record,
}

/// What was there before, of everything that an attach touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The bridge. None when the guest stays on the LAN.
    pub bridge: Option<BridgeRecord>,
    /// Names of the guest's configuration, each with what was and what was put there.
    pub settings: BTreeMap<String, Touched>,
    /// Whether the guest reads its address from a cloud-init drive, which has to be written anew on the way back too.
    pub cloud_init: bool,
}

/// The bridge of a [`Record`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BridgeRecord {
    /// Its name.
    #[serde(serialize_with = "as_text")]
    pub name: BridgeName,
    /// The comment that marks it as ours.
    pub comment: String,
}

/// One name of a guest's configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// What was there; none where there was nothing.
    pub before: Option<String>,
    /// What was put there.
    pub after: String,
}

fn as_text<S: Serializer>(name: &BridgeName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(name)
}

#[cfg(test)]
mod tests;
