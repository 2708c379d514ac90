//! What is put on a host: everything of one generation, and the request to apply it.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};
use uuid::Uuid;

use crate::{IfName, OperationId, PortRange, Protocol, WgPublicKey};

/// Everything of one generation. Rendered from the desired state; the same state gives the same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Path below the generation's folder -> content. `manifest.json` is among them, `units/NAME` are systemd units.
    pub files: BTreeMap<String, BundleFile>,
    /// Tunnels whose private key must be on the host before the files are loaded.
    pub keys: Vec<IfName>,
}

impl Bundle {
    /// What stands in a file for a key that its host has still to make. `owner` is the VPS's or peer's identifier.
    pub fn key_placeholder(owner: Uuid) -> String {
        format!("(made-on-the-host-{owner})")
    }

    /// Puts a key, now that it is made, where its placeholder stands.
    pub fn fill_key(&mut self, owner: Uuid, key: WgPublicKey) {
        let (hole, key) = (Self::key_placeholder(owner), key.to_string());
        for file in self.files.values_mut().filter(|file| file.text.contains(&hole)) {
            file.text = file.text.replace(&hole, &key);
        }
    }

    /// Whether a key is still missing.
    pub fn has_placeholders(&self) -> bool {
        self.files
            .values()
            .any(|file| file.text.contains("(made-on-the-host-"))
    }
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    /// Permission bits, e.g. `0o600`.
    pub mode: u32,
    /// Content; text without NUL bytes, ending in a line feed.
    pub text: String,
}

/// Connection-tracking entries that would keep an old translation (or none) alive: those whose original destination is
/// this address and one of these ports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FlowFlush {
    /// Destination address before translation, as it stands on the interface.
    pub address: Ipv4Addr,
    /// Protocol and ports; none means every flow to the address.
    pub ports: Option<(Protocol, PortRange)>,
}

/// What the host is asked to do. `generation` 0 takes everything of ours away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyRequest {
    /// The operation, unique; names the transient units and the log on the host.
    pub operation: OperationId,
    /// The generation that the plan was made against; 0 when there was none. The host refuses if it has another.
    pub base: u64,
    /// The generation to be.
    pub generation: u64,
    /// Its content; empty for 0.
    pub bundle: Bundle,
    /// Flows to forget once the rules are loaded.
    pub flush: Vec<FlowFlush>,
    /// How long the host waits for a confirmation before it goes back by itself.
    pub rollback_after: Duration,
}
