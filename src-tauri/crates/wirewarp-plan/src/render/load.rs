//! `load`: the script that brings a host to its generation. Its text is fixed; a list of plain lines above it says what.

use ipnet::Ipv4Net;
use std::{fmt::Write as _, net::Ipv4Addr};
use wirewarp_model::{HostId, IfName, Port};

use super::systemd;

/// Routing table of a machine's first tunnel; the preference of its mark's rule is the same number.
pub const FIRST_TABLE: u16 = 7701;
/// Preference of the rule that sends a VM network through its tunnel, for the first tunnel.
pub(crate) const FIRST_SOURCE_RULE: u16 = 7751;
/// Preference of the first rule for a machine's own traffic.
pub(super) const MODE_RULES: u16 = 7801;
/// Tunnels of one machine: as many as fit between the two.
pub(crate) const MOST_TUNNELS: u8 = 50;

const PARTS: [&str; 9] = [
    include_str!("load/common.sh"),
    include_str!("load/rules.sh"),
    include_str!("load/tunnel.sh"),
    include_str!("load/wireguard.sh"),
    include_str!("load/routing.sh"),
    include_str!("load/shut.sh"),
    include_str!("load/units.sh"),
    include_str!("load/dhcp.sh"),
    include_str!("load/main.sh"),
];

/// What the network of a host is to be: lines of words, read by the script. Every word is made of typed values, none
/// of which can hold a blank or a quote.
pub(crate) struct Network {
    head: String,
    lines: Vec<String>,
}

impl Network {
    pub fn new(what: &str, host: HostId) -> Self {
        Self {
            head: format!(
                "# WireWarp, {what}, host {host}. Rendered; a change here is undone by the next apply.\n"
            ),
            lines: vec![],
        }
    }

    /// A tunnel interface and the name of its key; at home it listens on a port of the kernel's choice. `mark` is what
    /// WireGuard's own packets carry.
    pub fn tunnel(&mut self, name: &IfName, listen: Option<Port>, key: &IfName, mark: Option<u32>) {
        let port = listen.map_or(0, Port::number);
        let mark = mark.map_or("off".to_owned(), |mark| format!("{mark:#x}"));
        self.lines.push(format!("tunnel {name} {port} {key} {mark}"));
    }

    /// A bridge that is made.
    pub fn bridge(&mut self, name: &IfName) {
        self.lines.push(format!("bridge {name}"));
    }

    pub fn mtu(&mut self, name: &IfName, bytes: u16) {
        self.lines.push(format!("mtu {name} {bytes}"));
    }

    pub fn address(&mut self, name: &IfName, address: Ipv4Addr, prefix: u8) {
        self.lines.push(format!("address {name} {address}/{prefix}"));
    }

    /// A peer of a tunnel with its networks.
    pub fn allowed(&mut self, tunnel: &IfName, key: &str, networks: &[Ipv4Net]) {
        self.lines.extend(
            networks
                .iter()
                .map(|network| format!("allowed {tunnel} {key} {network}")),
        );
    }

    /// A route, in the words of ip-route(8) and in the order in which it lists them.
    pub fn route(&mut self, table: &str, route: &str, mtu: Option<u16>) {
        let mtu = mtu.map_or(String::new(), |mtu| format!(" mtu {mtu}"));
        self.lines.push(format!("route {table} {route}{mtu}"));
    }

    /// A routing rule with its preference.
    pub fn rule(&mut self, preference: u16, rule: &str) {
        self.lines.push(format!("rule {preference} {rule}"));
    }

    /// The same for IPv6.
    pub fn rule6(&mut self, preference: u16, rule: &str) {
        self.lines.push(format!("rule6 {preference} {rule}"));
    }

    pub fn sysctl(&mut self, key: &str, value: &str) {
        self.lines.push(format!("sysctl {key} {value}"));
    }

    /// A tunnel address that stands for the machine's own address on the way to `towards`, whose end of the tunnel is
    /// `server`.
    pub fn lan(&mut self, tunnel_ip: Ipv4Addr, towards: Ipv4Addr, server: Ipv4Addr) {
        self.lines.push(format!("lan {tunnel_ip} {towards} {server}"));
    }

    /// A DHCP server on `interface`, whose configuration has the tunnel's name.
    pub fn dhcp(&mut self, tunnel: &IfName, interface: &IfName) {
        self.lines.push(format!("dhcp {tunnel} {interface}"));
    }

    /// The whole script.
    pub fn script(&self, generation: u64) -> String {
        let mut text = format!("#!/bin/sh\n{}GENERATION={generation}\nNETWORK='\n", self.head);
        for line in &self.lines {
            let _ = writeln!(text, "{line}");
        }
        for unit in systemd::started() {
            let _ = writeln!(text, "start {unit}");
        }
        text.push_str("'\n");
        for part in PARTS {
            text.push('\n');
            text.push_str(part);
        }
        text
    }
}
