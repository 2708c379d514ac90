//! The network of a node: what there is, what is staged, and putting it into force.
//!
//! Staging belongs to the whole node: whoever applies or reverts does so with everybody's edits.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use proxmox_api::nodes::{
    NodesClient,
    node::network::{self, NetworkClient, iface},
};
use serde::Deserialize;
use serde_json::Value;
use wirewarp_model::{ParseError, error::excerpt_of};

use crate::{
    Api, Problem, ProxmoxError,
    answer::is_true,
    names::{BridgeName, NodeName, Upid},
    transport::Verb,
};

/// Longest difference that is shown, in characters.
const MOST_CHANGES: usize = 20_000;

/// What a node says about its network.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeNetwork {
    /// Interfaces by name. Without SDN rights bridges are missing and nothing says so: check the rights first.
    pub interfaces: BTreeMap<String, Interface>,
    /// The staged difference to what is in force, as a unified diff; none when nothing is staged.
    pub changes: Option<String>,
}

/// One interface.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Interface {
    /// `bridge`, `eth`, `bond`, `vlan`, `OVSBridge` ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it is up now.
    #[serde(default, deserialize_with = "truth")]
    pub active: bool,
    /// Whether it comes up at boot.
    #[serde(default, deserialize_with = "truth")]
    pub autostart: bool,
    /// Address with the length of its network, if it has one that can be read.
    #[serde(default, deserialize_with = "lenient_net")]
    pub cidr: Option<Ipv4Net>,
    /// Of a bridge: the interfaces in it, with spaces between them.
    #[serde(default)]
    pub bridge_ports: Option<String>,
    /// The comment, with the line end that Proxmox adds.
    #[serde(default)]
    pub comments: Option<String>,
    /// All other properties as they came, so that two looks can be compared.
    #[serde(flatten)]
    pub others: BTreeMap<String, Value>,
}

/// A bridge as WireWarp wants it: no port, its own address, up at boot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBridge {
    /// Its name.
    pub name: BridgeName,
    /// The node's address on it.
    pub address: Ipv4Net,
    /// Whose it is, for people who look at the node's network.
    pub comment: String,
}

impl Api {
    /// What the node says about its network.
    ///
    /// By hand: `changes` stands beside `data`, where the typed endpoint does not look, and kinds of interfaces that are
    /// newer than its enumerations would fail the whole list.
    pub async fn node_network(&self, node: &NodeName) -> Result<NodeNetwork, ProxmoxError> {
        let path = format!("/nodes/{node}/network");
        let envelope = self.envelope(Verb::Get, &path, Vec::new(), true).await?;
        let listed: Vec<Named> = self.typed(&path, envelope.data)?;
        let changes = envelope.changes.filter(|changes| !changes.trim().is_empty());
        Ok(NodeNetwork {
            interfaces: listed
                .into_iter()
                .map(|named| (named.iface, named.rest))
                .collect(),
            changes: changes.map(|text| bounded_lines(&text)),
        })
    }

    /// Stages a new bridge.
    pub async fn create_bridge(&self, node: &NodeName, bridge: &NewBridge) -> Result<(), ProxmoxError> {
        let name = bridge.name.as_str().to_owned().try_into();
        let name = name.map_err(|_| self.error(ParseError::new("bridge", "it is too long")))?;
        let mut params = network::PostParams::new(name, network::Type3::Bridge);
        params.cidr = Some(bridge.address.to_string());
        params.autostart = Some(true);
        params.comments = Some(bridge.comment.clone()).filter(|comment| !comment.is_empty());
        self.network_of(node).post(params).await
    }

    /// Stages another address for a bridge.
    ///
    /// The node replaces the whole stanza: what is not sent again is gone, so this is for bridges of our own alone.
    pub async fn update_bridge(&self, node: &NodeName, bridge: &NewBridge) -> Result<(), ProxmoxError> {
        let mut params = iface::PutParams::new(iface::Type::Bridge);
        params.cidr = Some(bridge.address.to_string());
        params.autostart = Some(true);
        params.comments = Some(bridge.comment.clone()).filter(|comment| !comment.is_empty());
        let network = self.network_of(node);
        network.iface(bridge.name.as_str()).put(params).await
    }

    /// Stages that a bridge goes.
    pub async fn delete_bridge(&self, node: &NodeName, name: &BridgeName) -> Result<(), ProxmoxError> {
        self.network_of(node).iface(name.as_str()).delete().await
    }

    /// Throws away everything that is staged on the node, whosoever it is.
    pub async fn revert_network(&self, node: &NodeName) -> Result<(), ProxmoxError> {
        self.network_of(node).delete().await
    }

    /// Puts everything that is staged on the node into force; gives the task to follow.
    pub async fn apply_network(&self, node: &NodeName) -> Result<Upid, ProxmoxError> {
        let answer = self.network_of(node).put(network::PutParams::default()).await?;
        answer.parse().map_err(|error: ParseError| {
            self.error(Problem::BadAnswer {
                path: format!("/nodes/{node}/network"),
                why: error.to_string(),
            })
        })
    }

    fn network_of(&self, node: &NodeName) -> NetworkClient<&Self> {
        NodesClient::new(self).node(node.as_str()).network()
    }
}

#[derive(Deserialize)]
struct Named {
    iface: String,
    #[serde(flatten)]
    rest: Interface,
}

fn truth<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(is_true(&value))
}

fn lenient_net<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Ipv4Net>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_str().and_then(|text| text.parse().ok()))
}

/// The lines of a text of the server, each printable, all of them bounded.
fn bounded_lines(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(&excerpt_of(&line.replace('\t', "    "), 200));
        out.push('\n');
        if out.len() > MOST_CHANGES {
            out.push_str("…\n");
            break;
        }
    }
    out
}
