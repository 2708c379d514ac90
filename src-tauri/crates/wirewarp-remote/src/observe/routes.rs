//! Section `routes`: `ip -j -4 route show table all`.

use ipnet::Ipv4Net;
use serde::Deserialize;
use wirewarp_model::{error::excerpt, observed::Route};

use super::{ObserveError, sections::Section};

#[derive(Deserialize)]
struct Line {
    dst: Option<String>,
    gateway: Option<String>,
    dev: Option<String>,
    table: Option<String>,
    prefsrc: Option<String>,
    #[serde(default)]
    nexthops: Vec<Hop>,
}

#[derive(Deserialize)]
struct Hop {
    gateway: Option<String>,
    dev: Option<String>,
}

pub(super) fn parse(section: Section<'_>) -> Result<Vec<Route>, ObserveError> {
    if section.text.trim().is_empty() {
        return Ok(vec![]);
    }
    let lines: Vec<Line> = serde_json::from_str(section.text)
        .map_err(|error| section.error(format!("it is not the JSON of ip(8): {error}")))?;
    let wanted = lines
        .into_iter()
        .filter(|line| line.table.as_deref() != Some("local"));
    wanted
        .filter(|line| line.dst.is_some())
        .map(|line| route(section, &line))
        .collect()
}

/// Of a route with several next hops the first stands for all.
fn route(section: Section<'_>, line: &Line) -> Result<Route, ObserveError> {
    let dst = line.dst.as_deref().unwrap_or_default();
    let destination =
        destination(dst).ok_or_else(|| section.error(format!("“{}” is no destination", excerpt(dst))))?;
    let hop = line.nexthops.first();
    let gateway = line
        .gateway
        .as_deref()
        .or(hop.and_then(|hop| hop.gateway.as_deref()));
    let device = line.dev.as_deref().or(hop.and_then(|hop| hop.dev.as_deref()));
    let device = device.map(str::parse).transpose();
    Ok(Route {
        destination,
        // A next hop may be IPv6 (RFC 5549); there is no IPv4 one then.
        via: gateway.and_then(|text| text.parse().ok()),
        device: device.map_err(|error| section.error(format!("{error}")))?,
        table: line.table.as_deref().map_or_else(|| "main".to_owned(), excerpt),
        source: line.prefsrc.as_deref().and_then(|text| text.parse().ok()),
    })
}

/// `default`, a network, or an address that stands for itself.
fn destination(text: &str) -> Option<Ipv4Net> {
    if text == "default" {
        return Some(Ipv4Net::default());
    }
    text.parse()
        .ok()
        .or_else(|| Some(Ipv4Net::from(text.parse::<std::net::Ipv4Addr>().ok()?)))
}
