//! A machine's own traffic through its tunnel: what it begins itself, or passes on for its containers, besides the
//! replies and the VMs, which always go there.
//!
//! Rules of the routing policy say what goes where: unlike a mark that is set on the way out, they have a program choose
//! the tunnel's address, and refuse it at once while the tunnel is down. Whatever is spared goes on behind them, as if
//! they were not there, since others may have rules of their own.

use std::{collections::BTreeSet, net::Ipv4Addr};
use wirewarp_model::{PeerRoute, net::private_networks};

use super::{
    home::TunnelScope,
    load::{MODE_RULES, Network},
};

/// The mark of what stays on the home line: WireGuard's own packets, and replies to what came by it. Behind those of all
/// tunnels; the mask is the same.
pub(super) const HOME_MARK: u32 = 0xa9_0000;

/// Preferences of the rules, in the order in which they are asked.
const SPARED: u16 = MODE_RULES;
const LISTED: u16 = MODE_RULES + 1;
const KNOWN_WAY: u16 = MODE_RULES + 2;
const PRIVATE: u16 = MODE_RULES + 3;
const EVERYTHING: u16 = MODE_RULES + 4;
const BEHIND: u16 = MODE_RULES + 5;

/// Addresses that never leave a home by its tunnel: private ones, those of a link, multicast and broadcast.
fn of_the_home() -> Vec<String> {
    let private = private_networks().map(|network| network.to_string());
    let local = ["169.254.0.0/16", "224.0.0.0/3"].map(str::to_owned);
    private.chain(local).collect()
}

/// Whether a tunnel of the machine takes more than replies.
pub(super) fn is_routed(scopes: &[TunnelScope]) -> bool {
    scopes.iter().any(takes_more)
}

fn takes_more(scope: &TunnelScope) -> bool {
    !scope.peer.route_in_force().is_replies()
}

/// The tunnel that takes everything.
fn taker<'a>(scopes: &'a [TunnelScope<'a>]) -> Option<&'a TunnelScope<'a>> {
    scopes
        .iter()
        .find(|scope| *scope.peer.route_in_force() == PeerRoute::Everything)
}

/// Rules of the routing policy, and what they need.
pub(super) fn policy(network: &mut Network, scopes: &[TunnelScope]) {
    if !is_routed(scopes) {
        return;
    }
    let behind = format!("goto {BEHIND}");
    network.rule(BEHIND, "nop");
    network.rule(SPARED, &format!("fwmark {HOME_MARK:#x}/0xff0000 {behind}"));
    for server in servers(scopes) {
        network.rule(SPARED, &format!("to {server} {behind}"));
    }
    for scope in scopes {
        if let PeerRoute::Destinations(listed) = scope.peer.route_in_force() {
            for destination in listed.iter() {
                // As ip-rule(8) lists it.
                let shown = match destination.prefix_len() {
                    32 => destination.addr().to_string(),
                    _ => destination.to_string(),
                };
                network.rule(LISTED, &format!("to {shown} lookup {}", scope.table()));
            }
        }
    }
    if let Some(scope) = taker(scopes) {
        everything(network, scope, &behind);
    }
    // Answers of the internet may come by the line that is no longer the way to it (RFC 3704, 2.4).
    network.sysctl("net.ipv4.conf.all.rp_filter", "2");
}

/// Ways that the machine knows better than by its default, then what is never of the internet, then the tunnel. Tunnels
/// carry no IPv6, hence what would leave by the home line that way is refused, and programs take IPv4.
fn everything(network: &mut Network, scope: &TunnelScope, behind: &str) {
    let known_way = "lookup main suppress_prefixlength 0";
    network.rule6(BEHIND, "nop");
    network.rule6(SPARED, &format!("fwmark {HOME_MARK:#x}/0xff0000 {behind}"));
    network.rule6(KNOWN_WAY, known_way);
    network.rule6(PRIVATE, &format!("to fc00::/7 {behind}"));
    network.rule(KNOWN_WAY, known_way);
    for home in of_the_home() {
        network.rule(PRIVATE, &format!("to {home} {behind}"));
    }
    network.rule6(EVERYTHING, "unreachable");
    network.rule(EVERYTHING, &format!("lookup {}", scope.table()));
}

