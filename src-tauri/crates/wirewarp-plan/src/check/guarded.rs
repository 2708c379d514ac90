//! Ports that are not to be had: those that keep a machine reachable, and those that somebody serves.

use std::{collections::BTreeMap, net::Ipv4Addr};
use wirewarp_model::{
    Inventory, Peer, Port, PortForward, PortForwardPorts, Protocol, Vps,
    inventory::Access,
    observed::{Listener, Observed},
};

use super::{Finding, Sightings, Subject, ports::places};
use crate::translation::each_mapping;

/// Ports that keep a machine and its tunnel reachable, on the addresses that are used for that.
struct Protected {
    /// Addresses as a packet may name them -> what they are used for.
    addresses: Vec<Ipv4Addr>,
    /// Why, protocol and port.
    ports: Vec<(&'static str, Protocol, u16)>,
}

impl Protected {
    fn new(inventory: &Inventory, vps: &Vps, observed: Option<&Observed>) -> Self {
        let both = |address: Ipv4Addr| {
            let pool = vps
                .ips
                .iter()
                .find(|ip| ip.address == address || ip.on_host == address);
            pool.map_or(vec![address], |ip| vec![ip.address, ip.on_host])
        };
        let mut ssh: Vec<u16> = observed.map(|seen| seen.sshd_ports.clone()).unwrap_or_default();
        let local = observed.and_then(|seen| seen.ssh_local);
        ssh.extend(local.map(|(_, port)| port));
        ssh.extend(inventory.host(vps.host).map(|host| match &host.access {
            Access::Ssh(access) => access.port.unwrap_or(22),
            Access::Local => 22,
        }));
        ssh.sort_unstable();
        ssh.dedup();
        let mut ports: Vec<_> = ssh
            .into_iter()
            .map(|port| ("sshd", Protocol::Tcp, port))
            .collect();
        ports.push(("WireGuard itself", Protocol::Udp, vps.listen_port.number()));
        let mut addresses = both(vps.endpoint);
        addresses.extend(local.into_iter().flat_map(|(address, _)| both(address)));
        Self { addresses, ports }
    }
}

/// Forwards that would cut the branch on which we sit.
pub(super) fn protected(inventory: &Inventory, seen: &Sightings) -> Vec<Finding> {
    let mut findings = vec![];
    let places = places(inventory);
    let guards: BTreeMap<_, _> = inventory
        .vpses
        .iter()
        .map(|vps| (vps.id, Protected::new(inventory, vps, seen.get(&vps.host))))
        .collect();
    for forward in &inventory.forwards {
        let Some((peer, address)) = places.get(&forward.peer) else {
            continue;
        };
        let guard = guards
            .get(&peer.vps)
            .filter(|guard| guard.addresses.contains(address));
        findings.extend(
            guard
                .into_iter()
                .flat_map(|guard| guard.refusals(forward, peer, *address)),
        );
    }
    findings
}

/// The same of one forward, as far as it is known without a look at its VPS.
pub(super) fn protected_from(inventory: &Inventory, forward: &PortForward) -> Vec<Finding> {
    let Some(peer) = inventory.peer(forward.peer) else {
        return vec![];
    };
    let Some((vps, ip)) = inventory.assigned_ip(peer) else {
        return vec![];
    };
    let guard = Protected::new(inventory, vps, None);
    if !guard.addresses.contains(&ip.address) {
        return vec![];
    }
    guard.refusals(forward, peer, ip.address)
}

impl Protected {
    fn refusals(&self, forward: &PortForward, peer: &Peer, address: Ipv4Addr) -> Vec<Finding> {
        let subject = Subject::Forward(forward.id);
        let mut findings = vec![];
        for ports in each_mapping(&forward.ports) {
            let Some((protocol, mapping)) = ports else {
                let message = format!(
                    "everything of {address} cannot be forwarded to peer {}: SSH or the tunnel itself come in by it",
                    peer.name
                );
                findings.push(
                    Finding::error("address_protected", subject, message)
                        .hint("Give the peer a public IP of its own, or forward the ports that it needs"),
                );
                continue;
            };
            let hit = |(_, of, port): &&(&str, Protocol, u16)| {
                *of == protocol && Port::new(*port).is_some_and(|port| mapping.public().contains(port))
            };
            for (what, _, port) in self.ports.iter().filter(hit) {
                let message = format!(
                    "{port}/{protocol} on {address} is the port of {what} of the VPS; forwarding it would lock you or your peers out"
                );
                findings.push(Finding::error("port_protected", subject, message).hint(format!(
                    "Choose another public port, e.g. {}->{port}",
                    port.checked_add(2200).unwrap_or(2222)
                )));
            }
        }
        findings
    }
}

/// Ports that a process or container of the VPS serves.
pub(super) fn served(inventory: &Inventory, seen: &Sightings) -> Vec<Finding> {
    let vpses = inventory.vpses.iter();
    let looked = vpses.filter_map(|vps| Some((vps, seen.get(&vps.host)?)));
    looked
        .flat_map(|(vps, observed)| served_on(inventory, vps, observed))
        .collect()
}

/// Forwards of one VPS whose public port a process or container there serves; people who connect do not reach that. The
/// subject of each is its forward.
pub fn served_on(inventory: &Inventory, vps: &Vps, observed: &Observed) -> Vec<Finding> {
    let listeners = Listeners::new(vps, observed);
    if listeners.0.is_empty() {
        return vec![];
    }
    let ips: BTreeMap<_, _> = inventory
        .peers_of(vps.id)
        .filter_map(|peer| Some((peer.id, vps.ip(peer.public_ip)?)))
        .collect();
    let mut findings = vec![];
    for forward in inventory.forwards.iter().filter(|forward| forward.enabled) {
        let Some(ip) = ips.get(&forward.peer) else {
            continue;
        };
        let owned = listeners.owners(&[ip.on_host, ip.address], &forward.ports);
        findings.extend(owned.into_iter().map(|(protocol, port, owner)| {
            let message = format!(
                "{port}/{protocol} on {} is served by {owner} on VPS {}",
                ip.address, vps.name
            );
            Finding::error("port_served", Subject::Forward(forward.id), message)
                .hint(format!("Stop {owner} there, or choose another public port"))
        }));
    }
    findings
}

/// What is served on a VPS, our own WireGuard, sshd (refused on its own account) and loopback left out.
struct Listeners<'a>(BTreeMap<(Protocol, u16), Vec<&'a Listener>>);

