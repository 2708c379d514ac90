//! `wirewarp peer add`.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::{AddPeer, Assignment, PeerSetup};
use wirewarp_model::{ManualMode, net::parse_network};

use super::change::{carry_out, end, say};
use crate::{
    args::peer::{ManualModeArg, PeerAdd},
    context::{Context, Failure, name},
};

pub async fn run(ctx: &Context, args: PeerAdd) -> Result<ExitCode, Failure> {
    let peer = name(&args.name)?;
    let setup = setup(&args)?;
    let request = AddPeer {
        name: peer.clone(),
        vps: args.vps.as_deref().map(name).transpose()?,
        setup,
        assignment: Assignment::parse(&args.ip)?,
        network: args
            .network
            .as_deref()
            .map(|text| parse_network("network", text))
            .transpose()?,
        vm_interface: args.vm_interface.as_deref().map(str::parse).transpose()?,
        mtu: args.mtu,
        route: args.route.parse()?,
    };
    let (proposal, key) = ctx.engine.add_peer(request, ctx.progress()).await?;
    let done = carry_out(ctx, &proposal).await?;
    // As it is by now: with the key and the MTU that were found out on its host.
    let recorded = ctx.engine.peer(&peer).await.ok();
    let Some(entry) = recorded.or_else(|| proposal.after.peer_named(&peer).cloned()) else {
        return end(ctx, done, json!({}));
    };
    let mut extra = json!({ "peer": entry });
    if let (Some(key), false) = (key, ctx.global.dry_run) {
        let config = ctx
            .engine
            .client_config(&peer, &key, args.output.keep_key)
            .await?;
        super::peer_config::hand_over(ctx, &config, &args.output, &mut extra)?;
    } else if done.applied && !ctx.global.dry_run && !ctx.global.no_apply {
        say(ctx, &next_step(&entry));
    }
    end(ctx, done, extra)
}

fn setup(args: &PeerAdd) -> Result<PeerSetup, Failure> {
    if args.manual {
        return Ok(PeerSetup::Manual(match args.mode {
            ManualModeArg::FullTunnel => ManualMode::FullTunnel,
            ManualModeArg::Masquerade => ManualMode::Masquerade,
        }));
    }
    if args.local {
        return Ok(PeerSetup::Local);
    }
    if args.ssh.host.is_none() {
        let choices = "Say where the peer is: --host ADDR (over SSH), --local (this machine) or --manual (a file and a QR code).";
        return Err(Failure::Usage(choices.into()));
    }
    Ok(PeerSetup::Ssh(super::vps_add::login(&args.ssh)?))
}

fn next_step(peer: &wirewarp_model::Peer) -> String {
    format!(
        "Give your VM the address {}/{} with gateway {} on {}; then: wirewarp port add {} 25565 --proto both",
        peer.first_vm(),
        peer.vm_network.prefix_len(),
        peer.gateway(),
        peer.gateway_interface(),
        peer.name
    )
}
