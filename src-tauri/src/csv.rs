//! Tables as CSV (RFC 4180), for spreadsheets.

use std::{collections::HashSet, fmt::Display, hash::Hash, sync::Arc};

use crate::{
    Desktop,
    commands::{reads, records},
    errors::Answered,
    view::{ActivityFilter, ActivityRow, Export, ForwardRow, ForwardState, Page, PeerRow, VpsRow},
};

/// Entries of activity that are exported at most.
const MOST_ACTIVITY: u32 = 100_000;

/// A table, or what of it is named; in the inventory's order.
pub(crate) async fn table(desktop: &Arc<Desktop>, what: Export) -> Answered<String> {
    Ok(match what {
        Export::Vpses { only } => vpses(&some(reads::list_vpses(desktop).await?, only, |row| row.id)),
        Export::Peers { only } => peers(&some(reads::list_peers(desktop).await?, only, |row| row.id)),
        Export::Forwards { only } => {
            forwards(&some(reads::list_forwards(desktop).await?, only, |row| row.id))
        }
        Export::Activity { filter } => activity(desktop, &filter).await?,
    })
}

/// Those that are named; all where there is no list. What is gone by now is left out.
fn some<T, I: Eq + Hash>(rows: Vec<T>, only: Option<Vec<I>>, id: impl Fn(&T) -> I) -> Vec<T> {
    let Some(only) = only else { return rows };
    let wanted: HashSet<I> = only.into_iter().collect();
    rows.into_iter().filter(|row| wanted.contains(&id(row))).collect()
}

fn vpses(rows: &[VpsRow]) -> String {
    let mut text = line(&[
        "name",
        "addresses",
        "reached at",
        "tunnel network",
        "port",
        "peers",
        "forwards",
    ]);
    for row in rows {
        let addresses: Vec<String> = row.addresses.iter().map(ToString::to_string).collect();
        let (network, reached) = (&row.tunnel_network, &row.reached_at);
        text += &line::<&dyn Display>(&[
            &row.name,
            &addresses.join(" "),
            reached,
            network,
            &row.listen_port,
            &row.peers,
            &row.forwards,
        ]);
    }
    text
}

fn peers(rows: &[PeerRow]) -> String {
    let mut text = line(&[
        "name",
        "vps",
        "kind",
        "public ip",
        "tunnel ip",
        "vm network",
        "state",
        "forwards",
    ]);
    for row in rows {
        let state = if row.state == wirewarp_model::PeerState::Active {
            "active"
        } else {
            "suspended"
        };
        text += &line::<&dyn Display>(&[
            &row.name,
            &row.vps_name,
            &row.kind.as_str(),
            &row.public_ip,
            &row.tunnel_ip,
            &row.vm_network,
            &state,
            &row.forwards,
        ]);
    }
    text
}

fn forwards(rows: &[ForwardRow]) -> String {
    let mut text = line(&[
        "id",
        "vps",
        "public ip",
        "protocols",
        "ports",
        "peer",
        "target",
        "label",
        "state",
    ]);
    for row in rows {
        let state = match row.state {
            ForwardState::On => "on",
            ForwardState::Off => "off",
            ForwardState::Suspended => "suspended",
        };
        text += &line::<&dyn Display>(&[
            &row.id,
            &row.vps_name,
            &row.public_ip,
            &row.protocols,
            &row.ports,
            &row.peer_name,
            &row.target,
            &row.label,
            &state,
        ]);
    }
    text
}

async fn activity(desktop: &Arc<Desktop>, filter: &ActivityFilter) -> Answered<String> {
    let mut text = line(&["when", "who", "action", "what", "object", "outcome"]);
    let mut offset = 0;
    loop {
        let page = Page { offset, limit: 500 };
        let page = records::activity(desktop, filter.clone(), page).await?;
        for row in &page.rows {
            text += &activity_line(row);
        }
        offset += u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        if page.rows.is_empty() || offset >= page.total.min(MOST_ACTIVITY) {
            return Ok(text);
        }
    }
}

fn activity_line(row: &ActivityRow) -> String {
    let when = jiff::Timestamp::from_millisecond(row.at).map(|at| at.to_string());
    let state = row.state.and_then(|state| serde_json::to_value(state).ok());
    let state = state
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    line(&[
        &when.unwrap_or_default(),
        &row.who,
        &row.action,
        &row.what,
        &row.object,
        state,
    ])
}

fn line<T: Display>(fields: &[T]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(&field.to_string())).collect();
    fields.join(",") + "\r\n"
}

/// Quoted where needed. Spreadsheets run what begins with a sign as a formula: such a text gets an apostrophe before it.
fn quoted(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stay_fields_and_no_formula_runs() {
        assert_eq!(line(&["a", "b,c", "d\"e"]), "a,\"b,c\",\"d\"\"e\"\r\n");
        assert_eq!(quoted("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(quoted("25565"), "25565");
    }
}
