//! One protocol and port of a forward, all the way from the public address to the program.

use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use wirewarp_model::{
    ForwardId, ForwardTarget, Inventory, Name, Port, PortForward, PortForwardPorts, PortMapping, Protocol,
};

use super::query::{Query, query_for};

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
    /// Which of its host's tunnels: its connections carry the mark `0x77 + index` at home.
    pub tunnel_index: u8,
    /// Where the peer finds its VPS; the route there tells the peer's own LAN address.
    pub endpoint: Ipv4Addr,
    /// What the port is asked.
    pub query: Query,
}

impl Lane {
    /// The lanes of a forward that show whether it works: the first port of each mapping, in each protocol. None for
    /// a whole address, whose open ports nobody knows; [`Lane::at`] tries one that the person names.
    pub fn of(inventory: &Inventory, forward: &PortForward) -> Vec<Self> {
        let PortForwardPorts::Ports { protocols, mappings } = &forward.ports else {
            return vec![];
        };
        let each = |protocol: Protocol| {
            let lane = move |mapping: PortMapping| {
                Self::new(
                    inventory,
                    forward,
                    protocol,
                    mapping.public().first(),
                    mapping.target().first(),
                )
            };
            mappings.iter().filter_map(lane)
        };
        protocols
            .each()
            .iter()
            .flat_map(|protocol| each(*protocol))
            .collect()
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
            tunnel_index: peer.tunnel_index,
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
