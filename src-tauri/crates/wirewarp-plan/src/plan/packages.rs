//! Tools that a machine lacks, and the packages that have them.

use wirewarp_model::observed::{Observed, PackageManager};

/// Tools that `load` and apply call, with why they are not taken for granted: minimal images lack most of them.
const NEEDED: [&str; 5] = ["nft", "wg", "ip", "conntrack", "ping"];

/// Names of the tools that are not there.
pub fn missing_tools(observed: &Observed) -> Vec<&'static str> {
    let lacks = |tool: &&str| !observed.tools.contains_key(*tool);
    let mut missing: Vec<&str> = NEEDED.into_iter().filter(lacks).collect();
    if !observed.kernel_wireguard && lacks(&"wireguard-go") {
        missing.push("wireguard-go");
    }
    missing
}

/// Packages to install, in order of their name; empty if the package manager is not known.
pub fn packages(observed: &Observed) -> Vec<String> {
    let Some(manager) = observed.package_manager else {
        return vec![];
    };
    let mut names: Vec<String> = missing_tools(observed)
        .into_iter()
        .map(|tool| package(manager, tool).to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The package that has a tool, as each distribution names it (its package search, 2026).
fn package(manager: PackageManager, tool: &str) -> &'static str {
    use PackageManager::{Apk, Apt, Dnf, Pacman, Yum, Zypper};
    match (tool, manager) {
        ("nft", _) => "nftables",
        ("wg", _) => "wireguard-tools",
        ("conntrack", Apt) => "conntrack",
        ("conntrack", Dnf | Yum | Apk | Pacman | Zypper) => "conntrack-tools",
        ("ip", Dnf | Yum) => "iproute",
        ("ip", Apt | Apk | Pacman | Zypper) => "iproute2",
        ("ping", Apt) => "iputils-ping",
        ("ping", Dnf | Yum | Apk | Pacman | Zypper) => "iputils",
        _ => "wireguard-go",
    }
}
