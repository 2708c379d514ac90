//! The IP pool of a VPS.

use std::net::Ipv4Addr;
use uuid::Uuid;
use wirewarp_model::{IfName, Inventory, Name, PublicIp, PublicIpId, PublicIpState, Vps};

use crate::error::EngineError;

/// An address as it was found on, or mapped to, a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundIp {
    /// The address that the internet uses.
    pub address: Ipv4Addr,
    /// The address on the interface.
    pub on_host: Ipv4Addr,
    /// The interface.
    pub interface: IfName,
}

impl FoundIp {
    /// As a member of a pool.
    pub(crate) fn into_pool(self) -> PublicIp {
        PublicIp {
            id: PublicIpId(Uuid::new_v4()),
            address: self.address,
            on_host: self.on_host,
            interface: self.interface,
            state: PublicIpState::Active,
        }
    }
}

/// Adds addresses to a pool; those that are there already are left alone.
pub fn add(inventory: &Inventory, vps: &Name, found: Vec<FoundIp>) -> Result<Inventory, EngineError> {
    let mut after = inventory.clone();
    let taken: Vec<Ipv4Addr> = inventory
        .vpses
        .iter()
        .flat_map(|v| v.ips.iter().map(|ip| ip.address))
        .collect();
    let entry = vps_mut(&mut after, vps)?;
    let fresh = found.into_iter().filter(|ip| !taken.contains(&ip.address));
    entry.ips.extend(fresh.map(FoundIp::into_pool));
    Ok(after)
}

/// Takes an address that no peer has out of a pool.
pub fn remove(inventory: &Inventory, vps: &Name, address: Ipv4Addr) -> Result<Inventory, EngineError> {
    let id = find(inventory, vps, address)?;
    if let Some(peer) = inventory.peers.iter().find(|peer| peer.public_ip == id) {
        return Err(EngineError::refused(
            "ip_in_use",
            format!("{address} is the public IP of peer “{}”.", peer.name),
            &[&format!(
                "Move the peer first: wirewarp peer move {} --ip least-used",
                peer.name
            )],
        ));
    }
    if super::vps(inventory, vps)?.endpoint == address {
        return Err(EngineError::refused(
            "ip_is_endpoint",
            format!("{address} is the address that the peers of “{vps}” connect to."),
            &["Leave it in the pool, and disable it if no peer is to have it: wirewarp ip disable"],
        ));
    }
    let mut after = inventory.clone();
    vps_mut(&mut after, vps)?.ips.retain(|ip| ip.id != id);
    Ok(after)
}

/// Says whether an address is given to new peers.
pub fn set_state(
    inventory: &Inventory,
    vps: &Name,
    address: Ipv4Addr,
    state: PublicIpState,
) -> Result<Inventory, EngineError> {
    let id = find(inventory, vps, address)?;
    let mut after = inventory.clone();
    for ip in vps_mut(&mut after, vps)?.ips.iter_mut().filter(|ip| ip.id == id) {
        ip.state = state;
    }
    Ok(after)
}

fn find(inventory: &Inventory, vps: &Name, address: Ipv4Addr) -> Result<PublicIpId, EngineError> {
    let entry = super::vps(inventory, vps)?;
    let found = entry.ips.iter().find(|ip| ip.address == address);
    found.map(|ip| ip.id).ok_or_else(|| {
        let known: Vec<String> = entry.ips.iter().map(|ip| ip.address.to_string()).collect();
        EngineError::not_found("address", &address.to_string(), known.iter().map(String::as_str))
    })
}

pub(crate) fn vps_mut<'a>(inventory: &'a mut Inventory, name: &Name) -> Result<&'a mut Vps, EngineError> {
    let id = super::vps(inventory, name)?.id;
    let entry = inventory.vpses.iter_mut().find(|vps| vps.id == id);
    entry.ok_or_else(|| EngineError::not_found("VPS", name.as_str(), std::iter::empty()))
}
