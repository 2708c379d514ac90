//! Peers: the WireGuard client end at home.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

use crate::{HostId, IfName, Lease, Name, PeerId, PeerRoute, PublicIpId, VpsId, WgPublicKey};

/// One tunnel from a home to a VPS. A machine at home that hangs on two VPSes is two peers of one host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Its identifier.
    pub id: PeerId,
    /// What its owner calls it.
    pub name: Name,
    /// The VPS on which it hangs.
    pub vps: VpsId,
    /// How it is set up.
    pub kind: PeerKind,
    /// The machine that it is; none for a manual peer.
    pub host: Option<HostId>,
    /// N of `10.99.N.0/24`, from 1: unique over the inventory while the peer exists.
    pub number: u16,
    /// Which of its host's tunnels: interface `ww{index}`, mark `0x77 + index`, routing table `7701 + index`.
    pub tunnel_index: u8,
    /// Its address inside the tunnel.
    pub tunnel_ip: Ipv4Addr,
    /// What lies behind it.
    pub vm_network: Ipv4Net,
    /// An interface at home, named by the person, that the VM network's gateway address goes on; none: a bridge is made.
    pub vm_interface: Option<IfName>,
    /// The pool address that its forwards and its egress use.
    pub public_ip: PublicIpId,
    /// Whether it takes part.
    pub state: PeerState,
    /// Key of its tunnel; none until its host has made it.
    pub public_key: Option<WgPublicKey>,
    /// Which key of its tunnel: raised to have its host make a new one, beside the old one that a rollback needs.
    #[serde(default)]
    pub key_serial: u32,
    /// How a manual peer uses the tunnel; none for the others.
    pub manual_mode: Option<ManualMode>,
    /// MTU of its tunnel in bytes, from the path to the VPS; 1420 fits a path of 1480 or more.
    pub mtu: u16,
    /// Where the MTU comes from.
    #[serde(default)]
    pub mtu_origin: MtuOrigin,
    /// What of its machine's own traffic goes through the tunnel; for a manual peer its mode says it.
    #[serde(default)]
    pub route: PeerRoute,
    /// Machines of its VM network whose addresses are fixed: by address, each address and each card once.
    #[serde(default)]
    pub leases: Vec<Lease>,
}

impl Peer {
    /// The highest number, whose VM network is `10.200.255.0/24`.
    pub const LAST_NUMBER: u16 = (200 - 99) * 256 + 255;
    /// The MTU of a tunnel over a path of 1500 bytes: minus 20 IPv4/40 IPv6, 8 UDP, 32 WireGuard (wg-quick(8) assumes 80).
    pub const DEFAULT_MTU: u16 = 1420;
    /// What WireGuard adds to a packet over IPv4, in bytes: 20 IPv4, 8 UDP, 32 WireGuard (its paper, 5.4.6).
    pub const MTU_OVERHEAD: u16 = 60;
    /// The smallest MTU of a tunnel in bytes: that of a path of 1280, which every path of IPv6 has (RFC 8200, 5).
    pub const LEAST_MTU: u16 = 1280 - Self::MTU_OVERHEAD;

    /// The MTU of a tunnel over a path that carries packets of `path` bytes, IP header included. Never above the
    /// default: the line may come back as one of 1492 (`PPPoE`), and 20 bytes more are worth less than that.
    pub fn mtu_over(path: u16) -> u16 {
        path.saturating_sub(Self::MTU_OVERHEAD)
            .clamp(Self::LEAST_MTU, Self::DEFAULT_MTU)
    }

    /// The VM network's gateway: its first address, on the peer.
    pub fn gateway(&self) -> Ipv4Addr {
        self.vm_network.hosts().next().unwrap_or(self.vm_network.addr())
    }

    /// The first address for a VM.
    pub fn first_vm(&self) -> Ipv4Addr {
        self.vm_network.hosts().nth(1).unwrap_or(self.vm_network.addr())
    }

    /// The tunnel interface on the peer's host.
    pub fn tunnel_interface(&self) -> IfName {
        IfName::tunnel(self.tunnel_index)
    }

    /// The interface that holds the gateway address on the peer's host.
    pub fn gateway_interface(&self) -> IfName {
        self.vm_interface
            .clone()
            .unwrap_or_else(|| IfName::vm_bridge(self.tunnel_index))
    }

    /// What of its machine's own traffic goes through the tunnel now: while it is suspended, nothing.
    pub fn route_in_force(&self) -> &PeerRoute {
        if self.is_active() {
            &self.route
        } else {
            &PeerRoute::Replies
        }
    }

    /// Whether it takes part.
    pub fn is_active(&self) -> bool {
        self.state == PeerState::Active
    }
}

/// How a peer is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum PeerKind {
    /// A Linux host, over SSH (or this machine).
    Linux,
    /// A Proxmox VE host, over SSH and its API.
    Proxmox,
    /// A configuration file that the person carries to a device.
    Manual,
}

impl PeerKind {
    /// As written in the database and in `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Proxmox => "proxmox",
            Self::Manual => "manual",
        }
    }
}

/// Whether a peer takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum PeerState {
    /// In force.
    Active,
    /// Kept, with its numbers and forwards, but not in force.
    Suspended,
}

/// Where the MTU of a peer's tunnel comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum MtuOrigin {
    /// From the interface of the home line, or the default: the path has not been measured, or did not let itself be.
    #[default]
    Assumed,
    /// From the path, by packets that must not be cut into pieces.
    Measured,
    /// The person named it.
    Set,
}

/// How a manual peer uses the tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ManualMode {
    /// All its traffic goes through the tunnel; it sees the real clients.
    FullTunnel,
    /// Only the tunnel network goes through; the VPS stands in for the clients (masquerade).
    Masquerade,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tunnel_leaves_room_for_what_wireguard_adds() {
        let paths = [
            (1500, 1420),
            (1492, 1420),
            (1480, 1420),
            (1479, 1419),
            (1400, 1340),
            (1280, 1220),
        ];
        for (path, mtu) in paths {
            assert_eq!(Peer::mtu_over(path), mtu, "{path}");
        }
        assert_eq!((Peer::mtu_over(0), Peer::mtu_over(u16::MAX)), (1220, 1420));
    }
}
