//! One protocol and port of a forward, all the way from the public address to the program.

use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use wirewarp_model::{
    ForwardId, ForwardTarget, Inventory, Name, Port, PortForward, PortForwardPorts, PortMapping, Protocol,
};

use super::query::{Query, query_for};

/// Ports of a range whose game is known, of which this many are tried.
const MOST_KNOWN: usize = 2;

/// What is tried as one: a protocol and a public port, with every address that its packets meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// The forward it belongs to.
    pub forward: ForwardId,
    /// Name of the VPS.
    pub vps: Name,
    /// Name of the peer.
    pub peer: Name,
    /// The address that the internet uses.
    pub public: Ipv4Addr,
    /// The same address as it stands on the VPS's interface.
    pub on_host: Ipv4Addr,
    /// Protocol.
    pub protocol: Protocol,
    /// Port on the public address.
    pub public_port: Port,
    /// What the VPS translates the destination to: the VM, the peer's tunnel address, or the alias of a LAN machine.
    pub inside: Ipv4Addr,
    /// The machine that answers.
    pub target: ForwardTarget,
    /// Port behind the peer.
    pub target_port: Port,
    /// The VM network's gateway, on the peer.
    pub gateway: Ipv4Addr,
    /// The peer's address inside the tunnel.
    pub tunnel_ip: Ipv4Addr,
    /// Which of its host's tunnels: its connections carry the mark `0x77 + index` at home.
    pub tunnel_index: u8,
    /// MTU of its tunnel, in bytes.
    pub mtu: u16,
    /// Where the peer finds its VPS; the route there tells the peer's own LAN address.
    pub endpoint: Ipv4Addr,
    /// What the port is asked.
    pub query: Query,
}

impl Lane {
    /// The lanes of a forward that show whether it works: for each mapping in each protocol its name, as in
    /// `27000-27050/udp`, and the ports to try. None for a whole address, whose open ports nobody knows; [`Lane::at`]
    /// tries one that the person names.
    pub fn of(inventory: &Inventory, forward: &PortForward) -> Vec<(String, Vec<Self>)> {
        let PortForwardPorts::Ports { protocols, mappings } = &forward.ports else {
            return vec![];
        };
        let part = |protocol: Protocol, mapping: PortMapping| {
            let lanes: Vec<Self> = mapping
                .public()
                .ports()
                .filter_map(|port| Self::at(inventory, forward, protocol, port))
                .collect();
            (format!("{}/{protocol}", mapping.public()), those_that_tell(lanes))
        };
        let parts = protocols
            .each()
            .iter()
            .flat_map(|protocol| mappings.iter().map(move |mapping| part(*protocol, mapping)));
        parts.filter(|(_, lanes)| !lanes.is_empty()).collect()
    }

    /// The lane of one public port; none if the forward does not carry it or its VPS or peer is not in the inventory.
    pub fn at(inventory: &Inventory, forward: &PortForward, protocol: Protocol, port: Port) -> Option<Self> {
        let target = match &forward.ports {
            PortForwardPorts::All => port,
            PortForwardPorts::Ports { protocols, mappings } => {
                let mapping = mappings.iter().find(|mapping| mapping.public().contains(port))?;
                let offset = port.number() - mapping.public().first().number();
                let target = mapping.target().first().number().checked_add(offset)?;
                protocols
                    .each()
                    .contains(&protocol)
                    .then(|| Port::new(target))??
            }
        };
        Self::new(inventory, forward, protocol, port, target)
    }

    fn new(
        inventory: &Inventory,
        forward: &PortForward,
        protocol: Protocol,
        public_port: Port,
        target_port: Port,
    ) -> Option<Self> {
        let peer = inventory.peer(forward.peer)?;
        let (vps, ip) = inventory.assigned_ip(peer)?;
        let inside = match forward.target {
            ForwardTarget::Vm { address } => address,
            ForwardTarget::Peer => peer.tunnel_ip,
            ForwardTarget::Lan { alias, .. } => alias,
        };
        Some(Self {
            forward: forward.id,
            vps: vps.name.clone(),
            peer: peer.name.clone(),
            public: ip.address,
            on_host: ip.on_host,
            protocol,
            public_port,
            inside,
            target: forward.target,
            target_port,
            gateway: peer.gateway(),
            tunnel_ip: peer.tunnel_ip,
            tunnel_index: peer.tunnel_index,
            mtu: peer.mtu,
            endpoint: vps.endpoint,
            query: query_for(protocol, target_port, forward.template.as_ref()),
        })
    }

    /// The machine that answers, in a sentence: its address, or the peer's name.
    pub(super) fn machine(&self) -> String {
        match self.target {
            ForwardTarget::Vm { address } | ForwardTarget::Lan { address, .. } => address.to_string(),
            ForwardTarget::Peer => self.peer.to_string(),
        }
    }

    /// Protocol and port at the target, as people write them: `UDP 25565`.
    pub(super) fn service(&self) -> String {
        format!(
            "{} {}",
            self.protocol.as_str().to_ascii_uppercase(),
            self.target_port
        )
    }

    /// Protocol and port on the public address: `203.0.113.10, UDP 25565`.
    pub(super) fn front(&self) -> String {
        format!(
            "{}, {} {}",
            self.public,
            self.protocol.as_str().to_ascii_uppercase(),
            self.public_port
        )
    }
}

/// Of a range the first port, the first ones with a query of their own, and the last: where the program listens is not
/// known.
fn those_that_tell(mut lanes: Vec<Lane>) -> Vec<Lane> {
    let (first, last) = (0, lanes.len().saturating_sub(1));
    let known = lanes
        .iter()
        .enumerate()
        .filter(|(_, lane)| lane.query.expects_answer())
        .map(|(at, _)| at)
        .take(MOST_KNOWN);
    let wanted: std::collections::BTreeSet<usize> = known.chain([first, last]).collect();
    let mut at = 0;
    lanes.retain(|_| {
        at += 1;
        wanted.contains(&(at - 1))
    });
    lanes
}
