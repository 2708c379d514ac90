//! The bridges of a Proxmox host, and edits that somebody has pending there.

use futures::future::join_all;
use ipnet::Ipv4Net;
use jiff::Timestamp;
use serde::Serialize;
use wirewarp_model::{Inventory, Name, Proxmox, error::excerpt};
use wirewarp_proxmox::{Api, Problem, ProxmoxError, names::NodeName, network::NodeNetwork, nodes::Node};

use super::named;
use crate::{Engine, error::EngineError};

/// Bridges of all nodes at one moment.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BridgesSight {
    /// When it was asked.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Bridges of the nodes that answered, by node and name.
    pub bridges: Vec<BridgeSight>,
    /// Nodes that did not answer.
    pub silent: Vec<SilentNode>,
}

/// A bridge of a node.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BridgeSight {
    /// The node.
    pub node: String,
    /// Its name.
    pub name: String,
    /// Whether it is up.
    pub active: bool,
    /// The node's address on it.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub address: Option<Ipv4Net>,
    /// Its ports, with blanks between them; empty for one that leads nowhere but to guests.
    pub ports: String,
    /// The peer whose VM network it is, if it is one of WireWarp's.
    pub peer: Option<Name>,
    /// Edits that somebody has pending on its node, as a diff.
    pub pending: Option<String>,
}

/// A node whose bridges are not known.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SilentNode {
    /// Its name.
    pub name: String,
    /// Why it did not answer.
    pub why: String,
}

impl Engine {
    /// The bridges of all nodes. A node that is down, or that the asked one cannot reach, hides nothing of the others.
    pub async fn proxmox_bridges(&self, name: &Name) -> Result<BridgesSight, EngineError> {
        let inventory = self.inventory().await?;
        let proxmox = named(&inventory, name)?;
        let api = self.proxmoxes.api(proxmox).await?;
        let nodes = self.told(proxmox, api.nodes().await).await?;
        let mut sight = BridgesSight {
            at: Timestamp::now(),
            bridges: vec![],
            silent: vec![],
        };
        let answers = join_all(nodes.iter().map(|node| network(&api, node))).await;
        for (node, answer) in nodes.iter().zip(answers) {
            match self.told(proxmox, answer).await? {
                Ok(network) => sight
                    .bridges
                    .extend(bridges(&inventory, proxmox, &node.name, &network)),
                Err(why) => sight.silent.push(SilentNode {
                    name: node.name.to_string(),
                    why,
                }),
            }
        }
        Ok(sight)
    }
}

/// The network of a node, or why that node alone does not tell.
async fn network(api: &Api, node: &Node) -> Result<Result<NodeNetwork, String>, ProxmoxError> {
    if !node.online {
        return Ok(Err("it is down".to_owned()));
    }
    match api.node_network(&node.name).await {
        Ok(network) => Ok(Ok(network)),
        Err(error)
            if matches!(
                error.problem(),
                Problem::NodeUnreachable(_) | Problem::TimedOut { .. }
            ) =>
        {
            Ok(Err(error.problem().to_string()))
        }
        Err(error) => Err(error),
    }
}

fn bridges<'a>(
    inventory: &'a Inventory,
    proxmox: &'a Proxmox,
    node: &'a NodeName,
    network: &'a NodeNetwork,
) -> impl Iterator<Item = BridgeSight> + 'a {
    let listed = network
        .interfaces
        .iter()
        .filter(|(_, interface)| interface.kind == "bridge");
    listed.map(move |(name, interface)| {
        let ours = inventory.attachments.iter().find(|it| {
            it.proxmox == proxmox.id
                && it.node == node.as_str()
                && it.bridge.as_ref().is_some_and(|bridge| bridge.as_str() == name)
        });
        BridgeSight {
            node: node.to_string(),
            name: excerpt(name),
            active: interface.active,
            address: interface.cidr,
            ports: excerpt(interface.bridge_ports.as_deref().unwrap_or_default()),
            peer: ours
                .and_then(|it| inventory.peer(it.peer))
                .map(|peer| peer.name.clone()),
            pending: network.changes.clone(),
        }
    })
}
