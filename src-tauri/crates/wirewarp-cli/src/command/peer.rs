//! `wirewarp peer ...` but `add`, `config`, `lease`, `mtu` and `route`.

use serde_json::json;
use std::{process::ExitCode, slice};
use wirewarp_engine::{Assignment, edit};
use wirewarp_model::{Inventory, Name, Peer, PeerState};

use super::change::{carry_out, end};
use crate::{
    args::{Removal, peer::PeerCommand},
    context::{Context, Failure, name},
    output::{
        self,
        table::{facts, table},
    },
};

pub async fn run(ctx: &Context, command: PeerCommand) -> Result<ExitCode, Failure> {
    match command {
        PeerCommand::Add(args) => Box::pin(super::peer_add::run(ctx, *args)).await,
        PeerCommand::Config(args) => super::peer_config::run(ctx, args).await,
        PeerCommand::List => list(ctx).await,
        PeerCommand::Show { name: peer } => show(ctx, &name(&peer)?).await,
        PeerCommand::Move { name: peer, ip } => move_to(ctx, &name(&peer)?, &ip).await,
        PeerCommand::Suspend { names } => set_state(ctx, &names, "peer.suspend", PeerState::Suspended).await,
        PeerCommand::Resume { names } => set_state(ctx, &names, "peer.resume", PeerState::Active).await,
        PeerCommand::Rename { name: peer, new_name } => rename(ctx, &name(&peer)?, &name(&new_name)?).await,
        PeerCommand::Measure { names } => super::peer_measure::run(ctx, &names).await,
        PeerCommand::Mtu {
            name: peer,
            set,
            measure,
        } => super::peer_mtu::run(ctx, &name(&peer)?, set, measure).await,
        PeerCommand::Route { name: peer, route } => super::peer_route::run(ctx, &name(&peer)?, &route).await,
        PeerCommand::Lease(args) => super::peer_lease::run(ctx, &args).await,
        PeerCommand::RotateKeys { name: peer } => rotate(ctx, &name(&peer)?).await,
        PeerCommand::Remove(going) => remove(ctx, &going).await,
    }
}

async fn list(ctx: &Context) -> Result<ExitCode, Failure> {
    let inventory = ctx.engine.inventory().await?;
    if ctx.global.json {
        output::json(&inventory.peers)?;
        return Ok(ExitCode::SUCCESS);
    }
    if inventory.peers.is_empty() {
        output::print("No peer yet. Connect your home with: wirewarp peer add attic --host 192.168.1.20");
        return Ok(ExitCode::SUCCESS);
    }
    let rows = inventory.peers.iter().map(|peer| {
        vec![
            peer.name.to_string(),
            peer.kind.as_str().to_owned(),
            vps_name(&inventory, peer),
            public_ip(&inventory, peer),
            peer.tunnel_ip.to_string(),
            peer.vm_network.to_string(),
            state(peer).to_owned(),
        ]
    });
    output::print(&table(
        &[
            "name",
            "kind",
            "vps",
            "public ip",
            "tunnel ip",
            "vm network",
            "state",
        ],
        rows,
    ));
    Ok(ExitCode::SUCCESS)
}

async fn show(ctx: &Context, name: &Name) -> Result<ExitCode, Failure> {
    let inventory = ctx.engine.inventory().await?;
    let peer = ctx.engine.peer(name).await?;
    if ctx.global.json {
        let forwards: Vec<_> = inventory.forwards_of(peer.id).collect();
        output::json(&json!({ "peer": peer, "forwards": forwards }))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&facts(&[
        ("name", peer.name.to_string()),
        ("kind", peer.kind.as_str().to_owned()),
        ("VPS", vps_name(&inventory, &peer)),
        ("public IP", public_ip(&inventory, &peer)),
        (
            "tunnel",
            format!("{} on {}", peer.tunnel_ip, peer.tunnel_interface()),
        ),
        (
            "VM network",
            format!("{} on {}", peer.vm_network, peer.gateway_interface()),
        ),
        ("gateway", peer.gateway().to_string()),
        ("first VM", peer.first_vm().to_string()),
        ("MTU", super::peer_mtu::text(&peer)),
        ("route", super::peer_route::text(&peer)),
        ("state", state(&peer).to_owned()),
        (
            "public key",
            peer.public_key
                .map_or("not made yet".into(), |key| key.to_string()),
        ),
    ]));
    let forwards: Vec<_> = inventory.forwards_of(peer.id).collect();
    if !forwards.is_empty() {
        output::print(&format!(
            "\n{}",
            super::port::forward_table(&inventory, &forwards)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn move_to(ctx: &Context, peer: &Name, ip: &str) -> Result<ExitCode, Failure> {
    let assignment = Assignment::parse(ip)?;
    let edit = |inventory: &_| edit::peer::assign(inventory, peer, assignment);
    let proposal = ctx.engine.propose("peer.move", edit).await?;
    let done = carry_out(ctx, &proposal).await?;
    let public_ip = proposal
        .after
        .peer_named(peer)
        .map(|peer| public_ip(&proposal.after, peer));
    end(ctx, done, json!({ "peer": peer, "public_ip": public_ip }))
}

async fn set_state(
    ctx: &Context,
    names: &[String],
    action: &'static str,
    to: PeerState,
) -> Result<ExitCode, Failure> {
    let names: Vec<Name> = names.iter().map(|text| name(text)).collect::<Result<_, _>>()?;
    let proposal = ctx
        .engine
        .propose(action, |inventory| edit::peer::set_state(inventory, &names, to))
        .await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({ "peers": names }))
}

async fn rename(ctx: &Context, peer: &Name, new_name: &Name) -> Result<ExitCode, Failure> {
    let edit = |inventory: &_| edit::peer::rename(inventory, peer, new_name);
    let proposal = ctx.engine.propose("peer.rename", edit).await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({ "name": new_name }))
}

async fn rotate(ctx: &Context, peer: &Name) -> Result<ExitCode, Failure> {
    let proposal = ctx.engine.rotate_keys(peer).await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({ "peer": peer }))
}

async fn remove(ctx: &Context, going: &Removal) -> Result<ExitCode, Failure> {
    let peer = name(&going.name)?;
    let edit = |inventory: &_| edit::peer::remove(inventory, slice::from_ref(&peer), going.forget);
    let proposal = ctx
        .engine
        .propose("peer.remove", edit)
        .await?
        .removing_packages(going.remove_packages);
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({ "removed": peer }))
}

fn vps_name(inventory: &Inventory, peer: &Peer) -> String {
    inventory
        .vps(peer.vps)
        .map(|vps| vps.name.to_string())
        .unwrap_or_default()
}

fn public_ip(inventory: &Inventory, peer: &Peer) -> String {
    inventory
        .assigned_ip(peer)
        .map(|(_, ip)| ip.address.to_string())
        .unwrap_or_default()
}

fn state(peer: &Peer) -> &'static str {
    match peer.state {
        PeerState::Active => "active",
        PeerState::Suspended => "suspended",
    }
}
