//! Peers.

mod lease;

pub use lease::{drop_lease, free_address, set_lease};

use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use uuid::Uuid;
use wirewarp_model::{
    HostId, IfName, Inventory, ManualMode, MtuOrigin, Name, ParseError, Peer, PeerId, PeerKind, PeerRoute,
    PeerState, PublicIpId, Vps, WgPublicKey, net::parse_ipv4,
};
use wirewarp_plan::{
    allocate::{self, Occupied},
    check::misroute,
};

use crate::error::EngineError;

/// What a new peer is to be.
#[derive(Debug, Clone)]
pub struct NewPeer {
    /// Its name.
    pub name: Name,
    /// The VPS on which it hangs.
    pub vps: Name,
    /// How it is set up.
    pub kind: PeerKind,
    /// The machine, recorded already; none for a manual peer.
    pub host: Option<HostId>,
    /// How its public IP is chosen.
    pub assignment: Assignment,
    /// Its VM network; none for the next free one.
    pub network: Option<Ipv4Net>,
    /// An existing interface for the gateway address.
    pub vm_interface: Option<IfName>,
    /// Mode of a manual peer.
    pub manual_mode: Option<ManualMode>,
    /// Key of a manual peer.
    pub public_key: Option<WgPublicKey>,
    /// MTU in bytes.
    pub mtu: u16,
    /// Where it comes from.
    pub mtu_origin: MtuOrigin,
    /// What of its machine's own traffic goes through the tunnel.
    pub route: PeerRoute,
    /// Networks seen at home and on the VPSes, which a VM network must not touch.
    pub occupied: Vec<Occupied>,
}

/// Adds a peer and allocates everything that it needs.
pub fn add(inventory: &Inventory, new: NewPeer) -> Result<(Inventory, PeerId), EngineError> {
    super::name_is_free(inventory, &new.name)?;
    let vps = super::vps(inventory, &new.vps)?;
    let number = allocate::free_vm_number(inventory, &new.occupied)?;
    let vm_network = new
        .network
        .map_or_else(|| Ok(allocate::vm_network(number)), vm_network_fits)?;
    let peer = Peer {
        id: PeerId(Uuid::new_v4()),
        name: new.name,
        vps: vps.id,
        kind: new.kind,
        host: new.host,
        number,
        tunnel_index: new
            .host
            .map_or(Ok(0), |host| allocate::tunnel_index(inventory, host))?,
        tunnel_ip: allocate::tunnel_ip(inventory, vps)?,
        vm_network,
        vm_interface: new.vm_interface,
        public_ip: choose_ip(inventory, vps, new.assignment)?,
        state: PeerState::Active,
        public_key: new.public_key,
        key_serial: 0,
        manual_mode: new.manual_mode,
        mtu: new.mtu,
        mtu_origin: new.mtu_origin,
        route: new.route,
        leases: vec![],
    };
    let id = peer.id;
    let mut after = inventory.clone();
    after.peers.push(peer);
    routable(&after, id)?;
    Ok((after, id))
}

/// Gives a peer another public IP of its VPS.
pub fn assign(inventory: &Inventory, name: &Name, assignment: Assignment) -> Result<Inventory, EngineError> {
    let peer = super::peer(inventory, name)?;
    let vps = inventory
        .vps(peer.vps)
        .ok_or_else(|| EngineError::not_found("VPS", "", std::iter::empty()))?;
    let ip = choose_ip(inventory, vps, assignment)?;
    change(inventory, name, |peer| peer.public_ip = ip)
}

/// Suspends or resumes peers.
pub fn set_state(inventory: &Inventory, names: &[Name], state: PeerState) -> Result<Inventory, EngineError> {
    let mut after = inventory.clone();
    for name in names {
        change_in(&mut after, name, |peer| peer.state = state)?;
    }
    Ok(after)
}

/// Gives a peer another name.
pub fn rename(inventory: &Inventory, name: &Name, new_name: &Name) -> Result<Inventory, EngineError> {
    if !name.is(new_name) {
        super::name_is_free(inventory, new_name)?;
    }
    let host = super::peer(inventory, name)?.host;
    let mut after = change(inventory, name, |peer| peer.name = new_name.clone())?;
    for host in after
        .hosts
        .iter_mut()
        .filter(|h| Some(h.id) == host && h.name.is(name))
    {
        host.name = new_name.clone();
    }
    Ok(after)
}

/// Forgets peers and their forwards. Their machines stay, to be cleaned by the next apply; `forget` drops those as well,
/// also such as have been waiting for that already.
pub fn remove(inventory: &Inventory, names: &[Name], forget: bool) -> Result<Inventory, EngineError> {
    let mut after = inventory.clone();
    for name in names {
        if forget && super::drop_leaving(&mut after, name) {
            continue;
        }
        let (id, host) = super::peer(&after, name).map(|peer| (peer.id, peer.host))?;
        no_guests(&after, name, id)?;
        after.forwards.retain(|forward| forward.peer != id);
        after.peers.retain(|peer| peer.id != id);
        if let Some(host) = host.filter(|host| forget && after.is_leaving(*host)) {
            after.hosts.retain(|h| h.id != host);
        }
    }
    Ok(after)
}

