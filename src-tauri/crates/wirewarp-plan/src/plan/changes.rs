//! What changes, in words.

use std::collections::{BTreeMap, BTreeSet};
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, Inventory, Lease, ManualMode, Peer, PeerId, PeerRoute, PortForward,
    PortForwardPorts, PublicIp, Vps,
};

use crate::translation::target_address;

/// Sentences that say what a machine gets or loses; none is a machine without anything of ours.
pub(super) fn changes(before: Option<&Inventory>, after: Option<&Inventory>, host: HostId) -> Vec<String> {
    let kept = kept(before, after);
    let (old, new) = (things(before, host, &kept), things(after, host, &kept));
    let gone = old.iter().filter(|(line, _)| !new.contains_key(line));
    let mut changes: Vec<String> = gone.map(|(_, thing)| thing.gone()).collect();
    let come = new.into_keys().filter(|line| !old.contains_key(line));
    changes.extend(come.map(|(_, come)| come));
    changes.extend(other_mtus(before, after));
    changes
}

/// Tunnels that are there before and after, with another MTU. That of a new one is not worth a line.
fn other_mtus(before: Option<&Inventory>, after: Option<&Inventory>) -> Vec<String> {
    let peers = after
        .iter()
        .flat_map(|after| &after.peers)
        .filter(|peer| peer.is_active());
    let other = |peer: &Peer| {
        let was = before?
            .peer(peer.id)
            .filter(|was| was.is_active() && was.mtu != peer.mtu)?;
        Some(format!(
            "packets of up to {} bytes through the tunnel of {}, not {}; connections go on",
            peer.mtu, peer.name, was.mtu
        ))
    };
    peers.filter_map(other).collect()
}

/// Forwards that are the same on both sides, with their peers: of ten thousand nearly all, hence they are left out
/// before sentences are made of them.
fn kept(before: Option<&Inventory>, after: Option<&Inventory>) -> BTreeSet<ForwardId> {
    let (Some(before), Some(after)) = (before, after) else {
        return BTreeSet::new();
    };
    let same_ip = |peer: &Peer| before.assigned_ip(peer) == after.assigned_ip(peer);
    let peers: BTreeSet<PeerId> = after
        .peers
        .iter()
        .filter(|peer| before.peer(peer.id) == Some(peer) && same_ip(peer))
        .map(|peer| peer.id)
        .collect();
    let old: BTreeMap<ForwardId, &PortForward> = before.forwards.iter().map(|f| (f.id, f)).collect();
    let same = |f: &&PortForward| peers.contains(&f.peer) && old.get(&f.id) == Some(f);
    after
        .forwards
        .iter()
        .filter(same)
        .map(|forward| forward.id)
        .collect()
}

/// By rank and by what is said when they come, which tells two of them apart.
type Things<'a> = BTreeMap<(u8, String), Thing<'a>>;

/// What is in force on a machine, without the forwards that are kept.
fn things<'a>(state: Option<&'a Inventory>, host: HostId, kept: &BTreeSet<ForwardId>) -> Things<'a> {
    let Some(inventory) = state else {
        return Things::new();
    };
    let vps = inventory.vps_on(host);
    let place = if vps.is_some() { Place::Vps } else { Place::Home };
    let tunnel = |peer| {
        let (vps, ip) = inventory.assigned_ip(peer)?;
        Some((peer.id, Tunnel { place, peer, vps, ip }))
    };
    let active = inventory.peers.iter().filter(|peer| peer.is_active());
    let tunnels: BTreeMap<PeerId, Tunnel> = active.filter_map(tunnel).collect();
    let forwards = inventory
        .forwards
        .iter()
        .filter(|forward| forward.enabled && !kept.contains(&forward.id))
        .filter_map(|forward| Some(Thing::Forward(*tunnels.get(&forward.peer)?, forward)));
    let at_home = inventory.peers.iter().filter(|_| vps.is_none());
    let takes_more = |tunnel: &&Tunnel| vps.is_none() && !tunnel.peer.route.is_replies();
    let own_traffic = tunnels
        .values()
        .filter(takes_more)
        .copied()
        .map(Thing::OwnTraffic);
    vps.map(Thing::Vps)
        .into_iter()
        .chain(at_home.flat_map(vms))
        .chain(tunnels.values().copied().map(Thing::Tunnel))
        .chain(own_traffic)
        .chain(forwards)
        .map(|thing| ((thing.rank(), thing.come()), thing))
        .collect()
}

