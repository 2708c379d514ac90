//! A machine's own traffic through a tunnel: what it cannot take.

use std::net::Ipv4Addr;
use wirewarp_model::{Inventory, Peer, PeerKind, PeerRoute, Vps, net::overlap};

use super::{Finding, Sightings, Subject};
use crate::allocate::{Occupied, networks::host_name};

/// Why a tunnel cannot take what it is to take, as far as the inventory knows: code, message, what to do.
pub type Misroute = (&'static str, String, String);

/// What is wrong with the peers' routes.
pub(super) fn routes(inventory: &Inventory, seen: &Sightings) -> Vec<Finding> {
    let mut findings = vec![];
    for peer in &inventory.peers {
        let misroute = misroute(inventory, peer).or_else(|| at_home(inventory, peer, seen));
        findings.extend(
            misroute.map(|(code, why, hint)| Finding::error(code, Subject::Peer(peer.id), why).hint(hint)),
        );
    }
    findings
}

/// What the inventory alone has against a peer's route.
pub fn misroute(inventory: &Inventory, peer: &Peer) -> Option<Misroute> {
    if peer.route.is_replies() {
        return None;
    }
    if peer.kind == PeerKind::Manual {
        let why = format!(
            "“{}” is a manual peer: its own configuration says what goes through the tunnel",
            peer.name
        );
        let hint = "Make it with --mode full-tunnel for everything, or change AllowedIPs on the device";
        return Some(("manual_peer", why, hint.to_owned()));
    }
    taken(inventory, peer).or_else(|| own_address(inventory, peer))
}

/// Other tunnels of the same machine, of which the earlier has what both want.
fn taken(inventory: &Inventory, peer: &Peer) -> Option<Misroute> {
    let others = inventory
        .peers_on(peer.host?)
        .filter(|other| other.id != peer.id && (other.tunnel_index, other.id) < (peer.tunnel_index, peer.id));
    let vps = |other: &Peer| {
        inventory
            .vps(other.vps)
            .map_or(String::new(), |vps| vps.name.to_string())
    };
    for other in others {
        let what = match (&other.route, &peer.route) {
            (PeerRoute::Everything, PeerRoute::Everything) => "everything".to_owned(),
            (PeerRoute::Destinations(theirs), PeerRoute::Destinations(ours)) => {
                let common = theirs
                    .iter()
                    .find(|one| ours.iter().any(|two| overlap(*one, two)));
                let Some(common) = common else { continue };
                common.to_string()
            }
            _ => continue,
        };
        let why = format!(
            "{what} goes through VPS {} on this machine, by peer {}; {} cannot take it too",
            vps(other),
            other.name,
            peer.name
        );
        let hint = format!(
            "Take it from the other first: wirewarp peer route {} replies",
            other.name
        );
        return Some(("route_taken", why, hint));
    }
    None
}

/// Destinations that are a VPS of this machine, or a tunnel or VM network of anybody.
fn own_address(inventory: &Inventory, peer: &Peer) -> Option<Misroute> {
    let PeerRoute::Destinations(listed) = &peer.route else {
        return None;
    };
    let own = Occupied::of_inventory(inventory);
    let servers: Vec<(Ipv4Addr, &Vps)> = inventory
        .peers_on(peer.host?)
        .filter_map(|peer| inventory.vps(peer.vps))
        .flat_map(|vps| {
            vps.ips
                .iter()
                .map(|ip| ip.address)
                .chain([vps.endpoint])
                .map(move |ip| (ip, vps))
        })
        .collect();
    for destination in listed.iter() {
        if let Some((address, vps)) = servers.iter().find(|(address, _)| destination.contains(address)) {
            let why = format!(
                "{destination} holds {address}, an address of VPS {}, to which the tunnel itself leads",
                vps.name
            );
            return Some((
                "route_to_vps",
                why,
                "List only what lies behind the VPS".to_owned(),
            ));
        }
        if let Some(taken) = own.iter().find(|taken| overlap(taken.network, destination)) {
            let why = format!("{destination} collides with {} ({})", taken.by, taken.network);
            return Some((
                "route_is_ours",
                why,
                "List only networks of the internet".to_owned(),
            ));
        }
    }
    None
}

/// Destinations that the machine has at home.
fn at_home(inventory: &Inventory, peer: &Peer, seen: &Sightings) -> Option<Misroute> {
    let (PeerRoute::Destinations(listed), Some(host)) = (&peer.route, peer.host) else {
        return None;
    };
    let there = Occupied::of_host(inventory, host, seen.get(&host)?, &host_name(inventory, host));
    let of_both = |destination| there.iter().find(|taken| overlap(taken.network, destination));
    let (destination, taken) = listed.iter().find_map(|one| Some((one, of_both(one)?)))?;
    let why = format!(
        "{destination} is at home: it collides with {} ({})",
        taken.by, taken.network
    );
    Some(("route_at_home", why, "List only what is not at home".to_owned()))
}
