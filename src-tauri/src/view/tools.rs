//! Smaller things.

use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use ts_rs::TS;
use wirewarp_engine::{Finding, ForwardCheck};
use wirewarp_model::{ForwardId, Name, PeerId, VpsId};

use super::ActivityFilter;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateRow {
    /// Its name.
    pub name: Name,
    /// What people call it; empty for the person's own.
    pub title: String,
    /// `game`, `voice`, `web`, `remote`, `media` or `service`; `own` for the person's.
    pub kind: String,
    /// Its ports, e.g. `25565 tcp+udp, 19132 udp`.
    pub ports: String,
    /// Where the ports are from; empty for the person's own.
    pub source: String,
    /// Whether it is the person's own.
    pub own: bool,
}

/// A host of the person's SSH configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SshHost {
    /// What is typed after `ssh`.
    pub alias: String,
    /// Where it leads, e.g. `root@203.0.113.10:2222 via bastion`.
    pub leads_to: String,
}

/// A target as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ParsedTarget {
    /// Name, address or alias.
    pub address: String,
    /// User; empty if it was not said.
    pub user: String,
    /// Port; none if it was not said.
    pub port: Option<u16>,
    /// Jump host; empty if it was not said.
    pub jump: String,
    /// Private key file; empty if it was not said.
    pub key_file: String,
    /// Whether the SSH configuration knows `address` as an alias.
    pub is_alias: bool,
}

/// A machine that answered.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Probe {
    /// Address and port that were dialled, and the way there.
    pub endpoint: String,
    /// The fingerprint of its host key.
    pub fingerprint: String,
    /// The user that was logged in as.
    pub user: String,
    /// How it becomes root.
    pub privilege: ProbePrivilege,
    /// Its own name of itself.
    pub hostname: String,
    /// Operating system, e.g. `Debian GNU/Linux 12 (bookworm)`.
    pub system: String,
    /// Kernel release.
    pub kernel: String,
    /// Whether its kernel has WireGuard.
    pub kernel_wireguard: bool,
    /// Public addresses that were found.
    #[ts(type = "Array<string>")]
    pub public_ips: Vec<Ipv4Addr>,
    /// What is wrong, in the way, or good to know; the worst first.
    pub findings: Vec<Finding>,
    /// The name by which the inventory knows this machine already.
    pub known_as: Option<Name>,
    /// How long it took, milliseconds.
    pub ms: u64,
}

/// How a user becomes root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProbePrivilege {
    /// It is root.
    Root,
    /// By sudo.
    Sudo,
}

/// A manual peer's configuration. It holds the private key.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ClientConfigView {
    /// In the form of wg-quick(8).
    pub text: String,
    /// Its QR code, an SVG document.
    pub qr_svg: String,
    /// What a file of it is called, e.g. `phone.conf`.
    pub file_name: String,
    /// Whether the key is kept in the keychain; else it is gone when the program ends.
    pub kept: bool,
}

/// Whether a name leads to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DnsCheck {
    /// Whether it does.
    pub ok: bool,
    /// Where it leads.
    pub addresses: Vec<String>,
    /// In a sentence, with what to do.
    pub message: String,
}

/// The last check of a part of a forward in this run of the program.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CheckResult {
    /// The forward.
    pub forward: ForwardId,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// What was found.
    pub check: ForwardCheck,
}

/// What this program is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct About {
    /// Its version.
    pub version: String,
    /// Version of Tauri.
    pub tauri: String,
    /// Version of the system's web view; empty if it did not say.
    pub webview: String,
    /// `linux`, `windows` or `macos`.
    pub os: String,
    /// Folder of the inventory.
    pub data_dir: String,
    /// File of the log.
    pub log_file: String,
    /// Where secrets are kept.
    pub secrets: SecretsPlace,
    /// Whether a tray answers.
    pub tray: bool,
    /// Whether this build may look for updates.
    pub updates: bool,
    /// Licence, as SPDX names it.
    pub licence: String,
    /// Where the source is.
    pub repository: String,
}

/// A version newer than this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Update {
    /// Its number.
    pub version: String,
    /// What its publisher says of it; plain text, empty if nothing.
    pub notes: String,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretsPlace {
    /// In the system's keychain.
    Keychain,
    /// In an encrypted file of the data folder.
    Vault,
    /// None was needed yet, so nobody looked.
    NotUsed,
}

/// What has changed. Payload of the event `changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Changed {
    /// What is to be asked for again.
    pub subjects: Vec<Subject>,
}

/// Something that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ChangedSubject")]
pub enum Subject {
    /// VPSes, peers, forwards, and what is pending.
    Inventory,
    /// Activity and operations.
    Activity,
    /// Templates.
    Templates,
    /// Settings.
    Settings,
    /// Results of checks.
    Checks,
    /// How things are now.
    Figures,
    /// What fires, what was sent, and the rules.
    Alerts,
}

/// A table that is exported, and what of it; where no list is given, all of it.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "table", rename_all = "snake_case")]
pub enum Export {
    /// VPSes.
    Vpses {
        /// These alone.
        only: Option<Vec<VpsId>>,
    },
    /// Peers.
    Peers {
        /// These alone.
        only: Option<Vec<PeerId>>,
    },
    /// Port forwards.
    Forwards {
        /// These alone.
        only: Option<Vec<ForwardId>>,
    },
    /// Activity.
    Activity {
        /// Which entries.
        filter: ActivityFilter,
    },
}
