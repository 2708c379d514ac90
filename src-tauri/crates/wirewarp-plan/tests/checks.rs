//! Findings: each says what is wrong with this plan, in words a person acts on.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod support;

use proptest::prelude::*;
use std::{collections::BTreeSet, net::Ipv4Addr};
use support::{HOME_HOST, IP, VPS_HOST, forward, full, interface, lan, machine, manual, vm, with_attic};
use wirewarp_model::{
    ForwardTarget, Inventory, ManualMode, PortForward, PortForwardPorts, Protocol, Protocols,
    observed::{Interface, Listener, Observed},
};
use wirewarp_plan::{
    check::{Finding, ForwardIndex, Severity, Sightings, Subject, check, served_on},
    translation::translations,
};

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn of_vps(inventory: &Inventory, observed: Observed) -> Vec<Finding> {
    check(inventory, &Sightings::from([(VPS_HOST, observed)]))
}

/// Attic on the VPS's own endpoint address, with one forward.
fn on_endpoint(ports: &str, protocols: Protocols) -> Inventory {
    let mut inventory = with_attic();
    inventory.peers[0].public_ip = IP;
    let attic = inventory.peers[0].id;
    inventory
        .forwards
        .push(forward(1, attic, ports, protocols, vm(2)));
    inventory
}

