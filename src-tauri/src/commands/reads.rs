//! What is in the inventory, and how it stands.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use wirewarp_engine::{DriftReport, Finding};
use wirewarp_model::{
    ForwardId, ForwardTarget, HostId, Inventory, Name, Peer, PeerId, PortForward, PortForwardPorts, Vps,
    VpsId,
};

use crate::{
    Desktop,
    change::{self, name},
    errors::{Answered, user},
    view::{ForwardDraft, ForwardRow, ForwardState, HostLive, PeerRow, Pending, TargetKind, VpsRow},
    words,
};

pub(crate) async fn list_vpses(desktop: &Arc<Desktop>) -> Answered<Vec<VpsRow>> {
    let snapshot = desktop.snapshot().await?;
    Ok(vps_rows(&snapshot.inventory, snapshot.inventory.vpses.iter()))
}

pub(crate) async fn list_peers(desktop: &Arc<Desktop>) -> Answered<Vec<PeerRow>> {
    let snapshot = desktop.snapshot().await?;
    let added = snapshot.added(&desktop.engine).await?;
    Ok(peer_rows(
        &snapshot.inventory,
        snapshot.inventory.peers.iter(),
        added,
    ))
}

pub(crate) async fn list_forwards(desktop: &Arc<Desktop>) -> Answered<Vec<ForwardRow>> {
    let snapshot = desktop.snapshot().await?;
    Ok(forward_rows(
        &snapshot.inventory,
        snapshot.inventory.forwards.iter(),
    ))
}

pub(crate) async fn live(desktop: &Arc<Desktop>) -> Answered<Vec<HostLive>> {
    let snapshot = desktop.snapshot().await?;
    let hosts: HashSet<&Name> = snapshot.inventory.hosts.iter().map(|host| &host.name).collect();
    let there = |live: &HostLive| hosts.contains(&live.name);
    Ok(desktop.lives.all().into_iter().filter(there).collect())
}

pub(crate) async fn status(desktop: &Arc<Desktop>, hosts: Vec<String>) -> Answered<Vec<HostLive>> {
    let names: Vec<Name> = hosts
        .iter()
        .map(|text| name("hosts", text))
        .collect::<Result<_, _>>()?;
    desktop.look_at(&names).await?;
    let all = desktop.lives.all();
    let snapshot = desktop.snapshot().await?;
    let asked: HashSet<&Name> = names
        .iter()
        .filter_map(|name| Some(&snapshot.inventory.host_named(name)?.name))
        .collect();
    let is_asked = |live: &HostLive| names.is_empty() || asked.contains(&live.name);
    Ok(all.into_iter().filter(is_asked).collect())
}

pub(crate) async fn drift(desktop: &Arc<Desktop>, host: String) -> Answered<DriftReport> {
    desktop.engine.drift(&name("host", &host)?).await.map_err(user)
}

pub(crate) async fn pending(desktop: &Arc<Desktop>) -> Answered<Pending> {
    desktop.snapshot().await?.pending(&desktop.engine).await
}

pub(crate) async fn conflicts(
    desktop: &Arc<Desktop>,
    draft: ForwardDraft,
    own: Option<ForwardId>,
) -> Answered<Vec<Finding>> {
    let (peer, entries) = change::entries(desktop, &draft, true).await?;
    let snapshot = desktop.snapshot().await?;
    let findings = snapshot.drafting().await.against(&peer, entries, own);
    Ok(words::findings(findings.map_err(user)?))
}

/// Rows of VPSes.
pub(crate) fn vps_rows<'a>(inventory: &Inventory, vpses: impl Iterator<Item = &'a Vps>) -> Vec<VpsRow> {
    let (mut peers, mut forwards) = (HashMap::<VpsId, usize>::new(), HashMap::<VpsId, usize>::new());
    let of_peer: HashMap<PeerId, VpsId> = inventory.peers.iter().map(|peer| (peer.id, peer.vps)).collect();
    for peer in &inventory.peers {
        *peers.entry(peer.vps).or_default() += 1;
    }
    for vps in inventory
        .forwards
        .iter()
        .filter_map(|forward| of_peer.get(&forward.peer))
    {
        *forwards.entry(*vps).or_default() += 1;
    }
    let hosts: HashMap<HostId, &wirewarp_model::Host> =
        inventory.hosts.iter().map(|host| (host.id, host)).collect();
    let row = |vps: &Vps| VpsRow {
        id: vps.id,
        name: vps.name.clone(),
        host: vps.host,
        addresses: vps.ips.iter().map(|ip| ip.address).collect(),
        endpoint: vps.endpoint,
        listen_port: vps.listen_port.number(),
        tunnel_network: vps.tunnel_network.to_string(),
        reached_at: hosts
            .get(&vps.host)
            .map(|host| host.access.to_string())
            .unwrap_or_default(),
        peers: peers.get(&vps.id).copied().unwrap_or(0),
        forwards: forwards.get(&vps.id).copied().unwrap_or(0),
        set_up: vps.public_key.is_some(),
    };
    vpses.map(row).collect()
}

