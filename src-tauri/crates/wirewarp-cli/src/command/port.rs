//! `wirewarp port ...` but `add`.

use serde_json::json;
use std::{collections::BTreeSet, process::ExitCode};
use wirewarp_engine::edit::{self, forward::short_id};
use wirewarp_model::{ForwardId, ForwardTarget, Inventory, PortForward};

use super::change::{carry_out, end};
use crate::{
    args::port::{Chosen, PortCommand},
    context::{Context, Failure, name},
    output::{self, table::table},
};

pub async fn run(ctx: &Context, command: PortCommand) -> Result<ExitCode, Failure> {
    match command {
        PortCommand::Add(args) => super::port_add::run(ctx, args).await,
        PortCommand::List { peer } => list(ctx, peer).await,
        PortCommand::Remove(chosen) => change(ctx, &chosen, "port.remove", edit::forward::remove).await,
        PortCommand::Enable(chosen) => {
            change(ctx, &chosen, "port.enable", |inventory, ids| {
                edit::forward::set_enabled(inventory, ids, true)
            })
            .await
        }
        PortCommand::Disable(chosen) => {
            change(ctx, &chosen, "port.disable", |inventory, ids| {
                edit::forward::set_enabled(inventory, ids, false)
            })
            .await
        }
    }
}

async fn list(ctx: &Context, peer: Option<String>) -> Result<ExitCode, Failure> {
    let inventory = ctx.engine.inventory().await?;
    let only = match peer {
        Some(text) => Some(ctx.engine.peer(&name(&text)?).await?.id),
        None => None,
    };
    let forwards: Vec<&PortForward> = inventory
        .forwards
        .iter()
        .filter(|f| only.is_none_or(|peer| f.peer == peer))
        .collect();
    if ctx.global.json {
        output::json(&forwards)?;
    } else if forwards.is_empty() {
        output::print("No port forward yet. Open one with: wirewarp port add PEER 25565 --proto both");
    } else {
        output::print(&forward_table(&inventory, &forwards));
    }
    Ok(ExitCode::SUCCESS)
}

/// Forwards as people read them.
pub fn forward_table(inventory: &Inventory, forwards: &[&PortForward]) -> String {
    let rows = forwards.iter().map(|forward| {
        let peer = inventory.peer(forward.peer);
        let public = peer
            .and_then(|peer| inventory.assigned_ip(peer))
            .map(|(_, ip)| ip.address.to_string());
        vec![
            short_id(forward.id),
            public.unwrap_or_default(),
            forward.ports.to_string(),
            peer.map(|peer| peer.name.to_string()).unwrap_or_default(),
            target(forward.target),
            forward.label.to_string(),
            if forward.enabled { "on" } else { "off" }.to_owned(),
        ]
    });
    table(
        &["id", "public ip", "ports", "peer", "target", "label", "state"],
        rows,
    )
}

fn target(target: ForwardTarget) -> String {
    match target {
        ForwardTarget::Vm { address } => address.to_string(),
        ForwardTarget::Peer => "the peer itself".into(),
        ForwardTarget::Lan { address, .. } => format!("{address} (LAN)"),
    }
}

async fn change(
    ctx: &Context,
    chosen: &Chosen,
    action: &'static str,
    edit: impl Fn(&Inventory, &BTreeSet<ForwardId>) -> Inventory + Send + Sync,
) -> Result<ExitCode, Failure> {
    let ids = pick(ctx, chosen).await?;
    let proposal = ctx
        .engine
        .propose(action, |inventory| Ok(edit(inventory, &ids)))
        .await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({ "forwards": ids }))
}

async fn pick(ctx: &Context, chosen: &Chosen) -> Result<BTreeSet<ForwardId>, Failure> {
    let inventory = ctx.engine.inventory().await?;
    if let Some(peer) = &chosen.of {
        let peer = ctx.engine.peer(&name(peer)?).await?;
        return Ok(inventory.forwards_of(peer.id).map(|forward| forward.id).collect());
    }
    let mut ids = BTreeSet::new();
    for text in &chosen.forwards {
        ids.extend(edit::forward::find(&inventory, text)?);
    }
    Ok(ids)
}
