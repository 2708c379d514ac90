//! Inventories to plan for.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test binary uses its part, and may unwrap"
)]

use proptest::prelude::*;
use std::net::Ipv4Addr;
use uuid::Uuid;
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, IfName, Inventory, InventoryId, Label, ManualMode, MtuOrigin, Peer,
    PeerId, PeerKind, PeerRoute, PeerState, Port, PortForward, PortForwardPorts, PortMappings, Protocols,
    PublicIp, PublicIpId, PublicIpState, Vps, VpsId, WgPublicKey,
    bundle::Bundle,
    inventory::{Access, Host, SshAccess},
    observed::{Init, Interface, Observed, Os, Ours, PackageManager},
};
use wirewarp_plan::{
    plan::{Against, HostPlan, plan},
    render::read_manifest,
};

/// The VPS's machine.
pub const VPS_HOST: HostId = HostId(Uuid::from_u128(0x100));
/// The machine at home.
pub const HOME_HOST: HostId = HostId(Uuid::from_u128(0x200));
/// The VPS.
pub const VPS: VpsId = VpsId(Uuid::from_u128(0x300));
/// The first address of the pool.
pub const IP: PublicIpId = PublicIpId(Uuid::from_u128(0x400));

pub fn key(n: u8) -> WgPublicKey {
    WgPublicKey::from_bytes([n; 32])
}

pub fn host(id: HostId, address: &str) -> Host {
    let ssh = SshAccess {
        address: address.to_owned(),
        port: None,
        user: Some("root".to_owned()),
        key_file: None,
        agent: true,
        password: false,
        sudo_password: false,
        jump: None,
        through_tunnel: false,
    };
    Host {
        id,
        name: "box".parse().unwrap(),
        access: Access::Ssh(ssh),
        machine_id: None,
    }
}

/// A VPS with two addresses and nothing on it.
pub fn with_vps() -> Inventory {
    let ip = |n: u8| PublicIp {
        id: PublicIpId(Uuid::from_u128(0x400 + u128::from(n))),
        address: Ipv4Addr::new(203, 0, 113, 10 + n),
        on_host: Ipv4Addr::new(203, 0, 113, 10 + n),
        interface: "eth0".parse().unwrap(),
        state: PublicIpState::Active,
    };
    let mut inventory = Inventory::empty(InventoryId(Uuid::from_u128(1)));
    inventory.hosts.push(host(VPS_HOST, "203.0.113.10"));
    inventory.vpses.push(Vps {
        id: VPS,
        name: "nyc".parse().unwrap(),
        host: VPS_HOST,
        tunnel_network: "10.0.0.0/24".parse().unwrap(),
        listen_port: Port::new(51820).unwrap(),
        endpoint: Ipv4Addr::new(203, 0, 113, 10),
        public_key: Some(key(1)),
        ips: vec![ip(0), ip(1)],
    });
    inventory
}

pub fn peer(number: u8, name: &str) -> Peer {
    Peer {
        id: PeerId(Uuid::from_u128(0x500 + u128::from(number))),
        name: name.parse().unwrap(),
        vps: VPS,
        kind: PeerKind::Linux,
        host: Some(HOME_HOST),
        number: number.into(),
        tunnel_index: 0,
        tunnel_ip: Ipv4Addr::new(10, 0, 0, number.wrapping_add(1)),
        vm_network: format!("10.99.{number}.0/24").parse().unwrap(),
        vm_interface: None,
        public_ip: PublicIpId(Uuid::from_u128(0x401)),
        state: PeerState::Active,
        public_key: Some(key(number.wrapping_add(100))),
        key_serial: 0,
        manual_mode: None,
        mtu: Peer::DEFAULT_MTU,
        mtu_origin: MtuOrigin::Measured,
        route: PeerRoute::Replies,
        leases: vec![],
    }
}

pub fn manual(number: u8, name: &str, mode: ManualMode) -> Peer {
    Peer {
        kind: PeerKind::Manual,
        host: None,
        manual_mode: Some(mode),
        public_ip: IP,
        ..peer(number, name)
    }
}

/// The VPS, and peer attic (number 2) on a machine at home with its own public IP 203.0.113.11.
pub fn with_attic() -> Inventory {
    let mut inventory = with_vps();
    inventory.hosts.push(host(HOME_HOST, "192.168.20.10"));
    inventory.peers.push(peer(2, "attic"));
    inventory
}

pub fn forward(
    n: u128,
    peer: PeerId,
    ports: &str,
    protocols: Protocols,
    target: ForwardTarget,
) -> PortForward {
    let mappings: PortMappings = ports.parse().unwrap();
    PortForward {
        id: ForwardId(Uuid::from_u128(0x1000 + n)),
        peer,
        ports: PortForwardPorts::Ports { protocols, mappings },
        target,
        label: Label::default(),
        template: None,
        enabled: true,
    }
}

pub fn vm(last: u8) -> ForwardTarget {
    ForwardTarget::Vm {
        address: Ipv4Addr::new(10, 99, 2, last),
    }
}

pub fn lan(last: u8, alias: u8) -> ForwardTarget {
    ForwardTarget::Lan {
        address: Ipv4Addr::new(192, 168, 20, last),
        alias: Ipv4Addr::new(10, 99, 2, alias),
    }
}

