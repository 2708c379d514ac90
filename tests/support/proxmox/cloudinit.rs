//! What cloud-init gets to read.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::answer::{Outcome, Refusal};
use super::cluster::{Cluster, Guest, Request};
use super::config::number_of;
use super::property;

/// Answers a method below `cloudinit`.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    let node = cluster.node(request.node())?.name_servers.clone();
    let guest = cluster.guest(request)?;
    match (request.method, request.path.ends_with("/dump")) {
        ("GET", false) => Ok(unseen(guest).into()),
        ("GET", true) => match request.params.text("type") {
            "network" => Ok(json!(network(guest, request.vmid(), &node)).into()),
            other => Err(Refusal::failed(format!("the stand-in makes no {other} data"))),
        },
        _ => {
            guest.config.cloud_init_written();
            Ok(Value::Null.into())
        }
    }
}

fn unseen(guest: &Guest) -> Value {
    let entry = |(key, (old, new)): (String, (Option<String>, Option<String>))| {
        let mut entry = json!({"key": key});
        if let Some(old) = old {
            entry["value"] = json!(old);
        }
        match new {
            Some(new) => entry["pending"] = json!(new),
            None => entry["delete"] = json!(1),
        }
        entry
    };
    guest.config.unseen().into_iter().map(entry).collect()
}

/// The network as version 1 of cloud-init's own format.
fn network(guest: &Guest, vmid: u32, name_servers: &[String]) -> String {
    let mut text = "version: 1\nconfig:\n".to_owned();
    for nic in guest.nics(vmid) {
        let _ = write!(
            text,
            "    - type: physical\n      name: eth{}\n      mac_address: '{}'\n      subnets:\n",
            nic.index,
            nic.mac.to_lowercase()
        );
        let config = guest
            .config
            .values
            .iter()
            .find(|(key, _)| number_of(key, "ipconfig") == Some(nic.index));
        subnet(&mut text, config.map_or("", |(_, value)| value));
    }
    text.push_str("    - type: nameserver\n      address:\n");
    for server in name_servers {
        let _ = writeln!(text, "      - '{server}'");
    }
    text
}

fn subnet(text: &mut String, config: &str) {
    let parts = property::plain(config);
    let Some(ip) = parts.get("ip") else {
        return;
    };
    if ip == "dhcp" {
        text.push_str("      - type: dhcp4\n");
    } else if let Some((address, length)) = ip.split_once('/') {
        let bits = length.parse::<u32>().unwrap_or(32).min(32);
        let mask = Ipv4Addr::from(u32::MAX.checked_shl(32 - bits).unwrap_or_default());
        let _ = writeln!(
            text,
            "      - type: static\n        address: '{address}'\n        netmask: '{mask}'"
        );
        if let Some(gateway) = parts.get("gw") {
            let _ = writeln!(text, "        gateway: '{gateway}'");
        }
    }
}
