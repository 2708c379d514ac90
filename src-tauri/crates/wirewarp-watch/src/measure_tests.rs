use std::net::Ipv4Addr;
use uuid::Uuid;
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, Inventory, InventoryId, MtuOrigin, Peer, PeerId, PeerKind, PeerState,
    Port, PortForward, PortForwardPorts, Protocol, Protocols, PublicIp, PublicIpId, PublicIpState, Vps,
    VpsId, WgPublicKey,
    figures::{Sample, Series},
    polled::{Capacity, CpuTime, Polled, PolledInterface, PolledPeer, PolledPort},
};

use super::{Before, measure};
use crate::Subjects;

const HOST: HostId = HostId(Uuid::from_u128(1));
const PEER: PeerId = PeerId(Uuid::from_u128(2));
const IP: PublicIpId = PublicIpId(Uuid::from_u128(3));
const GAME: ForwardId = ForwardId(Uuid::from_u128(4));
const VOICE: ForwardId = ForwardId(Uuid::from_u128(5));
const ON_HOST: Ipv4Addr = Ipv4Addr::new(172, 31, 5, 1);

fn key() -> WgPublicKey {
    WgPublicKey::from_bytes([7; 32])
}

fn inventory() -> Inventory {
    let vps = Vps {
        id: VpsId(Uuid::from_u128(6)),
        name: "nyc".parse().expect("a name"),
        host: HOST,
        tunnel_network: "10.99.0.0/24".parse().expect("a network"),
        listen_port: Port::new(51820).expect("a port"),
        endpoint: Ipv4Addr::new(203, 0, 113, 10),
        public_key: None,
        ips: vec![PublicIp {
            id: IP,
            address: Ipv4Addr::new(203, 0, 113, 10),
            on_host: ON_HOST,
            interface: "eth0".parse().expect("a name"),
            state: PublicIpState::Active,
        }],
    };
    let peer = Peer {
        id: PEER,
        name: "attic".parse().expect("a name"),
        vps: vps.id,
        kind: PeerKind::Linux,
        host: None,
        number: 1,
        tunnel_index: 0,
        tunnel_ip: Ipv4Addr::new(10, 99, 0, 2),
        vm_network: "10.99.1.0/24".parse().expect("a network"),
        vm_interface: None,
        public_ip: IP,
        state: PeerState::Active,
        public_key: Some(key()),
        key_serial: 0,
        manual_mode: None,
        mtu: 1420,
        mtu_origin: MtuOrigin::Assumed,
        route: wirewarp_model::PeerRoute::default(),
        leases: Vec::new(),
    };
    let forward = |id, protocols, mappings: &str| PortForward {
        id,
        peer: PEER,
        ports: PortForwardPorts::Ports {
            protocols,
            mappings: mappings.parse().expect("ports"),
        },
        target: ForwardTarget::Peer,
        label: "".parse().expect("a label"),
        template: None,
        enabled: true,
    };
    Inventory {
        vpses: vec![vps],
        peers: vec![peer],
        forwards: vec![
            forward(GAME, Protocols::Tcp, "25565"),
            forward(VOICE, Protocols::Both, "8000-8010"),
        ],
        ..Inventory::empty(InventoryId(Uuid::nil()))
    }
}

fn port(protocol: Protocol, number: u16, to_home: u64, from_home: u64, connections: u32) -> PolledPort {
    PolledPort {
        protocol,
        address: ON_HOST,
        port: number,
        to_home,
        from_home,
        connections,
    }
}

fn polled(boot: &str, bytes: u64, ports: Vec<PolledPort>) -> Polled {
    Polled {
        boot: boot.to_owned(),
        cpu: CpuTime {
            busy: 100 + bytes / 10,
            total: 1000 + bytes,
        },
        memory: Capacity {
            total: 2 << 20,
            available: 1 << 20,
        },
        disk: Capacity {
            total: 10 << 20,
            available: 4 << 20,
        },
        load: 25,
        network: Some(PolledInterface {
            name: "eth0".parse().expect("a name"),
            received: bytes,
            sent: bytes * 2,
        }),
        peers: vec![PolledPeer {
            interface: "ww0".parse().expect("a name"),
            key: key(),
            endpoint: None,
            latest_handshake: 0,
            received: bytes,
            sent: bytes * 3,
        }],
        ports,
        ..Polled::default()
    }
}

