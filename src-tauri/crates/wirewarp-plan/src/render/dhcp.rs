//! The configuration of dnsmasq(8) for a VM network with fixed addresses: DHCP on its gateway's interface and nothing
//! else.

use std::{fmt::Write as _, net::Ipv4Addr};
use wirewarp_model::Peer;

/// Resolvers that guests are told of. What they ask leaves by the tunnel, for which the house's router and the VPS's own
/// provider are private networks, and the gateway answers nothing but DHCP: only public ones can be reached. They are
/// of two operators (one.one.one.one, dns.quad9.net), so that names are found while one of them is out of order.
pub const RESOLVERS: [Ipv4Addr; 2] = [Ipv4Addr::new(1, 1, 1, 1), Ipv4Addr::new(9, 9, 9, 9)];

/// How long a guest may keep its address without asking again. It asks at half of it, so that another address for its
/// card is in force soon.
const LEASE_TIME: &str = "1h";

/// What the file is called; the unit's instance has the tunnel's name, which is there for any name of an interface.
pub(crate) fn file_name(peer: &Peer) -> String {
    format!("{}.dhcp", peer.tunnel_interface())
}

/// Whether the peer's VM network has a server: as long as an address of it is fixed, also while the peer is suspended,
/// so that a guest that starts meanwhile is where it was.
pub(crate) fn is_served(peer: &Peer) -> bool {
    !peer.leases.is_empty()
}

/// The whole file. Strangers are not even refused (`dhcp-ignore`): the interface may be one that the person named, on
/// which others have a server of their own. Nothing is written to disk: the addresses are fixed.
pub(super) fn server(peer: &Peer) -> String {
    let (network, gateway) = (peer.vm_network, peer.gateway());
    let [first, second] = RESOLVERS;
    let mut text = format!(
        "# WireWarp: addresses of the VMs of peer {}. Rendered; a change here is undone by the next apply.\n\
         port=0\n\
         interface={}\n\
         except-interface=lo\n\
         bind-interfaces\n\
         dhcp-authoritative\n\
         dhcp-ignore=tag:!known\n\
         leasefile-ro\n\
         quiet-dhcp\n\
         pid-file\n\
         dhcp-range={},static,{},{LEASE_TIME}\n\
         dhcp-option=option:router,{gateway}\n\
         dhcp-option=option:dns-server,{first},{second}\n\
         dhcp-option=option:mtu,{}\n",
        peer.name,
        peer.gateway_interface(),
        network.network(),
        network.netmask(),
        peer.mtu,
    );
    for lease in &peer.leases {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "dhcp-host={},{}", lease.mac, lease.address);
    }
    text
}
