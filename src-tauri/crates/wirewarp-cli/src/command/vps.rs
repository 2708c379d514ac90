//! `wirewarp vps ...` but `add`.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::{ApplyOptions, edit};
use wirewarp_model::Name;

use super::change::{carry_out, end, go, no_dry_run, say};
use crate::{
    args::{Removal, vps::VpsCommand},
    context::{Context, Failure, name},
    output::{
        self,
        table::{facts, table},
    },
};

pub async fn run(ctx: &Context, command: VpsCommand) -> Result<ExitCode, Failure> {
    match command {
        VpsCommand::Add(args) => super::vps_add::run(ctx, *args).await,
        VpsCommand::List => list(ctx).await,
        VpsCommand::Show { name: vps } => show(ctx, &name(&vps)?).await,
        VpsCommand::Apply { name: vps } => apply(ctx, &name(&vps)?).await,
        VpsCommand::Rename { name: vps, new_name } => rename(ctx, &name(&vps)?, &name(&new_name)?).await,
        VpsCommand::Trust { name: host, trust } => trust_anew(ctx, &name(&host)?, trust).await,
        VpsCommand::Quota {
            name: vps,
            size,
            first_day,
        } => super::vps_quota::run(ctx, &name(&vps)?, size, first_day).await,
        VpsCommand::Remove(going) => remove(ctx, &going).await,
    }
}

async fn list(ctx: &Context) -> Result<ExitCode, Failure> {
    let inventory = ctx.engine.inventory().await?;
    if ctx.global.json {
        output::json(&inventory.vpses)?;
        return Ok(ExitCode::SUCCESS);
    }
    if inventory.vpses.is_empty() {
        output::print("No VPS yet. Connect one with: wirewarp vps add nyc --host 203.0.113.10");
        return Ok(ExitCode::SUCCESS);
    }
    let rows = inventory.vpses.iter().map(|vps| {
        let addresses: Vec<String> = vps.ips.iter().map(|ip| ip.address.to_string()).collect();
        let peers = inventory.peers_of(vps.id).count();
        vec![
            vps.name.to_string(),
            addresses.join(", "),
            vps.tunnel_network.to_string(),
            peers.to_string(),
        ]
    });
    output::print(&table(&["name", "addresses", "tunnel network", "peers"], rows));
    Ok(ExitCode::SUCCESS)
}

async fn show(ctx: &Context, vps: &Name) -> Result<ExitCode, Failure> {
    let details = ctx.engine.vps_details(vps).await?;
    if ctx.global.json {
        output::json(&details)?;
        return Ok(ExitCode::SUCCESS);
    }
    let addresses: Vec<String> = details.vps.ips.iter().map(|ip| ip.address.to_string()).collect();
    output::print(&facts(&[
        ("name", details.vps.name.to_string()),
        ("reached at", details.reached_at),
        ("addresses", addresses.join(", ")),
        (
            "WireGuard",
            format!("{}:{}/udp", details.vps.endpoint, details.vps.listen_port),
        ),
        ("tunnel network", details.vps.tunnel_network.to_string()),
        (
            "public key",
            details
                .vps
                .public_key
                .map_or("not made yet".into(), |key| key.to_string()),
        ),
        ("peers", details.peers.join(", ")),
        ("generation", details.generation.to_string()),
        ("system", details.system.unwrap_or_else(|| "not seen yet".into())),
    ]));
    Ok(ExitCode::SUCCESS)
}

async fn apply(ctx: &Context, vps: &Name) -> Result<ExitCode, Failure> {
    let preview = ctx.engine.preview_named(std::slice::from_ref(vps)).await?;
    let done = go(ctx, &preview, ApplyOptions::default(), "Not applied.").await?;
    end(ctx, done, json!({}))
}

async fn rename(ctx: &Context, vps: &Name, new_name: &Name) -> Result<ExitCode, Failure> {
    let edit = |inventory: &_| edit::vps::rename(inventory, vps, new_name);
    let proposal = ctx.engine.propose("vps.rename", edit).await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({ "name": new_name }))
}

async fn trust_anew(ctx: &Context, host: &Name, fingerprint: Option<String>) -> Result<ExitCode, Failure> {
    no_dry_run(ctx)?;
    let fingerprint = fingerprint
        .as_deref()
        .map(super::vps_add::fingerprint)
        .transpose()?;
    let accepted = ctx.engine.trust_anew(host, fingerprint.as_deref()).await?;
    say(ctx, &format!("“{host}” is now known by {accepted}."));
    if ctx.global.json {
        output::json(&json!({ "host": host, "fingerprint": accepted }))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn remove(ctx: &Context, going: &Removal) -> Result<ExitCode, Failure> {
    let vps = name(&going.name)?;
    let edit = |inventory: &_| edit::vps::remove(inventory, &vps, going.forget);
    let proposal = ctx
        .engine
        .propose("vps.remove", edit)
        .await?
        .removing_packages(going.remove_packages);
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({ "removed": vps }))
}
