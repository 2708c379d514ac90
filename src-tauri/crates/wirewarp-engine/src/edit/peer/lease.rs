//! Fixed addresses in a peer's VM network.

use std::net::Ipv4Addr;
use wirewarp_model::{Inventory, Lease, MacAddress, Name, Peer};
use wirewarp_plan::{allocate, check::mislease};

use super::change;
use crate::{edit, error::EngineError};

/// Fixes the address of a machine in a peer's VM network. The same card's lease there is replaced.
pub fn set_lease(inventory: &Inventory, name: &Name, lease: Lease) -> Result<Inventory, EngineError> {
    let mac = lease.mac;
    let after = change(inventory, name, |peer| {
        peer.leases.retain(|known| known.mac != mac);
        peer.leases.push(lease);
        peer.leases.sort_by_key(|lease| (lease.address, lease.mac));
    })?;
    let peer = edit::peer(&after, name)?;
    let new = peer.leases.iter().find(|known| known.mac == mac);
    match new.and_then(|new| mislease(&after, peer, new)) {
        Some((code, why, hint)) => Err(EngineError::refused(code, format!("lease: {why}."), &[&hint])),
        None => Ok(after),
    }
}

/// Takes a machine's fixed address back.
pub fn drop_lease(inventory: &Inventory, name: &Name, mac: MacAddress) -> Result<Inventory, EngineError> {
    let known = &edit::peer(inventory, name)?.leases;
    if !known.iter().any(|lease| lease.mac == mac) {
        let macs: Vec<String> = known.iter().map(|lease| lease.mac.to_string()).collect();
        let known = macs.iter().map(String::as_str);
        return Err(EngineError::not_found("lease", &mac.to_string(), known));
    }
    change(inventory, name, |peer| {
        peer.leases.retain(|lease| lease.mac != mac);
    })
}

