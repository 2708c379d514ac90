//! `wwK.conf`: what wg(8) `addconf` takes, without the private key, which stays on its host.
//!
//! No name is in it: a rename changes no file that is set again.

use ipnet::Ipv4Net;
use std::fmt::Write as _;
use uuid::Uuid;
use wirewarp_model::{Peer, Vps, WgPublicKey, bundle::Bundle};

/// Seconds between keepalives: keeps a NAT's entry alive, whose shortest time is 30 s (RFC 4787 REQ-5 asks for 2 min).
pub(crate) const KEEPALIVE: u8 = 25;

/// The server end, on the VPS.
pub(crate) fn server(vps: &Vps, peers: &[&Peer]) -> String {
    let mut text = format!("[Interface]\nListenPort = {}\n", vps.listen_port);
    for peer in peers {
        let networks: [Ipv4Net; 2] = [peer.tunnel_ip.into(), peer.vm_network];
        let _ = write!(
            text,
            "\n# peer {}\n[Peer]\nPublicKey = {}\nAllowedIPs = {}, {}\n",
            peer.number,
            peer_key(peer),
            networks[0],
            networks[1]
        );
    }
    text
}

/// The client end, on a machine at home. Everything may come through: the clients keep their addresses.
pub(crate) fn client(vps: &Vps) -> String {
    format!(
        "[Interface]\n\n[Peer]\nPublicKey = {}\nAllowedIPs = 0.0.0.0/0\nEndpoint = {}:{}\nPersistentKeepalive = {KEEPALIVE}\n",
        vps_key(vps),
        vps.endpoint,
        vps.listen_port
    )
}

/// A peer's key, or what stands for it until its host has made it.
pub(crate) fn peer_key(peer: &Peer) -> String {
    key(peer.public_key, peer.id.0)
}

/// The VPS's key, or what stands for it until it has made it.
pub(crate) fn vps_key(vps: &Vps) -> String {
    key(vps.public_key, vps.id.0)
}

fn key(known: Option<WgPublicKey>, owner: Uuid) -> String {
    known.map_or_else(|| Bundle::key_placeholder(owner), |key| key.to_string())
}
