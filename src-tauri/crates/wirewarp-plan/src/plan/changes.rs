//! What changes, in words.

use std::collections::{BTreeMap, BTreeSet};
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, Inventory, ManualMode, Peer, PeerId, PortForward, PortForwardPorts,
};

use crate::translation::target_address;

/// Sentences that say what a machine gets or loses; none is a machine without anything of ours.
pub(super) fn changes(before: Option<&Inventory>, after: Option<&Inventory>, host: HostId) -> Vec<String> {
    let kept = kept(before, after);
    let (old, new) = (lines(before, host, &kept), lines(after, host, &kept));
    let gone = old.difference(&new).map(|line| line.gone.clone());
    let come = new.difference(&old).map(|line| line.come.clone());
    gone.chain(come).chain(other_mtus(before, after)).collect()
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

/// Something in force, and how its coming and going is told.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    rank: u8,
    come: String,
    gone: String,
}

fn line(rank: u8, come: String, gone: String) -> Line {
    Line { rank, come, gone }
}

fn lines(state: Option<&Inventory>, host: HostId, kept: &BTreeSet<ForwardId>) -> BTreeSet<Line> {
    let Some(inventory) = state else {
        return BTreeSet::new();
    };
    let mut lines = match inventory.vps_on(host) {
        Some(vps) => BTreeSet::from([line(
            0,
            format!(
                "open UDP {} for WireGuard, tunnel network {}",
                vps.listen_port, vps.tunnel_network
            ),
            format!(
                "close UDP {}, tunnel network {}",
                vps.listen_port, vps.tunnel_network
            ),
        )]),
        None => BTreeSet::new(),
    };
    let on_vps = inventory.vps_on(host).is_some();
    let peers: BTreeMap<PeerId, &Peer> = inventory
        .peers
        .iter()
        .filter(|peer| peer.is_active())
        .map(|peer| (peer.id, peer))
        .collect();
    for peer in peers.values() {
        lines.extend(peer_line(inventory, peer, on_vps));
    }
    if !on_vps {
        lines.extend(inventory.peers.iter().flat_map(vm_lines));
    }
    for forward in inventory
        .forwards
        .iter()
        .filter(|forward| forward.enabled && !kept.contains(&forward.id))
    {
        let peer = peers.get(&forward.peer);
        lines.extend(peer.and_then(|peer| forward_line(inventory, peer, forward, on_vps)));
    }
    lines
}

fn peer_line(inventory: &Inventory, peer: &Peer, on_vps: bool) -> Option<Line> {
    let (vps, ip) = inventory.assigned_ip(peer)?;
    Some(if on_vps {
        let hidden = match peer.manual_mode {
            Some(ManualMode::Masquerade) => ", and sees the VPS's tunnel address instead of the clients'",
            Some(ManualMode::FullTunnel) | None => "",
        };
        line(
            1,
            format!(
                "let peer {} in with {} and {}; it leaves as {}{hidden}",
                peer.name, peer.tunnel_ip, peer.vm_network, ip.address
            ),
            format!(
                "shut peer {} out with {} and {}",
                peer.name, peer.tunnel_ip, peer.vm_network
            ),
        )
    } else {
        let tunnel = peer.tunnel_interface();
        line(
            1,
            format!(
                "connect {tunnel} to VPS {} at {}:{}",
                vps.name, vps.endpoint, vps.listen_port
            ),
            format!("disconnect {tunnel} from VPS {}", vps.name),
        )
    })
}

/// What VMs hang on, which stays while their peer is suspended.
fn vm_lines(peer: &Peer) -> impl Iterator<Item = Line> {
    let (network, gateway) = (peer.vm_network, peer.gateway_interface());
    let there = line(
        1,
        format!("give VMs {network} on {gateway}"),
        format!("VMs lose {network}"),
    );
    let shut = line(
        1,
        format!("shut VMs of {network} in while peer {} is suspended", peer.name),
        format!("no longer shut VMs of {network} in"),
    );
    std::iter::once(there).chain((!peer.is_active()).then_some(shut))
}

fn forward_line(inventory: &Inventory, peer: &Peer, forward: &PortForward, on_vps: bool) -> Option<Line> {
    let (_, ip) = inventory.assigned_ip(peer)?;
    let to = match forward.target {
        ForwardTarget::Vm { address } => address.to_string(),
        ForwardTarget::Peer => "the peer itself".to_owned(),
        ForwardTarget::Lan { address, .. } => format!("{address} of the LAN"),
    };
    let (what, name) = (&forward.ports, calling(forward));
    Some(if on_vps {
        let inside = match forward.target {
            ForwardTarget::Vm { .. } => String::new(),
            ForwardTarget::Peer | ForwardTarget::Lan { .. } => {
                format!(" ({})", target_address(peer, &forward.target))
            }
        };
        line(
            2,
            format!(
                "forward {what} on {} to {name}{to}{inside} behind {}",
                ip.address, peer.name
            ),
            format!(
                "no longer forward {what} on {} to {name}{to}{inside} behind {}",
                ip.address, peer.name
            ),
        )
    } else {
        let ports = target_ports(&forward.ports);
        let hidden = match forward.target {
            ForwardTarget::Lan { .. } => {
                format!(
                    ", which sees the address of {} instead of the clients'",
                    peer.name
                )
            }
            ForwardTarget::Vm { .. } | ForwardTarget::Peer => String::new(),
        };
        line(
            2,
            format!(
                "let {ports} in from {} to {name}{to}{hidden}",
                peer.tunnel_interface()
            ),
            format!(
                "no longer let {ports} in from {} to {name}{to}",
                peer.tunnel_interface()
            ),
        )
    })
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
