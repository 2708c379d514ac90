//! What a host was seen to be. Filled by the probe; everything in it is untrusted text that has been parsed.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::Ipv4Addr};

use crate::{HostId, IfName, InventoryId, Protocol, WgPublicKey};

/// One look at a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Host name.
    pub hostname: String,
    /// `/etc/machine-id`.
    pub machine_id: Option<String>,
    /// Operating system.
    pub os: Os,
    /// What starts services.
    pub init: Init,
    /// Kind of container, as systemd-detect-virt(1) names it; none on a real or virtual machine.
    pub container: Option<String>,
    /// Name -> version (or an empty text) of the tools that are there: `nft`, `wg`, `wireguard-go`, `conntrack`, `ping` ...
    /// Only the versions of `nft` and `wg` are asked for.
    pub tools: BTreeMap<String, String>,
    /// How packages are installed.
    pub package_manager: Option<PackageManager>,
    /// Whether the kernel has WireGuard (built in, loaded, or a module that can be).
    pub kernel_wireguard: bool,
    /// Whether `/dev/net/tun` can be opened, which userspace WireGuard needs.
    pub tun: bool,
    /// Interfaces, loopback left out.
    pub interfaces: Vec<Interface>,
    /// IPv4 routes of all tables but `local`.
    pub routes: Vec<Route>,
    /// Address and port on which this SSH connection reached the host, if it is one.
    pub ssh_local: Option<(Ipv4Addr, u16)>,
    /// Ports on which sshd listens.
    pub sshd_ports: Vec<u16>,
    /// TCP and UDP ports that somebody serves.
    pub listeners: Vec<Listener>,
    /// Other firewalls and rules that may stand in the way.
    pub firewalls: Vec<Firewall>,
    /// WireGuard interfaces that are not ours: name and listening port.
    pub other_wireguard: Vec<(IfName, Option<u16>)>,
    /// sysctls that we set, as they are now, e.g. `net.ipv4.ip_forward` -> `0`.
    pub sysctls: BTreeMap<String, String>,
    /// What is there of WireWarp.
    pub ours: Option<Ours>,
    /// The host's clock, seconds since 1970 UTC.
    pub clock: u64,
    /// Seconds since it was started; a container tells its own or its machine's.
    #[serde(default)]
    pub uptime: Option<u64>,
    /// Whether the file system that holds `/etc` has less than 16 MiB free.
    pub disk_full: bool,
}

/// Operating system, from `/etc/os-release` and uname(1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Os {
    /// `ID`, e.g. `debian`.
    pub id: String,
    /// `ID_LIKE`, e.g. `debian`.
    pub like: Vec<String>,
    /// `VERSION_ID`, e.g. `12`.
    pub version: String,
    /// `PRETTY_NAME`.
    pub pretty: String,
    /// `uname -s`: `Linux`, or what it is instead.
    pub kernel_name: String,
    /// `uname -r`.
    pub kernel: String,
    /// `uname -m`.
    pub machine: String,
}

/// What starts services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Init {
    /// systemd.
    Systemd,
    /// OpenRC: recognised, not supported yet.
    OpenRc,
    /// Something else.
    #[default]
    Other,
}

/// How packages are installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageManager {
    /// Debian, Ubuntu.
    Apt,
    /// Fedora, RHEL 8 and later.
    Dnf,
    /// RHEL 7.
    Yum,
    /// Alpine.
    Apk,
    /// Arch.
    Pacman,
    /// openSUSE.
    Zypper,
}

/// A network interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// Its name.
    pub name: IfName,
    /// Kind as ip(8) names it (`bridge`, `veth`, `wireguard` ...); empty for a plain device.
    pub kind: String,
    /// Whether it is up.
    pub up: bool,
    /// MTU in bytes.
    pub mtu: u32,
    /// IPv4 addresses with their prefix, e.g. 192.168.20.10/24.
    pub addresses: Vec<Ipv4Net>,
}

/// An IPv4 route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Destination; 0.0.0.0/0 is the default route.
    pub destination: Ipv4Net,
    /// Next hop.
    pub via: Option<Ipv4Addr>,
    /// Interface; none for `unreachable` and the like.
    pub device: Option<IfName>,
    /// Routing table, `main` or a number.
    pub table: String,
    /// Preferred source address.
    pub source: Option<Ipv4Addr>,
}

/// A served port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Listener {
    /// Protocol.
    pub protocol: Protocol,
    /// Address; none for all addresses.
    pub address: Option<Ipv4Addr>,
    /// Port.
    pub port: u16,
    /// The process, or `container NAME`; empty if the host did not tell.
    pub owner: String,
    /// The interface that it is bound to by name; none for those of its address.
    #[serde(default)]
    pub device: Option<IfName>,
}

/// Something that may stand in the way of ours, with what it does to the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Firewall {
    /// What it is.
    pub kind: FirewallKind,
    /// Where it was seen, e.g. `table ip filter, chain FORWARD: policy drop`.
    pub detail: String,
}

/// Kinds of other firewalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirewallKind {
    /// ufw is enabled.
    Ufw,
    /// firewalld runs.
    Firewalld,
    /// Docker runs, with its FORWARD policy.
    Docker,
    /// A chain at the input hook drops or rejects what it does not know.
    InputDrop,
    /// A chain at the forward hook drops or rejects what it does not know.
    ForwardDrop,
}

/// What is there of WireWarp on a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ours {
    /// The generation in force; 0 for none.
    pub generation: u64,
    /// The highest generation that has a folder.
    pub highest_generation: u64,
    /// From the manifest in force.
    pub host: Option<HostId>,
    /// From the manifest in force: who applied it.
    pub inventory: Option<InventoryId>,
    /// The manifest in force, as text; without the desired state unless that was asked for.
    pub manifest: Option<String>,
    /// An apply that nobody has confirmed yet.
    pub pending: Option<Pending>,
    /// SHA-256 (hex) of each file of the generation in force and of the units in `/etc/systemd/system`
    /// (`units/NAME` as they are installed, `installed/NAME`).
    pub digests: BTreeMap<String, String>,
    /// Where the live state differs from the generation in force, one line each, as the host's own check says.
    pub drift: Vec<String>,
    /// Packages that WireWarp installed.
    pub packages: Vec<String>,
    /// Live tunnels.
    pub tunnels: Vec<Tunnel>,
}

/// An apply that waits for its confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The operation's identifier, as written by whoever applied.
    pub operation: String,
    /// The generation that comes back if nobody confirms.
    pub previous: u64,
}

/// A live tunnel interface of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tunnel {
    /// Its name.
    pub name: IfName,
    /// Its public key; none while it has no private key.
    pub public_key: Option<WgPublicKey>,
    /// UDP port it listens on.
    pub listen_port: u16,
    /// Its peers.
    pub peers: Vec<TunnelPeer>,
}

/// A peer of a live tunnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TunnelPeer {
    /// Its public key.
    pub public_key: WgPublicKey,
    /// `address:port` last heard from.
    pub endpoint: Option<String>,
    /// Networks that it may use.
    pub allowed_ips: Vec<Ipv4Net>,
    /// Seconds since 1970 UTC of the last handshake; 0 for never.
    pub latest_handshake: u64,
    /// Bytes received from it.
    pub received: u64,
    /// Bytes sent to it.
    pub sent: u64,
}
