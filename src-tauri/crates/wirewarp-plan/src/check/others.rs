//! Other firewalls, tunnels and inventories on a machine, and what they do to this plan.

use std::collections::BTreeSet;
use wirewarp_model::{
    HostId, Inventory, Vps,
    error::excerpt,
    observed::{Firewall, FirewallKind, Observed, Ours},
};

use super::{Finding, Subject};
use crate::render::is_dhcp_served;

/// What stands in the way, or is good to know.
pub(super) fn others(inventory: &Inventory, host: HostId, observed: &Observed) -> Vec<Finding> {
    let at = Subject::Host(host);
    let vps = inventory.vps_on(host);
    let mut findings: Vec<Finding> = observed
        .firewalls
        .iter()
        .map(|firewall| describe(at, firewall, inventory, host))
        .collect();
    findings.extend(other_wireguard(at, observed, vps));
    if let Some(vps) = vps {
        findings.extend(pool(vps, observed));
    }
    findings.extend(super::leases::other_servers(inventory, host, observed));
    findings.extend(own_names(at, observed));
    if let Some(ours) = &observed.ours {
        findings.extend(foreign(inventory, host, ours));
    }
    findings
}

/// What a firewall does to this machine's part, and the commands that let it through.
fn describe(at: Subject, firewall: &Firewall, inventory: &Inventory, host: HostId) -> Finding {
    let place = excerpt(&firewall.detail);
    let part = Part::new(inventory, host);
    let (code, message) = match firewall.kind {
        FirewallKind::Ufw => ("ufw", part.effect("ufw is on")),
        FirewallKind::Firewalld => ("firewalld", part.effect("firewalld is on")),
        FirewallKind::Docker => (
            "docker",
            format!(
                "Docker is here ({place}): it drops what it does not know of all that is passed on, forwards through the tunnel included"
            ),
        ),
        FirewallKind::InputDrop => (
            "input_drop",
            format!(
                "a rule of this machine drops what it does not know ({place}): {}",
                part.input()
            ),
        ),
        FirewallKind::ForwardDrop => (
            "forward_drop",
            format!(
                "a rule of this machine drops what it does not know of all that is passed on ({place}), forwards through the tunnel included"
            ),
        ),
    };
    let mut finding = Finding::warning(code, at, message);
    finding.hints = part.commands(firewall.kind);
    finding
}

/// What of a machine others' rules must let through.
struct Part {
    /// WireGuard's port, on a VPS.
    port: Option<u16>,
    tunnels: Vec<String>,
    /// Interfaces with public addresses on a VPS, with VMs at home.
    inner: Vec<String>,
    /// Interfaces on which VMs ask for their addresses.
    dhcp: Vec<String>,
}

/// What WireWarp's own rules leave of a zone that trusts the tunnel.
const OPEN_ON_VPS: &str = "peers then reach the services of the VPS itself";
const CLOSED_AT_HOME: &str = "WireWarp's own rules stay closed behind it";

impl Part {
    fn new(inventory: &Inventory, host: HostId) -> Self {
        if let Some(vps) = inventory.vps_on(host) {
            let inner: BTreeSet<String> = vps.ips.iter().map(|ip| ip.interface.to_string()).collect();
            return Self {
                port: Some(vps.listen_port.number()),
                tunnels: vec!["ww0".to_owned()],
                inner: inner.into_iter().collect(),
                dhcp: vec![],
            };
        }
        let peers: Vec<_> = inventory.peers_on(host).collect();
        let served = peers.iter().filter(|peer| is_dhcp_served(peer));
        Self {
            port: None,
            tunnels: peers
                .iter()
                .map(|peer| peer.tunnel_interface().to_string())
                .collect(),
            inner: peers
                .iter()
                .map(|peer| peer.gateway_interface().to_string())
                .collect(),
            dhcp: served.map(|peer| peer.gateway_interface().to_string()).collect(),
        }
    }

    fn input(&self) -> String {
        match self.port {
            Some(port) => format!("peers will not reach WireGuard on UDP {port} until it is let in"),
            None => "services of this machine itself may not be reached through the tunnel".to_owned(),
        }
    }

