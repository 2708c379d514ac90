//! Namespaces, bridges and cables, made with ip(8).
//!
//! Nothing is ever made in the namespace of the machine itself: a cable is born inside one namespace with its
//! other end in another, so that no name or address can collide with the machine's own.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use ipnet::Ipv4Net;

use super::cgroup;
use super::process::{DEFAULT_LIMIT, limited, must, run};
use super::topology::{Cable, Plug, Topology};

/// The namespaces of one lab.
#[derive(Clone, Debug)]
pub struct Nets {
    lab: String,
}

impl Nets {
    /// The namespaces of the lab with this id.
    pub fn new(lab: &str) -> Self {
        Self { lab: lab.to_owned() }
    }

    /// What the namespace of a node is called.
    pub fn name(&self, node: &str) -> String {
        format!("{}{node}", prefix(&self.lab))
    }

    /// A command that will run in the namespace of a node, as a process of this machine otherwise.
    pub fn command(&self, node: &str, limit: Duration, words: &[&str]) -> Command {
        let net = format!("--net=/run/netns/{}", self.name(node));
        let mut entered = vec!["nsenter", net.as_str(), "--"];
        entered.extend(words);
        limited(limit, &entered)
    }

    /// Runs a command in the namespace of a node; an error unless it succeeds.
    pub fn must(&self, node: &str, words: &[&str]) -> Result<String> {
        let output = run(self.command(node, DEFAULT_LIMIT, words), b"")?;
        Ok(output.ok()?.to_owned())
    }

    /// Makes everything.
    pub fn build(&self, topology: &Topology) -> Result<()> {
        for node in &topology.nodes {
            self.add_node(node)?;
        }
        for ((node, bridge), addresses) in &topology.bridges {
            self.ip(node, &format!("link add {bridge} type bridge"))?;
            self.ip(node, &format!("link set {bridge} up"))?;
            self.address(node, bridge, addresses)?;
        }
        for cable in &topology.cables {
            self.lay(cable)?;
        }
        for (node, rules) in &topology.rules {
            self.forwards(node)?;
            self.load_rules(node, rules)?;
        }
        Ok(())
    }

    /// Gives a node a new, empty namespace with its cables laid again: a machine that was switched off keeps
    /// nothing of its kernel's state. Processes that were in the old one are killed.
    pub fn renew(&self, topology: &Topology, node: &str) -> Result<()> {
        let cables = topology.cables.iter();
        let cables: Vec<&Cable> = cables.filter(|cable| cable.of(node).is_some()).collect();
        for cable in &cables {
            // It is not there if the namespace already is not.
            drop(self.ip(&cable.near.node, &format!("link del {}", cable.near.port)));
        }
        remove_namespace(&self.name(node))?;
        self.add_node(node)?;
        cables.into_iter().try_for_each(|cable| self.lay(cable))
    }

    /// One ip(8) command in the namespace of a node, its words separated by spaces.
    pub fn ip(&self, node: &str, words: &str) -> Result<String> {
        let name = self.name(node);
        let mut line = vec!["ip", "-n", name.as_str()];
        line.extend(words.split(' '));
        must(&line)
    }

    /// Loads nftables rules in the namespace of a node.
    pub fn load_rules(&self, node: &str, rules: &str) -> Result<()> {
        let command = self.command(node, DEFAULT_LIMIT, &["nft", "-f", "-"]);
        run(command, rules.as_bytes())?.ok()?;
        Ok(())
    }

    fn add_node(&self, node: &str) -> Result<()> {
        must(&["ip", "netns", "add", &self.name(node)])?;
        self.ip(node, "link set lo up")?;
        // With br_netfilter in the kernel a bridge would hand its frames to the rules of its node.
        let quiet = "net.bridge.bridge-nf-call-iptables=0";
        drop(self.must(node, &["sysctl", "-q", "-w", quiet]));
        Ok(())
    }

    fn lay(&self, cable: &Cable) -> Result<()> {
        let Cable { near, far } = cable;
        let there = self.name(&far.node);
        let words = format!(
            "link add {} address {} type veth peer name {} address {} netns {there}",
            near.port,
            near.mac(),
            far.port,
            far.mac()
        );
        self.ip(&near.node, &words)?;
        self.plug_in(far)?;
        self.plug_in(near)
    }

    fn plug_in(&self, plug: &Plug) -> Result<()> {
        let Plug { node, port, .. } = plug;
        if let Some(bridge) = &plug.bridge {
            self.ip(node, &format!("link set {port} master {bridge}"))?;
        }
        if plug.up {
            self.ip(node, &format!("link set {port} up"))?;
        }
        self.address(node, port, &plug.addresses)?;
        if let Some(gateway) = plug.gateway {
            self.ip(node, &format!("route add default via {gateway}"))?;
        }
        Ok(())
    }

    fn address(&self, node: &str, port: &str, addresses: &[Ipv4Net]) -> Result<()> {
        addresses.iter().try_for_each(|address| {
            self.ip(node, &format!("address add {address} dev {port}"))
                .map(drop)
        })
    }

    fn forwards(&self, node: &str) -> Result<()> {
        self.must(node, &["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"])
            .map(drop)
    }
}

fn prefix(lab: &str) -> String {
    format!("ww{lab}-")
}

/// Removes every namespace of a lab, with the processes in them.
pub fn remove_all(lab: &str) -> Result<()> {
    let prefix = prefix(lab);
    let all = must(&["ip", "netns", "list"])?;
    let names = all.lines().filter_map(|line| line.split(' ').next());
    for name in names.filter(|name| name.starts_with(&prefix)) {
        remove_namespace(name)?;
    }
    Ok(())
}

/// A namespace lives on, with its cables, as long as a process is in it: those are killed first, but for this
/// one and the ones that it descends from.
fn remove_namespace(name: &str) -> Result<()> {
    let spared = ancestors();
    let inside = must(&["ip", "netns", "pids", name])?;
    let inside = inside.lines().filter_map(|line| line.trim().parse().ok());
    let doomed: Vec<u32> = inside.filter(|id| !spared.contains(id)).collect();
    cgroup::kill_processes(&doomed)?;
    must(&["ip", "netns", "delete", name]).with_context(|| format!("cannot remove {name}"))?;
    Ok(())
}

fn ancestors() -> Vec<u32> {
    let mut line = vec![std::process::id()];
    while let Some(parent) = line.last().copied().and_then(parent_of) {
        line.push(parent);
    }
    line
}

fn parent_of(id: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    parent.trim().parse().ok().filter(|parent| *parent != 0)
}
