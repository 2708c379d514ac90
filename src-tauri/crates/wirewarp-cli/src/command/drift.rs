//! `wirewarp drift HOST`: desired, last applied, live.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::{ApplyOptions, DriftReport};
use wirewarp_model::Name;

use super::{
    CHANGES,
    change::{carry_out, end, go},
};
use crate::{
    context::{Context, Failure, name},
    output::{
        self,
        style::{self, paint},
    },
};

pub async fn run(ctx: &Context, host: String, repair: bool, adopt: bool) -> Result<ExitCode, Failure> {
    let host = name(&host)?;
    if adopt {
        let proposal = ctx.engine.adopt(&host).await?;
        let done = carry_out(ctx, &proposal).await?;
        return end(ctx, done, json!({ "host": host }));
    }
    if repair {
        let preview = ctx.engine.preview_named(std::slice::from_ref(&host)).await?;
        let done = go(ctx, &preview, ApplyOptions::default(), "Not repaired.").await?;
        return end(ctx, done, json!({ "host": host }));
    }
    let report = ctx.engine.drift(&host).await?;
    if ctx.global.json {
        output::json(&report)?;
    } else {
        output::print(&text(&host, &report));
    }
    Ok(ExitCode::from(if report.is_empty() { 0 } else { CHANGES }))
}

fn text(host: &Name, report: &DriftReport) -> String {
    if report.is_empty() {
        return format!("{host} is as it was applied, and as the inventory wants it.");
    }
    let mut lines = Vec::new();
    if !report.live.is_empty() {
        lines.push(paint(style::BOLD, "Live, but not as applied:"));
        lines.extend(report.live.iter().map(|line| format!("  {line}")));
    }
    for file in &report.files {
        lines.push(paint(style::BOLD, format!("{}: {}", file.path, file.what())));
        lines.extend(file.diff.lines().map(|line| format!("  {line}")));
    }
    lines.push(format!(
        "Put it right: wirewarp drift {host} --repair   Take it over: wirewarp drift {host} --adopt"
    ));
    lines.join("\n")
}
