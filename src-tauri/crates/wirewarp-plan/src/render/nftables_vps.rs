//! `rules.nft` of a VPS: a map per public IP, protocol and shape; one chain per public IP.
//!
//! Maps, because a new connection then costs the same with ten forwards or ten thousand. Facts marked (seen) in the
//! design were tried on nftables 1.0.6: `fwd` is reserved, the output hook takes a number as priority only.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    net::Ipv4Addr,
};
use wirewarp_model::{ManualMode, Port, PortMapping, PortRange, Protocol};

use super::{text::Text, vps::VpsScope};
use crate::translation::Translation;

/// Networks that a peer's egress never reaches through the VPS: the provider's inside, above all its metadata
/// service (169.254.169.254). RFC 1918, 6598, 3927, 1122, 5771.
const PRIVATE: [&str; 7] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/4",
];

/// The whole table, replaced in one transaction.
pub(crate) fn rules(scope: &VpsScope) -> String {
    let mut text = Text::default();
    text.line(0, "table inet wirewarp");
    text.line(0, "delete table inet wirewarp");
    text.line(0, "table inet wirewarp {");
    networks(&mut text, scope);
    let chains = addresses(&mut text, scope);
    dispatch(&mut text, &chains);
    postrouting(&mut text, scope);
    forward(&mut text);
    clamp(&mut text);
    text.line(0, "}");
    text.finish()
}

/// Sets and maps of addresses: who is in the tunnel and with which address it leaves.
fn networks(text: &mut Text, scope: &VpsScope) {
    let (mut sources, mut egress, mut masqueraded) = (vec![], vec![], vec![]);
    for (peer, ip) in &scope.peers {
        for network in [peer.tunnel_ip.to_string(), peer.vm_network.to_string()] {
            egress.push(format!("{network} : {}", ip.on_host));
            if peer.manual_mode == Some(ManualMode::Masquerade) {
                masqueraded.push(network.clone());
            }
            sources.push(network);
        }
    }
    let wan = scope.interfaces().into_iter().map(|name| format!("\"{name}\""));
    text.elements("set peers", &["type ipv4_addr", "flags interval"], &sources);
    text.elements(
        "map egress",
        &["type ipv4_addr : ipv4_addr", "flags interval"],
        &egress,
    );
    text.elements(
        "set masqueraded",
        &["type ipv4_addr", "flags interval"],
        &masqueraded,
    );
    text.elements("set public", &["type ipv4_addr"], scope.reached_addresses());
    text.elements("set wan", &["type ifname"], wan);
}

/// Maps and the chain of each address that something is forwarded from; gives address -> chain. Where the provider
/// maps the address 1:1, both addresses lead to the chain: peers and the VPS itself may call the public one.
fn addresses(text: &mut Text, scope: &VpsScope) -> BTreeMap<Ipv4Addr, String> {
    let mut chains = BTreeMap::new();
    for translations in scope.translations.chunk_by(|a, b| a.on_host == b.on_host) {
        let Translation { on_host, public, .. } = translations[0];
        let name = chain_name(on_host);
        address(text, &name, translations);
        chains.insert(on_host, name.clone());
        chains.insert(public, name);
    }
    chains
}

/// `ip_203_0_113_10`.
fn chain_name(address: Ipv4Addr) -> String {
    format!("ip_{}", address.to_string().replace('.', "_"))
}

fn address(text: &mut Text, name: &str, translations: &[Translation]) {
    let mut rules = vec![];
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        let Shapes { single, range } = Shapes::new(translations, protocol);
        if !single.is_empty() {
            // `addr . port`: nftables 0.9.4 to 0.9.8 do not yet infer it from the map (release notes of 1.0.0).
            let map = format!("{name}_{protocol}");
            let kind = ["type inet_service : ipv4_addr . inet_service", "flags interval"];
            text.elements(format_args!("map {map}"), &kind, single);
            rules.push(format!("dnat ip addr . port to {protocol} dport map @{map}"));
        }
        if !range.is_empty() {
            let map = format!("{name}_{protocol}_range");
            let kind = ["type inet_service : ipv4_addr", "flags interval"];
            text.elements(format_args!("map {map}"), &kind, range);
            rules.push(format!("dnat ip to {protocol} dport map @{map}"));
        }
    }
    let whole = translations
        .iter()
        .rfind(|translation| translation.ports.is_none());
    rules.extend(whole.map(|translation| format!("dnat ip to {}", translation.target)));
    text.block(1, &format!("chain {name}"), &rules);
}

/// The elements of an address's two maps for one protocol, lowest port first. A map with a port in its value sends a
/// whole range to that one port, hence a range that keeps its ports goes into a map of addresses and one that shifts
/// them is written out port by port.
#[derive(Default)]
struct Shapes {
    single: Vec<Single>,
    range: Vec<Range>,
}