/// The first address of a peer's VM network that neither a lease has nor a forward in force goes to.
pub fn free_address(inventory: &Inventory, peer: &Peer) -> Result<Ipv4Addr, EngineError> {
    Ok(allocate::vm_address(inventory, peer)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{
        forward::{self, NewForward, TargetSpec},
        peer::{Assignment, NewPeer, add},
    };
    use std::collections::BTreeSet;
    use uuid::Uuid;
    use wirewarp_model::{
        HostId, InventoryId, ManualMode, MtuOrigin, PeerKind, PeerRoute, Port, PortForwardPorts, PublicIp,
        PublicIpId, PublicIpState, Vps, VpsId,
    };

    /// A VPS with `attic` and `cellar`, peers of one machine, and the manual peer `phone`.
    fn inventory() -> Inventory {
        let mut inventory = Inventory::empty(InventoryId(Uuid::nil()));
        let address = Ipv4Addr::new(203, 0, 113, 10);
        inventory.vpses.push(Vps {
            id: VpsId(Uuid::from_u128(2)),
            name: "nyc".parse().unwrap(),
            host: HostId(Uuid::from_u128(3)),
            tunnel_network: "10.0.0.0/24".parse().unwrap(),
            listen_port: Port::new(51820).unwrap(),
            endpoint: address,
            public_key: None,
            ips: vec![PublicIp {
                id: PublicIpId(Uuid::from_u128(4)),
                address,
                on_host: address,
                interface: "eth0".parse().unwrap(),
                state: PublicIpState::Active,
            }],
        });
        for (name, host, network) in [
            ("attic", Some(1), "10.99.5.0/24"),
            ("cellar", Some(1), "10.99.6.0/29"),
            ("phone", None, "10.99.7.0/24"),
        ] {
            let new = NewPeer {
                name: name.parse().unwrap(),
                vps: "nyc".parse().unwrap(),
                kind: host.map_or(PeerKind::Manual, |_| PeerKind::Linux),
                host: host.map(|id| HostId(Uuid::from_u128(id))),
                assignment: Assignment::LeastUsed,
                network: Some(network.parse().unwrap()),
                vm_interface: None,
                manual_mode: host.is_none().then_some(ManualMode::FullTunnel),
                public_key: None,
                mtu: 1420,
                mtu_origin: MtuOrigin::Set,
                route: PeerRoute::Replies,
                occupied: vec![],
            };
            inventory = add(&inventory, new).unwrap().0;
        }
        inventory
    }

    fn lease(last: u8, address: &str) -> Lease {
        Lease {
            mac: MacAddress::new([0xBC, 0x24, 0x11, 0, 0, last]).unwrap(),
            address: address.parse().unwrap(),
            name: "web".parse().unwrap(),
        }
    }

    fn set(inventory: &Inventory, peer: &str, lease: Lease) -> Result<Inventory, String> {
        set_lease(inventory, &peer.parse().unwrap(), lease).map_err(|error| error.to_user().code)
    }

    fn free(inventory: &Inventory, peer: &str) -> Result<String, String> {
        let peer = inventory.peer_named(&peer.parse().unwrap()).unwrap();
        let free = free_address(inventory, peer).map_err(|error| error.to_user().code);
        free.map(|address| address.to_string())
    }

    #[test]
    fn only_a_vms_own_address_can_be_fixed() {
        let inventory = inventory();
        for (address, code) in [
            ("10.99.6.2", "lease_misfit"),
            ("10.99.5.1", "lease_misfit"),
            ("10.99.5.0", "lease_misfit"),
            ("10.99.5.255", "lease_misfit"),
            ("10.99.5.128", "lease_misfit"),
            ("10.99.5.200", "lease_misfit"),
        ] {
            let refused = set(&inventory, "attic", lease(1, address));
            assert_eq!(refused, Err(code.to_owned()), "{address}");
        }
        let on_a_device = set(&inventory, "phone", lease(1, "10.99.7.2"));
        assert_eq!(on_a_device, Err("manual_peer".to_owned()));
        for address in ["10.99.5.2", "10.99.5.127"] {
            set(&inventory, "attic", lease(1, address)).unwrap();
        }
    }

    #[test]
    fn each_address_and_each_card_of_a_machine_has_one_lease() {
        let first = set(&inventory(), "attic", lease(1, "10.99.5.3")).unwrap();
        let taken = set(&first, "attic", lease(2, "10.99.5.3"));
        assert_eq!(taken, Err("lease_taken".to_owned()));
        let twice = set(&first, "cellar", lease(1, "10.99.6.2"));
        assert_eq!(twice, Err("lease_twice".to_owned()));

        let both = set(&first, "attic", lease(2, "10.99.5.2")).unwrap();
        let moved = set(&both, "attic", lease(1, "10.99.5.9")).unwrap();
        let attic = moved.peer_named(&"attic".parse().unwrap()).unwrap();
        assert_eq!(attic.leases, [lease(2, "10.99.5.2"), lease(1, "10.99.5.9")]);
        assert_eq!(set(&moved, "attic", lease(1, "10.99.5.9")).unwrap(), moved);
    }

    #[test]
    fn a_lease_that_is_dropped_is_gone_and_one_that_is_not_there_is_named() {
        let attic = "attic".parse().unwrap();
        let before = inventory();
        let with = set(&before, "attic", lease(1, "10.99.5.3")).unwrap();
        assert_eq!(
            drop_lease(&with, &attic, lease(1, "10.99.5.3").mac).unwrap(),
            before
        );
        let error = drop_lease(&with, &attic, lease(2, "10.99.5.3").mac).unwrap_err();
        assert_eq!(error.to_user().code, "not_found");
    }

    #[test]
    fn free_is_what_no_lease_has_and_nothing_in_force_goes_to() {
        let mut inventory = inventory();
        assert_eq!(free(&inventory, "attic").unwrap(), "10.99.5.2");
        inventory = set(&inventory, "attic", lease(1, "10.99.5.2")).unwrap();
        let new = NewForward {
            ports: PortForwardPorts::All,
            target: Some(TargetSpec::Address(Ipv4Addr::new(10, 99, 5, 3))),
            label: "".parse().unwrap(),
            template: None,
            enabled: true,
        };
        let (with, ids) = forward::add(&inventory, &"attic".parse().unwrap(), vec![new]).unwrap();
        assert_eq!(free(&with, "attic").unwrap(), "10.99.5.4");
        let off = forward::set_enabled(&with, &BTreeSet::from_iter(ids), false);
        assert_eq!(free(&off, "attic").unwrap(), "10.99.5.3");
    }

    #[test]
    fn aliases_of_the_lan_are_never_given_away() {
        let mut inventory = inventory();
        // Of a /29 the gateway has .1, and .4 and up stand for machines of the LAN.
        for (card, address) in [(1, "10.99.6.2"), (2, "10.99.6.3")] {
            assert_eq!(free(&inventory, "cellar").unwrap(), address);
            inventory = set(&inventory, "cellar", lease(card, address)).unwrap();
        }
        assert_eq!(free(&inventory, "cellar"), Err("nothing_free".to_owned()));
    }
}
