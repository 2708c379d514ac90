//! Every edit that can be asked for.

use serde::Deserialize;
use ts_rs::TS;

use super::{GuestForm, LoginForm, ProxmoxSignInForm};

/// A change of the inventory. Texts are as they were typed; an empty one is what was left out.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// Connects to a machine, looks at it, and makes it a VPS.
    VpsAdd {
        /// Its name.
        name: String,
        /// How it is logged in to.
        login: LoginForm,
        /// `10.0.0.0/24`; empty for a free one.
        tunnel_network: String,
        /// UDP port of WireGuard; empty for that of the settings.
        listen_port: String,
        /// Addresses for the pool (`PUBLIC` or `PUBLIC=PRIVATE`); none for all that are found.
        ips: Vec<String>,
    },
    /// Gives a VPS another name.
    VpsRename {
        /// Its name.
        name: String,
        /// Its new name.
        new_name: String,
    },
    /// Leaves the host as it was found and forgets it. A VPS with peers is refused.
    VpsRemove {
        /// Its name.
        name: String,
        /// Forget it without touching the host (it is gone).
        forget: bool,
        /// Also remove the packages that WireWarp installed.
        remove_packages: bool,
    },
    /// Adds addresses to a pool.
    IpAdd {
        /// VPS.
        vps: String,
        /// `PUBLIC` or `PUBLIC=PRIVATE`; empty for all that are found.
        address: String,
    },
    /// Takes an address that no peer has out of a pool.
    IpRemove {
        /// VPS.
        vps: String,
        /// Address.
        address: String,
    },
    /// Says whether an address is given to new peers.
    IpSetActive {
        /// VPS.
        vps: String,
        /// Address.
        address: String,
        /// Whether it is.
        active: bool,
    },
    /// Connects a machine or a device at home.
    PeerAdd {
        /// Its name.
        name: String,
        /// Its VPS; empty for the only one.
        vps: String,
        /// How it is set up.
        setup: PeerSetupForm,
        /// `round-robin`, `least-used` or an address of the pool; empty for `round-robin`.
        ip: String,
        /// VM network; empty for the next free one.
        network: String,
        /// Existing interface for the gateway address; empty for a bridge of its own.
        vm_interface: String,
        /// MTU in bytes; empty for what the home line allows.
        mtu: String,
        /// What of the machine's own traffic goes through the tunnel: `replies`, `everything`, or networks with commas
        /// between them; empty or left out for `replies`.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        route: String,
    },
    /// Says what of a peer's machine's own traffic goes through its tunnel. A manual peer is refused.
    PeerRoute {
        /// Its name.
        name: String,
        /// `replies`, `everything`, or networks with commas between them.
        route: String,
    },
    /// Gives a peer another name.
    PeerRename {
        /// Its name.
        name: String,
        /// Its new name.
        new_name: String,
    },
    /// Gives a peer another public IP; its forwards and egress go along.
    PeerMove {
        /// Its name.
        name: String,
        /// `round-robin`, `least-used` or an address of the pool.
        ip: String,
    },
    /// Suspends or resumes peers.
    PeerSetActive {
        /// Their names.
        names: Vec<String>,
        /// Whether they take part.
        active: bool,
    },
    /// Makes a new tunnel key: on the peer's host, or for a manual peer here, which then needs its new configuration.
    PeerRotateKeys {
        /// Its name.
        name: String,
    },
    /// Another MTU for a peer's tunnel.
    PeerMtu {
        /// Its name.
        name: String,
        /// In bytes; empty to measure the path from there, outside the tunnel.
        mtu: String,
    },
    /// Leaves the peers' hosts as they were found and forgets them with their forwards.
    PeerRemove {
        /// Their names.
        names: Vec<String>,
        /// Forget them without touching their hosts (they are gone).
        forget: bool,
        /// Also remove the packages that WireWarp installed.
        remove_packages: bool,
    },
    /// Opens ports.
    ForwardAdd {
        /// What is to be opened.
        draft: ForwardDraft,
        /// Whether it is in force at once.
        enabled: bool,
    },
    /// Opens many ports of a peer: one `PORTS [PROTOCOL [TARGET [LABEL]]]` a line, `#` begins a comment.
    ForwardImport {
        /// Peer.
        peer: String,
        /// The lines.
        text: String,
    },
    /// Changes a forward.
    ForwardEdit {
        /// Its identifier.
        id: String,
        /// What it is to be; a `template` is ignored.
        draft: ForwardDraft,
    },
    /// Closes forwards for good.
    ForwardRemove {
        /// Their identifiers.
        ids: Vec<String>,
    },
    /// Puts forwards in or out of force.
    ForwardSetEnabled {
        /// Their identifiers.
        ids: Vec<String>,
        /// Whether they are in force.
        enabled: bool,
    },
    /// Signs in to a Proxmox host and keeps it. May ask about its certificate, and for a code.
    ProxmoxAdd {
        /// What to call it.
        name: String,
        /// Where its window opens: `https://192.168.1.10:8006`, or a part of that.
        url: String,
        /// Who signs in.
        sign_in: ProxmoxSignInForm,
    },
    /// Signs in to a known Proxmox host anew, or as somebody else.
    ProxmoxLogin {
        /// Its name.
        name: String,
        /// Who signs in.
        sign_in: ProxmoxSignInForm,
    },
    /// Forgets a Proxmox host and its secret; nothing changes there.
    ProxmoxRemove {
        /// Its name.
        name: String,
        /// Forget it with the guests that are attached through it (it is gone for good).
        forget: bool,
    },
    /// Brings a guest onto a peer's network, and opens ports to it.
    GuestAttach {
        /// Which, and how.
        guest: Box<GuestForm>,
    },
    /// Gives a guest what it had before it was attached.
    GuestDetach {
        /// Name of the Proxmox host.
        proxmox: String,
        /// Number of the guest.
        vmid: u32,
    },
    /// Logs in to a known host another way from now on, once that works and leads to the same machine.
    HostLogin {
        /// Name of a VPS or peer.
        host: String,
        /// How it is logged in to.
        login: LoginForm,
    },
    /// Takes what a host's own manifest says into the inventory.
    HostAdopt {
        /// Name of a VPS or peer.
        host: String,
    },
    /// Puts a host back to what the inventory says.
    HostRepair {
        /// Name of a VPS or peer.
        host: String,
    },
    /// Puts an earlier generation of a host back in force.
    HostRollback {
        /// Name of a VPS or peer.
        host: String,
        /// Which; none for the one before.
        generation: Option<u64>,
    },
}

/// How a peer is set up.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "setup")]
pub enum PeerSetupForm {
    /// Over SSH.
    Ssh {
        /// How it is logged in to.
        login: Box<LoginForm>,
    },
    /// It is this machine.
    Local,
    /// By hand, with a configuration file or a QR code.
    Manual {
        /// How it uses the tunnel.
        mode: ManualModeChoice,
    },
}

/// How a manual peer uses the tunnel.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ManualModeChoice {
    /// All its traffic goes through the VPS; it sees the real clients.
    FullTunnel,
    /// Only the tunnel goes through; the VPS stands in for the clients.
    Masquerade,
}

/// A forward as it is being typed.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ForwardDraft {
    /// Peer.
    pub peer: String,
    /// `25565` · `80,443` · `27000-27050` · `8000-8010->9000`; `all` for the whole address. Ignored with a `template`.
    pub ports: String,
    /// `tcp`, `udp` or `both`; empty for tcp. Ignored with a `template`.
    pub protocols: String,
    /// Address of a VM or of the LAN, or `peer` for the peer itself; empty for the usual target.
    pub to: String,
    /// What to call it.
    pub label: String,
    /// Template whose ports are opened; none for `ports`.
    pub template: Option<String>,
}
