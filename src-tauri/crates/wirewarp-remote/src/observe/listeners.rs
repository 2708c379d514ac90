//! Sections `listeners` (`ss -Hlntup`) and `containers` (`docker ps`): who serves which port.

use std::{collections::BTreeSet, net::Ipv4Addr};
use wirewarp_model::{IfName, Protocol, error::excerpt, observed::Listener};

use super::{ObserveError, sections::Section, tools::Units};

/// Most listeners that are kept; a container may publish every port there is.
const MOST: usize = 20_000;

pub(super) fn parse(ss: Section<'_>, containers: Section<'_>) -> Result<Vec<Listener>, ObserveError> {
    let mut all = BTreeSet::new();
    for line in lines_of(ss) {
        let socket = Socket::parse(line)
            .ok_or_else(|| ss.error(format!("“{}” is no line of ss(8)", excerpt(line))))?;
        all.extend(socket.listener());
    }
    let published: Vec<Listener> = containers.text.lines().flat_map(published).take(MOST).collect();
    // The container is who serves it; docker-proxy only stands before it.
    all.retain(|listener| {
        !(listener.owner == "docker-proxy" && published.iter().any(|by| same_port(by, listener)))
    });
    all.extend(published);
    Ok(all.into_iter().take(MOST).collect())
}

fn same_port(a: &Listener, b: &Listener) -> bool {
    (a.protocol, a.port) == (b.protocol, b.port)
}

/// Ports on which sshd listens: its own sockets (also IPv6), those that systemd holds for it, and the one that this
/// connection came by.
pub(super) fn sshd_ports(ss: Section<'_>, units: &Units, here: Option<(Ipv4Addr, u16)>) -> Vec<u16> {
    let sockets = lines_of(ss).filter_map(Socket::parse);
    let own = sockets
        .filter(|socket| socket.protocol == Protocol::Tcp && is_sshd(&socket.owner))
        .map(|socket| socket.port);
    let all: BTreeSet<u16> = own
        .chain(units.ssh_sockets.iter().copied())
        .chain(here.map(|(_, port)| port))
        .collect();
    all.into_iter().collect()
}

fn is_sshd(owner: &str) -> bool {
    matches!(owner, "sshd" | "dropbear")
}

fn lines_of(section: Section<'_>) -> impl Iterator<Item = &str> {
    section.text.lines().filter(|line| !line.trim().is_empty())
}

struct Socket {
    protocol: Protocol,
    address: SocketAddress,
    port: u16,
    owner: String,
    device: Option<IfName>,
}

enum SocketAddress {
    All,
    V4(Ipv4Addr),
    V6,
}

impl Socket {
    /// `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=400,fd=3))`
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let protocol = match *words.first()? {
            "tcp" => Protocol::Tcp,
            "udp" => Protocol::Udp,
            _ => return None,
        };
        let (address, port) = words.get(4)?.rsplit_once(':')?;
        Some(Self {
            protocol,
            address: socket_address(address)?,
            port: port.parse().ok()?,
            owner: owner(line),
            device: address
                .split_once('%')
                .and_then(|(_, device)| device.parse().ok()),
        })
    }

    fn listener(self) -> Option<Listener> {
        let address = match self.address {
            SocketAddress::All => None,
            SocketAddress::V4(address) => Some(address),
            SocketAddress::V6 => return None,
        };
        Some(Listener {
            protocol: self.protocol,
            address,
            port: self.port,
            owner: self.owner,
            device: self.device,
        })
    }
}

/// `*` is an IPv6 socket that also takes IPv4, `[::]` one that does not; `%eth0` binds to a device.
fn socket_address(text: &str) -> Option<SocketAddress> {
    let bare = text.split('%').next().unwrap_or(text);
    if matches!(bare, "*" | "0.0.0.0") {
        return Some(SocketAddress::All);
    }
    if let Some(v6) = bare.strip_prefix('[') {
        let v6 = v6.trim_end_matches(']');
        let mapped = v6.strip_prefix("::ffff:").and_then(|text| text.parse().ok());
        return Some(mapped.map_or(SocketAddress::V6, SocketAddress::V4));
    }
    bare.parse().ok().map(SocketAddress::V4)
}

/// The first process of `users:(("nginx",pid=1,fd=2),...)`.
fn owner(line: &str) -> String {
    let names = line.split_once("users:((\"").map(|(_, rest)| rest);
    names
        .and_then(|rest| rest.split('"').next())
        .map(excerpt)
        .unwrap_or_default()
}

/// `web|0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 0.0.0.0:27000-27010->27000-27010/udp, 9000/tcp`
fn published(line: &str) -> Vec<Listener> {
    let Some((name, ports)) = line.split_once('|') else {
        return vec![];
    };
    let owner = format!("container {}", excerpt(name));
    ports
        .split(", ")
        .filter_map(|port| publication(port, &owner))
        .flatten()
        .collect()
}

fn publication(text: &str, owner: &str) -> Option<impl Iterator<Item = Listener>> {
    let (public, inner) = text.trim().split_once("->")?;
    let protocol = match inner.rsplit_once('/')?.1 {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    let (address, ports) = public.rsplit_once(':')?;
    let address = match address {
        "0.0.0.0" => None,
        other => Some(other.parse::<Ipv4Addr>().ok()?),
    };
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    let owner = owner.to_owned();
    Some((first..=last).map(move |port| Listener {
        protocol,
        address,
        port,
        owner: owner.clone(),
        device: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_of_one_interface_is_told_from_one_of_all() {
        let of = |address: &str| {
            let line = format!("udp UNCONN 0 0 {address}:67 0.0.0.0:* users:((\"dnsmasq\",pid=7,fd=4))");
            Socket::parse(&line).unwrap().listener()
        };
        let listener = |device: Option<&str>| Listener {
            protocol: Protocol::Udp,
            address: None,
            port: 67,
            owner: "dnsmasq".to_owned(),
            device: device.map(|name| name.parse().unwrap()),
        };
        assert_eq!(of("0.0.0.0%virbr0"), Some(listener(Some("virbr0"))));
        assert_eq!(of("0.0.0.0"), Some(listener(None)));
        assert_eq!(of("[fe80::1%eth0]"), None);
    }
}
