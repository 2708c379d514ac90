//! Numbers, networks and addresses for what is new.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod support;

use std::net::Ipv4Addr;
use support::{HOME_HOST, forward, full, lan, machine, peer, with_attic, with_vps};
use wirewarp_model::{ForwardTarget, ManualMode, Peer, Protocols, PublicIpState, Secret};
use wirewarp_plan::{
    allocate::{
        Assignment, Occupied, assign, free_tunnel_network, free_vm_number, lan_alias, tunnel_index,
        tunnel_ip, utilisation, vm_network,
    },
    check::Sightings,
    render::{ClientKey, client_config},
};

fn occupied(networks: &[&str]) -> Vec<Occupied> {
    networks
        .iter()
        .map(|n| Occupied {
            network: n.parse().unwrap(),
            by: "somebody".to_owned(),
        })
        .collect()
}

#[test]
fn the_lowest_free_number_is_taken_and_collisions_are_passed_over() {
    let mut inventory = with_attic();
    assert_eq!(free_vm_number(&inventory, &[]).unwrap(), 1);
    inventory.peers.push(peer(1, "one"));
    assert_eq!(free_vm_number(&inventory, &[]).unwrap(), 3);
    assert_eq!(
        free_vm_number(&inventory, &occupied(&["10.99.3.0/24", "10.99.4.128/25"])).unwrap(),
        5
    );
    let numbered = |number: u16| Peer {
        number,
        ..peer(1, "one")
    };
    inventory.peers = (1..=255).map(numbered).collect();
    assert_eq!(free_vm_number(&inventory, &[]).unwrap(), 256);
    assert_eq!(vm_network(255), "10.99.255.0/24".parse().unwrap());
    assert_eq!(vm_network(256), "10.100.0.0/24".parse().unwrap());
    assert_eq!(vm_network(Peer::LAST_NUMBER), "10.200.255.0/24".parse().unwrap());
    inventory.peers = (1..=Peer::LAST_NUMBER).map(numbered).collect();
    assert!(free_vm_number(&inventory, &[]).is_err());
}

#[test]
fn the_usual_tunnel_network_unless_it_collides() {
    let name = "nyc".parse().unwrap();
    let free = |taken: &[&str]| free_tunnel_network(&name, &occupied(taken)).map(|net| net.to_string());
    assert_eq!(free(&["192.168.1.0/24"]).unwrap(), "10.0.0.0/24");
    assert_eq!(free(&["10.0.0.0/16"]).unwrap(), "10.98.0.0/24");
    assert_eq!(free(&["10.0.0.0/8"]).unwrap(), "172.31.200.0/24");
    assert_eq!(free(&["10.0.0.0/9", "172.16.0.0/12"]).unwrap(), "10.201.0.0/24");
    assert!(free(&["10.0.0.0/8", "172.16.0.0/12"]).is_err());
}

#[test]
fn networks_of_machines_count_but_not_our_own() {
    let mut seen = machine();
    let mut own = seen.interfaces[0].clone();
    own.name = support::interface("ww0");
    own.addresses = vec!["10.0.0.1/24".parse().unwrap()];
    seen.interfaces.push(own);
    let found = Occupied::of_all(&with_attic(), &Sightings::from([(support::VPS_HOST, seen)]));
    let networks: Vec<String> = found
        .iter()
        .map(|of| format!("{} {}", of.network, of.by))
        .collect();
    assert_eq!(
        networks,
        ["203.0.113.0/24 eth0 of VPS nyc", "203.0.113.0/24 eth0 of VPS nyc"]
    );
}

#[test]
fn tunnel_addresses_and_indexes_fill_gaps() {
    let inventory = with_attic();
    assert_eq!(
        tunnel_ip(&inventory, &inventory.vpses[0]).unwrap(),
        Ipv4Addr::new(10, 0, 0, 2)
    );
    assert_eq!(tunnel_index(&inventory, HOME_HOST).unwrap(), 1);
    assert_eq!(vm_network(7).to_string(), "10.99.7.0/24");
}

