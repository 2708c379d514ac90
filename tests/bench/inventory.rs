//! Inventories with many forwards, made without a host.

use std::net::Ipv4Addr;

use anyhow::{Context, Result};
use ipnet::Ipv4Net;
use uuid::Uuid;
use wirewarp_model::inventory::{Access, Host};
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, Inventory, InventoryId, Label, ManualMode, MtuOrigin, Peer, PeerId,
    PeerKind, PeerRoute, PeerState, Port, PortForward, PortForwardPorts, Protocols, PublicIp, PublicIpId,
    PublicIpState, Vps, VpsId, WgPublicKey,
};

/// The VPS's machine.
pub const HOST: HostId = HostId(Uuid::from_u128(0x100));
const VPS: VpsId = VpsId(Uuid::from_u128(0x300));
const IP: PublicIpId = PublicIpId(Uuid::from_u128(0x400));

/// A forward to be.
pub struct Wish {
    /// Counts the peers from 0.
    pub peer: u8,
    /// As one types them.
    pub ports: String,
}

/// A VPS with one address, `peers` manual peers and TCP forwards to them.
pub fn inventory(
    public: &str,
    network: &str,
    peers: u8,
    wishes: impl IntoIterator<Item = Wish>,
) -> Result<Inventory> {
    let (public, network): (Ipv4Addr, Ipv4Net) = (public.parse()?, network.parse()?);
    let mut inventory = Inventory::empty(InventoryId(Uuid::from_u128(1)));
    inventory.hosts.push(Host {
        id: HOST,
        name: "nyc".parse()?,
        access: Access::Local,
        machine_id: None,
    });
    inventory.vpses.push(vps(public, network)?);
    inventory.peers = (0..peers)
        .map(|number| peer(number, network))
        .collect::<Result<_>>()?;
    inventory.forwards = wishes
        .into_iter()
        .zip(0u128..)
        .map(|(wish, number)| forward(number, &wish))
        .collect::<Result<_>>()?;
    Ok(inventory)
}

fn vps(public: Ipv4Addr, network: Ipv4Net) -> Result<Vps> {
    Ok(Vps {
        id: VPS,
        name: "nyc".parse()?,
        host: HOST,
        tunnel_network: network,
        listen_port: Port::new(51_820).context("no port")?,
        endpoint: public,
        public_key: Some(WgPublicKey::from_bytes([1; 32])),
        ips: vec![PublicIp {
            id: IP,
            address: public,
            on_host: public,
            interface: "eth0".parse()?,
            state: PublicIpState::Active,
        }],
    })
}

fn peer_id(number: u8) -> PeerId {
    PeerId(Uuid::from_u128(0x500 + u128::from(number)))
}

fn peer(number: u8, network: Ipv4Net) -> Result<Peer> {
    let tunnel_ip = network.hosts().nth(usize::from(number) + 1);
    Ok(Peer {
        id: peer_id(number),
        name: format!("peer{number}").parse()?,
        vps: VPS,
        kind: PeerKind::Manual,
        host: None,
        number: u16::from(number) + 1,
        tunnel_index: 0,
        tunnel_ip: tunnel_ip.context("the network is too small")?,
        vm_network: format!("10.99.{}.0/24", number + 1).parse()?,
        vm_interface: None,
        public_ip: IP,
        state: PeerState::Active,
        public_key: Some(WgPublicKey::from_bytes([number + 2; 32])),
        key_serial: 0,
        manual_mode: Some(ManualMode::FullTunnel),
        mtu: Peer::DEFAULT_MTU,
        mtu_origin: MtuOrigin::Assumed,
        route: PeerRoute::Replies,
        leases: vec![],
    })
}

/// One forward; `number` makes its identifier.
pub fn forward(number: u128, wish: &Wish) -> Result<PortForward> {
    Ok(PortForward {
        id: ForwardId(Uuid::from_u128(0x1_0000 + number)),
        peer: peer_id(wish.peer),
        ports: PortForwardPorts::Ports {
            protocols: Protocols::Tcp,
            mappings: wish.ports.parse()?,
        },
        target: ForwardTarget::Peer,
        label: Label::default(),
        template: None,
        enabled: true,
    })
}
