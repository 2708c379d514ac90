//! Proxmox hosts, and guests that are attached.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wirewarp_model::Name;

use super::{LoginForm, SecretText};

/// A Proxmox host in the list of all.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProxmoxRow {
    /// Its name.
    pub name: Name,
    /// Where its API is: `host:port`.
    pub endpoint: String,
    /// The user or token that is signed in.
    pub who: String,
    /// Its version when it was signed in to last.
    pub version: String,
    /// SHA-256 of the certificate that is trusted.
    pub fingerprint: String,
    /// Guests that are attached through it.
    pub attached: usize,
}

/// Who signs in to a Proxmox host, as it is typed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "with")]
pub enum ProxmoxSignInForm {
    /// An API token.
    Token {
        /// `user@realm!name=secret`.
        token: SecretText,
    },
    /// A user with a password. A code is asked for where there is a second factor.
    Password {
        /// User and realm, e.g. `root@pam`.
        user: String,
        /// The password.
        password: SecretText,
        /// Whether to make a token with the rights that WireWarp needs, and keep that instead of the password.
        make_token: bool,
    },
}

/// A guest to be attached. Empty texts are what was left out.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct GuestForm {
    /// Name of the Proxmox host.
    pub proxmox: String,
    /// Number of the guest.
    pub vmid: u32,
    /// Ports to open to it, as for a forward; empty for none. Ignored with a `template`.
    pub ports: String,
    /// `tcp`, `udp` or `both`; empty for tcp.
    pub protocols: String,
    /// Template whose ports are opened; none for `ports`.
    pub template: Option<String>,
    /// What to call what is opened.
    pub label: String,
    /// How it gets onto the network.
    pub nic: NicForm,
    /// Who tells it its address.
    pub address: AddressForm,
    /// Peer on its node whose tunnel it takes; empty for the one that is there, or a new one.
    pub peer: String,
    /// What a new peer needs; none to take one that is there.
    pub new_peer: Option<NodePeerForm>,
}

/// A tunnel to be set up on a node.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct NodePeerForm {
    /// Its VPS; empty for the only one.
    pub vps: String,
    /// `round-robin`, `least-used` or an address of the pool; empty for `round-robin`.
    pub ip: String,
    /// How the node is logged in to; none where it is a machine of the inventory already.
    pub login: Option<Box<LoginForm>>,
}

/// How a guest gets onto the network.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "nic")]
pub enum NicForm {
    /// By one network card more.
    New,
    /// By a card that it has, which leaves its network.
    Replace {
        /// The N of `netN`; none for its only one.
        index: Option<u8>,
    },
    /// Not at all: it stays on the LAN.
    Lan {
        /// Its address there; empty to ask the guest.
        address: String,
    },
}

/// Who tells a guest its address.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AddressForm {
    /// Its configuration in Proxmox where that can, else DHCP.
    Auto,
    /// DHCP on the node.
    Dhcp,
    /// Its configuration in Proxmox.
    Config,
    /// Its agent, inside of it, while it runs.
    Agent,
    /// The person, inside the guest.
    ByHand,
}
