//! The MTU of a peer's tunnel on request: measured now, or named by the person.

use wirewarp_model::{MtuOrigin, Name, PeerKind};
use wirewarp_remote::{apply::ApplyError, path};

use crate::{
    Engine,
    apply::paths::{advice, tunnel_mtu},
    edit::{self, Proposal},
    error::EngineError,
};

impl Engine {
    /// Measures the path from a peer to its VPS, outside the tunnel, and proposes the MTU that fits it. Refused where the
    /// path does not tell; the MTU then stays what it is.
    pub async fn measure_mtu(&self, name: &Name) -> Result<Proposal, EngineError> {
        let inventory = self.inventory().await?;
        let peer = edit::peer(&inventory, name)?;
        let host = peer.host.and_then(|host| inventory.host(host));
        let (Some(host), Some(vps)) = (
            host.filter(|_| peer.kind != PeerKind::Manual),
            inventory.vps(peer.vps),
        ) else {
            let message = format!("“{name}” is a manual peer: WireWarp cannot measure from there.");
            let hint = format!("Name one: wirewarp peer mtu {name} --set 1280");
            return Err(EngineError::refused("manual_peer", message, &[&hint]));
        };
        let session = self.hosts.session(&inventory, host).await?;
        let failed = |error| EngineError::Host {
            host: host.name.clone(),
            source: ApplyError::Run(error),
        };
        let path = path::measure(&session, vps.endpoint).await.map_err(failed)?;
        let mtu = tunnel_mtu(path, &peer.name, &vps.name).map_err(|why| {
            let message = format!("{why} The tunnel's MTU stays {}.", peer.mtu);
            EngineError::refused("path_unknown", message, &[&format!("Name one, {}", advice(name))])
        })?;
        let after = edit::peer::set_mtu(&inventory, name, mtu, MtuOrigin::Measured)?;
        Ok(Proposal::new(inventory, after, "peer.mtu"))
    }

    /// Proposes an MTU, in bytes, that the person names.
    pub async fn set_mtu(&self, name: &Name, mtu: u16) -> Result<Proposal, EngineError> {
        let edit = |inventory: &_| edit::peer::set_mtu(inventory, name, mtu, MtuOrigin::Set);
        self.propose("peer.mtu", edit).await
    }
}