#[test]
fn an_alias_is_kept_for_its_machine() {
    let mut inventory = with_attic();
    let attic = inventory.peers[0].clone();
    assert_eq!(
        lan_alias(&inventory, &attic, Ipv4Addr::new(192, 168, 20, 30)).unwrap(),
        Ipv4Addr::new(10, 99, 2, 129)
    );
    inventory
        .forwards
        .push(forward(1, attic.id, "80", Protocols::Tcp, lan(30, 129)));
    assert_eq!(
        lan_alias(&inventory, &attic, Ipv4Addr::new(192, 168, 20, 30)).unwrap(),
        Ipv4Addr::new(10, 99, 2, 129)
    );
    assert_eq!(
        lan_alias(&inventory, &attic, Ipv4Addr::new(192, 168, 20, 31)).unwrap(),
        Ipv4Addr::new(10, 99, 2, 130)
    );
    for n in 0..126 {
        let target = ForwardTarget::Lan {
            address: Ipv4Addr::new(192, 168, 21, n),
            alias: Ipv4Addr::new(10, 99, 2, 129 + n),
        };
        inventory
            .forwards
            .push(forward(u128::from(n) + 9, attic.id, "80", Protocols::Tcp, target));
    }
    assert!(lan_alias(&inventory, &attic, Ipv4Addr::new(192, 168, 99, 1)).is_err());
}

#[test]
fn public_ips_are_given_out_in_turn_and_disabled_ones_not() {
    let mut inventory = with_vps();
    let give = |inventory: &wirewarp_model::Inventory, how| {
        assign(inventory, &inventory.vpses[0], how).map(|ip| ip.address.octets()[3])
    };
    let next = |inventory: &_, after| give(inventory, Assignment::RoundRobin { after });
    let id = |inventory: &wirewarp_model::Inventory, at: usize| Some(inventory.vpses[0].ips[at].id);
    assert_eq!(next(&inventory, None).unwrap(), 10);
    assert_eq!(next(&inventory, id(&inventory, 0)).unwrap(), 11);
    assert_eq!(next(&inventory, id(&inventory, 1)).unwrap(), 10);
    inventory.vpses[0].ips[0].state = PublicIpState::Disabled;
    assert_eq!(next(&inventory, id(&inventory, 1)).unwrap(), 11);
    let named = give(&inventory, Assignment::Address(Ipv4Addr::new(203, 0, 113, 10)));
    assert!(named.unwrap_err().to_string().contains("disabled"));
    let strange = give(&inventory, Assignment::Address(Ipv4Addr::new(198, 51, 100, 1)));
    assert!(
        strange
            .unwrap_err()
            .to_string()
            .contains("203.0.113.10, 203.0.113.11")
    );
    inventory.vpses[0].ips[1].state = PublicIpState::Disabled;
    assert!(give(&inventory, Assignment::LeastUsed).is_err());
}

#[test]
fn the_least_used_ip_has_the_fewest_peers_then_ports() {
    let inventory = full();
    let uses = utilisation(&inventory, &inventory.vpses[0]);
    let numbers: Vec<_> = uses.iter().map(|of| (of.peers, of.forwards, of.ports)).collect();
    assert_eq!(numbers, [(2, 1, 2), (1, 6, 2 + 51 + 2 + 4 + 1 + 1)]);
    let least = assign(&inventory, &inventory.vpses[0], Assignment::LeastUsed).unwrap();
    assert_eq!(least.address, Ipv4Addr::new(203, 0, 113, 11));
}

#[test]
fn a_manual_peers_configuration_shows_its_key_only_when_asked() {
    let inventory = full();
    let (vps, router) = (&inventory.vpses[0], &inventory.peers[2]);
    let secret = Secret::new("cHJpdmF0ZQ==".to_owned());
    let shown = client_config(vps, router, ClientKey::Shown(&secret));
    assert!(shown.expose().contains("PrivateKey = cHJpdmF0ZQ=="));
    assert!(!format!("{shown:?}").contains("cHJpdmF0ZQ=="));
    assert_eq!(router.manual_mode, Some(ManualMode::Masquerade));
    insta::assert_snapshot!(client_config(vps, router, ClientKey::Kept).expose());
    insta::assert_snapshot!(client_config(vps, &inventory.peers[1], ClientKey::Kept).expose());
}
