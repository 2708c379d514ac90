//! The files of a VPS.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};
use wirewarp_model::{IfName, Inventory, Peer, PeerKind, PublicIp, Vps, bundle::Bundle};

use super::{Context, Manifest, Role, assemble, file, load::Network, nftables_vps, part, wireguard};
use crate::translation::{Translation, translations};

/// What of the inventory is in force on a VPS.
pub(crate) struct VpsScope<'a> {
    pub vps: &'a Vps,
    /// Active peers in order of their number, each with its public IP. A manual peer takes part once it has a key; the
    /// others' keys are made before the files are loaded.
    pub peers: Vec<(&'a Peer, &'a PublicIp)>,
    pub translations: Vec<Translation>,
}

impl<'a> VpsScope<'a> {
    pub fn new(inventory: &'a Inventory, vps: &'a Vps) -> Self {
        let mut peers: Vec<_> = inventory
            .peers_of(vps.id)
            .filter(|peer| peer.is_active() && !(peer.kind == PeerKind::Manual && peer.public_key.is_none()))
            .filter_map(|peer| Some((peer, vps.ip(peer.public_ip)?)))
            .collect();
        peers.sort_by_key(|(peer, _)| (peer.number, peer.id));
        Self {
            vps,
            peers,
            translations: translations(inventory, vps),
        }
    }

    /// Addresses from which something is forwarded, as a packet names them when it arrives.
    pub fn reached_addresses(&self) -> BTreeSet<Ipv4Addr> {
        self.translations
            .iter()
            .flat_map(|t| [t.on_host, t.public])
            .collect()
    }

    /// Interfaces that hold pool addresses.
    pub fn interfaces(&self) -> BTreeSet<&IfName> {
        self.vps.ips.iter().map(|ip| &ip.interface).collect()
    }
}

pub(super) fn parts(context: &Context, vps: &Vps) -> (Bundle, Manifest) {
    let scope = VpsScope::new(context.inventory, vps);
    let tunnel = IfName::tunnel(0);
    let peers: Vec<&Peer> = scope.peers.iter().map(|(peer, _)| *peer).collect();
    let files = BTreeMap::from([
        ("rules.nft".to_owned(), file(0o600, nftables_vps::rules(&scope))),
        (
            "counters.nft".to_owned(),
            file(0o600, nftables_vps::COUNTERS.to_owned()),
        ),
        (
            format!("{tunnel}.conf"),
            file(0o600, wireguard::server(vps, &peers)),
        ),
        (
            "load".to_owned(),
            file(
                0o700,
                network(context, &scope, &tunnel).script(context.generation),
            ),
        ),
    ]);
    assemble(context, Role::Vps, vec![tunnel], files)
}

fn network(context: &Context, scope: &VpsScope, tunnel: &IfName) -> Network {
    let vps = scope.vps;
    let mut network = Network::new(&format!("VPS {}", vps.name), context.host);
    network.tunnel(tunnel, Some(vps.listen_port), tunnel, None);
    network.address(tunnel, vps.tunnel_ip(), vps.tunnel_network.prefix_len());
    network.mtu(
        tunnel,
        Peer::DEFAULT_MTU.max(scope.peers.iter().map(|(peer, _)| peer.mtu).max().unwrap_or(0)),
    );
    for (peer, _) in &scope.peers {
        network.allowed(
            tunnel,
            &wireguard::peer_key(peer),
            &[peer.tunnel_ip.into(), peer.vm_network],
        );
        network.route(
            "main",
            &format!("{} dev {tunnel}", peer.vm_network),
            Some(peer.mtu),
        );
        if peer.mtu != Peer::DEFAULT_MTU {
            network.route(
                "main",
                &format!("{} dev {tunnel}", peer.tunnel_ip),
                Some(peer.mtu),
            );
        }
    }
    network.sysctl("net.ipv4.ip_forward", "1");
    // What a connection carries and since when it is there: who is connected is shown by it (nf_conntrack-sysctl.rst).
    network.sysctl("net.netfilter.nf_conntrack_acct", "1");
    network.sysctl("net.netfilter.nf_conntrack_timestamp", "1");
    network.sysctl(&format!("net.ipv4.conf.{tunnel}.rp_filter"), "2");
    network
}

/// A VPS, what hangs on it, and the machines of these.
pub(super) fn desired(inventory: &Inventory, vps: &Vps) -> Inventory {
    let peers: Vec<Peer> = inventory.peers_of(vps.id).cloned().collect();
    let hosts = peers
        .iter()
        .filter_map(|peer| peer.host)
        .chain([vps.host])
        .collect();
    part(inventory, peers, vec![vps.clone()], &hosts)
}
