//! Which addresses of a host make its IP pool.

use std::net::Ipv4Addr;
use wirewarp_model::{
    net::parse_ipv4,
    observed::{Interface, Observed},
};

use super::ip::FoundIp;
use crate::error::EngineError;

/// The public addresses of a host: those on its interfaces and, where the provider maps a public address to a private
/// one, the address that was dialled (`dialled`) for the one on which the connection arrived.
pub fn public_ips(observed: &Observed, dialled: Option<Ipv4Addr>) -> Vec<FoundIp> {
    let mut found: Vec<FoundIp> = on_interfaces(observed)
        .filter(|ip| is_public(ip.address))
        .collect();
    let arrived = observed.ssh_local.map(|(address, _)| address);
    if let (Some(dialled), Some(arrived)) = (dialled, arrived) {
        let known = found.iter().any(|ip| ip.address == dialled);
        let interface = on_interfaces(observed)
            .find(|ip| ip.on_host == arrived)
            .map(|ip| ip.interface);
        if let (false, Some(interface)) = (known || dialled.is_loopback(), interface) {
            found.insert(
                0,
                FoundIp {
                    address: dialled,
                    on_host: arrived,
                    interface,
                },
            );
        }
    }
    found
}

/// Reads `PUBLIC` (which must be on an interface) or `PUBLIC=PRIVATE` (whose private part must be).
pub fn named_ip(observed: &Observed, text: &str) -> Result<FoundIp, EngineError> {
    let (public, private) = text.split_once('=').unwrap_or((text, text));
    let address = parse_ipv4("public IP", public)?;
    let on_host = parse_ipv4("private address", private)?;
    let place = on_interfaces(observed).find(|ip| ip.on_host == on_host);
    let place = place.ok_or_else(|| {
        let there: Vec<String> = on_interfaces(observed)
            .map(|ip| format!("{} on {}", ip.address, ip.interface))
            .collect();
        EngineError::refused(
            "ip_not_on_host",
            format!("{on_host} is on none of the host's interfaces."),
            &[
                &format!("There is: {}", there.join(", ")),
                "Where the provider maps a public address to a private one, write PUBLIC=PRIVATE.",
            ],
        )
    })?;
    Ok(FoundIp {
        address,
        on_host,
        interface: place.interface,
    })
}

fn on_interfaces(observed: &Observed) -> impl Iterator<Item = FoundIp> {
    let outside = observed
        .interfaces
        .iter()
        .filter(|interface| leads_outside(interface));
    outside.flat_map(|interface| {
        interface.addresses.iter().map(|address| FoundIp {
            address: address.addr(),
            on_host: address.addr(),
            interface: interface.name.clone(),
        })
    })
}

/// Not ours, no bridge of containers, no tunnel of somebody else.
fn leads_outside(interface: &Interface) -> bool {
    let inner = ["wireguard", "tun", "dummy"].contains(&interface.kind.as_str());
    let docker = interface.name.as_str().starts_with("docker") || interface.name.as_str().starts_with("br-");
    !interface.name.is_own() && !inner && !docker
}

/// Whether the internet may use it: not private (RFC 1918), shared (RFC 6598), link-local or loopback.
fn is_public(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    !(address.is_private()
        || shared
        || address.is_link_local()
        || address.is_loopback()
        || address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(addresses: &[&str]) -> Observed {
        let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
        let interface = |name: &str, addresses| Interface {
            name: name.parse().unwrap(),
            kind: String::new(),
            up: true,
            mtu: 1500,
            addresses,
        };
        let docker = interface("docker0", vec!["172.17.0.1/16".parse().unwrap()]);
        Observed {
            interfaces: vec![interface("eth0", addresses), docker],
            ..Observed::default()
        }
    }

    #[test]
    fn public_addresses_are_found_and_private_ones_left_out() {
        let found = public_ips(
            &host(&["203.0.113.10/24", "10.1.2.3/8"]),
            Some("203.0.113.10".parse().unwrap()),
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].address.to_string(), "203.0.113.10");
    }

    #[test]
    fn an_address_that_the_provider_maps_is_found_by_how_the_connection_arrived() {
        let mut observed = host(&["172.31.5.20/24"]);
        observed.ssh_local = Some(("172.31.5.20".parse().unwrap(), 22));
        let found = public_ips(&observed, Some("203.0.113.20".parse().unwrap()));
        assert_eq!(
            (found[0].address.to_string(), found[0].on_host.to_string()),
            ("203.0.113.20".into(), "172.31.5.20".into())
        );
    }

    #[test]
    fn a_named_address_must_be_there() {
        let observed = host(&["203.0.113.10/24"]);
        assert!(
            named_ip(&observed, "203.0.113.99")
                .unwrap_err()
                .to_string()
                .contains("none of the host")
        );
        assert_eq!(
            named_ip(&observed, "198.51.100.9=203.0.113.10")
                .unwrap()
                .on_host
                .to_string(),
            "203.0.113.10"
        );
    }
}