    fn effect(&self, who: &str) -> String {
        match self.port {
            Some(port) => format!(
                "{who}: it will drop UDP {port}, by which peers connect, and what is forwarded through the tunnel"
            ),
            None => format!(
                "{who}: it will drop what comes out of the tunnel to VMs, containers and this machine"
            ),
        }
    }

    fn commands(&self, kind: FirewallKind) -> Vec<String> {
        let pairs = || self.tunnels.iter().zip(self.inner.iter().cycle());
        let behind = self.port.map_or(CLOSED_AT_HOME, |_| OPEN_ON_VPS);
        let port = |command: &dyn Fn(u16) -> String| self.port.map(command).into_iter();
        match kind {
            FirewallKind::Ufw => port(&|port| format!("Run “ufw allow {port}/udp”"))
                .chain(pairs().flat_map(|(tunnel, inner)| {
                    [format!("Run “ufw route allow in on {inner} out on {tunnel}”"), format!("Run “ufw route allow in on {tunnel} out on {inner}”")]
                }))
                .chain(self.dhcp.iter().map(|on| format!("Run “ufw allow in on {on} to any port 67 proto udp”: VMs ask there for their addresses")))
                .collect(),
            FirewallKind::Firewalld => port(&|port| format!("Run “firewall-cmd --permanent --add-port={port}/udp”"))
                .chain(self.tunnels.iter().map(|tunnel| {
                    format!("Run “firewall-cmd --permanent --zone=trusted --add-interface={tunnel}”; {behind}")
                }))
                .chain((!self.dhcp.is_empty()).then(|| "Run “firewall-cmd --permanent --add-service=dhcp”: VMs ask for their addresses".to_owned()))
                .chain(["Run “firewall-cmd --reload”".to_owned()])
                .collect(),
            FirewallKind::Docker => self
                .tunnels
                .iter()
                .flat_map(|tunnel| {
                    [format!("Run “iptables -I DOCKER-USER -o {tunnel} -j ACCEPT”"), format!("Run “iptables -I DOCKER-USER -i {tunnel} -j ACCEPT”")]
                })
                .collect(),
            FirewallKind::InputDrop => {
                let what = self.port.map_or_else(
                    || format!("what comes in by {} to the ports that you forward to this machine", self.tunnels.join(", ")),
                    |port| format!("UDP port {port}"),
                );
                let dhcp = match self.dhcp.as_slice() {
                    [] => String::new(),
                    on => format!(", and UDP port 67 on {}", on.join(", ")),
                };
                vec![format!("Accept {what}{dhcp} before the chain's end, and save it the way that machine saves its rules")]
            }
            FirewallKind::ForwardDrop => self
                .tunnels
                .iter()
                .map(|tunnel| format!("Accept what comes in or goes out by {tunnel} before the chain's end, and save it the way that machine saves its rules"))
                .collect(),
        }
    }
}

/// Another WireGuard: left alone, unless it has our port.
fn other_wireguard(at: Subject, observed: &Observed, vps: Option<&Vps>) -> Vec<Finding> {
    let ours = vps.map(|vps| vps.listen_port.number());
    let mut findings = vec![];
    for (name, port) in &observed.other_wireguard {
        if port.is_some() && *port == ours {
            let message = format!(
                "{name}, another WireGuard, listens on UDP {} already",
                port.unwrap_or_default()
            );
            findings.push(
                Finding::error("listen_port_taken", at, message)
                    .hint("Choose another port for this VPS, e.g. 51821"),
            );
        } else {
            let message = format!("{name} is another WireGuard; its port, routes and rules are left alone");
            findings.push(Finding::note("other_wireguard", at, message));
        }
    }
    let holder = observed.listeners.iter().find(|l| {
        l.protocol == wirewarp_model::Protocol::Udp
            && Some(l.port) == ours
            && !l.owner.is_empty()
            && !l.owner.contains("wireguard")
    });
    if let (Some(holder), None) = (holder, &observed.ours) {
        let message = format!(
            "UDP {} is served by {} already",
            holder.port,
            excerpt(&holder.owner)
        );
        findings.push(
            Finding::error("listen_port_taken", at, message)
                .hint("Choose another port for this VPS, e.g. 51821"),
        );
    }
    findings
}

