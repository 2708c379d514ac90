//! What is there now: hosts, tunnels, pools.

use serde::Serialize;
use std::{collections::BTreeSet, net::Ipv4Addr};
use wirewarp_model::{
    Access, HostId, IfName, Inventory, Name, Peer, PublicIpState, Vps,
    observed::{Observed, TunnelPeer},
};
use wirewarp_plan::allocate::utilisation;

use wirewarp_watch::SILENCE;

use crate::{Engine, edit, error::EngineError};

/// Everything at a glance.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// Each machine.
    pub hosts: Vec<HostStatus>,
    /// Each peer.
    pub tunnels: Vec<TunnelStatus>,
    /// Port forwards of the inventory.
    pub forwards: usize,
    /// Those that are on.
    pub forwards_on: usize,
}

/// A machine.
#[derive(Debug, Clone, Serialize)]
pub struct HostStatus {
    /// Its name.
    pub name: Name,
    /// Its operating system.
    pub system: String,
    /// The generation in force.
    pub generation: u64,
    /// Where its live state differs from that generation.
    pub drift: Vec<String>,
    /// Whether the inventory wants something else than what is in force.
    pub changes_waiting: bool,
    /// Why it could not be looked at.
    pub error: Option<String>,
}

/// A peer's tunnel, as its VPS sees it.
#[derive(Debug, Clone, Serialize)]
pub struct TunnelStatus {
    /// Peer.
    pub peer: Name,
    /// VPS.
    pub vps: Name,
    /// The address that its forwards use.
    pub public_ip: Ipv4Addr,
    /// Whether it is up.
    pub up: bool,
    /// If not, why, in words.
    pub why: String,
    /// Seconds since the last handshake.
    pub handshake_age: Option<u64>,
    /// `address:port` that it was last heard from.
    pub endpoint: Option<String>,
    /// Bytes received from it.
    pub received: u64,
    /// Bytes sent to it.
    pub sent: u64,
}

/// A pool address with what hangs on it.
#[derive(Debug, Clone, Serialize)]
pub struct PoolEntry {
    /// The address that the internet uses.
    pub address: Ipv4Addr,
    /// The address on the interface.
    pub on_host: Ipv4Addr,
    /// The interface.
    pub interface: IfName,
    /// `active` or `disabled`.
    pub state: &'static str,
    /// Peers that have it.
    pub peers: Vec<String>,
    /// Their forwards.
    pub forwards: usize,
    /// Public ports of those.
    pub ports: u64,
}

/// A VPS with what is known of it.
#[derive(Debug, Clone, Serialize)]
pub struct VpsDetails {
    /// Its entry.
    pub vps: Vps,
    /// How it is reached.
    pub reached_at: String,
    /// Its peers.
    pub peers: Vec<String>,
    /// The generation that was applied last.
    pub generation: u64,
    /// Its operating system, as last seen.
    pub system: Option<String>,
}

impl Engine {
    /// Looks at every host and says how it stands.
    pub async fn status(&self) -> Result<Status, EngineError> {
        let inventory = self.inventory().await?;
        let ids: Vec<HostId> = inventory.hosts.iter().map(|host| host.id).collect();
        let mut status = Status {
            hosts: vec![],
            tunnels: vec![],
            forwards: inventory.forwards.len(),
            forwards_on: inventory
                .forwards
                .iter()
                .filter(|forward| forward.enabled)
                .count(),
        };
        let looks = self.look_at_all(&inventory, &ids).await;
        for (id, seen) in &looks {
            status
                .hosts
                .push(self.host_status(&inventory, *id, seen.as_ref()).await?);
        }
        let seen_at = |host: HostId| {
            looks
                .iter()
                .find(|(id, _)| *id == host)
                .and_then(|(_, seen)| seen.as_ref().ok())
        };
        for peer in &inventory.peers {
            let Some((vps, ip)) = inventory.assigned_ip(peer) else {
                continue;
            };
            status
                .tunnels
                .push(tunnel_status(peer, vps, ip.address, seen_at(vps.host)));
        }
        Ok(status)
    }

