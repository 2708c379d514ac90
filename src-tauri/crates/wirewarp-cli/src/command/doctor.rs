//! `wirewarp doctor`: works without an inventory, which may be what is broken.

use std::{path::Path, process::ExitCode, sync::Arc};
use wirewarp_engine::doctor::{Diagnosis, Verdict, examine};

use super::CHECK_FAILED;
use crate::{
    context::Failure,
    output::{
        self,
        style::{self, paint},
    },
    person::Terminal,
};

pub async fn run(data_dir: &Path, offline: bool, as_json: bool) -> Result<ExitCode, Failure> {
    let report = examine(data_dir, Arc::new(Terminal), offline).await;
    if as_json {
        output::json(&report)?;
    } else {
        output::print(&format!("WireWarp {}", report.version));
        report.checks.iter().for_each(show);
    }
    Ok(if report.is_well() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(CHECK_FAILED)
    })
}

fn show(check: &Diagnosis) {
    let mark = match check.verdict {
        Verdict::Good => paint(style::GOOD, "✓"),
        Verdict::Warning => paint(style::WARN, "!"),
        Verdict::Bad => paint(style::BAD, "✗"),
    };
    output::print(&format!("  {mark} {}: {}", check.what, check.message));
    for hint in &check.hints {
        output::print(&format!("      → {hint}"));
    }
}
