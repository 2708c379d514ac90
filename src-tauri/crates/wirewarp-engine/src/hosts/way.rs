//! The way to a machine at home that leads through its own tunnel, also once the inventory has let its peers go.

use std::{borrow::Cow, net::Ipv4Addr};
use wirewarp_model::{Host, HostId, Inventory, Peer};
use wirewarp_plan::render::read_manifest;
use wirewarp_remote::ssh::Endpoint;

use super::Hosts;
use crate::error::EngineError;

impl Hosts {
    /// The inventory by which a machine is reached. To one that is leaving, the tunnels lead that were last applied to
    /// it: they are there until it has left.
    pub(super) async fn with_way<'a>(
        &self,
        inventory: &'a Inventory,
        host: &Host,
    ) -> Result<Cow<'a, Inventory>, EngineError> {
        if !inventory.is_leaving(host.id) {
            return Ok(Cow::Borrowed(inventory));
        }
        let applied = self.store.last_applied(host.id).await?;
        let manifest =
            applied.and_then(|applied| read_manifest(&applied.bundle.files.get("manifest.json")?.text));
        Ok(match manifest {
            Some(manifest) => Cow::Owned(with_tunnels(inventory, &manifest.desired_for(host.id), host.id)),
            None => Cow::Borrowed(inventory),
        })
    }
}

/// `inventory` with the peers of `host` that `before` had, and the VPSes on which they hang.
fn with_tunnels(inventory: &Inventory, before: &Inventory, host: HostId) -> Inventory {
    let mut all = inventory.clone();
    for peer in before.peers_on(host) {
        let gone = before.vps(peer.vps).filter(|vps| inventory.vps(vps.id).is_none());
        all.vpses.extend(gone.cloned());
        all.peers.push(peer.clone());
    }
    all
}

/// Whether a tunnel could lead to the machine. A key that is not known and not the first takes the place of one in use.
pub(super) fn has_tunnel(inventory: &Inventory, host: HostId) -> bool {
    let made = |peer: &Peer| peer.is_active() && (peer.public_key.is_some() || peer.key_serial > 0);
    inventory.peers_on(host).any(made)
}

/// Whether a session through the machine's tunnel outlives what the inventory wants: a suspended peer's does not, and
/// nobody could resume it by that way. A machine that leaves is told so, and left to itself.
pub(super) fn may_last(inventory: &Inventory, host: HostId) -> bool {
    inventory.is_leaving(host) || has_tunnel(inventory, host)
}

/// The machine of the VPS by way of which the tunnel leads that [`super::login::target`] takes.
pub(super) fn vps_host(inventory: &Inventory, host: HostId) -> Option<HostId> {
    let mut vpses = inventory
        .peers_on(host)
        .filter_map(|peer| inventory.vps(peer.vps));
    vpses.next().map(|vps| vps.host)
}

/// The machine of the VPS, if what was dialled is an address in the tunnel: a way that the person named.
pub(super) fn dialled_inside(inventory: &Inventory, host: HostId, endpoint: &Endpoint) -> Option<HostId> {
    let address: Ipv4Addr = endpoint.host.parse().ok()?;
    let inside = |peer: &&Peer| address == peer.tunnel_ip || address == peer.gateway();
    let peer = inventory.peers_on(host).find(inside)?;
    inventory.vps(peer.vps).map(|vps| vps.host)
}
