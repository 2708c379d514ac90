//! `wirewarp proxmox ...`

use std::process::ExitCode;

use super::{proxmox_attach, proxmox_see, proxmox_sign_in};
use crate::{
    args::proxmox::ProxmoxCommand,
    context::{Context, Failure, name},
    output::{self, table::table},
};

pub async fn run(ctx: &Context, command: ProxmoxCommand) -> Result<ExitCode, Failure> {
    match command {
        ProxmoxCommand::Add(args) => Box::pin(proxmox_sign_in::add(ctx, *args)).await,
        ProxmoxCommand::Login { name: host, sign_in } => {
            Box::pin(proxmox_sign_in::login(ctx, &name(&host)?, sign_in)).await
        }
        ProxmoxCommand::List => list(ctx).await,
        ProxmoxCommand::Guests { name: host } => proxmox_see::guests(ctx, &name(&host)?).await,
        ProxmoxCommand::Guest { name: host, vmid } => proxmox_see::guest(ctx, &name(&host)?, vmid).await,
        ProxmoxCommand::Bridges { name: host } => proxmox_see::bridges(ctx, &name(&host)?).await,
        ProxmoxCommand::Attach(args) => Box::pin(proxmox_attach::attach(ctx, *args)).await,
        ProxmoxCommand::Attached { name: host } => proxmox_attach::attached(ctx, &name(&host)?).await,
        ProxmoxCommand::Detach(args) => Box::pin(proxmox_attach::detach(ctx, args)).await,
        ProxmoxCommand::Trust { name: host, trust } => {
            proxmox_sign_in::trust(ctx, &name(&host)?, trust).await
        }
        ProxmoxCommand::Remove { name: host, forget } => {
            proxmox_sign_in::remove(ctx, &name(&host)?, forget).await
        }
    }
}

async fn list(ctx: &Context) -> Result<ExitCode, Failure> {
    let inventory = ctx.engine.inventory().await?;
    if ctx.global.json {
        output::json(&inventory.proxmoxes)?;
        return Ok(ExitCode::SUCCESS);
    }
    if inventory.proxmoxes.is_empty() {
        output::print(
            "No Proxmox host yet. Sign in to one with: wirewarp proxmox add pve --url https://192.168.1.10:8006 --token-stdin",
        );
        return Ok(ExitCode::SUCCESS);
    }
    let rows = inventory.proxmoxes.iter().map(|proxmox| {
        let attached = inventory
            .attachments
            .iter()
            .filter(|attachment| attachment.proxmox == proxmox.id);
        vec![
            proxmox.name.to_string(),
            proxmox.endpoint.clone(),
            proxmox.login.who().to_owned(),
            proxmox.version.clone(),
            attached.count().to_string(),
        ]
    });
    output::print(&table(
        &[
            "name",
            "address",
            "signed in as",
            "version at sign-in",
            "guests attached",
        ],
        rows,
    ));
    Ok(ExitCode::SUCCESS)
}
