//! Rows of the tables: light, all at once.

use serde::Serialize;
use std::net::Ipv4Addr;
use ts_rs::TS;
use wirewarp_model::{ForwardId, HostId, Name, PeerId, PeerKind, PeerState, VpsId};

/// A VPS in a table. How it stands now is in the `HostLive` of its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct VpsRow {
    /// Its identifier.
    pub id: VpsId,
    /// Its name; also the name of its host.
    pub name: Name,
    /// Its machine.
    pub host: HostId,
    /// The IP pool, in the order in which the addresses were added.
    #[ts(type = "Array<string>")]
    pub addresses: Vec<Ipv4Addr>,
    /// The address that peers connect to.
    #[ts(type = "string")]
    pub endpoint: Ipv4Addr,
    /// UDP port of WireGuard.
    pub listen_port: u16,
    /// Addresses inside the tunnel, e.g. `10.0.0.0/24`.
    pub tunnel_network: String,
    /// How it is reached, e.g. `root@203.0.113.10:2222`.
    pub reached_at: String,
    /// Peers that hang on it.
    pub peers: usize,
    /// Port forwards over its addresses.
    pub forwards: usize,
    /// Whether its tunnel has a key yet, i.e. it was applied once.
    pub set_up: bool,
}

/// A peer in a table. How its tunnel stands now is in the `TunnelLive` of its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PeerRow {
    /// Its identifier.
    pub id: PeerId,
    /// Its name.
    pub name: Name,
    /// Its VPS.
    pub vps: VpsId,
    /// Name of its VPS.
    pub vps_name: Name,
    /// How it is set up.
    pub kind: PeerKind,
    /// Name of its machine; none for a manual peer. Two peers of one machine have the same one.
    pub host: Option<Name>,
    /// The pool address that its forwards and its egress use.
    #[ts(type = "string")]
    pub public_ip: Ipv4Addr,
    /// Its address inside the tunnel.
    #[ts(type = "string")]
    pub tunnel_ip: Ipv4Addr,
    /// What lies behind it, e.g. `10.99.2.0/24`.
    pub vm_network: String,
    /// The VM network's gateway.
    #[ts(type = "string")]
    pub gateway: Ipv4Addr,
    /// The first address for a VM.
    #[ts(type = "string")]
    pub first_vm: Ipv4Addr,
    /// The interface at home that holds the gateway address.
    pub gateway_interface: String,
    /// Whether it takes part.
    pub state: PeerState,
    /// Its port forwards.
    pub forwards: usize,
    /// Whether its tunnel has a key yet.
    pub set_up: bool,
    /// When it was added, milliseconds since 1970 UTC.
    #[ts(type = "number | null")]
    pub added_at: Option<i64>,
}

/// A port forward in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ForwardRow {
    /// Its identifier.
    pub id: ForwardId,
    /// Its peer.
    pub peer: PeerId,
    /// Name of its peer.
    pub peer_name: Name,
    /// Name of the VPS.
    pub vps_name: Name,
    /// Where the ports open.
    #[ts(type = "string")]
    pub public_ip: Ipv4Addr,
    /// `tcp`, `udp`, `both`; `all` for the whole address, whose `ports` is empty.
    #[ts(type = "\"tcp\" | \"udp\" | \"both\" | \"all\"")]
    pub protocols: &'static str,
    /// As it was typed: `25565`, `80,443`, `8000-8010->9000`.
    pub ports: String,
    /// What kind of machine answers.
    pub target_kind: TargetKind,
    /// The address of the machine that answers, on its own network.
    #[ts(type = "string")]
    pub target: Ipv4Addr,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// The template it was made from.
    pub template: Option<Name>,
    /// Whether it is meant to be in force.
    pub state: ForwardState,
}

/// The machine that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// In the VM network; it sees the real client.
    Vm,
    /// The peer itself; it sees the real client.
    Peer,
    /// Another machine of the home's LAN; it sees the peer.
    Lan,
}

/// Whether a forward is meant to be in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ForwardState {
    /// It is.
    On,
    /// It is switched off.
    Off,
    /// Its peer is suspended.
    Suspended,
}