    async fn host_status(
        &self,
        inventory: &Inventory,
        id: HostId,
        seen: Result<&Observed, &EngineError>,
    ) -> Result<HostStatus, EngineError> {
        let host = inventory
            .host(id)
            .ok_or_else(|| EngineError::not_found("host", "", std::iter::empty()))?;
        let seen = match seen {
            Ok(seen) => seen,
            Err(error) => {
                let (error, generation) = (error.to_string(), self.store.last_generation(id).await?);
                let (name, system) = (host.name.clone(), String::new());
                return Ok(HostStatus {
                    name,
                    system,
                    generation,
                    drift: vec![],
                    changes_waiting: false,
                    error: Some(error),
                });
            }
        };
        let sightings = std::iter::once((id, seen.clone())).collect();
        let planned = self.plan_seen(inventory, &BTreeSet::from([id]), &sightings).await;
        Ok(HostStatus {
            name: host.name.clone(),
            system: seen.os.pretty.clone(),
            generation: seen.ours.as_ref().map_or(0, |ours| ours.generation),
            drift: seen
                .ours
                .as_ref()
                .map(|ours| ours.drift.clone())
                .unwrap_or_default(),
            changes_waiting: planned.map_or(true, |hosts| hosts.iter().any(|host| !host.plan.is_empty())),
            error: None,
        })
    }

    /// The pool of a VPS with its use.
    pub async fn pool(&self, name: &Name) -> Result<Vec<PoolEntry>, EngineError> {
        let inventory = self.inventory().await?;
        let vps = edit::vps(&inventory, name)?;
        let entry = |used: wirewarp_plan::allocate::IpUse| {
            let ip = vps.ip(used.ip)?;
            let peers = inventory.peers.iter().filter(|peer| peer.public_ip == ip.id);
            Some(PoolEntry {
                address: ip.address,
                on_host: ip.on_host,
                interface: ip.interface.clone(),
                state: if ip.state == PublicIpState::Active {
                    "active"
                } else {
                    "disabled"
                },
                peers: peers.map(|peer| peer.name.to_string()).collect(),
                forwards: used.forwards,
                ports: used.ports,
            })
        };
        Ok(utilisation(&inventory, vps)
            .into_iter()
            .filter_map(entry)
            .collect())
    }

    /// A VPS with what is known of it, without looking at it now.
    pub async fn vps_details(&self, name: &Name) -> Result<VpsDetails, EngineError> {
        let inventory = self.inventory().await?;
        let vps = edit::vps(&inventory, name)?.clone();
        let access = inventory.host(vps.host).map(|host| &host.access);
        let reached_at = access.unwrap_or(&Access::Local).to_string();
        Ok(VpsDetails {
            reached_at,
            peers: inventory
                .peers_of(vps.id)
                .map(|peer| peer.name.to_string())
                .collect(),
            generation: self.store.last_generation(vps.host).await?,
            system: self
                .store
                .last_observed(vps.host)
                .await?
                .map(|seen| seen.os.pretty),
            vps,
        })
    }
}

/// Peers whose tunnels end on this machine, with their VPS and public IP.
pub(crate) fn tunnels_of(
    inventory: &Inventory,
    host: HostId,
) -> impl Iterator<Item = (&Peer, &Vps, Ipv4Addr)> {
    inventory.vps_on(host).into_iter().flat_map(move |vps| {
        let place = move |peer| Some((peer, vps, inventory.assigned_ip(peer)?.1.address));
        inventory.peers_of(vps.id).filter_map(place)
    })
}

/// The tunnel of a peer as its VPS sees it.
pub(crate) fn live_peer<'a>(peer: &Peer, seen: &'a Observed) -> Option<&'a TunnelPeer> {
    let key = peer.public_key?;
    seen.ours
        .as_ref()?
        .tunnels
        .iter()
        .flat_map(|tunnel| &tunnel.peers)
        .find(|live| live.public_key == key)
}

pub(crate) fn tunnel_status(
    peer: &Peer,
    vps: &Vps,
    public_ip: Ipv4Addr,
    seen: Option<&Observed>,
) -> TunnelStatus {
    let live = seen.and_then(|seen| live_peer(peer, seen));
    let clock = seen.map_or(0, |seen| seen.clock);
    let age = live
        .filter(|live| live.latest_handshake > 0)
        .map(|live| clock.saturating_sub(live.latest_handshake));
    let why = match (seen, live, age) {
        _ if !peer.is_active() => "suspended".to_owned(),
        (None, ..) => "the VPS cannot be reached".to_owned(),
        (Some(_), None, _) => "not applied yet".to_owned(),
        (Some(_), Some(_), None) => "no handshake yet".to_owned(),
        (Some(_), Some(live), Some(age)) if age > SILENCE => {
            format!(
                "no handshake for {} min; last from {}",
                age / 60,
                live.endpoint.as_deref().unwrap_or("nowhere")
            )
        }
        (Some(_), Some(_), Some(_)) => String::new(),
    };
    TunnelStatus {
        peer: peer.name.clone(),
        vps: vps.name.clone(),
        public_ip,
        up: why.is_empty(),
        why,
        handshake_age: age,
        endpoint: live.and_then(|live| live.endpoint.clone()),
        received: live.map_or(0, |live| live.received),
        sent: live.map_or(0, |live| live.sent),
    }
}