/// What VMs hang on, which stays while their peer is suspended.
fn vms(peer: &Peer) -> impl Iterator<Item = Thing<'_>> {
    let shut_in = (!peer.is_active()).then_some(Thing::ShutIn(peer));
    let leases = peer.leases.iter().map(move |lease| Thing::Lease(peer, lease));
    [Thing::Vms(peer)].into_iter().chain(shut_in).chain(leases)
}

/// Where a tunnel is looked at from.
#[derive(Clone, Copy)]
enum Place {
    Vps,
    Home,
}

/// An active peer with its VPS and its public IP.
#[derive(Clone, Copy)]
struct Tunnel<'a> {
    place: Place,
    peer: &'a Peer,
    vps: &'a Vps,
    ip: &'a PublicIp,
}

/// Something in force.
enum Thing<'a> {
    Vps(&'a Vps),
    Tunnel(Tunnel<'a>),
    /// What of the machine's own goes through a tunnel.
    OwnTraffic(Tunnel<'a>),
    /// What the VMs of a peer hang on.
    Vms(&'a Peer),
    /// The VMs of a suspended peer.
    ShutIn(&'a Peer),
    /// A VM whose address is fixed.
    Lease(&'a Peer, &'a Lease),
    Forward(Tunnel<'a>, &'a PortForward),
}

impl Thing<'_> {
    fn rank(&self) -> u8 {
        match self {
            Self::Vps(_) => 0,
            Self::Tunnel(_) | Self::Vms(_) | Self::ShutIn(_) => 1,
            Self::OwnTraffic(_) | Self::Lease(..) => 2,
            Self::Forward(..) => 3,
        }
    }

    fn come(&self) -> String {
        match self {
            Self::Vps(vps) => format!(
                "open UDP {} for WireGuard, tunnel network {}",
                vps.listen_port, vps.tunnel_network
            ),
            Self::Tunnel(tunnel) => tunnel.come(),
            Self::OwnTraffic(tunnel) => tunnel.take(),
            Self::Vms(peer) => format!("give VMs {} on {}", peer.vm_network, peer.gateway_interface()),
            Self::ShutIn(peer) => format!(
                "shut VMs of {} in while peer {} is suspended",
                peer.vm_network, peer.name
            ),
            Self::Lease(peer, lease) => give(peer, lease),
            Self::Forward(tunnel, forward) => {
                let sentence = tunnel.carry(forward);
                match (tunnel.place, forward.target) {
                    (Place::Home, ForwardTarget::Lan { .. }) => {
                        let name = &tunnel.peer.name;
                        format!("{sentence}, which sees the address of {name} instead of the clients'")
                    }
                    _ => sentence,
                }
            }
        }
    }

    fn gone(&self) -> String {
        match self {
            Self::Vps(vps) => format!(
                "close UDP {}, tunnel network {}",
                vps.listen_port, vps.tunnel_network
            ),
            Self::Tunnel(tunnel) => tunnel.gone(),
            Self::OwnTraffic(tunnel) => tunnel.give_back(),
            Self::Vms(peer) => format!("VMs lose {}", peer.vm_network),
            Self::ShutIn(peer) => format!("no longer shut VMs of {} in", peer.vm_network),
            Self::Lease(peer, lease) => format!("no longer {}", give(peer, lease)),
            Self::Forward(tunnel, forward) => format!("no longer {}", tunnel.carry(forward)),
        }
    }
}

impl Tunnel<'_> {
    fn come(&self) -> String {
        let (peer, vps) = (self.peer, self.vps);
        match self.place {
            Place::Vps => {
                let hidden = match peer.manual_mode {
                    Some(ManualMode::Masquerade) => {
                        ", and sees the VPS's tunnel address instead of the clients'"
                    }
                    Some(ManualMode::FullTunnel) | None => "",
                };
                format!(
                    "let peer {} in with {} and {}; it leaves as {}{hidden}",
                    peer.name, peer.tunnel_ip, peer.vm_network, self.ip.address
                )
            }
            Place::Home => format!(
                "connect {} to VPS {} at {}:{}",
                peer.tunnel_interface(),
                vps.name,
                vps.endpoint,
                vps.listen_port
            ),
        }
    }

    fn gone(&self) -> String {
        let peer = self.peer;
        match self.place {
            Place::Vps => format!(
                "shut peer {} out with {} and {}",
                peer.name, peer.tunnel_ip, peer.vm_network
            ),
            Place::Home => format!(
                "disconnect {} from VPS {}",
                peer.tunnel_interface(),
                self.vps.name
            ),
        }
    }

    /// What it takes of its machine's own traffic.
    fn take(&self) -> String {
        let (what, tunnel, ip) = (
            own_traffic(&self.peer.route),
            self.peer.tunnel_interface(),
            self.ip.address,
        );
        let more = match self.peer.route {
            PeerRoute::Everything => {
                "; the home and the VPS itself stay reachable directly; while the tunnel is down nothing else goes out, IPv6 never; connections of this machine to the internet begin anew"
            }
            PeerRoute::Replies | PeerRoute::Destinations(_) => ", or not at all",
        };
        format!("send {what} through {tunnel}, to leave as {ip}{more}")
    }

    fn give_back(&self) -> String {
        let what = own_traffic(&self.peer.route);
        format!(
            "no longer send {what} through {}, but by the home line; its connections begin anew",
            self.peer.tunnel_interface()
        )
    }

    /// What is done with a forward.
    fn carry(&self, forward: &PortForward) -> String {
        let (peer, name) = (self.peer, calling(forward));
        let to = match forward.target {
            ForwardTarget::Vm { address } => address.to_string(),
            ForwardTarget::Peer => "the peer itself".to_owned(),
            ForwardTarget::Lan { address, .. } => format!("{address} of the LAN"),
        };
        match self.place {
            Place::Vps => {
                let inside = match forward.target {
                    ForwardTarget::Vm { .. } => String::new(),
                    ForwardTarget::Peer | ForwardTarget::Lan { .. } => {
                        format!(" ({})", target_address(peer, &forward.target))
                    }
                };
                let (what, ip) = (&forward.ports, self.ip.address);
                format!(
                    "forward {what} on {ip} to {name}{to}{inside} behind {}",
                    peer.name
                )
            }
            Place::Home => {
                let (ports, tunnel) = (target_ports(&forward.ports), peer.tunnel_interface());
                format!("let {ports} in from {tunnel} to {name}{to}")
            }
        }
    }
}

fn own_traffic(route: &PeerRoute) -> String {
    match route {
        PeerRoute::Replies => "nothing of this machine but replies".to_owned(),
        PeerRoute::Everything => "everything of this machine".to_owned(),
        PeerRoute::Destinations(_) => format!("what is for {route} of this machine"),
    }
}

/// What is done for a VM whose address is fixed.
fn give(peer: &Peer, lease: &Lease) -> String {
    let (name, interface) = (lease.name.as_str(), peer.gateway_interface());
    let who = if name.is_empty() {
        lease.mac.to_string()
    } else {
        format!("“{name}” ({})", lease.mac)
    };
    format!("give {} to {who} by DHCP on {interface}", lease.address)
}

/// `“survival” at `, or nothing.
fn calling(forward: &PortForward) -> String {
    let label = forward.label.as_str();
    if label.is_empty() {
        String::new()
    } else {
        format!("“{label}” at ")
    }
}

fn target_ports(ports: &PortForwardPorts) -> String {
    match ports {
        PortForwardPorts::All => "everything".to_owned(),
        PortForwardPorts::Ports { protocols, mappings } => {
            let ranges: Vec<String> = mappings
                .iter()
                .map(|mapping| mapping.target().to_string())
                .collect();
            format!("{} {protocols}", ranges.join(","))
        }
    }
}
