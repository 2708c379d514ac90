//! What a host's counters and gauges said at one moment. Filled by a poll; untrusted text that has been parsed.

use std::net::Ipv4Addr;

use crate::{IfName, Protocol, WgPublicKey};

/// One poll of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Polled {
    /// The host's clock, seconds since 1970 UTC.
    pub clock: u64,
    /// Milliseconds since it was started; a container tells its own or its machine's.
    pub uptime_ms: u64,
    /// Random identifier of this start of the kernel (`/proc/sys/kernel/random/boot_id`): counters began at zero with it.
    pub boot: String,
    /// `uname -r`.
    pub kernel: String,
    /// Processor time since the start.
    pub cpu: CpuTime,
    /// Memory, KiB.
    pub memory: Capacity,
    /// The file system `/`, KiB.
    pub disk: Capacity,
    /// Load average of the last minute, in hundredths of a process.
    pub load: u32,
    /// The interface of the default route, if there is one.
    pub network: Option<PolledInterface>,
    /// Whether the system asks for a restart.
    pub reboot_needed: bool,
    /// What is asked once a day; none in other polls.
    pub daily: Option<Daily>,
    /// The peers of our tunnels.
    pub peers: Vec<PolledPeer>,
    /// What was counted for each forwarded port.
    pub ports: Vec<PolledPort>,
}

/// Processor time, in ticks of all processors together (proc(5), `/proc/stat`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuTime {
    /// Spent on something.
    pub busy: u64,
    /// All of it.
    pub total: u64,
}

/// Something that can be full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capacity {
    /// All there is.
    pub total: u64,
    /// What can still be had.
    pub available: u64,
}

/// A network interface's counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolledInterface {
    /// Its name.
    pub name: IfName,
    /// Bytes received since it was made.
    pub received: u64,
    /// Bytes sent since it was made.
    pub sent: u64,
}

/// What changes slowly and costs more to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daily {
    /// Security updates that wait; none where the system's package manager cannot tell them from others.
    pub security_updates: Option<u32>,
}

/// A WireGuard peer's counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolledPeer {
    /// The tunnel's interface.
    pub interface: IfName,
    /// Which peer.
    pub key: WgPublicKey,
    /// Where it was heard from last, e.g. `198.51.100.7:51820`.
    pub endpoint: Option<String>,
    /// Seconds since 1970 UTC; 0 for never.
    pub latest_handshake: u64,
    /// Bytes from it since it was added.
    pub received: u64,
    /// Bytes to it since it was added.
    pub sent: u64,
}

/// A forwarded port's counters, by the address and port that players connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolledPort {
    /// Protocol.
    pub protocol: Protocol,
    /// Address on the host's interface.
    pub address: Ipv4Addr,
    /// Port.
    pub port: u16,
    /// Bytes towards home, IP headers included.
    pub to_home: u64,
    /// Bytes from home, IP headers included.
    pub from_home: u64,
    /// Connections that are open now: TCP established, UDP answered.
    pub connections: u32,
}
