//! The desired state as a whole: what the store holds and the planner reads.

use serde::{Deserialize, Serialize};
use std::{fmt, path::PathBuf};

use crate::{
    Attachment, ForwardId, HostId, InventoryId, Name, Peer, PeerId, PortForward, Proxmox, ProxmoxId,
    PublicIp, Vps, VpsId,
};

/// Everything that the person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// Which inventory this is.
    pub id: InventoryId,
    /// Machines managed over SSH.
    pub hosts: Vec<Host>,
    /// VPSes, by name.
    pub vpses: Vec<Vps>,
    /// Peers, by name.
    pub peers: Vec<Peer>,
    /// Port forwards, oldest first.
    pub forwards: Vec<PortForward>,
    /// Proxmox hosts, by name. They are asked, and nothing of WireWarp's is put on them through this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proxmoxes: Vec<Proxmox>,
    /// Guests that were attached, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

impl Inventory {
    /// An empty inventory.
    pub fn empty(id: InventoryId) -> Self {
        Self {
            id,
            hosts: vec![],
            vpses: vec![],
            peers: vec![],
            forwards: vec![],
            proxmoxes: vec![],
            attachments: vec![],
        }
    }

    /// The same with VPSes and peers by name, which is how the store gives them back.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.vpses.sort_by_key(|vps| vps.name.key());
        self.peers.sort_by_key(|peer| peer.name.key());
        self.proxmoxes.sort_by_key(|proxmox| proxmox.name.key());
        self
    }

    /// The host with this identifier.
    pub fn host(&self, id: HostId) -> Option<&Host> {
        self.hosts.iter().find(|host| host.id == id)
    }

    /// The VPS with this identifier.
    pub fn vps(&self, id: VpsId) -> Option<&Vps> {
        self.vpses.iter().find(|vps| vps.id == id)
    }

    /// The VPS of this name, whatever its case.
    pub fn vps_named(&self, name: &Name) -> Option<&Vps> {
        self.vpses.iter().find(|vps| vps.name.is(name))
    }

    /// The peer with this identifier.
    pub fn peer(&self, id: PeerId) -> Option<&Peer> {
        self.peers.iter().find(|peer| peer.id == id)
    }

    /// The peer of this name, whatever its case.
    pub fn peer_named(&self, name: &Name) -> Option<&Peer> {
        self.peers.iter().find(|peer| peer.name.is(name))
    }

    /// The forward with this identifier.
    pub fn forward(&self, id: ForwardId) -> Option<&PortForward> {
        self.forwards.iter().find(|forward| forward.id == id)
    }

    /// The Proxmox host with this identifier.
    pub fn proxmox(&self, id: ProxmoxId) -> Option<&Proxmox> {
        self.proxmoxes.iter().find(|proxmox| proxmox.id == id)
    }

    /// The Proxmox host of this name, whatever its case.
    pub fn proxmox_named(&self, name: &Name) -> Option<&Proxmox> {
        self.proxmoxes.iter().find(|proxmox| proxmox.name.is(name))
    }

    /// Guests that were attached to a peer.
    pub fn attachments_of(&self, peer: PeerId) -> impl Iterator<Item = &Attachment> {
        self.attachments
            .iter()
            .filter(move |attachment| attachment.peer == peer)
    }

    /// Peers that hang on a VPS.
    pub fn peers_of(&self, vps: VpsId) -> impl Iterator<Item = &Peer> {
        self.peers.iter().filter(move |peer| peer.vps == vps)
    }

    /// Peers (tunnels) of one machine at home.
    pub fn peers_on(&self, host: HostId) -> impl Iterator<Item = &Peer> {
        self.peers.iter().filter(move |peer| peer.host == Some(host))
    }

    /// Forwards of a peer.
    pub fn forwards_of(&self, peer: PeerId) -> impl Iterator<Item = &PortForward> {
        self.forwards.iter().filter(move |forward| forward.peer == peer)
    }

    /// The pool address assigned to a peer, with its VPS.
    pub fn assigned_ip(&self, peer: &Peer) -> Option<(&Vps, &PublicIp)> {
        let vps = self.vps(peer.vps)?;
        Some((vps, vps.ip(peer.public_ip)?))
    }

    /// Whether nothing of the inventory is on the machine any more, so that ours is to be taken away from it.
    pub fn is_leaving(&self, host: HostId) -> bool {
        self.vps_on(host).is_none() && self.peers_on(host).next().is_none()
    }

    /// The machine behind a name of a VPS, of a peer, or of its own: it keeps the name that it was added as when that
    /// peer goes and another one of it stays, and while it is leaving.
    pub fn host_named(&self, name: &Name) -> Option<&Host> {
        let vps = self.vps_named(name).map(|vps| vps.host);
        let peer = || self.peer_named(name).and_then(|peer| peer.host);
        let own = || {
            self.hosts
                .iter()
                .find(|host| host.name.is(name))
                .map(|host| host.id)
        };
        self.host(vps.or_else(peer).or_else(own)?)
    }

    /// The VPS that is this machine, if it is one.
    pub fn vps_on(&self, host: HostId) -> Option<&Vps> {
        self.vpses.iter().find(|vps| vps.host == host)
    }
}

/// A machine that is managed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its identifier, also written into the manifest on the machine.
    pub id: HostId,
    /// What messages call it: the name of the VPS or peer that it was added as.
    pub name: Name,
    /// How it is reached.
    pub access: Access,
    /// `/etc/machine-id` as last seen: tells a machine reached by two names, and a reinstalled one.
    pub machine_id: Option<String>,
}

/// How a machine is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Access {
    /// It is the machine on which the program runs.
    Local,
    /// Over SSH; what is none comes from the person's SSH configuration.
    Ssh(SshAccess),
}

/// In short: `user@address:port`, of which only what is known is written.
impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Ssh(ssh) = self else {
            return f.write_str("this machine");
        };
        if let Some(user) = &ssh.user {
            write!(f, "{user}@")?;
        }
        f.write_str(&ssh.address)?;
        ssh.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// What is needed to open an SSH connection. Secrets are in the keychain, by the host's identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one independent secret or way is in use"
)]
pub struct SshAccess {
    /// Name, address or alias of the SSH configuration.
    pub address: String,
    /// TCP port.
    pub port: Option<u16>,
    /// User to log in as.
    pub user: Option<String>,
    /// Private key file.
    pub key_file: Option<PathBuf>,
    /// Whether ssh-agent alone is used.
    pub agent: bool,
    /// Whether a password is kept for it.
    pub password: bool,
    /// Whether a password for sudo is kept for it.
    pub sudo_password: bool,
    /// Jump host, as `user@host:port` or an alias.
    pub jump: Option<String>,
    /// Whether it is reached through its tunnel, by way of its VPS, because it cannot be reached directly.
    pub through_tunnel: bool,
}
