//! The store against real files.

mod files;
mod killed;
mod migrating;
mod operations;
mod saving;
mod scale;
mod sessions;
mod slow;

use std::{net::Ipv4Addr, path::PathBuf};
use tempfile::TempDir;
use uuid::Uuid;
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, IfName, Inventory, Lease, ManualMode, MtuOrigin, Peer, PeerId,
    PeerKind, PeerState, Port, PortForward, PortForwardPorts, Protocols, PublicIp, PublicIpId, PublicIpState,
    Vps, VpsId, WgPublicKey,
    bundle::{Bundle, BundleFile},
    inventory::{Access, Host, SshAccess},
};

use crate::Store;

/// A folder of its own with a new inventory in it.
async fn new_store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&path_in(&folder)).await.unwrap();
    (folder, store)
}

fn path_in(folder: &TempDir) -> PathBuf {
    folder.path().join("inventory.db")
}

/// An inventory as a person has it: a VPS with two addresses, a peer over SSH with `forwards` forwards of every shape,
/// and a manual peer.
fn inventory(empty: &Inventory, forwards: u16) -> Inventory {
    let (vps_host, home_host) = (host("nyc", true), host("attic", false));
    let vps = vps("nyc", vps_host.id, 10);
    let peers = vec![
        linux_peer("attic", &vps, home_host.id),
        manual_peer("phone", &vps),
    ];
    let forwards = (0..forwards).map(|number| forward(&peers[0], number)).collect();
    Inventory {
        hosts: vec![vps_host, home_host],
        vpses: vec![vps],
        peers,
        forwards,
        ..empty.clone()
    }
}

fn host(name: &str, with_secrets: bool) -> Host {
    let access = SshAccess {
        address: format!("{name}.example"),
        port: with_secrets.then_some(2222),
        user: Some("root".into()),
        key_file: Some("/home/anna/.ssh/schlüssel 1".into()),
        agent: !with_secrets,
        password: with_secrets,
        sudo_password: with_secrets,
        jump: Some("ops@bastion:22".into()),
        through_tunnel: false,
    };
    Host {
        id: HostId(Uuid::new_v4()),
        name: name.parse().unwrap(),
        access: Access::Ssh(access),
        machine_id: with_secrets.then(|| "5f3c".into()),
    }
}

fn vps(name: &str, host: HostId, number: u8) -> Vps {
    let ip = |last: u8, state| PublicIp {
        id: PublicIpId(Uuid::new_v4()),
        address: Ipv4Addr::new(203, 0, 113, last),
        on_host: Ipv4Addr::new(172, 31, 5, last),
        interface: "eth0".parse().unwrap(),
        state,
    };
    Vps {
        id: VpsId(Uuid::new_v4()),
        name: name.parse().unwrap(),
        host,
        tunnel_network: format!("10.{number}.0.0/24").parse().unwrap(),
        listen_port: Port::new(51820).unwrap(),
        endpoint: Ipv4Addr::new(203, 0, 113, number),
        public_key: Some(WgPublicKey::from_bytes([number; 32])),
        // Not in the order of their numbers: a pool keeps the order in which it was filled.
        ips: vec![
            ip(number + 1, PublicIpState::Active),
            ip(number, PublicIpState::Disabled),
        ],
    }
}

fn linux_peer(name: &str, vps: &Vps, host: HostId) -> Peer {
    Peer {
        id: PeerId(Uuid::new_v4()),
        name: name.parse().unwrap(),
        vps: vps.id,
        kind: PeerKind::Linux,
        host: Some(host),
        number: 5,
        tunnel_index: 0,
        tunnel_ip: "10.0.0.2".parse().unwrap(),
        vm_network: "10.99.5.0/24".parse().unwrap(),
        vm_interface: Some(IfName::vm_bridge(7)),
        public_ip: vps.ips[0].id,
        state: PeerState::Suspended,
        public_key: None,
        key_serial: 3,
        manual_mode: None,
        mtu: 1380,
        mtu_origin: MtuOrigin::Measured,
        route: "198.51.100.0/24,192.0.2.7".parse().unwrap(),
        leases: vec![Lease {
            mac: "BC:24:11:00:00:64".parse().unwrap(),
            address: "10.99.5.2".parse().unwrap(),
            name: "Мой сервер".parse().unwrap(),
        }],
    }
}

fn manual_peer(name: &str, vps: &Vps) -> Peer {
    Peer {
        id: PeerId(Uuid::new_v4()),
        kind: PeerKind::Manual,
        host: None,
        number: 6,
        tunnel_ip: "10.0.0.3".parse().unwrap(),
        vm_network: "10.99.6.0/24".parse().unwrap(),
        vm_interface: None,
        public_ip: vps.ips[1].id,
        state: PeerState::Active,
        public_key: Some(WgPublicKey::from_bytes([9; 32])),
        manual_mode: Some(ManualMode::Masquerade),
        ..linux_peer(name, vps, HostId(Uuid::nil()))
    }
}

/// Forwards of each shape in turn.
fn forward(peer: &Peer, number: u16) -> PortForward {
    let port = 1024 + number;
    let mappings = |text: String| text.parse().unwrap();
    let ports = |protocols, text| PortForwardPorts::Ports {
        protocols,
        mappings: mappings(text),
    };
    let (ports, target) = match number % 4 {
        0 => (
            ports(Protocols::Both, format!("{port}->80")),
            ForwardTarget::Vm {
                address: peer.first_vm(),
            },
        ),
        1 => (ports(Protocols::Udp, format!("{port}")), ForwardTarget::Peer),
        2 => (
            ports(Protocols::Tcp, format!("{port}-{},65000->1", port + 1)),
            ForwardTarget::Lan {
                address: "192.168.1.9".parse().unwrap(),
                alias: "10.99.5.129".parse().unwrap(),
            },
        ),
        _ => (PortForwardPorts::All, ForwardTarget::Peer),
    };
    PortForward {
        id: ForwardId(Uuid::new_v4()),
        peer: peer.id,
        ports,
        target,
        label: format!("Сервер 🎮 '{number}\"").parse().unwrap(),
        template: number.is_multiple_of(2).then(|| "minecraft".parse().unwrap()),
        enabled: !number.is_multiple_of(3),
    }
}

fn bundle(text: &str) -> Bundle {
    let file = BundleFile {
        mode: 0o600,
        text: text.into(),
    };
    Bundle {
        files: [("rules.nft".to_owned(), file)].into(),
        keys: vec![IfName::tunnel(0)],
    }
}
