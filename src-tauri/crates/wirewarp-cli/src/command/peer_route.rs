//! `wirewarp peer route`.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::edit;
use wirewarp_model::{ManualMode, Name, Peer, PeerRoute};

use super::change::{carry_out, end, say};
use crate::{
    context::{Context, Failure},
    output,
};

pub async fn run(ctx: &Context, name: &Name, words: &[String]) -> Result<ExitCode, Failure> {
    if words.is_empty() {
        return show(ctx, &ctx.engine.peer(name).await?);
    }
    let route: PeerRoute = words.join(",").parse()?;
    let edit = |inventory: &_| edit::peer::set_route(inventory, name, &route);
    let proposal = ctx.engine.propose("peer.route", edit).await?;
    if let Some(peer) = proposal.after.peer_named(name) {
        say(ctx, &format!("{}: {}", peer.name, text(peer)));
    }
    let done = carry_out(ctx, &proposal).await?;
    let peer = proposal.after.peer_named(name);
    end(ctx, done, peer.map_or(json!({}), facts))
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
    json!({ "name": peer.name, "route": peer.route })
}

/// What goes through the tunnel.
pub fn text(peer: &Peer) -> String {
    match (peer.manual_mode, &peer.route) {
        (Some(ManualMode::FullTunnel), _) => "everything, as its own configuration says".to_owned(),
        (Some(ManualMode::Masquerade), _) => {
            "the tunnel network alone, as its own configuration says".to_owned()
        }
        (None, PeerRoute::Replies) => "replies only; its own traffic goes by the home line".to_owned(),
        (None, PeerRoute::Everything) => "everything that is not for the home".to_owned(),
        (None, PeerRoute::Destinations(_)) => format!("replies, and what is for {}", peer.route),
    }
}
