//! Which peer on a guest's node its traffic takes: one that is there, or a new one.

use std::sync::Arc;

use wirewarp_model::{
    Attachment, GuestKind, Host, HostId, IfName, Inventory, Name, Peer, PeerKind, PeerRoute, Proxmox,
};
use wirewarp_plan::check::Sightings;

use super::{AttachGuest, NodePeer};
use crate::{
    AddPeer, Engine, PeerSetup,
    edit::{self, Proposal},
    error::EngineError,
    peers::NodeMachine,
    progress::Progress,
    proxmox::{in_model, named},
};

/// A change so far, and the peer that it is about.
pub(super) struct WithPeer {
    pub proposal: Proposal,
    pub peer: Name,
}

impl Engine {
    /// The peer for a guest on this node, added to the inventory where there is none.
    pub(super) async fn with_peer(
        &self,
        inventory: &Inventory,
        proxmox: &Proxmox,
        node: &str,
        request: &AttachGuest,
        earlier: Option<&Attachment>,
        progress: Arc<dyn Progress>,
    ) -> Result<WithPeer, EngineError> {
        let seen = self.last_looks(inventory).await?;
        let there = |peer: &Peer| WithPeer {
            proposal: Proposal::new(inventory.clone(), inventory.clone(), "guest.attach"),
            peer: peer.name.clone(),
        };
        if let Some(peer) = earlier.and_then(|earlier| inventory.peer(earlier.peer)) {
            return Ok(there(peer));
        }
        let on_node: Vec<&Peer> = inventory
            .peers
            .iter()
            .filter(|peer| is_on(inventory, &seen, proxmox, peer, node))
            .collect();
        if let Some(name) = &request.peer
            && let Some(named) = inventory.peer_named(name)
        {
            return if on_node.iter().any(|peer| peer.id == named.id) {
                Ok(there(named))
            } else {
                Err(not_there(named, node))
            };
        }
        if request.new_peer.is_none() && request.peer.is_none() {
            match on_node.as_slice() {
                [] => {}
                [only] => return Ok(there(only)),
                several => return Err(which(several, node)),
            }
        }
        let machine = machine(inventory, &seen, &on_node, node, request.new_peer.as_ref())?;
        self.new_peer(inventory, node, request, machine, progress).await
    }

    /// The machine behind the node that a guest is on, and what the guest is.
    pub(crate) async fn node_of_guest<'a>(
        &self,
        inventory: &'a Inventory,
        proxmox: &Name,
        vmid: u32,
    ) -> Result<(&'a Host, GuestKind), EngineError> {
        let proxmox = named(inventory, proxmox)?;
        let api = self.proxmoxes.api(proxmox).await?;
        let guest = self.guest(proxmox, &api, vmid).await?.guest;
        let seen = self.last_looks(inventory).await?;
        let node = guest.node.as_str();
        let peers = inventory.peers.iter();
        let on_node: Vec<&Peer> = peers
            .filter(|peer| is_on(inventory, &seen, proxmox, peer, node))
            .collect();
        let host = known(inventory, &seen, &on_node, node).and_then(|host| inventory.host(host));
        let host = host.ok_or_else(|| {
            EngineError::refused(
                "proxmox_node_login",
                format!("How to log in to the node “{node}” over SSH is not known yet."),
                &["Attach a guest of that node first, or add it as a peer"],
            )
        })?;
        Ok((host, in_model(guest.kind)))
    }

    async fn new_peer(
        &self,
        inventory: &Inventory,
        node: &str,
        request: &AttachGuest,
        machine: NodeMachine,
        progress: Arc<dyn Progress>,
    ) -> Result<WithPeer, EngineError> {
        let name = match &request.peer {
            Some(name) => name.clone(),
            None => free_name(inventory, node)?,
        };
        let wish = request.new_peer.as_ref();
        let add = AddPeer {
            name: name.clone(),
            vps: wish.and_then(|wish| wish.vps.clone()),
            setup: PeerSetup::Node(machine),
            assignment: wish.map_or(edit::peer::Assignment::RoundRobin, |wish| wish.assignment),
            network: None,
            vm_interface: None,
            mtu: None,
            route: PeerRoute::Replies,
        };
        let (mut proposal, _) = self.add_peer(add, progress).await?;
        proposal.action = "guest.attach";
        let peer = edit::peer(&proposal.after, &name)?;
        let host = peer.host.and_then(|host| proposal.observed.get(&host));
        if let Some(seen) = host.filter(|seen| !is_named(&seen.hostname, node)) {
            let message = format!(
                "That machine is called “{}”; the guest is on the node “{node}”.",
                wirewarp_model::error::excerpt(&seen.hostname)
            );
            return Err(EngineError::refused(
                "proxmox_other_machine",
                message,
                &["Give the address of that node: a tunnel on another one does not reach the guest"],
            ));
        }
        Ok(WithPeer { proposal, peer: name })
    }
}

