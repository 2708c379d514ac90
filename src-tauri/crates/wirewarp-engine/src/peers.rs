//! Adding a peer, its keys, and a manual peer's configuration.

use ipnet::Ipv4Net;
use std::sync::Arc;
use uuid::Uuid;
use wirewarp_model::{
    Access, Host, HostId, IfName, Inventory, ManualMode, MtuOrigin, Name, Peer, PeerKind, PeerRoute, Secret,
    WgPublicKey, observed::Observed,
};
use wirewarp_plan::allocate::Occupied;
use wirewarp_remote::session::RootSession;
use x25519_dalek::{PublicKey, StaticSecret};

use crate::{
    Engine,
    edit::{
        self, Proposal,
        peer::{Assignment, NewPeer},
    },
    error::EngineError,
    hosts::login::HostLogin,
    progress::Progress,
};

/// A peer to be added.
#[derive(Debug, Clone)]
pub struct AddPeer {
    /// Its name.
    pub name: Name,
    /// The VPS on which it hangs; none for the only one.
    pub vps: Option<Name>,
    /// How it is set up.
    pub setup: PeerSetup,
    /// How its public IP is chosen.
    pub assignment: Assignment,
    /// Its VM network; none for the next free one.
    pub network: Option<Ipv4Net>,
    /// An existing interface for the VM network's gateway address.
    pub vm_interface: Option<IfName>,
    /// MTU in bytes; none for what the path to the VPS carries.
    pub mtu: Option<u16>,
    /// What of its machine's own traffic goes through the tunnel.
    pub route: PeerRoute,
}

/// How a peer is set up.
#[derive(Debug, Clone)]
pub enum PeerSetup {
    /// Over SSH.
    Ssh(HostLogin),
    /// It is this machine.
    Local,
    /// By hand, with a configuration file.
    Manual(ManualMode),
    /// A node of Proxmox.
    Node(NodeMachine),
}

/// A node of Proxmox as a machine.
#[derive(Debug, Clone)]
pub enum NodeMachine {
    /// Over SSH.
    Ssh(HostLogin),
    /// It is in the inventory already.
    Known(HostId),
}

/// What is known of a new peer's machine.
struct Machine {
    host: Host,
    is_new: bool,
    session: RootSession,
    observed: Observed,
    login: Option<HostLogin>,
}

impl Engine {
    /// Proposes a peer. A manual one comes with its private key, which exists nowhere else.
    pub async fn add_peer(
        &self,
        request: AddPeer,
        _progress: Arc<dyn Progress>,
    ) -> Result<(Proposal, Option<Secret>), EngineError> {
        let inventory = self.inventory().await?;
        edit::name_is_free(&inventory, &request.name)?;
        let vps = choose_vps(&inventory, request.vps.as_ref())?;
        let machine = match &request.setup {
            PeerSetup::Manual(_) => None,
            PeerSetup::Local => Some(self.this_machine(&inventory, &request.name).await?),
            PeerSetup::Ssh(login) | PeerSetup::Node(NodeMachine::Ssh(login)) => {
                Some(self.machine(&inventory, &request.name, login.clone()).await?)
            }
            PeerSetup::Node(NodeMachine::Known(host)) => Some(self.known_machine(&inventory, *host).await?),
        };
        let (secret, manual_mode) = match &request.setup {
            PeerSetup::Manual(mode) => (Some(new_key()), Some(*mode)),
            PeerSetup::Local | PeerSetup::Ssh(_) | PeerSetup::Node(_) => (None, None),
        };
        let new = NewPeer {
            name: request.name,
            vps,
            kind: match &request.setup {
                PeerSetup::Manual(_) => PeerKind::Manual,
                PeerSetup::Node(_) => PeerKind::Proxmox,
                PeerSetup::Local | PeerSetup::Ssh(_) => PeerKind::Linux,
            },
            host: machine.as_ref().map(|machine| machine.host.id),
            assignment: request.assignment,
            network: request.network,
            vm_interface: request.vm_interface,
            manual_mode,
            public_key: secret.as_ref().map(|(_, public)| *public),
            mtu: request
                .mtu
                .unwrap_or_else(|| machine.as_ref().map_or(Peer::DEFAULT_MTU, |m| mtu(&m.observed))),
            mtu_origin: request.mtu.map_or(MtuOrigin::Assumed, |_| MtuOrigin::Set),
            route: request.route,
            occupied: self.occupied(&inventory, machine.as_ref()).await?,
        };
        let (mut after, _) = edit::peer::add(&inventory, new)?;
        after.hosts.extend(
            machine
                .iter()
                .filter(|machine| machine.is_new)
                .map(|machine| machine.host.clone()),
        );
        let mut proposal = Proposal::new(inventory, after, "peer.add");
        if let Some(machine) = machine {
            self.hosts.keep(machine.host.id, machine.session).await;
            proposal = proposal.with_look(machine.host.id, machine.observed);
            if let Some(login) = machine.login.filter(|_| machine.is_new) {
                proposal = proposal.with_login(machine.host.id, login);
            }
        }
        Ok((proposal, secret.map(|(secret, _)| secret)))
    }

    /// Proposes a new key for a manual peer; the one in use stops working once it is applied.
    pub async fn new_manual_key(&self, name: &Name) -> Result<(Proposal, Secret), EngineError> {
        let (secret, public) = new_key();
        let inventory = self.inventory().await?;
        let peer = edit::peer(&inventory, name)?;
        if peer.kind != PeerKind::Manual {
            return Err(EngineError::refused(
                "not_manual",
                format!("“{name}” is set up by WireWarp; its private key never leaves it."),
                &[&format!(
                    "To make a new key there: wirewarp peer rotate-keys {name}"
                )],
            ));
        }
        let after = edit::peer::set_key(&inventory, name, Some(public))?;
        Ok((Proposal::new(inventory, after, "peer.rotate-keys"), secret))
    }

