//! Section `wireguard`: `wg show all dump` without its secrets.

use ipnet::Ipv4Net;
use wirewarp_model::{
    IfName,
    error::excerpt,
    observed::{Tunnel, TunnelPeer},
};

use super::{ObserveError, sections::Section};

#[derive(Default)]
pub(super) struct WireGuard {
    pub(super) own: Vec<Tunnel>,
    pub(super) others: Vec<(IfName, Option<u16>)>,
}

pub(super) fn parse(section: Section<'_>) -> Result<WireGuard, ObserveError> {
    let mut seen = WireGuard::default();
    for line in section.text.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        let bad = || section.error(format!("“{}” is no line of wg(8)", excerpt(line)));
        match words[..] {
            ["interface", name, key, port] => add_interface(&mut seen, name, key, port).ok_or_else(bad)?,
            ["peer", name, ref rest @ ..] => add_peer(&mut seen, name, rest).ok_or_else(bad)?,
            _ => return Err(bad()),
        }
    }
    Ok(seen)
}

fn add_interface(seen: &mut WireGuard, name: &str, key: &str, port: &str) -> Option<()> {
    let (name, port): (IfName, u16) = (name.parse().ok()?, port.parse().ok()?);
    if !name.is_own() {
        seen.others.push((name, (port != 0).then_some(port)));
        return Some(());
    }
    let public_key = if key == "(none)" {
        None
    } else {
        Some(key.parse().ok()?)
    };
    seen.own.push(Tunnel {
        name,
        public_key,
        listen_port: port,
        peers: vec![],
    });
    Some(())
}

fn add_peer(seen: &mut WireGuard, name: &str, rest: &[&str]) -> Option<()> {
    let name: IfName = name.parse().ok()?;
    let [key, endpoint, allowed, handshake, received, sent] = *rest else {
        return None;
    };
    if !name.is_own() {
        return Some(());
    }
    let tunnel = seen.own.iter_mut().find(|tunnel| tunnel.name == name)?;
    tunnel.peers.push(TunnelPeer {
        public_key: key.parse().ok()?,
        endpoint: (endpoint != "(none)").then(|| excerpt(endpoint)),
        allowed_ips: allowed_ips(allowed),
        latest_handshake: handshake.parse().ok()?,
        received: received.parse().ok()?,
        sent: sent.parse().ok()?,
    });
    Some(())
}

/// The IPv4 ones; ours have no others.
fn allowed_ips(text: &str) -> Vec<Ipv4Net> {
    text.split(',')
        .filter_map(|network| network.parse().ok())
        .collect()
}
