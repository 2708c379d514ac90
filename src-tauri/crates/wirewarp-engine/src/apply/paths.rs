//! How large packets may be on the way of a new peer to its VPS. Measured where its packages and keys are made, and
//! before its files are final, so that no apply of a host that is set up waits for it.

use std::net::Ipv4Addr;
use wirewarp_model::{HostId, Inventory, MtuOrigin, Name, Peer, PeerId};
use wirewarp_remote::{apply::Step, path::PathMtu};

use super::host::HostRun;

/// Where the paths lead that are to be measured from this machine: to the VPSes of its peers that have no key yet, unless
/// the person has named an MTU.
pub(super) fn unmeasured(inventory: &Inventory, host: HostId) -> Vec<Ipv4Addr> {
    let mut endpoints: Vec<Ipv4Addr> = new_peers(inventory, host)
        .filter_map(|peer| Some(inventory.vps(peer.vps)?.endpoint))
        .collect();
    endpoints.sort();
    endpoints.dedup();
    endpoints
}

fn new_peers(inventory: &Inventory, host: HostId) -> impl Iterator<Item = &Peer> {
    let is_new =
        |peer: &&Peer| peer.is_active() && peer.public_key.is_none() && peer.mtu_origin == MtuOrigin::Assumed;
    inventory.peers_on(host).filter(is_new)
}

/// Writes the MTUs that were measured to the peers that were new in `before`; says so where one was not.
pub(super) fn put(inventory: &mut Inventory, before: &Inventory, run: &HostRun) {
    let found: Vec<(PeerId, PathMtu, Name)> = new_peers(before, run.host)
        .filter_map(|peer| {
            let vps = before.vps(peer.vps)?;
            let path = run.prepared.paths.get(&vps.endpoint)?;
            Some((peer.id, *path, vps.name.clone()))
        })
        .collect();
    for (id, path, vps) in found {
        let Some(peer) = inventory.peers.iter_mut().find(|peer| peer.id == id) else {
            continue;
        };
        match tunnel_mtu(path, &peer.name, &vps) {
            Ok(mtu) => {
                (peer.mtu, peer.mtu_origin) = (mtu, MtuOrigin::Measured);
                if mtu < Peer::DEFAULT_MTU {
                    run.note(Step::Path, narrow(peer, &vps));
                }
            }
            Err(why) => {
                let advice = advice(&peer.name);
                let text = format!("{why} The tunnel's MTU is {} for now; {advice}", peer.mtu);
                run.note(Step::Path, text);
            }
        }
    }
}

fn narrow(peer: &Peer, vps: &Name) -> String {
    let carried = peer.mtu + Peer::MTU_OVERHEAD;
    format!(
        "The way to {vps} carries packets of {carried} bytes, so that the tunnel's MTU is {}.",
        peer.mtu
    )
}

/// The MTU of a tunnel over such a path, or why the path does not tell.
pub(crate) fn tunnel_mtu(path: PathMtu, peer: &Name, vps: &Name) -> Result<u16, String> {
    let unknown = "so that it is not known how large packets may be on the way.";
    match path {
        PathMtu::Carries(size) => Ok(Peer::mtu_over(size)),
        PathMtu::NoAnswer => Err(format!("{vps} answers no ping of {peer}, {unknown}")),
        PathMtu::OnlySmall => Err(format!("{vps} answers only small pings of {peer}, {unknown}")),
        PathMtu::Untried => Err(format!("The ping of {peer} is not that of iputils, {unknown}")),
    }
}

/// What to do if it is too large.
pub(crate) fn advice(peer: &Name) -> String {
    format!("if large transfers hang: wirewarp peer mtu {peer} --set 1280")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wirewarp_model::{InventoryId, PeerKind, PeerRoute, PeerState, PublicIpId, Vps, VpsId, WgPublicKey};

    const HOME: HostId = HostId(Uuid::from_u128(1));
    const ENDPOINT: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);

    fn with_peer() -> Inventory {
        let mut inventory = Inventory::empty(InventoryId(Uuid::nil()));
        let id = VpsId(Uuid::from_u128(2));
        inventory.vpses.push(Vps {
            id,
            name: "nyc".parse().unwrap(),
            host: HostId(Uuid::from_u128(3)),
            tunnel_network: "10.0.0.0/24".parse().unwrap(),
            listen_port: wirewarp_model::Port::new(51820).unwrap(),
            endpoint: ENDPOINT,
            public_key: None,
            ips: vec![],
        });
        inventory.peers.push(Peer {
            id: PeerId(Uuid::from_u128(4)),
            name: "attic".parse().unwrap(),
            vps: id,
            kind: PeerKind::Linux,
            host: Some(HOME),
            number: 2,
            tunnel_index: 0,
            tunnel_ip: Ipv4Addr::new(10, 0, 0, 2),
            vm_network: "10.99.2.0/24".parse().unwrap(),
            vm_interface: None,
            public_ip: PublicIpId(Uuid::from_u128(5)),
            state: PeerState::Active,
            public_key: None,
            key_serial: 0,
            manual_mode: None,
            mtu: 1412,
            mtu_origin: MtuOrigin::Assumed,
            route: PeerRoute::Replies,
            leases: vec![],
        });
        inventory
    }

    fn measured_after(change: impl FnOnce(&mut Peer)) -> Vec<Ipv4Addr> {
        let mut inventory = with_peer();
        change(&mut inventory.peers[0]);
        unmeasured(&inventory, HOME)
    }

    #[test]
    fn only_the_path_of_a_new_peer_is_measured_and_only_if_nobody_named_an_mtu() {
        assert_eq!(measured_after(|_| ()), [ENDPOINT]);
        assert!(unmeasured(&with_peer(), HostId(Uuid::from_u128(9))).is_empty());
        for change in [
            (|peer| peer.mtu_origin = MtuOrigin::Set) as fn(&mut Peer),
            |peer| peer.mtu_origin = MtuOrigin::Measured,
            |peer| peer.public_key = Some(WgPublicKey::from_bytes([1; 32])),
            |peer| peer.state = PeerState::Suspended,
        ] {
            assert!(measured_after(change).is_empty());
        }
    }

    #[test]
    fn what_a_path_does_not_tell_is_said_with_both_names() {
        let (peer, vps) = ("attic".parse().unwrap(), "nyc".parse().unwrap());
        assert_eq!(tunnel_mtu(PathMtu::Carries(1400), &peer, &vps), Ok(1340));
        for path in [PathMtu::NoAnswer, PathMtu::OnlySmall, PathMtu::Untried] {
            let why = tunnel_mtu(path, &peer, &vps).unwrap_err();
            assert!(why.contains("attic") && why.contains("not known"), "{why}");
        }
    }
}
