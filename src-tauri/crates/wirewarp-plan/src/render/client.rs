//! The configuration that a person carries to a manual peer's device, in the form of wg-quick(8).

use wirewarp_model::{ManualMode, Peer, Secret, Vps};

use super::wireguard::{KEEPALIVE, vps_key};

/// Whose private key stands in the text.
#[derive(Debug, Clone, Copy)]
pub enum ClientKey<'a> {
    /// The key itself. The text is then as secret as the key.
    Shown(&'a Secret),
    /// The person has the key; a line says where it goes.
    Kept,
}

/// The configuration of a manual peer. With [`ClientKey::Shown`] this is the one place that exposes the key.
pub fn client_config(vps: &Vps, peer: &Peer, key: ClientKey) -> Secret {
    let key = match key {
        ClientKey::Shown(secret) => format!("PrivateKey = {}", secret.expose()),
        ClientKey::Kept => "# PrivateKey = put the device's own private key here".to_owned(),
    };
    let allowed = match peer.manual_mode {
        Some(ManualMode::Masquerade) => vps.tunnel_network.to_string(),
        Some(ManualMode::FullTunnel) | None => "0.0.0.0/0".to_owned(),
    };
    Secret::new(format!(
        "# WireWarp: peer {} on VPS {}\n[Interface]\n{key}\nAddress = {}/32\nMTU = {}\n\n\
         [Peer]\nPublicKey = {}\nAllowedIPs = {allowed}\nEndpoint = {}:{}\nPersistentKeepalive = {KEEPALIVE}\n",
        peer.name,
        vps.name,
        peer.tunnel_ip,
        peer.mtu,
        vps_key(vps),
        vps.endpoint,
        vps.listen_port
    ))
}