/// Rows of peers.
pub(crate) fn peer_rows<'a>(
    inventory: &Inventory,
    peers: impl Iterator<Item = &'a Peer>,
    added: &HashMap<PeerId, i64>,
) -> Vec<PeerRow> {
    let mut forwards = HashMap::<PeerId, usize>::new();
    for forward in &inventory.forwards {
        *forwards.entry(forward.peer).or_default() += 1;
    }
    let vpses: HashMap<VpsId, &Vps> = inventory.vpses.iter().map(|vps| (vps.id, vps)).collect();
    let hosts: HashMap<HostId, &Name> = inventory.hosts.iter().map(|host| (host.id, &host.name)).collect();
    let row = |peer: &Peer| {
        let vps = vpses.get(&peer.vps)?;
        Some(PeerRow {
            id: peer.id,
            name: peer.name.clone(),
            vps: peer.vps,
            vps_name: vps.name.clone(),
            kind: peer.kind,
            host: peer
                .host
                .and_then(|host| hosts.get(&host).map(|name| (*name).clone())),
            public_ip: vps.ip(peer.public_ip)?.address,
            tunnel_ip: peer.tunnel_ip,
            vm_network: peer.vm_network.to_string(),
            gateway: peer.gateway(),
            first_vm: peer.first_vm(),
            gateway_interface: peer.gateway_interface().to_string(),
            state: peer.state,
            forwards: forwards.get(&peer.id).copied().unwrap_or(0),
            set_up: peer.public_key.is_some(),
            added_at: added.get(&peer.id).copied(),
        })
    };
    peers.filter_map(row).collect()
}

/// Rows of forwards.
pub(crate) fn forward_rows<'a>(
    inventory: &Inventory,
    forwards: impl Iterator<Item = &'a PortForward>,
) -> Vec<ForwardRow> {
    let vpses: HashMap<VpsId, &Vps> = inventory.vpses.iter().map(|vps| (vps.id, vps)).collect();
    let place = |peer: &'_ Peer| {
        let vps = vpses.get(&peer.vps)?;
        Some((vps.name.clone(), vps.ip(peer.public_ip)?.address))
    };
    let peers: HashMap<PeerId, (&Peer, _)> = inventory
        .peers
        .iter()
        .filter_map(|peer| Some((peer.id, (peer, place(peer)?))))
        .collect();
    let row = |forward: &PortForward| {
        let (peer, (vps_name, public_ip)) = peers.get(&forward.peer)?;
        let (protocols, ports) = match &forward.ports {
            PortForwardPorts::All => ("all", String::new()),
            PortForwardPorts::Ports { protocols, mappings } => (protocols.as_str(), mappings.to_string()),
        };
        let (target_kind, target) = match forward.target {
            ForwardTarget::Vm { address } => (TargetKind::Vm, address),
            ForwardTarget::Peer => (TargetKind::Peer, peer.tunnel_ip),
            ForwardTarget::Lan { address, .. } => (TargetKind::Lan, address),
        };
        Some(ForwardRow {
            id: forward.id,
            peer: peer.id,
            peer_name: peer.name.clone(),
            vps_name: vps_name.clone(),
            public_ip: *public_ip,
            protocols,
            ports,
            target_kind,
            target,
            label: forward.label.to_string(),
            template: forward.template.clone(),
            state: match (forward.enabled, peer.is_active()) {
                (false, _) => ForwardState::Off,
                (true, false) => ForwardState::Suspended,
                (true, true) => ForwardState::On,
            },
        })
    };
    forwards.filter_map(row).collect()
}