/// Lines for the chains that mark what arrives and what is sent. Whoever reached the machine by the home line is answered
/// by it; a flow begun before the rules were there as well (`ct direction original`, not `ct state new`).
pub(super) fn marks(scopes: &[TunnelScope], arriving: &mut Vec<String>, sending: &mut Vec<String>) {
    if !is_routed(scopes) {
        return;
    }
    let own = own_interfaces(scopes);
    let replies = format!(
        "ct mark and 0xff0000 == {HOME_MARK:#x} meta mark set meta mark and 0xff00ffff or {HOME_MARK:#x}"
    );
    arriving.push(format!(
        "iifname != {{ \"lo\", {own} }} ct direction original fib daddr type local ct mark set ct mark and 0xff00ffff or {HOME_MARK:#x}"
    ));
    arriving.push(replies.clone());
    sending.push(replies);
    let Some(scope) = taker(scopes) else { return };
    // systemd-resolved asks a server by the interface that it was told of it on, whatever the routes say (IP_UNICAST_IF,
    // ip(7)): the kernel then takes any address for one of that link, and nobody answers.
    sending.push(format!(
        "oifname != {{ \"lo\", {own} }} ct direction original meta l4proto {{ tcp, udp }} th dport {{ 53, 853 }} ip daddr != {{ {} }} meta mark and 0xff0000 == 0x0 meta mark set meta mark and 0xff00ffff or {:#x}",
        of_the_home().join(", "),
        scope.mark()
    ));
}

/// Lines that have UDP programs answer from the address to which they were asked. Bound to any address, they answer from
/// that of the way to the client, which is a tunnel's here: translated to it, a question is answered from it.
pub(super) fn udp_answers(scopes: &[TunnelScope]) -> Vec<String> {
    let mut lines = vec![];
    let own = own_interfaces(scopes);
    let mut answer = |clients: String, from: Ipv4Addr| {
        let end = format!("ip saddr {clients} meta l4proto udp dnat ip to {from}");
        for scope in scopes.iter().filter(|scope| scope.peer.is_active()) {
            let (tunnel, address) = (scope.peer.tunnel_interface(), scope.peer.tunnel_ip);
            lines.push(format!("iifname \"{tunnel}\" ip daddr {address} {end}"));
        }
        lines.push(format!(
            "iifname != {{ \"lo\", {own} }} fib daddr type local {end}"
        ));
    };
    for scope in scopes {
        if let PeerRoute::Destinations(listed) = scope.peer.route_in_force() {
            let listed: Vec<String> = listed.iter().map(|network| network.to_string()).collect();
            answer(format!("{{ {} }}", listed.join(", ")), scope.peer.tunnel_ip);
        }
    }
    if let Some(scope) = taker(scopes) {
        let servers = servers(scopes).into_iter().map(|server| server.to_string());
        let direct: Vec<String> = of_the_home().into_iter().chain(servers).collect();
        answer(format!("!= {{ {} }}", direct.join(", ")), scope.peer.tunnel_ip);
    }
    lines
}

/// A VPS is reached without its tunnel, so that it can be put right from here when the tunnel is broken.
fn servers(scopes: &[TunnelScope]) -> BTreeSet<Ipv4Addr> {
    scopes.iter().map(|scope| scope.vps.endpoint).collect()
}

/// The line that gives what is routed into a tunnel the tunnel's address, where it has another: the VPS takes no other.
/// `masquerade`, because the kernel then forgets a flow whose interface changes with the mode.
pub(super) fn source(scope: &TunnelScope) -> Option<String> {
    let peer = scope.peer;
    takes_more(scope).then(|| {
        format!(
            "oifname \"{}\" ip saddr != {{ {}, {} }} masquerade",
            peer.tunnel_interface(),
            peer.tunnel_ip,
            peer.vm_network
        )
    })
}

/// The line that lets out by a tunnel what the machine passes on, but for other tunnels and VM networks.
pub(super) fn passing(scopes: &[TunnelScope], scope: &TunnelScope) -> Option<String> {
    let vms: Vec<String> = scopes
        .iter()
        .map(|scope| scope.peer.vm_network.to_string())
        .collect();
    takes_more(scope).then(|| {
        format!(
            "iifname != {{ {} }} ip saddr != {{ {} }} accept",
            own_interfaces(scopes),
            vms.join(", ")
        )
    })
}

/// `"ww0", "wwbr0"`: names that are ours, also of tunnels that are down.
fn own_interfaces(scopes: &[TunnelScope]) -> String {
    let pair = |scope: &TunnelScope| {
        let bridge = scope
            .peer
            .vm_interface
            .is_none()
            .then(|| scope.peer.gateway_interface());
        [Some(scope.peer.tunnel_interface()), bridge]
    };
    let names = scopes.iter().flat_map(pair).flatten();
    names
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ")
}