fn values(samples: &[Sample], series: Series) -> Option<&[u64]> {
    samples
        .iter()
        .find(|sample| sample.series == series)
        .map(|sample| sample.values.as_slice())
}

/// The measurements of a second poll, 60 s after a first one.
fn second(first: &Polled, second: &Polled) -> (Before, Vec<Sample>) {
    let subjects = Subjects::new(&inventory(), HOST);
    let (before, samples) = measure(&subjects, None, first, 1000);
    assert!(samples.is_empty(), "{samples:?}");
    measure(&subjects, Some(before), second, 1060)
}

#[test]
fn what_was_added_is_measured_and_given_to_its_forward_and_address() {
    let first = polled("b", 10_000, vec![port(Protocol::Tcp, 25565, 500, 700, 0)]);
    let next = vec![
        port(Protocol::Tcp, 25565, 1500, 2700, 3),
        port(Protocol::Tcp, 8010, 10, 0, 1),
        port(Protocol::Udp, 8000, 0, 30, 1),
        port(Protocol::Udp, 9999, 7, 0, 0),
    ];
    let (_, samples) = second(&first, &polled("b", 20_000, next));
    assert!(
        samples
            .iter()
            .all(|sample| (sample.at, sample.seconds) == (1060, 60))
    );
    assert_eq!(
        values(&samples, Series::Host(HOST)),
        Some(&[100, 1024, 6144, 25, 10_000, 20_000][..])
    );
    assert_eq!(values(&samples, Series::Peer(PEER)), Some(&[10_000, 30_000][..]));
    assert_eq!(
        values(&samples, Series::Forward(GAME)),
        Some(&[2000, 1000, 3][..])
    );
    assert_eq!(values(&samples, Series::Forward(VOICE)), Some(&[30, 10, 2][..]));
    // The forward of the port 9999 is gone, its address is not.
    assert_eq!(values(&samples, Series::PublicIp(IP)), Some(&[2030, 1017, 5][..]));
}

#[test]
fn a_host_that_was_started_anew_counts_from_zero() {
    let first = polled("b", 10_000, vec![port(Protocol::Tcp, 25565, 500, 700, 0)]);
    let (_, samples) = second(
        &first,
        &polled("c", 4_000, vec![port(Protocol::Tcp, 25565, 5, 7, 0)]),
    );
    assert_eq!(values(&samples, Series::Peer(PEER)), Some(&[4000, 12_000][..]));
    assert_eq!(values(&samples, Series::Forward(GAME)), Some(&[7, 5, 0][..]));
    assert_eq!(
        values(&samples, Series::Host(HOST)).map(|values| &values[4..]),
        Some(&[4000, 8000][..])
    );
}

#[test]
fn what_idles_is_held_back_and_not_lost() {
    let subjects = Subjects::new(&inventory(), HOST);
    let (mut before, _) = measure(&subjects, None, &polled("b", 1000, vec![]), 1000);
    for (at, bytes) in [(1060, 1032), (1120, 1064)] {
        let (next, samples) = measure(&subjects, Some(before), &polled("b", bytes, vec![]), at);
        assert_eq!(values(&samples, Series::Peer(PEER)), None);
        before = next;
    }
    let (_, samples) = measure(&subjects, Some(before), &polled("b", 50_000, vec![]), 1180);
    assert_eq!(values(&samples, Series::Peer(PEER)), Some(&[49_000, 147_000][..]));
}

#[test]
fn a_host_that_is_no_vps_has_its_own_figures_alone() {
    let subjects = Subjects::new(&inventory(), HostId(Uuid::from_u128(9)));
    assert_eq!(subjects.series().len(), 1);
    assert_eq!(Subjects::new(&inventory(), HOST).series().len(), 5);
    let (before, _) = measure(&subjects, None, &polled("b", 1, vec![]), 0);
    let (_, samples) = measure(&subjects, Some(before), &polled("b", 100, vec![]), 10);
    assert_eq!(samples.len(), 1);
}