/// Guests that were attached to a peer have network cards on its bridge, which are given back first.
fn no_guests(inventory: &Inventory, name: &Name, id: PeerId) -> Result<(), EngineError> {
    let guests: Vec<String> = inventory
        .attachments_of(id)
        .map(|it| format!("{} {} {}", it.kind, it.vmid, it.label))
        .collect();
    if guests.is_empty() {
        return Ok(());
    }
    Err(EngineError::refused(
        "guests_attached",
        format!("Guests are attached to “{name}”: {}.", guests.join(", ")),
        &["Detach them first: wirewarp proxmox detach PROXMOX GUEST"],
    ))
}

/// Puts another key in place of a peer's.
pub fn set_key(
    inventory: &Inventory,
    name: &Name,
    key: Option<WgPublicKey>,
) -> Result<Inventory, EngineError> {
    change(inventory, name, |peer| peer.public_key = key)
}

/// Asks for a new key on the peer's host: the next serial, whose key is not known yet.
pub fn rotate(inventory: &Inventory, name: &Name) -> Result<Inventory, EngineError> {
    if super::peer(inventory, name)?.kind == PeerKind::Manual {
        return Err(EngineError::refused(
            "manual_peer",
            format!("“{name}” is a manual peer: its key is in its configuration file."),
            &[&format!("Make a new one: wirewarp peer config {name}")],
        ));
    }
    change(inventory, name, |peer| {
        peer.key_serial += 1;
        peer.public_key = None;
    })
}

/// Gives a peer's tunnel another MTU, in bytes.
pub fn set_mtu(
    inventory: &Inventory,
    name: &Name,
    mtu: u16,
    origin: MtuOrigin,
) -> Result<Inventory, EngineError> {
    change(inventory, name, |peer| {
        (peer.mtu, peer.mtu_origin) = (mtu, origin);
    })
}

/// Says what of a peer's machine's own traffic goes through its tunnel.
pub fn set_route(inventory: &Inventory, name: &Name, route: &PeerRoute) -> Result<Inventory, EngineError> {
    let id = super::peer(inventory, name)?.id;
    let after = change(inventory, name, |peer| peer.route = route.clone())?;
    routable(&after, id)?;
    Ok(after)
}

/// Refuses a route that the inventory has something against.
fn routable(inventory: &Inventory, id: PeerId) -> Result<(), EngineError> {
    let misroute = inventory.peer(id).and_then(|peer| misroute(inventory, peer));
    misroute.map_or(Ok(()), |(code, message, hint)| {
        Err(EngineError::refused(code, format!("route: {message}."), &[&hint]))
    })
}

/// How a public IP is chosen, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// The one after that of the peer added last.
    RoundRobin,
    /// The one with the fewest peers.
    LeastUsed,
    /// This one.
    Address(Ipv4Addr),
}

impl Assignment {
    /// Reads `round-robin`, `least-used` or an address.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match text {
            "round-robin" => Ok(Self::RoundRobin),
            "least-used" => Ok(Self::LeastUsed),
            address => Ok(Self::Address(parse_ipv4("public IP", address)?)),
        }
    }
}

fn choose_ip(inventory: &Inventory, vps: &Vps, assignment: Assignment) -> Result<PublicIpId, EngineError> {
    let last = inventory
        .peers_of(vps.id)
        .max_by_key(|peer| peer.number)
        .map(|peer| peer.public_ip);
    let how = match assignment {
        Assignment::RoundRobin => allocate::Assignment::RoundRobin { after: last },
        Assignment::LeastUsed => allocate::Assignment::LeastUsed,
        Assignment::Address(address) => allocate::Assignment::Address(address),
    };
    Ok(allocate::assign(inventory, vps, how)?.id)
}

/// A VM network needs a gateway, VMs and, in its upper half, room for aliases.
fn vm_network_fits(network: Ipv4Net) -> Result<Ipv4Net, EngineError> {
    if (16..=29).contains(&network.prefix_len()) {
        return Ok(network);
    }
    let message = format!("{network} does not fit; a VM network is a /16 to /29, e.g. 10.99.5.0/24");
    Err(ParseError::new("network", message).into())
}

fn change(
    inventory: &Inventory,
    name: &Name,
    edit: impl FnOnce(&mut Peer),
) -> Result<Inventory, EngineError> {
    let mut after = inventory.clone();
    change_in(&mut after, name, edit)?;
    Ok(after)
}

fn change_in(
    inventory: &mut Inventory,
    name: &Name,
    edit: impl FnOnce(&mut Peer),
) -> Result<(), EngineError> {
    let id = super::peer(inventory, name)?.id;
    if let Some(peer) = inventory.peers.iter_mut().find(|peer| peer.id == id) {
        edit(peer);
    }
    Ok(())
}