impl Shapes {
    fn new(translations: &[Translation], protocol: Protocol) -> Self {
        let mut shapes = Self::default();
        for translation in translations {
            if let Some((found, mapping)) = translation.ports
                && found == protocol
            {
                shapes.add(mapping, translation.target);
            }
        }
        shapes
    }

    fn add(&mut self, mapping: PortMapping, target: Ipv4Addr) {
        let public = mapping.public();
        if mapping.keeps_ports() && !public.is_single() {
            self.range.push(Range { public, target });
            return;
        }
        let ports = public.ports().zip(mapping.target().ports());
        self.single
            .extend(ports.map(|(public, port)| Single { public, target, port }));
    }
}

/// A port, and the address and port to which it goes.
struct Single {
    public: Port,
    target: Ipv4Addr,
    port: Port,
}

impl fmt::Display for Single {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} : {} . {}", self.public, self.target, self.port)
    }
}

/// Ports, and the address to which they go.
struct Range {
    public: PortRange,
    target: Ipv4Addr,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} : {}", self.public, self.target)
    }
}

/// The two hooks that translate destinations: what arrives, and what the VPS itself sends.
fn dispatch(text: &mut Text, chains: &BTreeMap<Ipv4Addr, String>) {
    let mut jump = String::new();
    for (address, chain) in chains {
        let comma = if jump.is_empty() { "" } else { ", " };
        let _ = write!(jump, "{comma}{address} : jump {chain}");
    }
    for hook in ["prerouting", "output"] {
        // -110: rules made later at Docker's -100 would win over ours at an equal priority (seen).
        let mut lines = vec![format!("type nat hook {hook} priority -110; policy accept;")];
        if !jump.is_empty() {
            lines.push(format!("ip daddr vmap {{ {jump} }}"));
        }
        text.block(1, &format!("chain {hook}"), &lines);
    }
}

/// Source addresses. Masqueraded peers come first: they can answer only to the tunnel network, even in the hairpin.
fn postrouting(text: &mut Text, scope: &VpsScope) {
    let lines = [
        "type nat hook postrouting priority 90; policy accept;".to_owned(),
        format!(
            "oifname \"ww0\" ct status dnat ip daddr @masqueraded snat ip to {}",
            scope.vps.tunnel_ip()
        ),
        "oifname \"ww0\" ct status dnat snat ip to ip saddr map @egress".to_owned(),
        "oifname @wan snat ip to ip saddr map @egress".to_owned(),
    ];
    text.block(1, "chain postrouting", &lines);
}

/// Closed except for what is asked. An established flow stays while its forward's entry is flushed on change.
fn forward(text: &mut Text) {
    let own = |line: &str| line.to_owned();
    text.block(
        1,
        "chain forward",
        &[
            own("type filter hook forward priority filter; policy accept;"),
            own("iifname \"ww0\" jump from_tunnel"),
            own("oifname \"ww0\" jump to_tunnel"),
        ],
    );
    text.block(
        1,
        "chain from_tunnel",
        &[
            own("ct state established,related accept"),
            own("oifname \"ww0\" ct status dnat ct original ip daddr @public accept"),
            format!(
                "oifname @wan ip saddr @peers ip daddr != {{ {} }} accept",
                PRIVATE.join(", ")
            ),
            own("drop"),
        ],
    );
    text.block(
        1,
        "chain to_tunnel",
        &[
            own("ct state established,related accept"),
            own("ct status dnat ct original ip daddr @public accept"),
            own("drop"),
        ],
    );
}

/// `rt mtu` is the smaller of the way out and the way back (`nft_rt.c`), hence it fits the peer's route both ways.
fn clamp(text: &mut Text) {
    let lines = [
        "type filter hook forward priority mangle; policy accept;".to_owned(),
        "iifname \"ww0\" tcp flags syn / syn,rst tcp option maxseg size set rt mtu".to_owned(),
        "oifname \"ww0\" tcp flags syn / syn,rst tcp option maxseg size set rt mtu".to_owned(),
    ];
    text.block(1, "chain clamp", &lines);
}

/// Bytes and packets of each forwarded port, both ways, and for a minute who came newly to which port, before any
/// filter: the proof tells by it what the VPS's firewalls dropped from what never got there. What is missing is added to
/// the table that is there, its sets keep what they have counted. Beside them whom the person keeps out for a while (`blocked`: public
/// address and client) and which connections end, so that an apply lets nobody back in.
///
/// One set per protocol: nftables 1.0.6 takes `ct original proto-dst` in a concatenation only behind `meta l4proto`.
pub(crate) const COUNTERS: &str = include_str!("counters.nft");
