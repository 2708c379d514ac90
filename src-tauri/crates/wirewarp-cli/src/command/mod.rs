//! One file per command.

mod apply;
mod change;
mod check;
mod completions;
mod drift;
mod ip;
mod log;
mod peer;
mod peer_add;
mod peer_config;
mod peer_lease;
mod peer_mtu;
mod peer_route;
mod plan;
mod port;
mod port_add;
mod proxmox;
mod proxmox_attach;
mod proxmox_see;
mod proxmox_sign_in;
mod rollback;
mod status;
mod template;
mod vps;
mod vps_add;

use std::process::ExitCode;

use crate::{
    args::{Cli, Command},
    context::{Context, Failure},
};

/// `plan` found changes.
const CHANGES: u8 = 2;
/// The person said no.
const DECLINED: u8 = 3;
/// A check failed.
const CHECK_FAILED: u8 = 4;

/// Runs what was typed.
pub async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Completions { shell } = &cli.command {
        return completions::completions(*shell);
    }
    if matches!(cli.command, Command::Man) {
        return completions::man();
    }
    let ctx = Context::open(cli.global).await?;
    match cli.command {
        Command::Vps(command) => vps::run(&ctx, command).await,
        Command::Ip(command) => ip::run(&ctx, command).await,
        Command::Peer(command) => peer::run(&ctx, command).await,
        Command::Proxmox(command) => proxmox::run(&ctx, command).await,
        Command::Port(command) => port::run(&ctx, command).await,
        Command::Template(command) => template::run(&ctx, command).await,
        Command::Plan { host } => plan::run(&ctx, host).await,
        Command::Apply {
            hosts,
            rollback_after,
        } => apply::run(&ctx, hosts, rollback_after).await,
        Command::Rollback { host, generation } => rollback::run(&ctx, host, generation).await,
        Command::Drift { host, repair, adopt } => drift::run(&ctx, host, repair, adopt).await,
        Command::Status => status::run(&ctx).await,
        Command::Check { forward } => check::run(&ctx, forward).await,
        Command::Log { lines, operation } => log::run(&ctx, lines, operation).await,
        Command::Completions { .. } | Command::Man => Ok(ExitCode::SUCCESS),
    }
}
