//! Fixed addresses of VMs: what a machine at home does for them, and what is said against them.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod support;

use proptest::prelude::*;
use std::net::Ipv4Addr;
use support::{HOME_HOST, VPS_HOST, against, applied, full, machine, manual, peer, with_attic};
use wirewarp_model::{
    Inventory, Lease, ManualMode, PeerState, Protocol,
    observed::{Firewall, FirewallKind, Listener, Observed, PackageManager},
};
use wirewarp_plan::{
    allocate::vm_address,
    check::{Finding, Severity, Sightings, check, check_host},
    plan::{HostPlan, plan},
    render::{Context, bundle, read_manifest},
};

fn lease(card: u8, address: &str, name: &str) -> Lease {
    Lease {
        mac: format!("BC:24:11:00:00:{card:02X}").parse().unwrap(),
        address: address.parse().unwrap(),
        name: name.parse().unwrap(),
    }
}

/// Two VMs of attic have fixed addresses.
fn with_leases() -> Inventory {
    let mut inventory = with_attic();
    inventory.peers[0].leases = vec![lease(0x64, "10.99.2.2", "web"), lease(0x6e, "10.99.2.3", "")];
    inventory
}

fn planned(inventory: &Inventory, seen: &Observed, last: Option<&HostPlan>) -> HostPlan {
    plan(inventory, HOME_HOST, against(seen, last), vec![]).unwrap()
}

