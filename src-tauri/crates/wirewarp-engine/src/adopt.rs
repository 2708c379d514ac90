//! Taking over what a host's own manifest says: after hands were at it, or from an inventory that is lost or elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use wirewarp_model::{Host, HostId, Inventory, Name, Peer, PeerId, VpsId, observed::Observed};
use wirewarp_plan::render::{Manifest, read_manifest};

use crate::{Engine, edit::Proposal, error::EngineError, preview::host_named};

impl Engine {
    /// Proposes to take over what the host's own manifest says was wanted when it was applied: its VPS, peers and
    /// forwards replace those of the inventory. A host of another inventory belongs to this one from then on.
    pub async fn adopt(&self, name: &Name) -> Result<Proposal, EngineError> {
        let inventory = self.inventory().await?;
        let host = host_named(&inventory, name)?;
        let id = host.id;
        let mut seen = self.look_whole(&inventory, host).await?;
        let manifest = manifest(&seen).ok_or_else(|| {
            let message = format!("“{name}” has no manifest that this version can read.");
            EngineError::refused(
                "no_manifest",
                message,
                &["Put it right from the inventory instead: --repair"],
            )
        })?;
        let foreign = manifest.inventory != inventory.id || manifest.host != id;
        if foreign {
            // What the plan is checked against: the one who takes it over is asked no more whose it was.
            if let Some(ours) = &mut seen.ours {
                (ours.inventory, ours.host) = (Some(inventory.id), Some(id));
            }
        }
        let part = as_known_here(manifest, host);
        let mut proposal =
            Proposal::new(inventory.clone(), adopted(&inventory, id, part), "host.adopt").with_look(id, seen);
        proposal.taken_over = foreign.then_some(id);
        Ok(proposal)
    }
}

fn manifest(seen: &Observed) -> Option<Manifest> {
    read_manifest(seen.ours.as_ref()?.manifest.as_deref()?)
}

/// What another inventory says, with the machine as this one knows it.
fn as_known_here(manifest: Manifest, here: &Host) -> Inventory {
    let is_other = manifest.host != here.id;
    let mut part = manifest.desired_for(here.id);
    if is_other {
        part.hosts.retain(|host| host.id != here.id);
        let theirs = part.vpses.iter_mut().filter(|vps| vps.host == here.id);
        theirs.for_each(|vps| vps.name = here.name.clone());
    }
    part
}

/// The inventory with the part that concerns a host replaced by what its manifest holds.
pub(crate) fn adopted(inventory: &Inventory, host: HostId, part: Inventory) -> Inventory {
    let replaced = replaced_peers(inventory, host, &part);
    let mut after = inventory.clone();
    after.forwards.retain(|forward| !replaced.contains(&forward.peer));
    after.forwards.extend(part.forwards);
    // What was there keeps its place, as it does in the store.
    let places: BTreeMap<_, _> = inventory.forwards.iter().map(|f| f.id).zip(0_usize..).collect();
    after
        .forwards
        .sort_by_key(|forward| places.get(&forward.id).copied().unwrap_or(usize::MAX));
    after.peers.retain(|peer| !replaced.contains(&peer.id));
    after.peers.extend(part.peers);
    let is_vps = part.vpses.iter().any(|vps| vps.host == host);
    let comes: BTreeSet<VpsId> = part.vpses.iter().map(|vps| vps.id).collect();
    after
        .vpses
        .retain(|vps| !is_vps || vps.host != host || comes.contains(&vps.id));
    // A machine at home knows only a part of its VPS; the VPS's own manifest knows all of it.
    for vps in part.vpses {
        match after.vpses.iter_mut().find(|known| known.id == vps.id) {
            Some(known) if known.host == host => *known = vps,
            Some(_) => {}
            None => after.vpses.push(vps),
        }
    }
    for known in part.hosts {
        if after.host(known.id).is_none() {
            after.hosts.push(known);
        }
    }
    after
}

/// Peers of this machine, those on its VPS, and those that come.
fn replaced_peers(inventory: &Inventory, host: HostId, part: &Inventory) -> BTreeSet<PeerId> {
    let on_host = |peer: &Peer| inventory.vps(peer.vps).is_some_and(|vps| vps.host == host);
    let mine = |peer: &&Peer| peer.host == Some(host) || on_host(peer);
    let gone = inventory.peers.iter().filter(mine);
    gone.chain(&part.peers).map(|peer| peer.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wirewarp_model::{
        ForwardId, ForwardTarget, InventoryId, Label, MtuOrigin, PeerKind, PeerRoute, PeerState, PortForward,
        PortForwardPorts, PublicIpId,
    };

    fn peer(number: u8, host: HostId) -> Peer {
        Peer {
            id: PeerId(Uuid::from_u128(number.into())),
            name: format!("peer{number}").parse().unwrap(),
            vps: VpsId(Uuid::nil()),
            kind: PeerKind::Linux,
            host: Some(host),
            number: number.into(),
            tunnel_index: 0,
            tunnel_ip: [10, 0, 0, number].into(),
            vm_network: format!("10.99.{number}.0/24").parse().unwrap(),
            vm_interface: None,
            public_ip: PublicIpId(Uuid::nil()),
            state: PeerState::Active,
            public_key: None,
            key_serial: 0,
            manual_mode: None,
            mtu: Peer::DEFAULT_MTU,
            mtu_origin: MtuOrigin::Assumed,
            route: PeerRoute::Replies,
            leases: vec![],
        }
    }

    fn forward(number: u128, peer: &Peer, enabled: bool) -> PortForward {
        PortForward {
            id: ForwardId(Uuid::from_u128(number)),
            peer: peer.id,
            ports: PortForwardPorts::All,
            target: ForwardTarget::Peer,
            label: Label::default(),
            template: None,
            enabled,
        }
    }

    #[test]
    fn what_is_taken_over_stays_where_it_was_and_what_comes_is_behind_it() {
        let (here, there) = (HostId(Uuid::from_u128(1)), HostId(Uuid::from_u128(2)));
        let (mine, other) = (peer(1, here), peer(2, there));
        let mut inventory = Inventory::empty(InventoryId(Uuid::nil()));
        inventory.peers = vec![mine.clone(), other.clone()];
        inventory.forwards = vec![forward(1, &mine, true), forward(2, &other, true)];
        let mut part = inventory.clone();
        part.peers.pop();
        part.forwards = vec![forward(3, &mine, true), forward(1, &mine, false)];
        let after = adopted(&inventory, here, part);
        let expected = [
            forward(1, &mine, false),
            forward(2, &other, true),
            forward(3, &mine, true),
        ];
        assert_eq!(after.forwards, expected);
    }
}
