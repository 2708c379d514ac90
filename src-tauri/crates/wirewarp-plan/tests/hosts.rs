//! Findings about machines: whether they can take part, and what on them stands in the way.

mod support;

use std::net::Ipv4Addr;
use support::{HOME_HOST, VPS_HOST, full, interface, machine};
use wirewarp_model::{
    InventoryId, Protocol,
    observed::{Firewall, FirewallKind, Init, Listener, Observed, Ours, Pending},
};
use wirewarp_plan::check::{Finding, Severity, Sightings, check, check_host};

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn machines_that_cannot_take_part_are_told_before_anything_is_touched() {
    let told = |change: fn(&mut Observed)| {
        let mut seen = machine();
        change(&mut seen);
        let findings = check_host(&full(), VPS_HOST, &seen);
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| finding.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        told(|seen| seen.os.kernel_name = "FreeBSD".to_owned()),
        ["not_linux"]
    );
    assert_eq!(told(|seen| seen.init = Init::OpenRc), ["no_systemd"]);
    assert_eq!(
        told(|seen| seen.os.kernel = "4.18.0-553.el8".to_owned()),
        ["kernel_too_old"]
    );
    assert_eq!(
        told(|seen| {
            seen.tools
                .insert("nft".to_owned(), "nftables v0.9.3 (Topsy)".to_owned());
        }),
        ["nft_too_old"]
    );
    assert_eq!(
        told(|seen| {
            seen.kernel_wireguard = false;
            seen.tun = false;
            seen.container = Some("lxc".to_owned());
        }),
        ["no_wireguard"]
    );
    assert_eq!(told(|seen| seen.disk_full = true), ["disk_full"]);
    assert_eq!(
        told(|seen| {
            seen.package_manager = None;
            seen.tools.clear();
        }),
        ["no_package_manager"]
    );
    assert!(
        told(|seen| {
            seen.tools
                .insert("nft".to_owned(), "nftables v1.0.6 (Lester Gooch #5)".to_owned());
        })
        .is_empty()
    );
    assert!(
        told(|seen| seen.kernel_wireguard = false).is_empty(),
        "user space will do"
    );
}

#[test]
fn other_firewalls_say_what_they_do_to_this_plan() {
    let mut seen = machine();
    seen.firewalls = [
        FirewallKind::Ufw,
        FirewallKind::Firewalld,
        FirewallKind::Docker,
        FirewallKind::InputDrop,
        FirewallKind::ForwardDrop,
    ]
    .map(|kind| Firewall {
        kind,
        detail: "table ip filter, chain X: policy drop".to_owned(),
    })
    .to_vec();
    let text = |host| {
        let findings = check_host(&full(), host, &seen);
        assert!(
            findings
                .iter()
                .all(|finding| finding.severity == Severity::Warning)
        );
        findings
            .iter()
            .map(|f| format!("{}: {}\n  {}\n", f.code, f.message, f.hints.join("\n  ")))
            .collect::<Vec<_>>()
            .concat()
    };
    insta::assert_snapshot!(format!("VPS\n{}\nHOME\n{}", text(VPS_HOST), text(HOME_HOST)));
}

#[test]
fn somebody_elses_machine_is_not_touched() {
    let mut seen = machine();
    seen.ours = Some(Ours {
        inventory: Some(InventoryId(uuid::Uuid::from_u128(99))),
        pending: Some(Pending {
            operation: "op".to_owned(),
            previous: 3,
        }),
        ..Ours::default()
    });
    let findings = check_host(&full(), VPS_HOST, &seen);
    assert_eq!(codes(&findings), ["other_inventory", "apply_pending"]);
}

#[test]
fn addresses_elsewhere_than_the_inventory_says_are_told() {
    let mut inventory = full();
    inventory.vpses[0].ips[1].on_host = Ipv4Addr::new(10, 1, 0, 5);
    let findings = check_host(&inventory, VPS_HOST, &machine());
    assert_eq!(codes(&findings), ["address_not_there", "mapped_address"]);
    let mut seen = machine();
    seen.interfaces[0].name = interface("ens3");
    assert_eq!(
        codes(&check_host(&full(), VPS_HOST, &seen)),
        ["interface_differs", "interface_differs"]
    );
}

#[test]
fn hostile_text_of_a_host_stays_on_one_line() {
    let mut seen = machine();
    let evil = "nginx\n\u{1b}[31mERROR".to_owned();
    seen.listeners = vec![Listener {
        protocol: Protocol::Tcp,
        address: None,
        port: 25565,
        owner: evil.clone(),
        device: None,
    }];
    seen.firewalls = vec![Firewall {
        kind: FirewallKind::ForwardDrop,
        detail: evil,
    }];
    for finding in check(&full(), &Sightings::from([(VPS_HOST, seen)])) {
        let all = [vec![finding.message], finding.hints].concat().concat();
        assert!(!all.contains(char::is_control), "{all:?}");
    }
}
