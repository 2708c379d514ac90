//! `wirewarp check [FORWARD]`.

use std::process::ExitCode;
use wirewarp_engine::{CheckReport, ForwardCheck};

use super::CHECK_FAILED;
use crate::{
    context::{Context, Failure},
    output::{
        self,
        style::{self, paint},
    },
};

pub async fn run(ctx: &Context, forward: Option<String>) -> Result<ExitCode, Failure> {
    let report = ctx.engine.check(forward.as_deref()).await?;
    if ctx.global.json {
        output::json(&report)?;
    } else {
        if report.checks.is_empty() && report.skipped.is_empty() {
            output::print("No port forward is on, so there is nothing to check.");
        }
        show(&report);
    }
    Ok(ExitCode::from(if report.all_proved() { 0 } else { CHECK_FAILED }))
}

/// What was found, forward by forward.
pub(super) fn show(report: &CheckReport) {
    for check in &report.checks {
        output::print(&text(check));
    }
    for skipped in &report.skipped {
        let id = paint(style::BOLD, &skipped.forward);
        output::print(&format!("- {id}  not tried: {}", skipped.why));
    }
}

fn text(check: &ForwardCheck) -> String {
    let (sign, style) = if check.ok {
        ("✓", style::GOOD)
    } else {
        ("✗", style::BAD)
    };
    let mut lines = vec![format!(
        "{} {}  {}",
        paint(style, sign),
        paint(style::BOLD, &check.title),
        check.verdict
    )];
    if !check.ok {
        for hop in &check.hops {
            lines.push(format!("    {:11} {}  {}", hop.state.word(), hop.title, hop.why));
        }
        lines.extend(check.hints.iter().map(|hint| format!("    → {hint}")));
    }
    lines.join("\n")
}
