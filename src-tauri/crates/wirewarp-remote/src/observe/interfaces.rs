//! Section `addresses`: `ip -j -d addr`.

use ipnet::Ipv4Net;
use serde::Deserialize;
use std::net::Ipv4Addr;
use wirewarp_model::observed::Interface;

use super::{ObserveError, sections::Section};

#[derive(Deserialize)]
struct Link {
    ifname: Option<String>,
    #[serde(default)]
    flags: Vec<String>,
    mtu: Option<u32>,
    linkinfo: Option<LinkInfo>,
    #[serde(default)]
    addr_info: Vec<Address>,
}

#[derive(Deserialize)]
struct LinkInfo {
    info_kind: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    family: Option<String>,
    local: Option<String>,
    prefixlen: Option<u8>,
}

pub(super) fn parse(section: Section<'_>) -> Result<Vec<Interface>, ObserveError> {
    if section.text.trim().is_empty() {
        return Ok(vec![]);
    }
    let links: Vec<Link> = serde_json::from_str(section.text)
        .map_err(|error| section.error(format!("it is not the JSON of ip(8): {error}")))?;
    let real = |link: &Link| !link.flags.iter().any(|flag| flag == "LOOPBACK");
    links
        .into_iter()
        .filter(real)
        .filter_map(|link| interface(section, link).transpose())
        .collect()
}

/// Old iproute2 prints empty objects among the links; those are none.
fn interface(section: Section<'_>, link: Link) -> Result<Option<Interface>, ObserveError> {
    let Some(name) = link.ifname else { return Ok(None) };
    let name = name.parse().map_err(|error| section.error(format!("{error}")))?;
    let v4 = link
        .addr_info
        .iter()
        .filter(|address| address.family.as_deref() == Some("inet"));
    let addresses: Option<Vec<Ipv4Net>> = v4.map(network).collect();
    Ok(Some(Interface {
        addresses: addresses.ok_or_else(|| section.error(format!("an address of {name} is none")))?,
        kind: link.linkinfo.and_then(|info| info.info_kind).unwrap_or_default(),
        up: link.flags.iter().any(|flag| flag == "UP"),
        mtu: link.mtu.unwrap_or(0),
        name,
    }))
}

fn network(address: &Address) -> Option<Ipv4Net> {
    let local: Ipv4Addr = address.local.as_deref()?.parse().ok()?;
    Ipv4Net::new(local, address.prefixlen?).ok()
}
