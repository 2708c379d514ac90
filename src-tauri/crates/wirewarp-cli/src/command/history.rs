//! `wirewarp history OF NAME`.

use jiff::Timestamp;
use std::{net::Ipv4Addr, process::ExitCode};
use wirewarp_engine::watch::{Past, Stretch};
use wirewarp_model::{
    Inventory,
    figures::{Bucket, Column, Series, as_float},
};

use crate::{
    args::watch::{HistoryArgs, Of},
    context::{Context, Failure},
    output::{
        self,
        table::{bytes, facts, moment, table},
    },
};

/// Lines that fit a terminal, if nobody asked for a length of theirs.
const LINES: i64 = 60;

/// Lengths of a line that people think in, in seconds.
const STEPS: [i64; 10] = [1, 10, 60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800];

pub async fn run(ctx: &Context, args: HistoryArgs) -> Result<ExitCode, Failure> {
    let inventory = ctx.engine.inventory().await?;
    let series = series(&inventory, args.of, &args.name)?;
    let to = Timestamp::now().as_second() + 1;
    let least = args.since.div_euclid(LINES);
    let step = args
        .step
        .or_else(|| STEPS.into_iter().find(|step| *step >= least));
    let stretch = Stretch {
        from: to - args.since,
        to,
        step,
    };
    let past = ctx.engine.past(series, stretch).await?;
    if ctx.global.json {
        output::json(&document(series, &past))?;
    } else if args.csv {
        output::print(&csv(&past));
    } else if let Series::Tunnel(_) = series {
        show_tunnel(&past);
    } else {
        show(series, &past);
    }
    Ok(ExitCode::SUCCESS)
}

fn series(inventory: &Inventory, of: Of, name: &str) -> Result<Series, Failure> {
    let missing = |what: &str| Failure::Usage(format!("There is no {what} “{name}”."));
    match of {
        Of::Host => {
            let host = inventory.hosts.iter().find(|host| host.name.as_str() == name);
            host.map(|host| Series::Host(host.id))
                .ok_or_else(|| missing("VPS or machine"))
        }
        Of::Peer => {
            let peer = inventory.peers.iter().find(|peer| peer.name.as_str() == name);
            peer.map(|peer| Series::Peer(peer.id))
                .ok_or_else(|| missing("peer"))
        }
        Of::Tunnel => {
            let peer = inventory.peers.iter().find(|peer| peer.name.as_str() == name);
            peer.map(|peer| Series::Tunnel(peer.id))
                .ok_or_else(|| missing("peer"))
        }
        Of::Forward => {
            let forward = inventory.forwards.iter().find(|forward| {
                forward.id.to_string().starts_with(name) || forward.label.to_string() == name
            });
            forward
                .map(|forward| Series::Forward(forward.id))
                .ok_or_else(|| missing("forward"))
        }
        Of::Ip => {
            let wanted: Option<Ipv4Addr> = name.parse().ok();
            let ips = inventory.vpses.iter().flat_map(|vps| &vps.ips);
            let ip = ips.into_iter().find(|ip| Some(ip.address) == wanted);
            ip.map(|ip| Series::PublicIp(ip.id))
                .ok_or_else(|| missing("public IP"))
        }
    }
}

fn show(series: Series, past: &Past) {
    if past.buckets.is_empty() && past.polled.is_empty() {
        output::print(
            "Nothing was measured in that time. Collect with: wirewarp monitor, or leave the window open",
        );
        return;
    }
    let headings: Vec<String> = past
        .columns
        .iter()
        .map(|column| heading(*column).to_owned())
        .collect();
    let headings: Vec<&str> = std::iter::once("from")
        .chain(headings.iter().map(String::as_str))
        .collect();
    let rows = past.buckets.iter().map(|bucket| {
        let cells = past
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| cell(bucket, at, *column));
        std::iter::once(when(bucket.start)).chain(cells).collect()
    });
    output::print(&table(&headings, rows));
    let counts = past.columns.iter().filter(|column| column.is_count());
    let sums: Vec<(&str, String)> = counts
        .map(|column| (heading(*column), bytes(past.sum(*column))))
        .collect();
    output::print("");
    output::print(&facts(&sums));
    let peak = past.columns.iter().find(|column| column.is_count());
    if let Some(rate) = peak.and_then(|column| past.percentile(*column, 0.95)) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate of bytes"
        )]
        let rate = bytes(rate as u64);
        output::print(&format!(
            "95 % of the time at most {rate}/s {}",
            heading(past.columns[peak_at(past)])
        ));
    }
    for (at, state, reason) in &past.states {
        let why = if reason.is_empty() {
            String::new()
        } else {
            format!(": {reason}")
        };
        output::print(&format!("{}  {} {state}{why}", when(*at), series.kind()));
    }
}

