//! `wirewarp proxmox guests`, `guest` and `bridges`: what there is at this moment.

use std::process::ExitCode;
use wirewarp_engine::proxmox::{BridgeSight, BridgesSight, GuestAddresses, GuestSight, NicSight, NodeSight};
use wirewarp_model::Name;

use crate::{
    context::{Context, Failure},
    output::{
        self,
        style::{self, paint},
        table::{facts, moment, span, table},
    },
};

pub async fn guests(ctx: &Context, proxmox: &Name) -> Result<ExitCode, Failure> {
    let sight = ctx.engine.proxmox_guests(proxmox).await?;
    if ctx.global.json {
        output::json(&sight)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&table(
        &["node", "state", "up for"],
        sight.nodes.iter().map(node_row),
    ));
    output::print("");
    if sight.guests.is_empty() {
        output::print("No guest, or none that the one who is signed in may see.");
    } else {
        output::print(&table(
            &["guest", "kind", "name", "node", "state", "peers"],
            sight.guests.iter().map(guest_row),
        ));
    }
    output::print(&format!("\nAs of {}", moment(sight.at)));
    Ok(ExitCode::SUCCESS)
}

fn node_row(node: &NodeSight) -> Vec<String> {
    let state = if node.online {
        paint(style::GOOD, "up")
    } else {
        paint(style::BAD, "down")
    };
    vec![
        node.name.clone(),
        state,
        node.uptime.filter(|_| node.online).map_or_else(String::new, span),
    ]
}

fn guest_row(guest: &GuestSight) -> Vec<String> {
    vec![
        guest.vmid.to_string(),
        guest.kind.to_string(),
        guest.name.clone(),
        guest.node.clone(),
        state(guest),
        peers(guest),
    ]
}

fn state(guest: &GuestSight) -> String {
    let state = if guest.template { "template" } else { guest.state };
    match &guest.lock {
        Some(lock) => format!("{state}, locked: {lock}"),
        None => state.to_owned(),
    }
}

fn peers(guest: &GuestSight) -> String {
    let names: Vec<&str> = guest.peers.iter().map(Name::as_str).collect();
    names.join(", ")
}

pub async fn guest(ctx: &Context, proxmox: &Name, vmid: u32) -> Result<ExitCode, Failure> {
    let found = ctx.engine.proxmox_guest(proxmox, vmid).await?;
    if ctx.global.json {
        output::json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    let GuestAddresses { guest, nics, .. } = &found;
    output::print(&facts(&[
        ("guest", format!("{} {}", guest.kind, guest.vmid)),
        ("name", guest.name.clone()),
        ("node", guest.node.clone()),
        ("state", state(guest)),
        (
            "system",
            found.system.clone().unwrap_or_else(|| "not told".into()),
        ),
        (
            "peers",
            if guest.peers.is_empty() {
                "none".to_owned()
            } else {
                peers(guest)
            },
        ),
    ]));
    output::print("");
    if nics.is_empty() {
        output::print("It has no network card.");
    } else {
        output::print(&table(
            &["card", "bridge", "hardware address", "addresses"],
            nics.iter().map(nic_row),
        ));
    }
    if let Some(silent) = &found.silent {
        output::print(&format!("\nNo addresses: {silent}"));
    }
    output::print(&format!("\nAs of {}", moment(found.at)));
    Ok(ExitCode::SUCCESS)
}

fn nic_row(nic: &NicSight) -> Vec<String> {
    vec![
        nic.key.clone(),
        nic.bridge.clone().unwrap_or_else(|| "none".into()),
        nic.mac.clone().unwrap_or_default(),
        nic.addresses.join(", "),
    ]
}

pub async fn bridges(ctx: &Context, proxmox: &Name) -> Result<ExitCode, Failure> {
    let sight = ctx.engine.proxmox_bridges(proxmox).await?;
    if ctx.global.json {
        output::json(&sight)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&table(
        &["node", "bridge", "state", "address", "ports", "peer"],
        sight.bridges.iter().map(bridge_row),
    ));
    for node in &sight.silent {
        output::print(&format!(
            "\n{}",
            paint(style::WARN, format!("{} was not asked: {}", node.name, node.why))
        ));
    }
    print_pending(&sight, ctx.global.diff);
    output::print(&format!("\nAs of {}", moment(sight.at)));
    Ok(ExitCode::SUCCESS)
}

fn bridge_row(bridge: &BridgeSight) -> Vec<String> {
    vec![
        bridge.node.clone(),
        bridge.name.clone(),
        if bridge.active { "up" } else { "down" }.to_owned(),
        bridge.address.map_or_else(String::new, |it| it.to_string()),
        bridge.ports.clone(),
        bridge.peer.as_ref().map_or_else(String::new, Name::to_string),
    ]
}

/// Says once a node that somebody is at its network; all bridges of a node carry the same edits.
fn print_pending(sight: &BridgesSight, in_full: bool) {
    let mut told = None;
    for bridge in &sight.bridges {
        let Some(pending) = &bridge.pending else { continue };
        if told.replace(&bridge.node) == Some(&bridge.node) {
            continue;
        }
        let headline = format!(
            "Somebody has edits of the network of {} pending{}",
            bridge.node,
            if in_full { ":" } else { "; --diff shows them" }
        );
        output::print(&format!("\n{}", paint(style::WARN, headline)));
        if in_full {
            output::print(pending.trim_end());
        }
    }
}
