//! Tools that a machine lacks, and the packages that have them.

use wirewarp_model::{
    HostId, Inventory,
    observed::{Observed, PackageManager},
};

use crate::render::is_dhcp_served;

/// Tools that `load` and apply call, with why they are not taken for granted: minimal images lack most of them.
const NEEDED: [&str; 5] = ["nft", "wg", "ip", "conntrack", "ping"];

/// Names of the tools that are not there and that `host` needs for its part in the inventory.
pub fn missing_tools(inventory: &Inventory, host: HostId, observed: &Observed) -> Vec<&'static str> {
    let lacks = |tool: &&str| !observed.tools.contains_key(*tool);
    let mut missing: Vec<&str> = NEEDED.into_iter().filter(lacks).collect();
    if !observed.kernel_wireguard && lacks(&"wireguard-go") {
        missing.push("wireguard-go");
    }
    if lacks(&"dnsmasq") && inventory.peers_on(host).any(is_dhcp_served) {
        missing.push("dnsmasq");
    }
    missing
}

/// Packages to install, in order of their name; empty if the package manager is not known.
pub fn packages(inventory: &Inventory, host: HostId, observed: &Observed) -> Vec<String> {
    let Some(manager) = observed.package_manager else {
        return vec![];
    };
    let mut names: Vec<String> = missing_tools(inventory, host, observed)
        .into_iter()
        .map(|tool| package(manager, tool).to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The package that has a tool, as each distribution names it (its package search, 2026). `dnsmasq` brings a service,
/// which only Debian would start by itself, and only Debian has the program apart from it.
fn package(manager: PackageManager, tool: &str) -> &'static str {
    use PackageManager::{Apk, Apt, Dnf, Pacman, Yum, Zypper};
    match (tool, manager) {
        ("nft", _) => "nftables",
        ("wg", _) => "wireguard-tools",
        ("conntrack", Apt) => "conntrack",
        ("conntrack", Dnf | Yum | Apk | Pacman | Zypper) => "conntrack-tools",
        ("ip", Dnf | Yum) => "iproute",
        ("ip", Apt | Apk | Pacman | Zypper) => "iproute2",
        ("dnsmasq", Apt) => "dnsmasq-base",
        ("dnsmasq", Dnf | Yum | Apk | Pacman | Zypper) => "dnsmasq",
        ("ping", Apt) => "iputils-ping",
        ("ping", Dnf | Yum | Apk | Pacman | Zypper) => "iputils",
        _ => "wireguard-go",
    }
}