/// Attic with a forward of every shape.
pub fn full() -> Inventory {
    let mut inventory = with_attic();
    let attic = inventory.peers[0].id;
    inventory.peers.push(manual(3, "phone", ManualMode::FullTunnel));
    inventory.peers.push(manual(4, "router", ManualMode::Masquerade));
    let router = inventory.peers[2].id;
    inventory.forwards = vec![
        PortForward {
            label: "survival".parse().unwrap(),
            ..forward(1, attic, "25565", Protocols::Both, vm(2))
        },
        forward(2, attic, "27000-27050", Protocols::Udp, vm(2)),
        forward(
            3,
            attic,
            "8080->80,8443->443",
            Protocols::Tcp,
            ForwardTarget::Peer,
        ),
        forward(4, attic, "9000-9003->19000", Protocols::Udp, ForwardTarget::Peer),
        forward(5, attic, "32400", Protocols::Tcp, lan(30, 129)),
        PortForward {
            enabled: false,
            ..forward(6, attic, "5000", Protocols::Tcp, vm(4))
        },
        forward(7, router, "6000", Protocols::Both, ForwardTarget::Peer),
    ];
    inventory
}

/// The name of an interface.
pub fn interface(name: &str) -> IfName {
    name.parse().unwrap()
}

/// Runs a script in a network namespace of its own; none, said loudly, where that is not allowed.
pub fn in_namespace(script: &str) -> Option<std::process::Output> {
    let probe = std::process::Command::new("unshare")
        .args(["-n", "nft", "list", "ruleset"])
        .output();
    if !probe.is_ok_and(|out| out.status.success()) {
        eprintln!("SKIPPED: needs root, unshare(1) and nft(8)");
        return None;
    }
    Some(
        std::process::Command::new("unshare")
            .args(["-n", "sh", "-c", script])
            .output()
            .unwrap(),
    )
}

/// A machine on which nothing is in the way, and nothing of ours.
pub fn machine() -> Observed {
    let tools = ["nft", "wg", "ip", "conntrack", "ping"];
    Observed {
        hostname: "box".to_owned(),
        os: Os {
            kernel_name: "Linux".to_owned(),
            kernel: "6.1.0-25-amd64".to_owned(),
            ..Os::default()
        },
        init: Init::Systemd,
        tools: tools
            .iter()
            .map(|tool| ((*tool).to_owned(), String::new()))
            .collect(),
        package_manager: Some(PackageManager::Apt),
        kernel_wireguard: true,
        tun: true,
        ssh_local: Some((Ipv4Addr::new(203, 0, 113, 10), 22)),
        sshd_ports: vec![22],
        interfaces: vec![Interface {
            name: interface("eth0"),
            kind: String::new(),
            up: true,
            mtu: 1500,
            addresses: vec![
                "203.0.113.10/24".parse().unwrap(),
                "203.0.113.11/24".parse().unwrap(),
            ],
        }],
        ..Observed::default()
    }
}

/// The same machine after `bundle` was applied to it as `generation`.
pub fn applied(mut machine: Observed, bundle: &Bundle, generation: u64) -> Observed {
    let digest = |text: &str| {
        use sha2::Digest as _;
        sha2::Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
    };
    let manifest = read_manifest(&bundle.files["manifest.json"].text).unwrap();
    machine.ours = Some(Ours {
        generation,
        highest_generation: generation,
        host: Some(manifest.host),
        inventory: Some(manifest.inventory),
        manifest: Some(bundle.files["manifest.json"].text.clone()),
        digests: bundle
            .files
            .iter()
            .map(|(path, file)| (path.clone(), digest(&file.text)))
            .collect(),
        ..Ours::default()
    });
    machine
}

/// Inventories with up to three peers and their forwards, without conflicts among them.
pub fn inventories() -> impl Strategy<Value = Inventory> {
    let one = (
        0..3_usize,
        0..4_u16,
        1..=3_u16,
        any::<bool>(),
        0..3_u8,
        any::<bool>(),
    );
    prop::collection::vec(one, 0..12).prop_map(|wishes| {
        let mut inventory = with_attic();
        inventory.peers.push(manual(3, "phone", ManualMode::FullTunnel));
        inventory.peers.push(manual(4, "router", ManualMode::Masquerade));
        for (n, (peer, shift, count, both, target, enabled)) in wishes.into_iter().enumerate() {
            let first = 20_000 + u16::try_from(n).unwrap() * 10;
            let ports = format!("{first}-{}->{}", first + count - 1, first + shift);
            let peer = inventory.peers[peer].clone();
            let target = match (target, peer.host) {
                (0, Some(_)) => vm(2),
                (1, Some(_)) => lan(30, 129),
                _ => ForwardTarget::Peer,
            };
            let protocols = if both { Protocols::Both } else { Protocols::Udp };
            let wish = forward(u128::try_from(n).unwrap(), peer.id, &ports, protocols, target);
            inventory.forwards.push(PortForward { enabled, ..wish });
        }
        inventory
    })
}

pub fn against<'a>(observed: &'a Observed, last: Option<&'a HostPlan>) -> Against<'a> {
    Against {
        observed: Some(observed),
        last: last.map(|plan| &plan.bundle),
        program: "0.1.0",
    }
}

pub fn first(inventory: &Inventory) -> HostPlan {
    plan(inventory, VPS_HOST, against(&machine(), None), vec![]).unwrap()
}

/// The plan from `before`, applied, to `after`.
pub fn second(before: &Inventory, after: &Inventory) -> HostPlan {
    let done = first(before);
    let seen = applied(machine(), &done.bundle, done.generation);
    plan(after, VPS_HOST, against(&seen, Some(&done)), vec![]).unwrap()
}