    /// Proposes a new key for a peer that is set up by WireWarp.
    pub async fn rotate_keys(&self, name: &Name) -> Result<Proposal, EngineError> {
        let inventory = self.inventory().await?;
        let after = edit::peer::rotate(&inventory, name)?;
        Ok(Proposal::new(inventory, after, "peer.rotate-keys"))
    }

    async fn machine(
        &self,
        inventory: &Inventory,
        name: &Name,
        mut login: HostLogin,
    ) -> Result<Machine, EngineError> {
        let session = self.hosts.first(&login).await?;
        let id = HostId(Uuid::new_v4());
        if login.install_key {
            self.install_key(id, name, &mut login, &session).await?;
        }
        let observed = self.look(name, &session).await?;
        let access = Access::Ssh(login.access.clone());
        Ok(recognised(
            inventory,
            Machine {
                host: Host {
                    id,
                    name: name.clone(),
                    access,
                    machine_id: observed.machine_id.clone(),
                },
                is_new: true,
                session,
                observed,
                login: Some(login),
            },
        ))
    }

    /// A machine of the inventory, looked at now.
    async fn known_machine(&self, inventory: &Inventory, id: HostId) -> Result<Machine, EngineError> {
        let host = inventory
            .host(id)
            .ok_or_else(|| EngineError::not_found("machine", &id.to_string(), std::iter::empty()))?;
        let session = self.hosts.session(inventory, host).await?;
        let observed = self.look(&host.name, &session).await?;
        Ok(Machine {
            host: host.clone(),
            is_new: false,
            session,
            observed,
            login: None,
        })
    }

    async fn this_machine(&self, inventory: &Inventory, name: &Name) -> Result<Machine, EngineError> {
        let session = self.hosts.local(None).await?;
        let observed = self.look(name, &session).await?;
        let id = HostId(Uuid::new_v4());
        let host = Host {
            id,
            name: name.clone(),
            access: Access::Local,
            machine_id: observed.machine_id.clone(),
        };
        Ok(recognised(
            inventory,
            Machine {
                host,
                is_new: true,
                session,
                observed,
                login: None,
            },
        ))
    }

    /// Networks that a VM network must keep clear of: the inventory's, those at home, and those of the VPSes as they were
    /// last seen.
    async fn occupied(
        &self,
        inventory: &Inventory,
        machine: Option<&Machine>,
    ) -> Result<Vec<Occupied>, EngineError> {
        let mut seen = self.last_looks(inventory).await?;
        if let Some(machine) = machine {
            seen.insert(machine.host.id, machine.observed.clone());
        }
        Ok([
            Occupied::of_inventory(inventory),
            Occupied::of_all(inventory, &seen),
        ]
        .concat())
    }

    /// The peer of this name.
    pub async fn peer(&self, name: &Name) -> Result<Peer, EngineError> {
        Ok(edit::peer(&self.inventory().await?, name)?.clone())
    }
}

/// A machine that the inventory has already (by its machine id) stays the one it is.
fn recognised(inventory: &Inventory, mut machine: Machine) -> Machine {
    let same = |host: &&Host| host.machine_id.is_some() && host.machine_id == machine.observed.machine_id;
    if let Some(known) = inventory.hosts.iter().find(same) {
        machine.host = known.clone();
        machine.is_new = false;
    }
    machine
}

fn choose_vps(inventory: &Inventory, named: Option<&Name>) -> Result<Name, EngineError> {
    if let Some(name) = named {
        return Ok(edit::vps(inventory, name)?.name.clone());
    }
    match inventory.vpses.as_slice() {
        [only] => Ok(only.name.clone()),
        [] => Err(EngineError::refused(
            "no_vps",
            "There is no VPS yet for the peer to hang on.",
            &["Connect one first: wirewarp vps add nyc --host 203.0.113.10"],
        )),
        several => {
            let known: Vec<&str> = several.iter().map(|vps| vps.name.as_str()).collect();
            let message = format!("There are several VPSes: {}.", known.join(", "));
            Err(EngineError::refused(
                "which_vps",
                message,
                &["Say which: --vps NAME"],
            ))
        }
    }
}

/// What the home line allows, until its path has been measured: 80 bytes less than its interface (as wg-quick(8) assumes), 1420 at most.
fn mtu(observed: &Observed) -> u16 {
    let default = observed
        .routes
        .iter()
        .find(|route| route.table == "main" && route.destination.prefix_len() == 0);
    let device = default.and_then(|route| route.device.as_ref());
    let interface = observed
        .interfaces
        .iter()
        .find(|interface| Some(&interface.name) == device);
    let fits = interface.map_or(Peer::DEFAULT_MTU, |interface| {
        u16::try_from(interface.mtu.saturating_sub(80)).unwrap_or(u16::MAX)
    });
    fits.clamp(1280, Peer::DEFAULT_MTU)
}

/// A new key pair, the private half in base64.
fn new_key() -> (Secret, WgPublicKey) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let private = StaticSecret::random();
    let public = PublicKey::from(&private);
    (
        Secret::new(STANDARD.encode(private.to_bytes())),
        WgPublicKey::from_bytes(public.to_bytes()),
    )
}
