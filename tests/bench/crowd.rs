//! Inventories for the window to show, recorded without a host.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use ipnet::Ipv4Net;
use uuid::Uuid;
use wirewarp_engine::person::Nobody;
use wirewarp_engine::{Engine, Options};
use wirewarp_model::inventory::{Access, Host, SshAccess};
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, Inventory, Label, ManualMode, MtuOrigin, Peer, PeerId, PeerKind,
    PeerRoute, PeerState, Port, PortForward, PortForwardPorts, Protocols, PublicIp, PublicIpId,
    PublicIpState, Vps, VpsId, WgPublicKey,
};

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A VPS, three peers, thirty forwards.
    Home,
    /// 1,000 VPSes, 5,000 peers, 50,000 forwards.
    Provider,
}

impl Size {
    /// VPSes, peers of each, forwards of each peer.
    fn numbers(self) -> (u16, u16, u16) {
        match self {
            Self::Home => (1, 3, 10),
            Self::Provider => (1000, 5, 10),
        }
    }
}

/// Puts it into the inventory of a data folder that is new.
pub fn record(data_dir: &Path, size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let options = Options {
            data_dir: data_dir.to_owned(),
        };
        let engine = Engine::open(options, Arc::new(Nobody)).await?;
        let filled = |inventory: &Inventory| {
            let mut inventory = inventory.clone();
            // What is made here is well formed.
            drop(fill(&mut inventory, size));
            Ok(inventory)
        };
        let proposal = engine.propose("bench", filled).await?;
        engine.record(&proposal).await?;
        engine.end();
        Ok(())
    })
}

fn fill(inventory: &mut Inventory, size: Size) -> Result<()> {
    let (vpses, peers, forwards) = size.numbers();
    for place in 0..vpses {
        let vps = vps(inventory, place)?;
        for one in 0..peers {
            let peer = peer(&vps, place * peers + one + 1, one)?;
            for port in 0..forwards {
                inventory
                    .forwards
                    .push(forward(&peer, 1024 + one * forwards + port)?);
            }
            inventory.peers.push(peer);
        }
        inventory.vpses.push(vps);
    }
    Ok(())
}

/// A VPS that answers nobody: the addresses are for documents (RFC 5737) and benchmarks (RFC 2544).
fn vps(inventory: &mut Inventory, place: u16) -> Result<Vps> {
    let address = Ipv4Addr::from(u32::from(Ipv4Addr::new(198, 18, 0, 1)) + u32::from(place));
    let host = HostId(Uuid::new_v4());
    inventory.hosts.push(Host {
        id: host,
        name: format!("vps-{place}").parse()?,
        access: Access::Ssh(SshAccess {
            address: address.to_string(),
            port: None,
            user: Some("root".to_owned()),
            key_file: None,
            agent: false,
            password: false,
            sudo_password: false,
            jump: None,
            through_tunnel: false,
        }),
        machine_id: None,
    });
    let network = Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 201, 0, 0)) + (u32::from(place) << 8));
    Ok(Vps {
        id: VpsId(Uuid::new_v4()),
        name: format!("vps-{place}").parse()?,
        host,
        tunnel_network: Ipv4Net::new(network, 24)?,
        listen_port: Port::new(51_820).context("no port")?,
        endpoint: address,
        public_key: Some(WgPublicKey::from_bytes([1; 32])),
        ips: vec![PublicIp {
            id: PublicIpId(Uuid::new_v4()),
            address,
            on_host: address,
            interface: "eth0".parse()?,
            state: PublicIpState::Active,
        }],
    })
}

fn peer(vps: &Vps, number: u16, one: u16) -> Result<Peer> {
    let tunnel_ip = vps.tunnel_network.hosts().nth(usize::from(one) + 1);
    let [high, low] = number.to_be_bytes();
    let mut key = [2; 32];
    [key[0], key[1]] = [high, low];
    let public_ip = vps.ips.first().context("no address")?.id;
    Ok(Peer {
        id: PeerId(Uuid::new_v4()),
        name: format!("peer-{number}").parse()?,
        vps: vps.id,
        kind: PeerKind::Manual,
        host: None,
        number,
        tunnel_index: 0,
        tunnel_ip: tunnel_ip.context("the network is too small")?,
        vm_network: Ipv4Net::new(Ipv4Addr::new(10, 99 + high, low, 0), 24)?,
        vm_interface: None,
        public_ip,
        state: PeerState::Active,
        public_key: Some(WgPublicKey::from_bytes(key)),
        key_serial: 0,
        manual_mode: Some(ManualMode::FullTunnel),
        mtu: Peer::DEFAULT_MTU,
        mtu_origin: MtuOrigin::Assumed,
        route: PeerRoute::Replies,
        leases: vec![],
    })
}

fn forward(peer: &Peer, port: u16) -> Result<PortForward> {
    Ok(PortForward {
        id: ForwardId(Uuid::new_v4()),
        peer: peer.id,
        ports: PortForwardPorts::Ports {
            protocols: Protocols::Tcp,
            mappings: port.to_string().parse()?,
        },
        target: ForwardTarget::Peer,
        label: Label::default(),
        template: None,
        enabled: true,
    })
}