/// The interface of a node that a guest's network card is put on: the peer's bridge, made through Proxmox so that its
/// windows show it. It gets a name of its own, for what is called `wwbr` is made and taken away by the host's own script.
pub(super) fn put_on_bridge(inventory: &mut Inventory, name: &Name) -> Result<(), EngineError> {
    let peer = edit::peer(inventory, name)?;
    if peer.vm_interface.is_some() {
        return Ok(());
    }
    let bridge: IfName = format!("vmww{}", peer.tunnel_index).parse()?;
    let id = peer.id;
    for peer in inventory.peers.iter_mut().filter(|peer| peer.id == id) {
        peer.vm_interface = Some(bridge.clone());
    }
    Ok(())
}

/// A guest is attached to it there already, or its machine was seen to have the node's name.
fn is_on(inventory: &Inventory, seen: &Sightings, proxmox: &Proxmox, peer: &Peer, node: &str) -> bool {
    let mut attached = inventory.attachments_of(peer.id);
    let by_guest = attached.any(|it| it.proxmox == proxmox.id && it.node == node);
    let host = peer.host.and_then(|host| seen.get(&host));
    by_guest || (peer.kind == PeerKind::Proxmox && host.is_some_and(|seen| is_named(&seen.hostname, node)))
}

/// A node's name is its host name without the domain.
fn is_named(hostname: &str, node: &str) -> bool {
    let short = hostname.split('.').next().unwrap_or_default();
    short.eq_ignore_ascii_case(node)
}

/// The node as a machine to log in to: as asked, or as it is known.
fn machine(
    inventory: &Inventory,
    seen: &Sightings,
    on_node: &[&Peer],
    node: &str,
    wish: Option<&NodePeer>,
) -> Result<NodeMachine, EngineError> {
    if let Some(login) = wish.and_then(|wish| wish.login.clone()) {
        return Ok(NodeMachine::Ssh(login));
    }
    let known = known(inventory, seen, on_node, node);
    known.map(NodeMachine::Known).ok_or_else(|| {
        EngineError::refused(
            "proxmox_node_login",
            format!("The tunnel is set up on the node “{node}” over SSH, and how to log in there is not known yet."),
            &[&format!("Say how: --host root@ADDRESS-OF-{node}; a key, an agent or --password-stdin as for any host")],
        )
    })
}

/// The machine of the inventory that is this node: that of its peers, or one that was seen to have its name.
fn known(inventory: &Inventory, seen: &Sightings, on_node: &[&Peer], node: &str) -> Option<HostId> {
    let by_peer = on_node.iter().find_map(|peer| peer.host);
    let by_name = |host: &&Host| {
        inventory.vps_on(host.id).is_none()
            && seen
                .get(&host.id)
                .is_some_and(|seen| is_named(&seen.hostname, node))
    };
    by_peer.or_else(|| inventory.hosts.iter().find(by_name).map(|host| host.id))
}

fn not_there(peer: &Peer, node: &str) -> EngineError {
    EngineError::refused(
        "proxmox_other_node",
        format!(
            "The peer “{}” is not on the node “{node}” of the guest.",
            peer.name
        ),
        &["Name a peer of that node, or leave --peer out"],
    )
}

fn which(several: &[&Peer], node: &str) -> EngineError {
    let names: Vec<&str> = several.iter().map(|peer| peer.name.as_str()).collect();
    EngineError::refused(
        "which_peer",
        format!("There are several peers on “{node}”: {}.", names.join(", ")),
        &["Say whose public address the guest gets: --peer NAME"],
    )
}

/// The node's name, with a number behind it if it is taken.
fn free_name(inventory: &Inventory, node: &str) -> Result<Name, EngineError> {
    let plain: Name = node.chars().take(Name::MOST - 4).collect::<String>().parse()?;
    if edit::name_is_free(inventory, &plain).is_ok() {
        return Ok(plain);
    }
    for number in 2..1000 {
        let name: Name = format!("{plain}-{number}").parse()?;
        if edit::name_is_free(inventory, &name).is_ok() {
            return Ok(name);
        }
    }
    Err(EngineError::refused(
        "name_taken",
        format!("Every name like “{plain}” is taken."),
        &["Choose one: --peer NAME"],
    ))
}
