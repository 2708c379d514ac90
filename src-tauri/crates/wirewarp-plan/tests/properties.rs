//! What holds for every inventory.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod support;

use proptest::prelude::*;
use std::{collections::BTreeSet, net::Ipv4Addr};
use support::{HOME_HOST, VPS_HOST, against, applied, first, inventories, machine, second};
use wirewarp_model::{Inventory, PortMapping, Protocol};
use wirewarp_plan::{
    plan::{drift, plan},
    render::desired,
    translation::translations,
};

/// Reads the maps of `rules.nft` back: address, protocol, public port -> target address and port.
fn read_back(rules: &str) -> BTreeSet<(String, Protocol, u16, Ipv4Addr, u16)> {
    let (mut found, mut map) = (BTreeSet::new(), None);
    for line in rules.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("map ip_") {
            map = Some(name.trim_end_matches(" {").to_owned());
        } else if line == "}" && map.is_some() {
            // The elements' end; the map's own end follows and changes nothing.
        } else if line.starts_with("chain") || line.starts_with("set") {
            map = None;
        } else if let (Some(name), Some((ports, target))) =
            (&map, line.trim_end_matches(',').split_once(" : "))
        {
            let Ok(range) = ports.parse::<wirewarp_model::PortRange>() else {
                continue;
            };
            let whole = name.ends_with("_range");
            let protocol = if name.contains("_tcp") {
                Protocol::Tcp
            } else {
                Protocol::Udp
            };
            let address = name
                .split("_tcp")
                .next()
                .unwrap()
                .split("_udp")
                .next()
                .unwrap()
                .replace('_', ".");
            for port in range.ports() {
                let (to, to_port) = match target.split_once(" . ") {
                    Some((to, at)) if !whole => (to, at.parse().unwrap()),
                    _ => (target, port.number()),
                };
                found.insert((
                    address.clone(),
                    protocol,
                    port.number(),
                    to.parse().unwrap(),
                    to_port,
                ));
            }
        }
    }
    found
}

fn wanted(inventory: &Inventory) -> BTreeSet<(String, Protocol, u16, Ipv4Addr, u16)> {
    let all = translations(inventory, &inventory.vpses[0]);
    let each = |(protocol, mapping): (Protocol, PortMapping), address: Ipv4Addr, target: Ipv4Addr| {
        let pairs = mapping.public().ports().zip(mapping.target().ports());
        pairs.map(move |(port, to)| (address.to_string(), protocol, port.number(), target, to.number()))
    };
    all.into_iter()
        .filter_map(|t| Some(each(t.ports?, t.on_host, t.target)))
        .flatten()
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn after_an_apply_there_is_nothing_to_do(inventory in inventories()) {
        for host in [VPS_HOST, HOME_HOST] {
            let done = plan(&inventory, host, against(&machine(), None), vec![]).unwrap();
            let seen = applied(machine(), &done.bundle, done.generation);
            let again = plan(&inventory, host, against(&seen, Some(&done)), vec![]).unwrap();
            prop_assert!(again.is_empty(), "{:?}", again.diffs);
            prop_assert!(again.changes.is_empty() && again.flush.is_empty() && !again.record_stale);
            prop_assert!(!drift(&again.bundle, Some(&done.bundle), &seen).is_drift());
        }
    }

    #[test]
    fn the_rules_read_back_are_the_forwards(inventory in inventories()) {
        let rules = first(&inventory).bundle.files["rules.nft"].text.clone();
        prop_assert_eq!(read_back(&rules), wanted(&inventory));
    }

    #[test]
    fn a_flush_is_exactly_the_difference(before in inventories(), after in inventories()) {
        let flushed: BTreeSet<_> = second(&before, &after).flush.iter().flat_map(|flow| {
            let (protocol, range) = flow.ports.unwrap();
            range.ports().map(|port| (flow.address.to_string(), protocol, port.number())).collect::<Vec<_>>()
        }).collect();
        let (old, new) = (wanted(&before), wanted(&after));
        let changed: BTreeSet<_> =
            old.symmetric_difference(&new).map(|(address, protocol, port, ..)| (address.clone(), *protocol, *port)).collect();
        prop_assert_eq!(flushed, changed);
    }

    #[test]
    fn files_are_made_of_the_part_that_concerns_their_machine(inventory in inventories()) {
        for host in [VPS_HOST, HOME_HOST] {
            let files = |inventory| plan(inventory, host, against(&machine(), None), vec![]).unwrap().bundle;
            let part = desired(&inventory, host).unwrap();
            prop_assert_eq!(files(&part), files(&inventory));
        }
    }

    #[test]
    fn the_same_inventory_gives_the_same_bytes(inventory in inventories()) {
        prop_assert_eq!(first(&inventory).bundle, first(&inventory.clone()).bundle);
    }
}
