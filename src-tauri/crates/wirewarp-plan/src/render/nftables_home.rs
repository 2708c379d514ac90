//! `rules.nft` of a machine at home: which flows belong to which tunnel, and what of the home they may reach.

use wirewarp_model::{Port, Protocol};

use super::{home::TunnelScope, own_traffic, text::Text};

/// The whole table, replaced in one transaction.
pub(crate) fn rules(scopes: &[TunnelScope], ssh: &[Port]) -> String {
    let mut text = Text::default();
    text.line(0, "table inet wirewarp");
    text.line(0, "delete table inet wirewarp");
    text.line(0, "table inet wirewarp {");
    let up: Vec<&TunnelScope> = scopes.iter().filter(|scope| scope.peer.is_active()).collect();
    targets(&mut text, &up);
    for scope in &up {
        open(&mut text, scope);
    }
    marks(&mut text, scopes);
    translation(&mut text, scopes, &up);
    filters(&mut text, scopes);
    for scope in scopes {
        if scope.peer.is_active() {
            tunnel_chains(&mut text, scope, ssh, own_traffic::passing(scopes, scope));
        }
        vm_chains(&mut text, scope);
    }
    clamp(&mut text, &up);
    text.line(0, "}");
    text.finish()
}

/// Where the tunnel's own addresses and aliases lead. `lan_address` is filled by `load` with the address that the
/// machine has on the LAN at the time: it changes.
fn targets(text: &mut Text, scopes: &[&TunnelScope]) {
    let aliases: Vec<_> = scopes.iter().flat_map(|scope| &scope.aliases).collect();
    let pairs = aliases.iter().map(|(alias, lan)| format!("{alias} : {lan}"));
    let mut lan: Vec<String> = aliases.iter().map(|(_, lan)| lan.to_string()).collect();
    lan.sort();
    lan.dedup();
    text.elements::<&str>("map lan_address", &["type ipv4_addr : ipv4_addr"], []);
    text.elements("map aliases", &["type ipv4_addr : ipv4_addr"], pairs);
    text.elements("set lan_targets", &["type ipv4_addr"], &lan);
}

/// What may come in by a tunnel, as the packet named it when it came out of WireGuard: before Docker or we translated.
fn open(text: &mut Text, scope: &TunnelScope) {
    let name = scope.peer.tunnel_interface();
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        let of_protocol = scope.open.iter().filter(|((found, _), _)| *found == protocol);
        let elements = of_protocol.flat_map(|((_, address), ranges)| {
            ranges.iter().map(move |range| format!("{address} . {range}"))
        });
        let kind = ["type ipv4_addr . inet_service", "flags interval"];
        text.elements(format_args!("set open_{name}_{protocol}"), &kind, elements);
    }
    text.elements(
        format_args!("set open_{name}_whole"),
        &["type ipv4_addr"],
        &scope.whole,
    );
}

/// A flow that came by a tunnel is marked with it, and its replies are routed by that mark, also when the tunnel is down
/// for good: they go nowhere, rather than out of the home line. `ct direction original`, not `ct state new`: a flow begun
/// before the rules were there recovers only so (seen). Masks leave others' bits alone.
fn marks(text: &mut Text, scopes: &[TunnelScope]) {
    let mut arriving = vec!["type filter hook prerouting priority mangle; policy accept;".to_owned()];
    let mut sending = vec!["type route hook output priority mangle; policy accept;".to_owned()];
    for scope in scopes {
        let (name, mark) = (scope.peer.tunnel_interface(), scope.mark());
        let replies =
            format!("ct mark and 0xff0000 == {mark:#x} meta mark set meta mark and 0xff00ffff or {mark:#x}");
        arriving.push(format!(
            "iifname \"{name}\" ct direction original ct mark set ct mark and 0xff00ffff or {mark:#x}"
        ));
        arriving.push(format!("iifname != \"{name}\" {replies}"));
        sending.push(replies);
    }
    own_traffic::marks(scopes, &mut arriving, &mut sending);
    text.block(1, "chain marks_arriving", &arriving);
    text.block(1, "chain marks_sending", &sending);
}

/// Addresses. At -90, after Docker's -100: a port that it publishes is its to translate.
fn translation(text: &mut Text, all: &[TunnelScope], scopes: &[&TunnelScope]) {
    let mut destination = vec!["type nat hook prerouting priority -90; policy accept;".to_owned()];
    let mut source = vec!["type nat hook postrouting priority 90; policy accept;".to_owned()];
    for scope in scopes {
        let (name, own, server) = (
            scope.peer.tunnel_interface(),
            scope.peer.tunnel_ip,
            scope.vps.tunnel_ip(),
        );
        // To the VPS itself a program bound to any address answers from the tunnel address: translated, the kernel would
        // take its answer for a flow of its own and give it another port (seen).
        destination.push(format!(
            "iifname \"{name}\" ip saddr {server} ip daddr {own} meta l4proto udp accept"
        ));
    }
    destination.extend(own_traffic::udp_answers(all));
    for scope in scopes {
        let (name, own) = (scope.peer.tunnel_interface(), scope.peer.tunnel_ip);
        destination.push(format!(
            "iifname \"{name}\" ip daddr {own} dnat ip to ip daddr map @lan_address"
        ));
        destination.push(format!("iifname \"{name}\" dnat ip to ip daddr map @aliases"));
        source.push(format!(
            "oifname != \"{name}\" ct status dnat ct mark and 0xff0000 == {:#x} ip daddr @lan_targets masquerade",
            scope.mark()
        ));
        source.extend(own_traffic::source(scope));
    }
    text.block(1, "chain prerouting", &destination);
    text.block(1, "chain postrouting", &source);
}