/// Whether the pool's addresses are where the inventory says.
fn pool(vps: &Vps, observed: &Observed) -> Vec<Finding> {
    let at = Subject::Vps(vps.id);
    let mut findings = vec![];
    let default = observed
        .routes
        .iter()
        .find(|r| r.destination.prefix_len() == 0 && r.table == "main");
    let egress = default.and_then(|route| route.device.as_ref());
    for ip in &vps.ips {
        let holder = observed
            .interfaces
            .iter()
            .find(|i| i.addresses.iter().any(|net| net.addr() == ip.on_host));
        match holder {
            None => {
                let message = format!(
                    "{} is on no interface of VPS {}; what is forwarded from it cannot arrive",
                    ip.on_host, vps.name
                );
                findings.push(Finding::warning("address_not_there", at, message).hint(
                    "Add the address in the provider's panel and on the machine, or remove it from the pool",
                ));
            }
            Some(found) if found.name != ip.interface => {
                let message = format!(
                    "{} is on {} of VPS {}, not on {}",
                    ip.on_host, found.name, vps.name, ip.interface
                );
                findings.push(
                    Finding::error("interface_differs", at, message)
                        .hint("Probe the VPS again and save its pool"),
                );
            }
            Some(_) => {}
        }
        if egress.is_some_and(|device| *device != ip.interface) {
            let message = format!(
                "{} is on {}, but VPS {} sends to the internet by {}: replies may leave where the provider drops them",
                ip.address,
                ip.interface,
                vps.name,
                egress.map_or("", |device| device.as_str())
            );
            findings.push(
                Finding::warning("egress_differs", at, message)
                    .hint("Ask the provider how that address is to be routed"),
            );
        }
        if ip.on_host != ip.address {
            let message = format!(
                "{} is mapped 1:1 by the provider to {} on the machine; rules match the latter",
                ip.address, ip.on_host
            );
            findings.push(Finding::note("mapped_address", at, message));
        }
    }
    findings
}

/// Interfaces that are called like ours on a machine that has nothing of ours.
fn own_names(at: Subject, observed: &Observed) -> Option<Finding> {
    let taken = observed
        .interfaces
        .iter()
        .find(|interface| interface.name.is_own());
    let taken = taken.filter(|_| observed.ours.is_none())?;
    let message = format!(
        "{} is there, but nothing else of WireWarp; it will be taken over or removed",
        taken.name
    );
    Some(Finding::warning("name_taken", at, message).hint("If it is not WireWarp's, rename it first"))
}

/// Another inventory, or an apply that is still open.
fn foreign(inventory: &Inventory, host: HostId, ours: &Ours) -> Vec<Finding> {
    let at = Subject::Host(host);
    let mut findings = vec![];
    if ours.inventory.is_some_and(|other| other != inventory.id) {
        findings.push(
            Finding::error(
                "other_inventory",
                at,
                "this machine was set up from another WireWarp inventory, perhaps on another computer",
            )
            .hint("Take it over, with its peers and forwards: record it with --no-apply, then wirewarp drift NAME --adopt")
            .hint("Or remove WireWarp from it on that computer first"),
        );
    } else if ours.host.is_some_and(|other| other != host) {
        findings.push(
            Finding::error(
                "other_host",
                at,
                "this machine is in the inventory already, under another name",
            )
            .hint("Use the entry that is there, or delete it first"),
        );
    }
    if let Some(pending) = &ours.pending {
        let message = format!(
            "an apply waits for its confirmation here (operation {}); unconfirmed, generation {} comes back by itself",
            excerpt(&pending.operation),
            pending.previous
        );
        findings.push(Finding::error("apply_pending", at, message).hint("Wait a minute and try again"));
    }
    findings
}