/// What comes of the counts: loss and the mean round trip.
fn show_tunnel(past: &Past) {
    if past.buckets.is_empty() {
        output::print(
            "Nothing was measured in that time. Measure now with: wirewarp peer measure; tunnels in use are measured again and again \
             while figures are collected",
        );
        return;
    }
    let headings = ["from", "pings", "lost", "round trip", "longest", "packets up to"];
    let rows = past.buckets.iter().map(|bucket| {
        let cell = |at: usize| bucket.cells.get(at).copied().unwrap_or_default();
        let (sent, lost) = (cell(0).sum, cell(1).sum);
        let mean = cell(2).sum.checked_div(sent.saturating_sub(lost));
        let mtu = bucket.mean(4).filter(|mtu| *mtu > 0.0);
        vec![
            when(bucket.start),
            sent.to_string(),
            format!("{:.1} %", as_float(lost) * 100.0 / as_float(sent.max(1))),
            mean.map_or_else(|| "-".to_owned(), ms),
            ms(cell(3).peak),
            mtu.map_or_else(|| "-".to_owned(), |mtu| format!("{mtu:.0} bytes")),
        ]
    });
    output::print(&table(&headings, rows));
}

/// Microseconds as milliseconds.
fn ms(micros: u64) -> String {
    format!("{:.1} ms", as_float(micros) / 1000.0)
}

fn peak_at(past: &Past) -> usize {
    past.columns
        .iter()
        .position(|column| column.is_count())
        .unwrap_or(0)
}

fn when(at: i64) -> String {
    Timestamp::from_second(at).map(moment).unwrap_or_default()
}

fn heading(column: Column) -> &'static str {
    match column {
        Column::Cpu => "cpu",
        Column::Memory => "memory",
        Column::Disk => "disk",
        Column::Load => "load",
        Column::Received => "received",
        Column::Sent => "sent",
        Column::FromHome => "from home",
        Column::ToHome => "to home",
        Column::Connections => "connections",
        Column::Pings => "pings",
        Column::PingsLost => "lost",
        Column::RoundTrips => "round trips",
        Column::RoundTripMost => "longest round trip",
        Column::PathMtu => "path mtu",
    }
}

fn cell(bucket: &Bucket, at: usize, column: Column) -> String {
    if column.is_count() {
        return bytes(bucket.cells.get(at).map_or(0, |cell| cell.sum));
    }
    let Some(mean) = bucket.mean(at) else {
        return String::new();
    };
    match column {
        Column::Cpu => format!("{:.1} %", mean / 10.0),
        Column::Load => format!("{:.2}", mean / 100.0),
        Column::Memory | Column::Disk => format!("{mean:.0} MiB"),
        Column::Connections
        | Column::Received
        | Column::Sent
        | Column::FromHome
        | Column::ToHome
        | Column::Pings
        | Column::PingsLost
        | Column::RoundTrips
        | Column::RoundTripMost
        | Column::PathMtu => format!("{mean:.1}"),
    }
}

fn csv(past: &Past) -> String {
    let names = past
        .columns
        .iter()
        .map(|column| heading(*column).replace(' ', "_"));
    let mut lines = vec![
        ["from".to_owned(), "seconds".to_owned()]
            .into_iter()
            .chain(names)
            .collect::<Vec<_>>()
            .join(","),
    ];
    for bucket in &past.buckets {
        let cells = past.columns.iter().enumerate().map(|(at, column)| {
            if column.is_count() {
                bucket.cells.get(at).map_or(0, |cell| cell.sum).to_string()
            } else {
                bucket
                    .mean(at)
                    .map_or_else(String::new, |mean| format!("{mean:.3}"))
            }
        });
        let line: Vec<String> = [when(bucket.start), bucket.seconds.to_string()]
            .into_iter()
            .chain(cells)
            .collect();
        lines.push(line.join(","));
    }
    lines.join("\n")
}

fn document(series: Series, past: &Past) -> serde_json::Value {
    let columns: Vec<&str> = past.columns.iter().map(|column| heading(*column)).collect();
    serde_json::json!({
        "kind": series.kind(),
        "id": series.object(),
        "columns": columns,
        "step": past.step,
        "buckets": past.buckets,
        "polled": past.polled,
        "states": past.states,
    })
}
