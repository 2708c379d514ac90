//! `wirewarp peer lease`.

use serde_json::json;
use std::{net::Ipv4Addr, process::ExitCode};
use wirewarp_engine::{EngineError, edit};
use wirewarp_model::{Inventory, Label, Lease, MacAddress, Name, Peer, net::parse_machine};

use super::change::{carry_out, end};
use crate::{
    args::peer::PeerLease,
    context::{Context, Failure, name},
    output::{self, table::table},
};

pub async fn run(ctx: &Context, args: &PeerLease) -> Result<ExitCode, Failure> {
    let peer = name(&args.name)?;
    let proposal = if let Some(text) = &args.set {
        let wish = Wish::parse(text, args.label.as_deref())?;
        let edit = |inventory: &_| wish.fix(inventory, &peer);
        ctx.engine.propose("peer.lease", edit).await?
    } else if let Some(text) = &args.drop {
        let mac: MacAddress = text.parse()?;
        let edit = |inventory: &_| edit::peer::drop_lease(inventory, &peer, mac);
        ctx.engine.propose("peer.lease", edit).await?
    } else {
        return show(ctx, &ctx.engine.peer(&peer).await?);
    };
    let done = carry_out(ctx, &proposal).await?;
    let after = proposal.after.peer_named(&peer);
    end(ctx, done, after.map_or(json!({}), facts))
}

/// A lease as it was typed; what was left out stays as it is.
struct Wish {
    mac: MacAddress,
    address: Option<Ipv4Addr>,
    name: Option<Label>,
}

impl Wish {
    /// Reads `MAC` or `MAC=ADDR`, and a name.
    fn parse(text: &str, label: Option<&str>) -> Result<Self, Failure> {
        let (mac, address) = match text.split_once('=') {
            Some((mac, address)) => (mac, Some(parse_machine("address", address)?)),
            None => (text, None),
        };
        Ok(Self {
            mac: mac.parse()?,
            address,
            name: label.map(str::parse).transpose()?,
        })
    }

    fn fix(&self, inventory: &Inventory, name: &Name) -> Result<Inventory, EngineError> {
        let peer = inventory.peer_named(name);
        let known = peer.and_then(|peer| peer.leases.iter().find(|lease| lease.mac == self.mac));
        let address = match (self.address, known, peer) {
            (Some(address), _, _) => address,
            (None, Some(known), _) => known.address,
            (None, None, Some(peer)) => edit::peer::free_address(inventory, peer)?,
            // The edit says that there is no such peer.
            (None, None, None) => Ipv4Addr::UNSPECIFIED,
        };
        let label = || known.map(|known| known.name.clone()).unwrap_or_default();
        let lease = Lease {
            mac: self.mac,
            address,
            name: self.name.clone().unwrap_or_else(label),
        };
        edit::peer::set_lease(inventory, name, lease)
    }
}

fn show(ctx: &Context, peer: &Peer) -> Result<ExitCode, Failure> {
    if ctx.global.json {
        output::json(&facts(peer))?;
    } else if peer.leases.is_empty() {
        output::print(&format!(
            "No address is fixed. Fix one: wirewarp peer lease {} --set BC:24:11:00:00:64={}",
            peer.name,
            peer.first_vm()
        ));
    } else {
        let rows = peer.leases.iter().map(|lease| {
            vec![
                lease.mac.to_string(),
                lease.address.to_string(),
                lease.name.to_string(),
            ]
        });
        output::print(&table(&["mac", "address", "name"], rows));
    }
    Ok(ExitCode::SUCCESS)
}

fn facts(peer: &Peer) -> serde_json::Value {
    json!({ "name": peer.name, "leases": peer.leases })
}
