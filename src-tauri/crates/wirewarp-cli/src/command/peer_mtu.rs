//! `wirewarp peer mtu`.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_model::{MtuOrigin, Name, Peer, PeerKind};

use super::change::{carry_out, end, say};
use crate::{
    context::{Context, Failure},
    output,
};

pub async fn run(ctx: &Context, name: &Name, set: Option<u16>, measure: bool) -> Result<ExitCode, Failure> {
    let proposal = match set {
        Some(mtu) => ctx.engine.set_mtu(name, mtu).await?,
        None if measure => ctx.engine.measure_mtu(name).await?,
        None => return show(ctx, &ctx.engine.peer(name).await?),
    };
    let wanted = proposal.after.peer_named(name).cloned();
    if let Some(peer) = &wanted {
        say(ctx, &format!("{}: {}", peer.name, text(peer)));
    }
    let done = carry_out(ctx, &proposal).await?;
    let Some(peer) = wanted else {
        return end(ctx, done, json!({}));
    };
    if peer.kind == PeerKind::Manual && !ctx.global.dry_run {
        say(
            ctx,
            &format!("In the device's own configuration, put: MTU = {}", peer.mtu),
        );
    }
    end(ctx, done, facts(&peer))
}

fn show(ctx: &Context, peer: &Peer) -> Result<ExitCode, Failure> {
    if ctx.global.json {
        output::json(&facts(peer))?;
    } else {
        output::print(&text(peer));
    }
    Ok(ExitCode::SUCCESS)
}

fn facts(peer: &Peer) -> serde_json::Value {
    json!({ "name": peer.name, "mtu": peer.mtu, "mtu_origin": peer.mtu_origin })
}

/// The MTU and where it comes from.
pub fn text(peer: &Peer) -> String {
    let origin = match peer.mtu_origin {
        MtuOrigin::Assumed if peer.kind == PeerKind::Manual => "the default".to_owned(),
        MtuOrigin::Assumed => "assumed; the path was not measured".to_owned(),
        // The largest that is tried carries more than is made use of.
        MtuOrigin::Measured if peer.mtu == Peer::DEFAULT_MTU => "measured".to_owned(),
        MtuOrigin::Measured => format!("measured; the path carries {}", peer.mtu + Peer::MTU_OVERHEAD),
        MtuOrigin::Set => "set".to_owned(),
    };
    format!("{} bytes ({origin})", peer.mtu)
}
