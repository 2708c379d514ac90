//! VPSes.

use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use uuid::Uuid;
use wirewarp_model::{Inventory, Name, ParseError, Port, Vps, VpsId, inventory::Host};
use wirewarp_plan::allocate::{self, Occupied};

use super::ip::FoundIp;
use crate::error::EngineError;

/// What a new VPS is to be.
#[derive(Debug, Clone)]
pub struct NewVps {
    /// Its name.
    pub name: Name,
    /// The machine.
    pub host: Host,
    /// Its tunnel network; none for a free one.
    pub tunnel_network: Option<Ipv4Net>,
    /// UDP port of WireGuard.
    pub listen_port: Port,
    /// The address that peers connect to; one of `ips`.
    pub endpoint: Ipv4Addr,
    /// The pool.
    pub ips: Vec<FoundIp>,
    /// Networks seen on the host, which the tunnel network must not touch.
    pub occupied: Vec<Occupied>,
}

/// Adds a VPS with its machine and its pool.
pub fn add(inventory: &Inventory, new: NewVps) -> Result<Inventory, EngineError> {
    super::name_is_free(inventory, &new.name)?;
    if let Some(owner) = owner_of_machine(inventory, &new.host) {
        return Err(EngineError::refused(
            "machine_known",
            format!("This machine is “{owner}” already."),
            &["A machine is either a VPS or at home; remove it first to use it as the other."],
        ));
    }
    let occupied = [Occupied::of_inventory(inventory), new.occupied].concat();
    let free = || allocate::free_tunnel_network(&new.name, &occupied);
    let tunnel_network = match new.tunnel_network {
        Some(network) => tunnel_network_fits(network)?,
        None => free()?,
    };
    let vps = Vps {
        id: VpsId(Uuid::new_v4()),
        name: new.name,
        host: new.host.id,
        tunnel_network,
        listen_port: new.listen_port,
        endpoint: new.endpoint,
        public_key: None,
        ips: new.ips.into_iter().map(FoundIp::into_pool).collect(),
    };
    let mut after = inventory.clone();
    after.hosts.push(new.host);
    after.vpses.push(vps);
    Ok(after)
}

/// A tunnel network has room for the VPS and a few peers, and is no whole private range.
pub(crate) fn tunnel_network_fits(network: Ipv4Net) -> Result<Ipv4Net, ParseError> {
    if (16..=29).contains(&network.prefix_len()) {
        return Ok(network);
    }
    let message = format!("{network} does not fit; a tunnel network is a /16 to /29, e.g. 10.0.0.0/24");
    Err(ParseError::new("tunnel network", message))
}

/// Gives a VPS another name.
pub fn rename(inventory: &Inventory, name: &Name, new_name: &Name) -> Result<Inventory, EngineError> {
    if !name.is(new_name) {
        super::name_is_free(inventory, new_name)?;
    }
    let mut after = inventory.clone();
    let vps = super::ip::vps_mut(&mut after, name)?;
    vps.name = new_name.clone();
    let host = vps.host;
    for host in after.hosts.iter_mut().filter(|h| h.id == host) {
        host.name = new_name.clone();
    }
    Ok(after)
}

/// Forgets a VPS that has no peers. Its machine stays, to be cleaned by the next apply; `forget` drops it as well, also
/// if it has been waiting for that already.
pub fn remove(inventory: &Inventory, name: &Name, forget: bool) -> Result<Inventory, EngineError> {
    let mut after = inventory.clone();
    if forget && super::drop_leaving(&mut after, name) {
        return Ok(after);
    }
    let (id, host) = super::vps(inventory, name).map(|vps| (vps.id, vps.host))?;
    let peers: Vec<&str> = inventory.peers_of(id).map(|peer| peer.name.as_str()).collect();
    if !peers.is_empty() {
        return Err(EngineError::refused(
            "vps_has_peers",
            format!("“{name}” still has peers: {}.", peers.join(", ")),
            &["Remove them first: wirewarp peer remove NAME"],
        ));
    }
    after.vpses.retain(|vps| vps.id != id);
    if forget {
        after.hosts.retain(|h| h.id != host);
    }
    Ok(after)
}

fn owner_of_machine(inventory: &Inventory, host: &Host) -> Option<Name> {
    let same = |known: &&Host| known.machine_id.is_some() && known.machine_id == host.machine_id;
    inventory.hosts.iter().find(same).map(|known| known.name.clone())
}