/// Hooks. A named interface may carry the LAN as well, hence there the VM network is told by its addresses too.
fn filters(text: &mut Text, scopes: &[TunnelScope]) {
    let mut forward = vec!["type filter hook forward priority filter; policy accept;".to_owned()];
    let mut input = vec!["type filter hook input priority filter; policy accept;".to_owned()];
    for scope in scopes {
        let (peer, name) = (scope.peer, scope.peer.tunnel_interface());
        let from_vms = match peer.vm_interface {
            None => format!("iifname \"{}\"", peer.gateway_interface()),
            Some(_) => format!("iifname != \"{name}\" ip saddr {}", peer.vm_network),
        };
        let is_up = peer.is_active();
        forward.extend(is_up.then(|| format!("iifname \"{name}\" goto from_{name}")));
        forward.push(format!("{from_vms} goto from_vms_{name}"));
        forward.extend(is_up.then(|| format!("oifname \"{name}\" goto to_{name}")));
        input.extend(is_up.then(|| format!("iifname \"{name}\" goto input_{name}")));
        input.push(format!("{from_vms} goto input_vms_{name}"));
    }
    text.block(1, "chain forward", &forward);
    text.block(1, "chain input", &input);
}

/// What a tunnel may reach, and what may go out by it: `passing` besides its VMs.
fn tunnel_chains(text: &mut Text, scope: &TunnelScope, ssh: &[Port], passing: Option<String>) {
    let (peer, name, server) = (scope.peer, scope.peer.tunnel_interface(), scope.vps.tunnel_ip());
    let established = "ct state established,related accept".to_owned();
    let asked = [
        format!("meta l4proto tcp ct original ip daddr . ct original proto-dst @open_{name}_tcp accept"),
        format!("meta l4proto udp ct original ip daddr . ct original proto-dst @open_{name}_udp accept"),
        format!("ct original ip daddr @open_{name}_whole accept"),
    ];
    let mut from = vec![established.clone()];
    from.extend(asked.clone());
    from.push("drop".to_owned());
    text.block(1, &format!("chain from_{name}"), &from);

    let ports: Vec<String> = ssh.iter().map(ToString::to_string).collect();
    let mut input = vec![established.clone()];
    input.extend(asked);
    input.push(format!("ip saddr {server} icmp type echo-request accept"));
    input.push(format!(
        "ip saddr {server} tcp dport {{ {} }} accept",
        ports.join(", ")
    ));
    input.push("drop".to_owned());
    text.block(1, &format!("chain input_{name}"), &input);

    let mut out = vec![established, format!("ip saddr {} accept", peer.vm_network)];
    out.extend(passing);
    out.push("drop".to_owned());
    text.block(1, &format!("chain to_{name}"), &out);
}

/// What VMs may reach: the tunnel if it is up, one another, and of this machine only DHCP (RFC 2131: UDP 67) and ping.
fn vm_chains(text: &mut Text, scope: &TunnelScope) {
    let (peer, name, gateway) = (
        scope.peer,
        scope.peer.tunnel_interface(),
        scope.peer.gateway_interface(),
    );
    let own = |line: &str| line.to_owned();
    let mut forward = vec![own("ct state established,related accept")];
    if peer.is_active() {
        forward.push(format!("oifname \"{name}\" ip saddr {} accept", peer.vm_network));
    }
    forward.push(format!(
        "oifname \"{gateway}\" ip daddr {} accept",
        peer.vm_network
    ));
    forward.push(own("drop"));
    let input = [
        own("ct state established,related accept"),
        own("icmp type echo-request accept"),
        own("udp dport 67 accept"),
        own("drop"),
    ];
    text.block(1, &format!("chain from_vms_{name}"), &forward);
    text.block(1, &format!("chain input_vms_{name}"), &input);
}

/// Segments that fit the tunnel: its MTU minus 20 bytes of IPv4 and 20 of TCP. An announcement is never raised.
fn clamp(text: &mut Text, scopes: &[&TunnelScope]) {
    let mut lines = vec!["type filter hook forward priority mangle; policy accept;".to_owned()];
    for scope in scopes {
        let (name, size) = (scope.peer.tunnel_interface(), scope.peer.mtu.saturating_sub(40));
        for side in ["iifname", "oifname"] {
            lines.push(format!(
                "{side} \"{name}\" tcp flags syn / syn,rst tcp option maxseg size set {size}"
            ));
        }
    }
    text.block(1, "chain clamp", &lines);
}
