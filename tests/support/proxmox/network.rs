//! The network of a node: what is, what is staged, and what makes the one the other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{Found, Outcome, Refusal};
use super::cluster::{Cluster, Node, Request};
use super::interfaces::{Interface, Interfaces, changes};
use super::rights::Who;
use super::task::Work;

/// Answers a method below `/nodes/{node}/network`.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    let node = request.node();
    let one = request.path.ends_with("{iface}");
    match (request.method, one) {
        ("GET", false) => list(cluster, request),
        ("GET", true) => {
            let node = cluster.node(node)?;
            let file = node.staged_interfaces();
            let interface = existing(&file, request)?;
            Ok(file
                .entry(interface, node.active.contains(&interface.name))
                .into())
        }
        ("POST", _) => {
            let file = cluster.node(node)?.staged_interfaces();
            if file.get(request.params.text("iface")).is_some() {
                return Err(Refusal::field("iface", "interface already exists"));
            }
            stage(cluster, request, file)
        }
        ("PUT", true) => {
            let file = cluster.node(node)?.staged_interfaces();
            existing(&file, request)?;
            stage(cluster, request, file)
        }
        ("DELETE", true) => {
            let mut file = cluster.node(node)?.staged_interfaces();
            let name = existing(&file, request)?.name.clone();
            file.remove(&name);
            cluster.write_staged(node, &file)
        }
        ("PUT", false) => {
            let upid = cluster.start_task(node, "srvreload", "networking", request.who, Work::ApplyNetwork);
            Ok(json!(upid).into())
        }
        _ => {
            cluster.node(node)?.staged = None;
            Ok(Value::Null.into())
        }
    }
}

fn existing<'file>(file: &'file Interfaces, request: &Request) -> Result<&'file Interface, Refusal> {
    file.get(request.params.text("iface"))
        .ok_or_else(|| Refusal::field("iface", "interface does not exist"))
}

fn list(cluster: &mut Cluster, request: &Request) -> Outcome {
    let wanted = request.params.get("type");
    let node = cluster.node(request.node())?.clone();
    let file = node.staged_interfaces();
    let shown = file.list.iter().filter(|interface| {
        let kind = interface.kind();
        let any_bridge =
            kind == "bridge" && matches!(wanted, Some("any_bridge" | "any_local_bridge" | "include_sdn"));
        kind != "loopback"
            && (kind != "bridge" || cluster.may_see_bridge(request.who, &interface.name))
            && (any_bridge || wanted.is_none_or(|wanted| wanted == kind || wanted == "include_sdn"))
    });
    let entries = shown.map(|interface| file.entry(interface, node.active.contains(&interface.name)));
    let data = Value::Array(entries.collect());
    Ok(match &node.staged {
        Some((staged, at)) => Found::with(data, "changes", json!(changes(&node.interfaces, staged, *at))),
        None => data.into(),
    })
}

fn stage(cluster: &mut Cluster, request: &Request, mut file: Interfaces) -> Outcome {
    let first = |(name, values): (&String, &Vec<String>)| Some((name.clone(), values.first()?.clone()));
    let params: BTreeMap<String, String> = request.params.0.iter().filter_map(first).collect();
    let name = request.params.text("iface");
    let interface = Interface::from_params(name, request.params.text("type"), &params);
    if interface.option("gateway").is_some()
        && let Some(other) = file.gateway(name)
    {
        let text = format!("Default gateway already exists on interface '{other}'.");
        return Err(Refusal::field("gateway", text));
    }
    let ports = interface.option("bridge-ports").unwrap_or_default();
    for port in ports.split_whitespace().filter(|port| *port != "none") {
        if let Some(other) = file.bridge_of(port, name) {
            let text = format!("{port} is already used on interface '{other}'.");
            return Err(Refusal::field("bridge_ports", text));
        }
    }
    file.put(interface, request.params.is_set("autostart"));
    cluster.write_staged(request.node(), &file)
}

impl Node {
    /// What clients read: the staged file where there is one.
    pub fn staged_interfaces(&self) -> Interfaces {
        let text = self.staged.as_ref().map_or(&self.interfaces, |(text, _)| text);
        Interfaces::parse(text)
    }
}

impl Cluster {
    fn write_staged(&mut self, node: &str, file: &Interfaces) -> Outcome {
        let now = self.clock.seconds();
        self.node(node)?.staged = Some((file.text(), now));
        Ok(Value::Null.into())
    }

    /// A bridge is of the zone `localnetwork`; who has no right there does not see it.
    pub(super) fn may_see_bridge(&self, who: &Who, bridge: &str) -> bool {
        let path = format!("/sdn/zones/localnetwork/{bridge}");
        self.need_any(who, &path, &["SDN.Audit", "SDN.Use"]).is_ok()
    }

    /// The bridges of a node that are up, those of the SDN included.
    pub(super) fn has_bridge(&self, node: &str, bridge: &str) -> bool {
        let up = |node: &Node| {
            let file = Interfaces::parse(&node.interfaces);
            let is_bridge = file
                .get(bridge)
                .is_some_and(|interface| interface.kind() == "bridge");
            is_bridge && node.active.contains(bridge)
        };
        self.nodes.get(node).is_some_and(up) || self.sdn.applied.contains(bridge)
    }

    /// The staged file takes the place of the file, then the network is made what it says. Like `ifreload`, a failure
    /// comes after the file is in its place.
    pub(super) fn apply_network(&mut self, name: &str, fails: bool) -> Result<(), String> {
        let node = self
            .nodes
            .get_mut(name)
            .ok_or_else(|| "no such node".to_owned())?;
        if let Some((staged, _)) = node.staged.take() {
            node.interfaces = staged;
        }
        if fails {
            return Ok(());
        }
        let text = node.interfaces.clone();
        self.effects
            .apply_network(name, &text)
            .map_err(|why| format!("command 'ifreload -a' failed: {why}"))?;
        if let Some(node) = self.nodes.get_mut(name) {
            node.active = Interfaces::parse(&text).all_auto();
        }
        Ok(())
    }
}
