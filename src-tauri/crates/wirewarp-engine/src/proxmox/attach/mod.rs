//! Bringing a guest onto a peer's VM network, and giving everything back.
//!
//! What is to be done is decided by `wirewarp_proxmox::attach` from what is there; here it is planned together with the
//! hosts that take part, written down before the first call, and carried out: the bridge, the hosts, then the guest.

mod calls;
mod carry_out;
mod choice;
mod detach;
mod drift;
mod inside;
mod kept;
mod plan;
mod target;
mod words;

pub use carry_out::Attached;
pub use detach::DetachPlan;
pub use drift::AttachedSight;
pub use plan::AttachPlan;

use std::net::Ipv4Addr;

use serde::Serialize;
use wirewarp_model::{GuestKind, Name};

use crate::{Assignment, HostLogin, edit::forward::NewForward};

/// A guest to be attached.
#[derive(Debug, Clone)]
pub struct AttachGuest {
    /// Where it is a guest.
    pub proxmox: Name,
    /// Its number.
    pub vmid: u32,
    /// The peer on its node whose tunnel it takes; none for the one that is there, or a new one.
    pub peer: Option<Name>,
    /// What a new peer needs, should there be none on the node yet.
    pub new_peer: Option<NodePeer>,
    /// How it gets onto the network.
    pub nic: NicChoice,
    /// Who tells it its address.
    pub address: AddressChoice,
    /// What is opened to it. Targets that are named are refused: all of them go to the guest.
    pub forwards: Vec<NewForward>,
}

/// A tunnel to be set up on a node.
#[derive(Debug, Clone)]
pub struct NodePeer {
    /// The VPS on which it hangs; none for the only one.
    pub vps: Option<Name>,
    /// How the node is logged in to; none where it is a machine of the inventory already.
    pub login: Option<HostLogin>,
    /// How its public IP is chosen.
    pub assignment: Assignment,
}

/// How a guest gets onto the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NicChoice {
    /// By one network card more.
    New,
    /// By a card that it has, which leaves the network it was on; none for its only one.
    Replace(Option<u8>),
    /// Not at all: it stays on the LAN, and the server in it sees the node instead of the players. Its address there; none to
    /// ask the guest.
    KeepOnLan(Option<Ipv4Addr>),
}

/// Who tells a guest its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressChoice {
    /// Its configuration in Proxmox where that can (containers, cloud-init), else DHCP.
    Auto,
    /// DHCP on the node, on that bridge alone, with a lease fixed to the card.
    Dhcp,
    /// Its configuration in Proxmox.
    Config,
    /// Its agent, inside of it, while it runs: a virtual machine's.
    Agent,
    /// The person, inside the guest.
    ByHand,
}

/// What is to be done to a guest and on its node through the API.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct GuestPlan {
    /// The Proxmox host.
    pub proxmox: Name,
    /// The node.
    pub node: String,
    /// Virtual machine or container.
    pub kind: GuestKind,
    /// Its number.
    pub vmid: u32,
    /// Its name.
    pub name: String,
    /// The address that it has, or gets.
    pub address: Ipv4Addr,
    /// What will be done, in words and in order; empty when nothing is to be done there.
    pub steps: Vec<String>,
    /// Names of the guest's configuration that change.
    pub changes: Vec<SettingChange>,
    /// What is good to know before.
    pub notes: Vec<String>,
}

/// One line of a guest's configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SettingChange {
    /// Its name, e.g. `net1`.
    pub name: String,
    /// What it is; none if it is not there.
    pub before: Option<String>,
    /// What it will be; none if it goes.
    pub after: Option<String>,
}