impl<'a> Listeners<'a> {
    fn new(vps: &Vps, observed: &'a Observed) -> Self {
        let mut found: BTreeMap<_, Vec<&Listener>> = BTreeMap::new();
        for listener in &observed.listeners {
            let loopback = listener.address.is_some_and(|address| address.is_loopback());
            let own = listener.protocol == Protocol::Udp && listener.port == vps.listen_port.number();
            let sshd = listener.protocol == Protocol::Tcp && observed.sshd_ports.contains(&listener.port);
            if !loopback && !own && !sshd {
                found
                    .entry((listener.protocol, listener.port))
                    .or_default()
                    .push(listener);
            }
        }
        Self(found)
    }

    fn owners(&self, addresses: &[Ipv4Addr], ports: &PortForwardPorts) -> Vec<(Protocol, u16, String)> {
        let mut owners = vec![];
        for ports in each_mapping(ports) {
            let each = match ports {
                Some((protocol, mapping)) => {
                    let public = mapping.public();
                    self.0
                        .range((protocol, public.first().number())..=(protocol, public.last().number()))
                }
                None => self.0.range(..),
            };
            for ((protocol, port), listeners) in each {
                let there = |l: &&&Listener| l.address.is_none_or(|address| addresses.contains(&address));
                owners.extend(listeners.iter().find(there).map(|l| (*protocol, *port, owner(l))));
            }
        }
        owners
    }
}

fn owner(listener: &Listener) -> String {
    match listener.owner.as_str() {
        "" => "a process".to_owned(),
        owner => wirewarp_model::error::excerpt(owner),
    }
}
