//! Flows to forget: exactly those whose way changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};
use wirewarp_model::{
    ForwardTarget, HostId, Inventory, Port, PortMapping, PortRange, Protocol, bundle::FlowFlush,
};

use crate::translation::{each_mapping, merged, target_address, translations};

/// Address as on the interface, protocol -> its port ranges with where each goes.
type Ways = BTreeMap<(Ipv4Addr, Protocol), Vec<(PortMapping, Ipv4Addr)>>;

/// What changes for each address between two states of a machine; none is a machine without anything of ours.
pub(super) fn flush(before: Option<&Inventory>, after: Option<&Inventory>, host: HostId) -> Vec<FlowFlush> {
    let ((old, old_whole), (new, new_whole)) = (ways(before, host), ways(after, host));
    let keys: BTreeSet<_> = old_whole.keys().chain(new_whole.keys()).collect();
    let whole: BTreeSet<Ipv4Addr> = keys
        .into_iter()
        .filter(|at| old_whole.get(at) != new_whole.get(at))
        .copied()
        .collect();
    let everything = |address: &Ipv4Addr| FlowFlush {
        address: *address,
        ports: None,
    };
    let mut flows: Vec<FlowFlush> = whole.iter().map(everything).collect();
    let keys: BTreeSet<_> = old
        .keys()
        .chain(new.keys())
        .filter(|(at, _)| !whole.contains(at))
        .copied()
        .collect();
    for (address, protocol) in keys {
        let nothing = vec![];
        let of = |ways: &Ways| ways.get(&(address, protocol)).unwrap_or(&nothing).clone();
        let ports = changed(&of(&old), &of(&new)).into_iter();
        flows.extend(ports.map(|range| FlowFlush {
            address,
            ports: Some((protocol, range)),
        }));
    }
    flows.sort();
    flows
}

/// Where everything goes on a machine, by ports and as a whole.
fn ways(state: Option<&Inventory>, host: HostId) -> (Ways, BTreeMap<Ipv4Addr, Ipv4Addr>) {
    let (mut ways, mut whole) = (Ways::new(), BTreeMap::new());
    let Some(inventory) = state else {
        return (ways, whole);
    };
    let Some(vps) = inventory.vps_on(host) else {
        return (home_ways(inventory, host), whole);
    };
    for translation in translations(inventory, vps) {
        for address in BTreeSet::from([translation.on_host, translation.public]) {
            match translation.ports {
                None => {
                    whole.insert(address, translation.target);
                }
                Some((protocol, mapping)) => {
                    ways.entry((address, protocol))
                        .or_default()
                        .push((mapping, translation.target));
                }
            }
        }
    }
    (ways, whole)
}

/// At home only machines of the LAN are translated by what is configured.
fn home_ways(inventory: &Inventory, host: HostId) -> Ways {
    let mut ways = Ways::new();
    for peer in inventory.peers_on(host).filter(|peer| peer.is_active()) {
        for forward in inventory.forwards_of(peer.id).filter(|forward| forward.enabled) {
            let ForwardTarget::Lan { address, .. } = forward.target else {
                continue;
            };
            let alias = target_address(peer, &forward.target);
            for (protocol, mapping) in each_mapping(&forward.ports).into_iter().flatten() {
                let inside = PortMapping::new(mapping.target(), mapping.target().first());
                let way = inside.ok().map(|mapping| (mapping, address));
                ways.entry((alias, protocol)).or_default().extend(way);
            }
        }
    }
    ways
}

/// Ports that one side translates differently from the other.
fn changed(old: &[(PortMapping, Ipv4Addr)], new: &[(PortMapping, Ipv4Addr)]) -> Vec<PortRange> {
    let mut cuts: BTreeSet<u32> = BTreeSet::new();
    for (mapping, _) in old.iter().chain(new) {
        cuts.insert(u32::from(mapping.public().first().number()));
        cuts.insert(u32::from(mapping.public().last().number()) + 1);
    }
    let (old, new) = (by_first(old), by_first(new));
    let cuts: Vec<u32> = cuts.into_iter().collect();
    let piece = |pair: &[u32]| {
        let (first, last) = (port(pair[0])?, port(pair[1] - 1)?);
        (way(&old, first) != way(&new, first)).then(|| PortRange::new(first, last))?
    };
    merged(cuts.windows(2).filter_map(piece).collect())
}

type ByFirst = BTreeMap<Port, (PortMapping, Ipv4Addr)>;

fn by_first(ways: &[(PortMapping, Ipv4Addr)]) -> ByFirst {
    ways.iter().map(|way| (way.0.public().first(), *way)).collect()
}

fn port(number: u32) -> Option<Port> {
    Port::new(u16::try_from(number).ok()?)
}

/// Where a port goes: the target and how far its number is shifted.
fn way(ways: &ByFirst, port: Port) -> Option<(Ipv4Addr, i32)> {
    let (_, (mapping, target)) = ways.range(..=port).next_back()?;
    let shift = i32::from(mapping.target().first().number()) - i32::from(mapping.public().first().number());
    mapping.public().contains(port).then_some((*target, shift))
}

/// `25565/tcp on 203.0.113.10, 3 more`.
pub(super) fn in_words(flows: &[FlowFlush]) -> String {
    const MOST: usize = 3;
    let one = |flow: &FlowFlush| match flow.ports {
        Some((protocol, range)) => format!("{range}/{protocol} on {}", flow.address),
        None => format!("everything on {}", flow.address),
    };
    let mut words: Vec<String> = flows.iter().take(MOST).map(one).collect();
    if flows.len() > MOST {
        words.push(format!("{} more", flows.len() - MOST));
    }
    words.join(", ")
}
