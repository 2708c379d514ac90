//! The files of a machine at home: one tunnel for each of its peers, and for a suspended one what its VMs hang on.

use ipnet::Ipv4Net;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};
use wirewarp_model::{
    ForwardTarget, HostId, IfName, Inventory, Peer, Port, PortForward, PortRange, Protocol, PublicIpId, Vps,
    VpsId, bundle::Bundle, inventory::Host,
};

use super::{
    Context, Manifest, RenderError, Role, assemble, dhcp, file,
    load::{FIRST_SOURCE_RULE, FIRST_TABLE, MOST_TUNNELS, Network},
    management_ports, nftables_home, own_traffic, part, wireguard,
};
use crate::translation::{each_mapping, merged, target_address};

/// What of the inventory is in force for one tunnel; for that of a suspended peer, which is down, nothing.
pub(crate) struct TunnelScope<'a> {
    pub peer: &'a Peer,
    pub vps: &'a Vps,
    /// Alias inside the tunnel -> address on the LAN.
    pub aliases: BTreeMap<Ipv4Addr, Ipv4Addr>,
    /// What may come in: address inside the tunnel and ports, joined where they touch.
    pub open: BTreeMap<(Protocol, Ipv4Addr), Vec<PortRange>>,
    /// Addresses that everything may reach.
    pub whole: BTreeSet<Ipv4Addr>,
}

impl<'a> TunnelScope<'a> {
    fn new(inventory: &'a Inventory, peer: &'a Peer, vps: &'a Vps) -> Self {
        let mut scope = Self {
            peer,
            vps,
            aliases: BTreeMap::new(),
            open: BTreeMap::new(),
            whole: BTreeSet::new(),
        };
        let admitted = |forward: &&PortForward| peer.is_active() && forward.enabled;
        for forward in inventory.forwards_of(peer.id).filter(admitted) {
            scope.admit(forward);
        }
        for ranges in scope.open.values_mut() {
            *ranges = merged(std::mem::take(ranges));
        }
        scope
    }

    fn admit(&mut self, forward: &PortForward) {
        let target = target_address(self.peer, &forward.target);
        if let ForwardTarget::Lan { address, alias } = forward.target {
            self.aliases.insert(alias, address);
        }
        for ports in each_mapping(&forward.ports) {
            match ports {
                Some((protocol, mapping)) => {
                    self.open
                        .entry((protocol, target))
                        .or_default()
                        .push(mapping.target());
                }
                None => {
                    self.whole.insert(target);
                }
            }
        }
    }

    /// The mark of this tunnel's flows; the mask is `0xff0000`.
    pub fn mark(&self) -> u32 {
        (0x77 + u32::from(self.peer.tunnel_index)) << 16
    }

    pub(super) fn table(&self) -> u16 {
        FIRST_TABLE + u16::from(self.peer.tunnel_index)
    }
}

pub(super) fn parts(context: &Context, host: &Host) -> Result<(Bundle, Manifest), RenderError> {
    let scopes = scopes(context.inventory, host)?;
    let ssh: Vec<Port> = management_ports(host, context.sshd_ports);
    let mut network = Network::new("home machine", host.id);
    let mut files = BTreeMap::from([(
        "rules.nft".to_owned(),
        file(0o600, nftables_home::rules(&scopes, &ssh)),
    )]);
    let mark = own_traffic::is_routed(&scopes).then_some(own_traffic::HOME_MARK);
    for scope in &scopes {
        if scope.peer.is_active() {
            tunnel(&mut network, scope, mark);
            let name = format!("{}.conf", scope.peer.tunnel_interface());
            files.insert(name, file(0o600, wireguard::client(scope.vps)));
        }
        vm_network(&mut network, scope);
        if dhcp::is_served(scope.peer) {
            network.dhcp(&scope.peer.tunnel_interface(), &scope.peer.gateway_interface());
            files.insert(dhcp::file_name(scope.peer), file(0o600, dhcp::server(scope.peer)));
        }
    }
    own_traffic::policy(&mut network, &scopes);
    network.sysctl("net.ipv4.ip_forward", "1");
    files.insert("load".to_owned(), file(0o700, network.script(context.generation)));
    let up = scopes.iter().filter(|scope| scope.peer.is_active());
    let keys = up.map(|scope| key_name(scope.peer)).collect();
    Ok(assemble(context, Role::Home, keys, files))
}

