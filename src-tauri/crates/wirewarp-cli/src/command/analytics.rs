//! `wirewarp analytics`.

use jiff::{Timestamp, tz::TimeZone};
use std::process::ExitCode;
use wirewarp_engine::watch::{Analysis, Carried, HeatCell, Stretch, Uptime, UptimeRow, span};

use crate::{
    args::watch::AnalyticsArgs,
    context::{Context, Failure, name},
    output::{
        self,
        table::{bytes, table},
    },
};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// From nothing to the most.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

pub async fn run(ctx: &Context, args: AnalyticsArgs) -> Result<ExitCode, Failure> {
    let to = Timestamp::now().as_second() + 1;
    let stretch = Stretch {
        from: to - args.since,
        to,
        step: None,
    };
    let vps = args.vps.as_deref().map(name).transpose()?;
    let analysis = ctx
        .engine
        .analysis(stretch, vps.as_ref(), TimeZone::system())
        .await?;
    if ctx.global.json {
        output::json(&analysis)?;
    } else {
        show(&analysis);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(analysis: &Analysis) {
    if analysis.heat.iter().all(|cell| cell.weeks == 0) {
        output::print(
            "Nothing was measured in that time. Collect with: wirewarp monitor, or leave the window open",
        );
        return;
    }
    for (title, list) in [("peer", &analysis.peers), ("forward", &analysis.forwards)] {
        if !list.is_empty() {
            let of = if title == "peer" { "vps" } else { "peer" };
            let headings = [title, of, "to home", "from home", "change"];
            output::print(&table(&headings, list.iter().map(carried)));
            output::print("");
        }
    }
    output::print(&heat(&analysis.heat));
    output::print("");
    let months = analysis.months.iter().filter(|month| month.measured);
    let rows = months.map(|month| vec![begins(month.from), bytes(month.to_home), bytes(month.from_home)]);
    output::print(&table(&["month (UTC)", "to home", "from home"], rows));
    output::print("");
    let known: Vec<usize> = (0..analysis.months.len())
        .filter(|at| analysis.months[*at].measured)
        .collect();
    let months: Vec<String> = known.iter().map(|at| begins(analysis.months[*at].from)).collect();
    let headings: Vec<&str> = std::iter::once("uptime")
        .chain(months.iter().map(String::as_str))
        .collect();
    let rows = analysis.vpses.iter().chain(&analysis.peer_uptimes);
    output::print(&table(&headings, rows.map(|row| uptimes(row, &known))));
}

fn carried(one: &Carried) -> Vec<String> {
    let both = one.to_home.saturating_add(one.from_home);
    let change = one.before.map_or_else(String::new, |before| growth(before, both));
    vec![
        one.name.clone(),
        one.of.clone(),
        bytes(one.to_home),
        bytes(one.from_home),
        change,
    ]
}

/// `+12 %`.
fn growth(before: u64, now: u64) -> String {
    let change = (i128::from(now) - i128::from(before)) * 100 / i128::from(before.max(1));
    format!("{change:+} %")
}

/// A line a weekday, a character an hour.
fn heat(cells: &[HeatCell]) -> String {
    let mean = |cell: &HeatCell| cell.bytes.checked_div(u64::from(cell.weeks));
    let most = cells.iter().filter_map(mean).max().unwrap_or(0).max(1);
    let shade = |cell: &HeatCell| {
        let Some(mean) = mean(cell) else { return ' ' };
        let steps = u64::try_from(SHADES.len() - 1).unwrap_or(1);
        let at = mean.saturating_mul(steps).div_ceil(most).min(steps);
        SHADES[usize::try_from(at).unwrap_or(0)]
    };
    let mut lines = vec!["      0     6     12    18     by hour, this computer's time".to_owned()];
    for (day, hours) in DAYS.iter().zip(cells.chunks(24)) {
        lines.push(format!("{day}   {}", hours.iter().map(shade).collect::<String>()));
    }
    let peak = cells
        .iter()
        .enumerate()
        .max_by_key(|(_, cell)| mean(cell).unwrap_or(0));
    if let Some((at, cell)) = peak {
        lines.push(format!(
            "most on {} from {} to {} o'clock: {} on average",
            DAYS[at / 24],
            at % 24,
            at % 24 + 1,
            bytes(mean(cell).unwrap_or(0))
        ));
    }
    lines.join("\n")
}

fn uptimes(row: &UptimeRow, months: &[usize]) -> Vec<String> {
    let cells = months
        .iter()
        .map(|at| row.months.get(*at).map_or_else(String::new, uptime));
    std::iter::once(row.name.clone()).chain(cells).collect()
}

/// `99.95 %, 2 outages of 21 min in all`.
fn uptime(month: &Uptime) -> String {
    match (month.share(), month.outages) {
        (None, _) => "-".to_owned(),
        (Some(share), 0) => format!("{:.2} %", share * 100.0),
        (Some(share), count) => {
            let outages = if count == 1 { "outage" } else { "outages" };
            format!("{:.2} %, {count} {outages} ({})", share * 100.0, span(month.down))
        }
    }
}

fn begins(at: i64) -> String {
    Timestamp::from_second(at)
        .map(|at| at.strftime("%Y-%m").to_string())
        .unwrap_or_default()
}
