//! `wirewarp ip ...`

use serde_json::json;
use std::{net::Ipv4Addr, process::ExitCode};
use wirewarp_engine::edit;
use wirewarp_model::{Name, PublicIpState, net::parse_ipv4};

use super::change::{carry_out, end};
use crate::{
    args::ip::IpCommand,
    context::{Context, Failure, name},
    output::{self, table::table},
};

pub async fn run(ctx: &Context, command: IpCommand) -> Result<ExitCode, Failure> {
    match command {
        IpCommand::List { vps } => list(ctx, &name(&vps)?).await,
        IpCommand::Add { vps, address } => add(ctx, &name(&vps)?, address).await,
        IpCommand::Remove { vps, address } => remove(ctx, &name(&vps)?, &address).await,
        IpCommand::Enable { vps, address } => {
            set_state(ctx, &name(&vps)?, &address, PublicIpState::Active).await
        }
        IpCommand::Disable { vps, address } => {
            set_state(ctx, &name(&vps)?, &address, PublicIpState::Disabled).await
        }
    }
}

async fn list(ctx: &Context, vps: &Name) -> Result<ExitCode, Failure> {
    let pool = ctx.engine.pool(vps).await?;
    if ctx.global.json {
        output::json(&pool)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = pool.iter().map(|ip| {
        let mapped = if ip.address == ip.on_host {
            String::new()
        } else {
            format!(" (mapped to {})", ip.on_host)
        };
        vec![
            format!("{}{mapped}", ip.address),
            ip.interface.to_string(),
            ip.state.to_owned(),
            ip.peers.join(", "),
            ip.forwards.to_string(),
            ip.ports.to_string(),
        ]
    });
    output::print(&table(
        &["address", "interface", "state", "peers", "forwards", "ports"],
        rows,
    ));
    Ok(ExitCode::SUCCESS)
}

async fn add(ctx: &Context, vps: &Name, address: Option<String>) -> Result<ExitCode, Failure> {
    let proposal = ctx.engine.add_ip(vps, address.as_deref()).await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({}))
}

async fn remove(ctx: &Context, vps: &Name, address: &str) -> Result<ExitCode, Failure> {
    let address: Ipv4Addr = parse_ipv4("address", address)?;
    let proposal = ctx
        .engine
        .propose("ip.remove", |inventory| edit::ip::remove(inventory, vps, address))
        .await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({}))
}

async fn set_state(
    ctx: &Context,
    vps: &Name,
    address: &str,
    state: PublicIpState,
) -> Result<ExitCode, Failure> {
    let address: Ipv4Addr = parse_ipv4("address", address)?;
    let action = if state == PublicIpState::Active {
        "ip.enable"
    } else {
        "ip.disable"
    };
    let edit = |inventory: &_| edit::ip::set_state(inventory, vps, address, state);
    let proposal = ctx.engine.propose(action, edit).await?;
    let done = carry_out(ctx, &proposal).await?;
    end(ctx, done, json!({}))
}
