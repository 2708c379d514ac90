//! `wirewarp peer measure`.

use std::process::ExitCode;
use wirewarp_engine::TunnelQuality;

use crate::{
    context::{Context, Failure, name},
    output::{self, table::table},
};

/// Measures now. Exit code 0 also where all is lost: that is what was measured.
pub async fn run(ctx: &Context, names: &[String]) -> Result<ExitCode, Failure> {
    let names = names
        .iter()
        .map(|text| name(text))
        .collect::<Result<Vec<_>, _>>()?;
    let measured = ctx.engine.measure_tunnels(&names).await?;
    if ctx.global.json {
        output::json(&measured)?;
    } else if measured.is_empty() {
        output::print("There is no active peer.");
    } else {
        let headings = ["peer", "lost", "round trip", "longest", "packets up to"];
        output::print(&table(&headings, measured.iter().map(row)));
    }
    Ok(ExitCode::SUCCESS)
}

fn row(one: &TunnelQuality) -> Vec<String> {
    let ms = |ms: Option<f64>| ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1} ms"));
    let carries = match one.carries {
        None => "-".to_owned(),
        Some(size) if size < one.mtu => format!("{size} bytes; its MTU is {}", one.mtu),
        Some(size) => format!("{size} bytes"),
    };
    vec![
        one.peer.to_string(),
        format!("{} of {}", one.lost, one.sent),
        ms(one.mean_ms),
        ms(one.most_ms),
        carries,
    ]
}