fn configuration(inventory: &Inventory) -> Option<String> {
    let context = Context {
        inventory,
        host: HOME_HOST,
        generation: 1,
        program: "0.1.0",
        sshd_ports: &[22],
    };
    let files = bundle(&context).unwrap().files;
    files.get("ww0.dhcp").map(|file| file.text.clone())
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_server_for_the_vm_network_alone() {
    let inventory = with_leases();
    insta::assert_snapshot!(configuration(&inventory).unwrap());
    let load = &planned(&inventory, &machine(), None).bundle.files["load"].text;
    assert!(load.contains("\ndhcp ww0 wwbr0\n"));
}

#[test]
fn dnsmasq_takes_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ww0.dhcp");
    std::fs::write(&file, configuration(&with_leases()).unwrap()).unwrap();
    let named = format!("--conf-file={}", file.display());
    let mut program = std::process::Command::new("dnsmasq");
    let Ok(out) = program.arg("--test").arg(named).output() else {
        eprintln!("SKIPPED: dnsmasq is not installed");
        return;
    };
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn it_goes_on_while_the_peer_is_suspended() {
    let (up, mut down) = (with_leases(), with_leases());
    down.peers[0].state = PeerState::Suspended;
    assert_eq!(configuration(&up), configuration(&down));
}

#[test]
fn where_nothing_is_fixed_nothing_serves_and_nothing_is_installed() {
    assert_eq!(configuration(&with_attic()), None);
    let mut bare = machine();
    bare.tools.clear();
    for (manager, package) in [
        (PackageManager::Apt, "dnsmasq-base"),
        (PackageManager::Dnf, "dnsmasq"),
        (PackageManager::Zypper, "dnsmasq"),
    ] {
        bare.package_manager = Some(manager);
        let without = planned(&with_attic(), &bare, None).packages;
        assert!(
            !without.iter().any(|name| name.starts_with("dnsmasq")),
            "{without:?}"
        );
        let with = planned(&with_leases(), &bare, None).packages;
        assert!(with.contains(&package.to_owned()), "{with:?}");
        let vps = plan(&with_leases(), VPS_HOST, against(&bare, None), vec![]).unwrap();
        assert_eq!(vps.packages, without, "only where the VMs are");
    }
    let mut has_it = machine();
    has_it.tools.insert("dnsmasq".to_owned(), String::new());
    assert!(planned(&with_leases(), &has_it, None).packages.is_empty());
}

#[test]
fn what_changes_is_said_in_words_and_recovered_from_the_machine() {
    let before = planned(&with_attic(), &machine(), None);
    let seen = applied(machine(), &before.bundle, before.generation);
    let after = planned(&with_leases(), &seen, Some(&before));
    assert_eq!(
        after.changes,
        [
            "give 10.99.2.2 to “web” (BC:24:11:00:00:64) by DHCP on wwbr0",
            "give 10.99.2.3 to BC:24:11:00:00:6E by DHCP on wwbr0"
        ]
    );
    let manifest = read_manifest(&after.bundle.files["manifest.json"].text).unwrap();
    assert_eq!(manifest.desired.peers[0].leases, with_leases().peers[0].leases);

    let seen = applied(machine(), &after.bundle, after.generation);
    assert!(planned(&with_leases(), &seen, Some(&after)).is_empty());
    let back = planned(&with_attic(), &seen, Some(&after));
    assert_eq!(
        back.changes,
        [
            "no longer give 10.99.2.2 to “web” (BC:24:11:00:00:64) by DHCP on wwbr0",
            "no longer give 10.99.2.3 to BC:24:11:00:00:6E by DHCP on wwbr0"
        ]
    );
}

/// On the VPS nothing that is in force knows of it.
#[test]
fn a_vps_is_not_changed_by_it() {
    let first = plan(&with_attic(), VPS_HOST, against(&machine(), None), vec![]).unwrap();
    let seen = applied(machine(), &first.bundle, first.generation);
    let second = plan(&with_leases(), VPS_HOST, against(&seen, Some(&first)), vec![]).unwrap();
    assert!(second.is_empty() && second.record_stale);
}

#[test]
fn a_server_that_is_there_already_is_named() {
    let seen = |owner: &str, device: Option<&str>, address: Option<Ipv4Addr>| {
        let mut seen = machine();
        seen.listeners = vec![Listener {
            protocol: Protocol::Udp,
            address,
            port: 67,
            owner: owner.to_owned(),
            device: device.map(|name| name.parse().unwrap()),
        }];
        seen
    };
    let served = |inventory: &Inventory, seen: &Observed| {
        let mut found = check_host(inventory, HOME_HOST, seen);
        found.retain(|finding| finding.code == "dhcp_served");
        found
    };
    for (owner, device) in [("dhcpd", None), ("dnsmasq", None), ("dnsmasq", Some("wwbr0"))] {
        let found = served(&with_leases(), &seen(owner, device, None));
        let [finding] = found.as_slice() else {
            panic!("{owner} {device:?}: {found:?}")
        };
        assert_eq!(finding.severity, Severity::Error);
        assert!(finding.message.starts_with(owner), "{finding:?}");
        assert!(served(&with_attic(), &seen(owner, device, None)).is_empty());
    }
    let elsewhere = seen("dnsmasq", Some("virbr0"), None);
    assert!(served(&with_leases(), &elsewhere).is_empty());
    let within = seen("dhcpd", None, Some(Ipv4Addr::LOCALHOST));
    assert!(served(&with_leases(), &within).is_empty());

    // Ours, as the files in force there say; a program of another name on our bridge is none of ours.
    let done = planned(&with_leases(), &machine(), None);
    let ours = |owner| applied(seen(owner, Some("wwbr0"), None), &done.bundle, done.generation);
    assert!(served(&with_leases(), &ours("dnsmasq")).is_empty());
    assert_eq!(served(&with_leases(), &ours("udhcpd")).len(), 1);
}

#[test]
fn other_firewalls_are_told_to_let_vms_ask() {
    let hints = |inventory: &Inventory, kind| {
        let mut seen = machine();
        let detail = "chain INPUT: policy drop".to_owned();
        seen.firewalls = vec![Firewall { kind, detail }];
        let found = check_host(inventory, HOME_HOST, &seen);
        found
            .into_iter()
            .flat_map(|finding| finding.hints)
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (kind, says) in [
        (
            FirewallKind::Ufw,
            "ufw allow in on wwbr0 to any port 67 proto udp",
        ),
        (FirewallKind::Firewalld, "--add-service=dhcp"),
        (FirewallKind::InputDrop, ", and UDP port 67 on wwbr0 before"),
    ] {
        let with = hints(&with_leases(), kind);
        assert!(with.contains(says), "{with}");
        assert!(!hints(&with_attic(), kind).contains(says));
    }
}

#[test]
fn what_cannot_be_is_an_error() {
    let mut inventory = with_leases();
    inventory.peers[0].leases.extend([
        lease(1, "10.99.3.2", "elsewhere"),
        lease(2, "10.99.2.3", "taken"),
        lease(0x64, "10.99.2.9", "twice"),
    ]);
    let found = check(&inventory, &Sightings::new());
    let mut found = codes(&found);
    found.sort_unstable();
    // Both of two that want the same.
    let twice = ["lease_taken", "lease_taken", "lease_twice", "lease_twice"];
    assert_eq!(found, [&["lease_misfit"][..], &twice].concat());

    let mut inventory = with_attic();
    inventory.peers.push(manual(3, "phone", ManualMode::FullTunnel));
    inventory.peers[1].leases = vec![lease(1, "10.99.3.2", "")];
    assert_eq!(codes(&check(&inventory, &Sightings::new())), ["manual_peer"]);
}

proptest! {
    /// What is free can be fixed, until nothing is free.
    #[test]
    fn the_next_free_address_is_never_refused(number in 10..200_u8, prefix in 24..=29_u8, wanted in 1..8_u8) {
        let mut inventory = full();
        let mut attic = peer(number, "cellar");
        attic.vm_network = format!("10.99.{number}.0/{prefix}").parse().unwrap();
        attic.tunnel_index = 1;
        inventory.peers.push(attic);
        let at = inventory.peers.len() - 1;
        let fits = (1_u32 << (31 - prefix)) - 2;
        for card in 1..=wanted {
            let Ok(address) = vm_address(&inventory, &inventory.peers[at]) else {
                prop_assert!(u32::from(card) > fits, "{} of {}", card, fits);
                return Ok(());
            };
            inventory.peers[at].leases.push(lease(card, &address.to_string(), ""));
        }
        let findings = check(&inventory, &Sightings::new());
        prop_assert!(!codes(&findings).iter().any(|code| code.starts_with("lease")), "{:?}", findings);
    }
}
