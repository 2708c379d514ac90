//! One file per command.

mod alert;
mod analytics;
mod apply;
mod change;
mod check;
mod client;
mod completions;
mod doctor;
mod drift;
mod history;
mod ip;
mod log;
mod logs;
mod monitor;
mod peer;
mod peer_add;
mod peer_config;
mod peer_lease;
mod peer_measure;
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
mod support_bundle;
mod template;
mod top;
mod vps;
mod vps_add;
mod vps_quota;

use std::process::ExitCode;

use crate::{
    args::{Cli, Command},
    context::{Context, Failure, data_dir},
};

/// `plan` found changes.
const CHANGES: u8 = 2;
/// The person said no.
const DECLINED: u8 = 3;
/// A check failed.
const CHECK_FAILED: u8 = 4;

/// Runs what was typed.
pub async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Some(done) = without_inventory(&cli).await {
        return done;
    }
    let ctx = Context::open(cli.global).await?;
    match cli.command {
        Command::Vps(command) => vps::run(&ctx, command).await,
        Command::Ip(command) => ip::run(&ctx, command).await,
        Command::Client(command) => client::run(&ctx, command).await,
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
        Command::Monitor(args) => monitor::run(&ctx, args).await,
        Command::Top(args) => top::run(&ctx, args).await,
        Command::Alert(command) => alert::run(&ctx, command).await,
        Command::History(args) => history::run(&ctx, args).await,
        Command::Analytics(args) => analytics::run(&ctx, args).await,
        Command::Check { forward } => check::run(&ctx, forward).await,
        Command::Log { lines, operation } => log::run(&ctx, lines, operation).await,
        Command::Completions { .. }
        | Command::Man
        | Command::Logs(_)
        | Command::Doctor { .. }
        | Command::SupportBundle { .. } => Ok(ExitCode::SUCCESS),
    }
}

/// Runs what needs no inventory, or has to work when that is broken; none if it was another command.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other command, also a future one, opens the inventory"
)]
async fn without_inventory(cli: &Cli) -> Option<Result<ExitCode, Failure>> {
    let as_json = cli.global.json;
    let folder = data_dir(&cli.global);
    let done = match &cli.command {
        Command::Completions { shell } => return Some(completions::completions(*shell)),
        Command::Man => return Some(completions::man()),
        Command::Logs(args) => match folder {
            Ok(folder) => logs::run(&folder, args, as_json).await,
            Err(failure) => Err(failure),
        },
        Command::Doctor { offline } => match folder {
            Ok(folder) => doctor::run(&folder, *offline, as_json).await,
            Err(failure) => Err(failure),
        },
        Command::SupportBundle { file, mask_addresses } => match folder {
            Ok(folder) => support_bundle::run(&folder, file.clone(), *mask_addresses, as_json).await,
            Err(failure) => Err(failure),
        },
        _ => return None,
    };
    Some(done)
}
