//! Pages of one VPS, one peer, one host.

use serde::Serialize;
use std::net::Ipv4Addr;
use ts_rs::TS;
use wirewarp_model::{HostId, ManualMode, MtuOrigin, Name};

use super::{ForwardRow, HostLive, PeerRow, TunnelLive, VpsRow};

/// Everything about a VPS.
#[derive(Debug, Clone, Serialize, TS)]
pub struct VpsPage {
    /// Its row.
    pub row: VpsRow,
    /// The IP pool with its use.
    pub pool: Vec<AddressView>,
    /// Its peers.
    pub peers: Vec<PeerRow>,
    /// Key of its tunnel; none until the host has made it.
    pub public_key: Option<String>,
    /// Its machine.
    pub host: HostPage,
}

/// Everything about a peer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PeerPage {
    /// Its row.
    pub row: PeerRow,
    /// Its port forwards, oldest first.
    pub forwards: Vec<ForwardRow>,
    /// Its tunnel as last seen by its VPS.
    pub tunnel: Option<TunnelLive>,
    /// Key of its tunnel; none until its host has made it.
    pub public_key: Option<String>,
    /// MTU of its tunnel in bytes.
    pub mtu: u16,
    /// Where that comes from.
    pub mtu_origin: MtuOrigin,
    /// What of its machine's own traffic goes through the tunnel: `replies`, `everything`, or networks with commas between
    /// them; `replies` for a manual peer.
    pub route: String,
    /// Its interface at home, e.g. `ww0`.
    pub tunnel_interface: String,
    /// How a manual peer uses the tunnel.
    pub manual_mode: Option<ManualMode>,
    /// Its machine; none for a manual peer.
    pub host: Option<HostPage>,
}

/// A pool address with what hangs on it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AddressView {
    /// The address that the internet uses.
    #[ts(type = "string")]
    pub address: Ipv4Addr,
    /// The address on the interface; another one where the provider maps it.
    #[ts(type = "string")]
    pub on_host: Ipv4Addr,
    /// The interface.
    pub interface: String,
    /// Whether it is given to new peers.
    pub active: bool,
    /// Whether peers connect to it.
    pub is_endpoint: bool,
    /// Names of the peers that have it.
    pub peers: Vec<Name>,
    /// Their forwards.
    pub forwards: usize,
    /// Public ports of those.
    pub ports: u64,
    /// The DNS name of the settings for it.
    pub dns_name: Option<String>,
}

/// A machine.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HostPage {
    /// Its identifier.
    pub id: HostId,
    /// Its name.
    pub name: Name,
    /// How it is reached.
    pub access: AccessView,
    /// The generation that this inventory applied last; 0 for none.
    pub applied: u64,
    /// As it stands now; none if nobody looked in this run of the program.
    pub live: Option<HostLive>,
    /// What was seen of it at the last look, be it long ago.
    pub facts: Option<HostFacts>,
}

/// How a machine is reached; no secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AccessView {
    /// It is the machine on which the program runs.
    Local,
    /// Over SSH.
    Ssh {
        /// In short, e.g. `root@203.0.113.10:2222`.
        short: String,
        /// Name, address or alias.
        address: String,
        /// Port, if it was said.
        port: Option<u16>,
        /// User, if it was said.
        user: Option<String>,
        /// Private key file, if it was said.
        key_file: Option<String>,
        /// Whether ssh-agent alone is used.
        agent: bool,
        /// Whether a password is kept.
        password: bool,
        /// Whether a password for sudo is kept.
        sudo_password: bool,
        /// Jump host.
        jump: Option<String>,
        /// Whether it is reached through its tunnel.
        through_tunnel: bool,
    },
}

/// What a machine was seen to be.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HostFacts {
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Its own name of itself.
    pub hostname: String,
    /// Operating system.
    pub system: String,
    /// Kernel release.
    pub kernel: String,
    /// Architecture, e.g. `x86_64`.
    pub machine: String,
    /// Kind of container; none on a real or virtual machine.
    pub container: Option<String>,
    /// Whether its kernel has WireGuard; else a program does it.
    pub kernel_wireguard: bool,
    /// Ports on which sshd listens.
    pub sshd_ports: Vec<u16>,
    /// Its interfaces, loopback left out.
    pub interfaces: Vec<InterfaceFacts>,
    /// Other firewalls and rules that were seen, a line each.
    pub firewalls: Vec<String>,
    /// Packages that WireWarp installed.
    pub packages: Vec<String>,
}

/// A network interface.
#[derive(Debug, Clone, Serialize, TS)]
pub struct InterfaceFacts {
    /// Its name.
    pub name: String,
    /// Kind as ip(8) names it; empty for a plain device.
    pub kind: String,
    /// Whether it is up.
    pub up: bool,
    /// MTU in bytes.
    pub mtu: u32,
    /// Addresses with their prefix.
    pub addresses: Vec<String>,
}
