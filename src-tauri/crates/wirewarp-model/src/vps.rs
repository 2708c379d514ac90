//! VPSes and their IP pools.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

use crate::{HostId, IfName, Name, Port, PublicIpId, VpsId, WgPublicKey};

/// The rented host with public addresses; runs the WireGuard server end on `ww0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vps {
    /// Its identifier.
    pub id: VpsId,
    /// What its owner calls it.
    pub name: Name,
    /// The machine that it is.
    pub host: HostId,
    /// The addresses inside WireGuard; the VPS has the first one.
    pub tunnel_network: Ipv4Net,
    /// UDP port of WireGuard.
    pub listen_port: Port,
    /// The public address that peers connect to.
    pub endpoint: Ipv4Addr,
    /// Key of its tunnel; none until the host has made it.
    pub public_key: Option<WgPublicKey>,
    /// The IP pool, in the order in which the addresses were added.
    pub ips: Vec<PublicIp>,
}

impl Vps {
    /// The VPS's own address inside the tunnel: the network's first.
    pub fn tunnel_ip(&self) -> Ipv4Addr {
        self.tunnel_network
            .hosts()
            .next()
            .unwrap_or(self.tunnel_network.addr())
    }

    /// The pool address with this identifier.
    pub fn ip(&self, id: PublicIpId) -> Option<&PublicIp> {
        self.ips.iter().find(|ip| ip.id == id)
    }
}

/// An address of an IP pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicIp {
    /// Its identifier.
    pub id: PublicIpId,
    /// The address that the internet uses.
    pub address: Ipv4Addr,
    /// The address on the interface: the same, unless the provider maps the public one 1:1 to a private one.
    pub on_host: Ipv4Addr,
    /// The interface that holds it.
    pub interface: IfName,
    /// Whether new peers get it.
    pub state: PublicIpState,
}

/// Whether an address takes part in assignment. Peers that have a disabled one keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublicIpState {
    /// Given to new peers.
    Active,
    /// Not given to new peers.
    Disabled,
}
