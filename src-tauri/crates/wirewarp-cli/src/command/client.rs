//! `wirewarp client ...`.

use jiff::Timestamp;
use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::{Client, Clients, watch::span};

use crate::{
    args::client::ClientCommand,
    context::{Context, Failure},
    output::{
        self,
        table::{bytes, moment, table},
    },
};

pub async fn run(ctx: &Context, command: ClientCommand) -> Result<ExitCode, Failure> {
    match command {
        ClientCommand::List { forward } => {
            let id = ctx.engine.forward_called(&forward).await?;
            let clients = ctx.engine.clients(id).await?;
            if ctx.global.json {
                output::json(&clients)?;
            } else {
                show(&clients);
            }
        }
        ClientCommand::End(whom) => {
            let id = ctx.engine.forward_called(&whom.forward).await?;
            let ended = ctx.engine.end_client(id, whom.client).await?;
            let text = format!("Ended of {}: {}.", whom.client, connections(ended));
            told(ctx, &text, ended)?;
        }
        ClientCommand::Block { whom, time } => {
            let id = ctx.engine.forward_called(&whom.forward).await?;
            let seconds = u64::try_from(time).unwrap_or(0);
            let ended = ctx.engine.block_client(id, whom.client, seconds).await?;
            let text = format!("{} is kept out for {}.", whom.client, span(time));
            told(ctx, &text, ended)?;
        }
        ClientCommand::Unblock(whom) => {
            let id = ctx.engine.forward_called(&whom.forward).await?;
            ctx.engine.unblock_client(id, whom.client).await?;
            told(ctx, &format!("{} may come in again.", whom.client), 0)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(ctx: &Context, text: &str, ended: u64) -> Result<(), Failure> {
    if ctx.global.json {
        output::json(&json!({ "ended": ended }))?;
    } else {
        output::print(text);
    }
    Ok(())
}

fn connections(count: u64) -> String {
    match count {
        1 => "1 connection".to_owned(),
        count => format!("{count} connections"),
    }
}

fn show(clients: &Clients) {
    if clients.clients.is_empty() {
        output::print("Nobody is connected.");
    } else {
        let headings = ["client", "connections", "since", "to home", "from home", "ports"];
        let rows = clients.clients.iter().take(MOST).map(|one| row(clients.at, one));
        output::print(&table(&headings, rows));
    }
    let left = clients.clients.len().saturating_sub(MOST);
    if left > 0 {
        output::print(&format!("and {left} more clients; --json has all of them"));
    }
    if clients.more > 0 {
        output::print(&format!(
            "and {} that were not looked at",
            connections(clients.more)
        ));
    }
    for blocked in &clients.blocked {
        let until = Timestamp::from_second(blocked.until)
            .map(moment)
            .unwrap_or_default();
        output::print(&format!("{} is kept out until {until}", blocked.address));
    }
}

/// Lines that somebody reads.
const MOST: usize = 100;

fn row(now: i64, client: &Client) -> Vec<String> {
    let counted = |bytes_of: Option<u64>| bytes_of.map_or_else(|| "-".to_owned(), bytes);
    let ports = match client.ports.as_slice() {
        [first, _, ..] => format!("{first} and {} more", client.ports.len() - 1),
        few => few.join(""),
    };
    vec![
        client.address.to_string(),
        client.connections.to_string(),
        client
            .since
            .map_or_else(|| "-".to_owned(), |since| span(now - since)),
        counted(client.to_home),
        counted(client.from_home),
        ports,
    ]
}