#[test]
fn a_sound_inventory_has_no_findings() {
    let findings = of_vps(&full(), machine());
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_taken_port_names_its_owner() {
    let mut inventory = full();
    let attic = inventory.peers[0].id;
    inventory
        .forwards
        .push(forward(50, attic, "25000-26000", Protocols::Tcp, vm(3)));
    let findings = check(&inventory, &Sightings::new());
    assert_eq!(codes(&findings), ["port_taken"]);
    assert!(
        findings[0]
            .message
            .starts_with("25565/tcp on 203.0.113.11 is “survival” on peer attic"),
        "{findings:?}"
    );
}

#[test]
fn everything_stands_against_single_ports() {
    let mut inventory = full();
    let attic = inventory.peers[0].id;
    let all = PortForward {
        ports: PortForwardPorts::All,
        ..forward(50, attic, "1", Protocols::Tcp, vm(3))
    };
    let index = ForwardIndex::new(&inventory);
    assert!(
        !index
            .conflicts(&inventory, Ipv4Addr::new(203, 0, 113, 11), &all.ports, None)
            .is_empty()
    );
    inventory.forwards = vec![all, inventory.forwards[0].clone()];
    assert!(codes(&check(&inventory, &Sightings::new())).contains(&"port_taken"));
}

#[test]
fn ports_that_keep_the_vps_reachable_are_refused() {
    for (ports, protocols) in [
        ("22", Protocols::Tcp),
        ("20-30", Protocols::Both),
        ("51820", Protocols::Udp),
    ] {
        let findings = of_vps(&on_endpoint(ports, protocols), machine());
        assert_eq!(codes(&findings), ["port_protected"], "{ports}");
    }
    assert!(of_vps(&on_endpoint("22", Protocols::Udp), machine()).is_empty());
    let mut moved = machine();
    moved.sshd_ports = vec![2222];
    moved.ssh_local = Some((Ipv4Addr::new(203, 0, 113, 10), 2222));
    assert_eq!(
        codes(&of_vps(&on_endpoint("2222", Protocols::Tcp), moved)),
        ["port_protected"]
    );
}

#[test]
fn everything_of_the_endpoint_is_refused() {
    let mut inventory = on_endpoint("1", Protocols::Tcp);
    inventory.forwards[0].ports = PortForwardPorts::All;
    assert_eq!(codes(&of_vps(&inventory, machine())), ["address_protected"]);
}

#[test]
fn a_served_port_names_who_serves_it() {
    let serve = |address: Option<Ipv4Addr>, port, owner: &str| {
        let mut seen = machine();
        seen.listeners = vec![Listener {
            protocol: Protocol::Tcp,
            address,
            port,
            owner: owner.to_owned(),
            device: None,
        }];
        of_vps(&full(), seen)
    };
    let findings = serve(None, 25565, "container mc");
    assert_eq!(codes(&findings), ["port_served"]);
    assert!(
        findings[0]
            .message
            .contains("25565/tcp on 203.0.113.11 is served by container mc"),
        "{findings:?}"
    );
    assert_eq!(
        serve(Some(Ipv4Addr::new(203, 0, 113, 11)), 8080, "nginx").len(),
        1
    );
    assert!(
        serve(Some(Ipv4Addr::new(203, 0, 113, 10)), 8080, "nginx").is_empty(),
        "another address"
    );
    assert!(
        serve(Some(Ipv4Addr::LOCALHOST), 8080, "nginx").is_empty(),
        "loopback alone"
    );
}

#[test]
fn a_look_at_a_vps_alone_tells_which_forwards_are_served_there() {
    let inventory = full();
    let mut seen = machine();
    assert!(served_on(&inventory, &inventory.vpses[0], &seen).is_empty());
    seen.listeners = vec![Listener {
        protocol: Protocol::Tcp,
        address: None,
        port: 25565,
        owner: "nginx".to_owned(),
        device: None,
    }];
    let found = served_on(&inventory, &inventory.vpses[0], &seen);
    assert_eq!(codes(&found), ["port_served"]);
    let Subject::Forward(id) = found[0].subject else {
        panic!("{found:?}");
    };
    assert!(
        inventory
            .forwards
            .iter()
            .any(|forward| forward.id == id && forward.enabled)
    );
}

#[test]
fn targets_must_fit() {
    let other = |a, b, c, d| ForwardTarget::Vm {
        address: Ipv4Addr::new(a, b, c, d),
    };
    for (target, code) in [
        (other(10, 99, 3, 2), "target_not_vm"),
        (vm(1), "target_not_vm"),
        (vm(0), "target_not_vm"),
        (vm(255), "target_not_vm"),
        (vm(200), "target_not_vm"),
        (
            ForwardTarget::Lan {
                address: Ipv4Addr::new(10, 99, 2, 5),
                alias: Ipv4Addr::new(10, 99, 2, 129),
            },
            "target_not_lan",
        ),
        (
            ForwardTarget::Lan {
                address: Ipv4Addr::new(10, 0, 0, 9),
                alias: Ipv4Addr::new(10, 99, 2, 129),
            },
            "target_not_lan",
        ),
        (lan(30, 5), "alias_misfit"),
    ] {
        let mut inventory = with_attic();
        inventory
            .forwards
            .push(forward(1, inventory.peers[0].id, "7777", Protocols::Udp, target));
        assert_eq!(codes(&check(&inventory, &Sightings::new())), [code], "{target:?}");
    }
}

#[test]
fn everything_goes_only_to_a_vm_or_a_manual_device() {
    let all = |inventory: &mut Inventory, at: usize, target| {
        let wish = forward(1, inventory.peers[at].id, "1", Protocols::Tcp, target);
        inventory.forwards = vec![PortForward {
            ports: PortForwardPorts::All,
            ..wish
        }];
        codes(&check(inventory, &Sightings::new())).contains(&"everything_misfit")
    };
    let mut inventory = with_attic();
    let mut phone = manual(3, "phone", ManualMode::FullTunnel);
    phone.public_ip = inventory.peers[0].public_ip;
    inventory.peers.push(phone);
    assert!(all(&mut inventory, 0, ForwardTarget::Peer));
    assert!(!all(&mut inventory, 0, vm(2)));
    assert!(!all(&mut inventory, 1, ForwardTarget::Peer));
}

#[test]
fn a_colliding_network_is_named_and_a_free_one_offered() {
    let mut seen = machine();
    seen.interfaces.push(Interface {
        name: interface("docker0"),
        kind: "bridge".to_owned(),
        up: true,
        mtu: 1500,
        addresses: vec!["10.99.2.1/16".parse().unwrap()],
    });
    let findings = of_vps(&with_attic(), seen);
    assert_eq!(codes(&findings), ["network_taken"]);
    assert!(findings[0].message.contains("docker0 of VPS nyc"), "{findings:?}");
    assert!(
        findings[0].hints[0].starts_with("10.100.0.0/24 is free"),
        "all of 10.99.0.0/16 is taken, and VM networks go on behind it: {findings:?}"
    );
    let mut home = Observed {
        interfaces: vec![],
        ..machine()
    };
    home.interfaces.push(Interface {
        addresses: vec!["10.0.0.7/24".parse().unwrap()],
        ..machine().interfaces[0].clone()
    });
    let findings = check(&with_attic(), &Sightings::from([(HOME_HOST, home)]));
    assert_eq!(codes(&findings), ["network_taken"]);
    assert!(
        findings[0].hints[0].contains("10.98.0.0/24 is free"),
        "{findings:?}"
    );
}

/// Ports that two forwards of one address both want, counted one by one.
fn wanted_twice(inventory: &Inventory) -> bool {
    let mut seen = BTreeSet::new();
    translations(inventory, &inventory.vpses[0]).iter().any(|t| {
        let (protocol, mapping) = t.ports.unwrap();
        mapping
            .public()
            .ports()
            .any(|port| !seen.insert((t.public, protocol, port)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn conflicts_are_found_exactly_when_a_port_is_wanted_twice(
        wishes in prop::collection::vec((1..60_u16, 0..6_u16, any::<bool>()), 0..8),
    ) {
        let mut inventory = with_attic();
        let attic = inventory.peers[0].id;
        for (n, (first, more, both)) in wishes.into_iter().enumerate() {
            let protocols = if both { Protocols::Both } else { Protocols::Udp };
            let ports = format!("{}-{}", 1000 + first, 1000 + first + more);
            inventory.forwards.push(forward(u128::try_from(n).unwrap(), attic, &ports, protocols, vm(2)));
        }
        let findings = check(&inventory, &Sightings::new());
        prop_assert_eq!(codes(&findings).contains(&"port_taken"), wanted_twice(&inventory));
    }

    #[test]
    fn no_plan_without_errors_forwards_a_protected_port(
        first in 1..60_000_u16, more in 0..5_000_u16, on_endpoint_address in any::<bool>(), sshd in 1..60_000_u16,
    ) {
        let mut inventory = with_attic();
        if on_endpoint_address {
            inventory.peers[0].public_ip = IP;
        }
        let attic = inventory.peers[0].id;
        inventory.forwards.push(forward(1, attic, &format!("{first}-{}", first + more), Protocols::Both, vm(2)));
        let mut seen = machine();
        seen.sshd_ports = vec![sshd];
        let sound = !of_vps(&inventory, seen).iter().any(|finding| finding.severity == Severity::Error);
        let endpoint = inventory.vpses[0].endpoint;
        for t in translations(&inventory, &inventory.vpses[0]) {
            let (protocol, mapping) = t.ports.unwrap();
            let has = |port: u16| mapping.public().contains(wirewarp_model::Port::new(port).unwrap());
            let hit = match protocol {
                Protocol::Tcp => has(sshd) || has(22),
                Protocol::Udp => has(51820),
            };
            prop_assert!(!(sound && t.public == endpoint && hit));
        }
    }
}