/// What the private key of a peer's tunnel is called in [`Bundle::keys`] and on its host (`/etc/wirewarp/NAME.key`): as
/// the interface, and once it was renewed with the serial behind it, so that a rollback finds the old one.
pub fn key_name(peer: &Peer) -> IfName {
    let tunnel = peer.tunnel_interface();
    match peer.key_serial {
        0 => tunnel,
        serial => format!("{tunnel}.{serial}").parse().unwrap_or(tunnel),
    }
}

/// The tunnels, by their index.
fn scopes<'a>(inventory: &'a Inventory, host: &Host) -> Result<Vec<TunnelScope<'a>>, RenderError> {
    let mut scopes = vec![];
    for peer in inventory.peers_on(host.id) {
        if peer.tunnel_index >= MOST_TUNNELS {
            return Err(RenderError::TooManyTunnels(
                peer.name.to_string(),
                peer.tunnel_index,
            ));
        }
        if let Some(vps) = inventory.vps(peer.vps) {
            scopes.push(TunnelScope::new(inventory, peer, vps));
        }
    }
    scopes.sort_by_key(|scope| (scope.peer.tunnel_index, scope.peer.id));
    Ok(scopes)
}

/// `mark`: that of WireGuard's own packets.
fn tunnel(network: &mut Network, scope: &TunnelScope, mark: Option<u32>) {
    let (peer, vps, tunnel) = (scope.peer, scope.vps, scope.peer.tunnel_interface());
    network.tunnel(&tunnel, None, &key_name(peer), mark);
    network.address(&tunnel, peer.tunnel_ip, vps.tunnel_network.prefix_len());
    network.mtu(&tunnel, peer.mtu);
    network.allowed(&tunnel, &wireguard::vps_key(vps), &[Ipv4Net::default()]);
    network.route(&scope.table().to_string(), &format!("default dev {tunnel}"), None);
    network.sysctl(&format!("net.ipv4.conf.{tunnel}.rp_filter"), "2");
    network.lan(peer.tunnel_ip, vps.endpoint, vps.tunnel_ip());
}

/// What its VMs hang on, and their way out: the tunnel or nothing. It stays while the peer is suspended, so that nobody
/// has to attach them again.
fn vm_network(network: &mut Network, scope: &TunnelScope) {
    let (peer, table) = (scope.peer, scope.table());
    let gateway = peer.gateway_interface();
    if peer.vm_interface.is_none() {
        network.bridge(&gateway);
    }
    network.address(&gateway, peer.gateway(), peer.vm_network.prefix_len());
    let name = table.to_string();
    // Behind the default: when the tunnel is down nothing leaks out of the home line. The highest metric there is.
    network.route(&name, "unreachable default metric 4278198272", None);
    // Without it the gateway itself, whose address is of the VM network, could not talk to its VMs.
    network.route(&name, &format!("{} dev {gateway}", peer.vm_network), None);
    network.rule(
        table,
        &format!("fwmark {:#x}/0xff0000 lookup {table}", scope.mark()),
    );
    let source = FIRST_SOURCE_RULE + u16::from(peer.tunnel_index);
    network.rule(source, &format!("from {} lookup {table}", peer.vm_network));
}

/// The peers of a machine, what is forwarded to them, and of their VPSes only what concerns them, so that a change over
/// there does not make this machine's record old.
pub(super) fn desired(inventory: &Inventory, host: HostId) -> Inventory {
    let peers: Vec<Peer> = inventory.peers_on(host).cloned().collect();
    let on: BTreeSet<VpsId> = peers.iter().map(|peer| peer.vps).collect();
    let ips: BTreeSet<PublicIpId> = peers.iter().map(|peer| peer.public_ip).collect();
    let concerned = |vps: &Vps| {
        let mut vps = vps.clone();
        vps.ips.retain(|ip| ips.contains(&ip.id));
        vps
    };
    let vpses: Vec<Vps> = inventory
        .vpses
        .iter()
        .filter(|vps| on.contains(&vps.id))
        .map(concerned)
        .collect();
    let hosts = vpses.iter().map(|vps| vps.host).chain([host]).collect();
    part(inventory, peers, vpses, &hosts)
}
