//! Flows to forget: exactly those whose way changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};
use wirewarp_model::{
    ForwardTarget, HostId, Inventory, PeerRoute, Port, PortMapping, PortRange, Protocol, bundle::FlowFlush,
};

use crate::translation::{each_mapping, merged, target_address, translations};

/// Address as on the interface, protocol -> its port ranges with where each goes, in order.
type Ways = BTreeMap<(Ipv4Addr, Protocol), Vec<Way>>;
type Way = (PortMapping, Ipv4Addr);

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
        let [old, new] =
            [&old, &new].map(|ways| ways.get(&(address, protocol)).map_or(&[][..], Vec::as_slice));
        let ports = changed(&only(old, new), &only(new, old));
        flows.extend(ports.into_iter().map(|range| FlowFlush {
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
        let mapped = (translation.public != translation.on_host).then_some(translation.public);
        for address in [translation.on_host].into_iter().chain(mapped) {
            match translation.ports {
                None => {
                    whole.insert(address, translation.target);
                }
                Some((protocol, mapping)) => {
                    let ways = ways.entry((address, protocol)).or_default();
                    ways.push((mapping, translation.target));
                }
            }
        }
    }
    (in_order(ways), whole)
}

/// The address from which UDP programs of a machine at home answer, if it is a tunnel's.
fn udp_source(inventory: &Inventory, host: HostId) -> Option<Ipv4Addr> {
    let routed = inventory
        .peers_on(host)
        .filter(|peer| !peer.route_in_force().is_replies());
    let taker = routed.max_by_key(|peer| *peer.route_in_force() == PeerRoute::Everything)?;
    Some(taker.tunnel_ip)
}

fn in_order(mut ways: Ways) -> Ways {
    for ways in ways.values_mut() {
        ways.sort_unstable();
    }
    ways
}

/// At home only machines of the LAN are translated by what is configured, and the machine's own UDP where its own traffic
/// leaves by a tunnel. Several public ports may lead to one.
fn home_ways(inventory: &Inventory, host: HostId) -> Ways {
    let mut open: BTreeMap<(Ipv4Addr, Protocol, Ipv4Addr), Vec<PortRange>> = BTreeMap::new();
    let answers_from = udp_source(inventory, host);
    for peer in inventory.peers_on(host).filter(|peer| peer.is_active()) {
        for forward in inventory.forwards_of(peer.id).filter(|forward| forward.enabled) {
            let inside = target_address(peer, &forward.target);
            for (protocol, mapping) in each_mapping(&forward.ports).flatten() {
                let address = match (forward.target, answers_from) {
                    (ForwardTarget::Lan { address, .. }, _) => address,
                    (ForwardTarget::Peer, Some(source)) if protocol == Protocol::Udp => source,
                    (ForwardTarget::Peer | ForwardTarget::Vm { .. }, _) => continue,
                };
                open.entry((inside, protocol, address))
                    .or_default()
                    .push(mapping.target());
            }
        }
    }
    let mut ways = Ways::new();
    for ((alias, protocol, address), ranges) in open {
        let way = |range: PortRange| Some((PortMapping::new(range, range.first()).ok()?, address));
        let ways = ways.entry((alias, protocol)).or_default();
        ways.extend(merged(ranges).into_iter().filter_map(way));
    }
    in_order(ways)
}

/// What of `ways` is not among `others`: with ten thousand forwards a handful, which is what a change costs.
fn only(ways: &[Way], others: &[Way]) -> Vec<Way> {
    let mut others = others.iter().peekable();
    let is_lonely = |way: &&Way| {
        while others.next_if(|other| *other < *way).is_some() {}
        others.peek() != Some(way)
    };
    ways.iter().filter(is_lonely).copied().collect()
}

/// Ports that one side translates differently from the other.
fn changed(old: &[Way], new: &[Way]) -> Vec<PortRange> {
    let ends = |(mapping, _): &Way| {
        let range = mapping.public();
        [
            u32::from(range.first().number()),
            u32::from(range.last().number()) + 1,
        ]
    };
    let mut cuts: Vec<u32> = old.iter().chain(new).flat_map(ends).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |pair: &[u32]| {
        let (first, last) = (port(pair[0])?, port(pair[1] - 1)?);
        (way(old, first) != way(new, first)).then(|| PortRange::new(first, last))?
    };
    merged(cuts.windows(2).filter_map(piece).collect())
}

fn port(number: u32) -> Option<Port> {
    Port::new(u16::try_from(number).ok()?)
}

/// Where a port goes: the target and how far its number is shifted.
fn way(ways: &[Way], port: Port) -> Option<(Ipv4Addr, i32)> {
    let behind = ways.partition_point(|(mapping, _)| mapping.public().first() <= port);
    let (mapping, target) = ways.get(behind.checked_sub(1)?)?;
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
