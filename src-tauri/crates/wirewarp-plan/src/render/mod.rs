//! Every file of a generation, from the desired state alone.

mod client;
mod dhcp;
mod home;
mod load;
pub(crate) mod manifest;
mod nftables_home;
mod nftables_vps;
mod own_traffic;
mod systemd;
mod text;
mod vps;
mod wireguard;

pub use client::{ClientKey, client_config};
pub use dhcp::RESOLVERS;
pub(crate) use dhcp::{file_name as dhcp_file, is_served as is_dhcp_served};
pub use home::key_name;
pub use load::FIRST_TABLE;
pub(crate) use load::MOST_TUNNELS;
pub use manifest::{Manifest, Role, read as read_manifest, seal};
pub use systemd::UNITS;

use std::collections::{BTreeMap, BTreeSet};
use wirewarp_model::{
    HostId, IfName, Inventory, Peer, Port, Vps,
    bundle::{Bundle, BundleFile},
    inventory::{Access, Host},
};

/// What a bundle is rendered from.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The desired state.
    pub inventory: &'a Inventory,
    /// The machine.
    pub host: HostId,
    /// The generation to be, 1 or more.
    pub generation: u64,
    /// Version of the program, for the manifest.
    pub program: &'a str,
    /// Ports on which the machine's sshd was seen; those by which the inventory reaches it are added.
    pub sshd_ports: &'a [u16],
}

/// Why there is nothing to render.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The inventory has no such machine.
    #[error("the inventory has no host {0}; it may have been deleted meanwhile")]
    NoHost(HostId),
    /// The machine is neither a VPS nor has a peer.
    #[error("host {0} is neither a VPS nor the machine of a peer; there is nothing to put on it")]
    NoRole(HostId),
    /// A number that the names on the host have no room for.
    #[error("“{0}” would be tunnel {1} of its machine; a machine has at most {most}", most = load::MOST_TUNNELS)]
    TooManyTunnels(String, u8),
}

/// Everything of one generation of `context.host`.
pub fn bundle(context: &Context) -> Result<Bundle, RenderError> {
    let (mut bundle, manifest) = parts(context)?;
    manifest::write(&mut bundle, manifest);
    Ok(bundle)
}

/// The same with the manifest, its digests filled in, still apart from the other files.
pub(crate) fn parts(context: &Context) -> Result<(Bundle, Manifest), RenderError> {
    let host = context
        .inventory
        .host(context.host)
        .ok_or(RenderError::NoHost(context.host))?;
    if let Some(vps) = context.inventory.vps_on(host.id) {
        return Ok(vps::parts(context, vps));
    }
    if context.inventory.peers_on(host.id).next().is_some() {
        return home::parts(context, host);
    }
    Err(RenderError::NoRole(host.id))
}

/// The part of the inventory that a machine's files are made of: as long as it stays the same, so do they. Its manifest
/// holds it, and the inventory can be recovered from it. None for a machine that is neither a VPS nor has a peer.
pub fn desired(inventory: &Inventory, host: HostId) -> Option<Inventory> {
    let mut part = match inventory.vps_on(host) {
        Some(vps) => vps::desired(inventory, vps),
        None if inventory.is_leaving(host) => return None,
        None => home::desired(inventory, host),
    };
    // Seen, not wished: it would make the record of every other machine old.
    for host in &mut part.hosts {
        host.machine_id = None;
    }
    Some(part)
}

/// These peers with what is forwarded to them, and these VPSes and machines.
fn part(inventory: &Inventory, peers: Vec<Peer>, vpses: Vec<Vps>, hosts: &BTreeSet<HostId>) -> Inventory {
    let ids: BTreeSet<_> = peers.iter().map(|peer| peer.id).collect();
    let hosts = inventory.hosts.iter().filter(|host| hosts.contains(&host.id));
    let forwards = inventory
        .forwards
        .iter()
        .filter(|forward| ids.contains(&forward.peer));
    Inventory {
        id: inventory.id,
        hosts: hosts.cloned().collect(),
        forwards: forwards.cloned().collect(),
        vpses,
        peers,
        proxmoxes: vec![],
        attachments: vec![],
    }
}

/// What is put on a host to take everything away: nothing. To be applied as generation 0.
pub fn removal() -> Bundle {
    Bundle::default()
}

/// Adds the files that every role has, and the manifest.
fn assemble(
    context: &Context,
    role: Role,
    keys: Vec<IfName>,
    mut files: BTreeMap<String, BundleFile>,
) -> (Bundle, Manifest) {
    for (name, text) in UNITS {
        files.insert(format!("units/{name}"), file(0o600, (*text).to_owned()));
    }
    let manifest = Manifest::new(context, role, &files);
    (Bundle { files, keys }, manifest)
}

fn file(mode: u32, text: String) -> BundleFile {
    BundleFile { mode, text }
}

/// TCP ports by which the machine itself is managed; never empty.
fn management_ports(host: &Host, seen: &[u16]) -> Vec<Port> {
    let known = match &host.access {
        Access::Ssh(ssh) => ssh.port.unwrap_or(22),
        Access::Local => 22,
    };
    let mut ports: Vec<Port> = seen
        .iter()
        .copied()
        .chain([known])
        .filter_map(Port::new)
        .collect();
    ports.sort();
    ports.dedup();
    ports
}
