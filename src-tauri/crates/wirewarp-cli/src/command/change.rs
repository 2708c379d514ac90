//! The way every change goes: compute it, plan it, record it, show it, ask, apply it.

use serde_json::{Value, json};
use std::{process::ExitCode, time::Duration};
use wirewarp_engine::{Applied, ApplyOptions, Preview, edit::Proposal};

use super::DECLINED;
use crate::{
    context::{Context, Failure},
    output::{self, plan},
    person,
};

/// What a change came to, before it is printed.
#[derive(Debug)]
pub struct Done {
    /// 0, or [`DECLINED`].
    pub code: u8,
    /// Whether the hosts have it.
    pub applied: bool,
    /// For `--json`.
    pub report: Value,
}

/// Carries a change out as far as the options allow, and prints the plan and the steps on the way.
pub async fn carry_out(ctx: &Context, proposal: &Proposal) -> Result<Done, Failure> {
    if proposal.is_empty() {
        say(ctx, "Nothing to change: it is like that already.");
        return Ok(Done {
            code: 0,
            applied: true,
            report: json!({ "recorded": false, "changed": false }),
        });
    }
    if ctx.global.no_apply {
        ctx.engine.check_offline(&proposal.after)?;
        ctx.engine.record(proposal).await?;
        say(
            ctx,
            "Recorded. The hosts are as they were; bring them up to date with: wirewarp apply",
        );
        return Ok(Done {
            code: 0,
            applied: false,
            report: json!({ "recorded": true }),
        });
    }
    let preview = ctx.engine.preview(proposal).await?;
    if ctx.global.dry_run {
        show(ctx, &preview);
        say(ctx, "Dry run: nothing was recorded or changed.");
        return Ok(Done {
            code: 0,
            applied: false,
            report: json!({ "recorded": false, "plan": preview.summary() }),
        });
    }
    ctx.engine.record(proposal).await?;
    let undo = "Recorded and not applied. Apply it later with: wirewarp apply";
    let mut done = go(ctx, &preview, ApplyOptions::default(), undo).await?;
    done.report["recorded"] = json!(true);
    Ok(done)
}

/// Shows a plan that is computed already, asks, and applies it.
pub async fn go(
    ctx: &Context,
    preview: &Preview,
    options: ApplyOptions,
    declined: &str,
) -> Result<Done, Failure> {
    show(ctx, preview);
    if let Some(error) = preview.unreached_error().filter(|_| preview.is_empty()) {
        return Err(error.into());
    }
    if preview.is_empty() {
        return Ok(Done {
            code: 0,
            applied: true,
            report: json!({ "plan": preview.summary() }),
        });
    }
    if ctx.global.dry_run || ctx.global.no_apply {
        say(ctx, "Not applied, as you asked.");
        return Ok(Done {
            code: 0,
            applied: false,
            report: json!({ "plan": preview.summary() }),
        });
    }
    if !ctx.global.yes && !asked(ctx, preview) {
        say(ctx, declined);
        return Ok(Done {
            code: DECLINED,
            applied: false,
            report: json!({ "plan": preview.summary() }),
        });
    }
    let applied = ctx.engine.apply(preview, options, ctx.progress()).await?;
    finish(ctx, preview, applied)
}

/// Reports how an apply ended; an error if a host did not make it.
fn finish(ctx: &Context, preview: &Preview, applied: Applied) -> Result<Done, Failure> {
    if !ctx.global.json {
        for host in applied.succeeded() {
            output::print(&format!(
                "{}  is at generation {} ({})",
                host.name,
                host.generation,
                took(host.took)
            ));
        }
    }
    let report = json!({ "plan": preview.summary(), "applied": applied });
    match applied.failure() {
        Some(error) => Err(Failure::Engine(error)),
        None => Ok(Done {
            code: 0,
            applied: true,
            report,
        }),
    }
}

/// Refuses `--dry-run` where there is nothing to show beforehand.
pub fn no_dry_run(ctx: &Context) -> Result<(), Failure> {
    if ctx.global.dry_run {
        return Err(Failure::Usage(
            "There is no dry run of this command; it changes no host.".into(),
        ));
    }
    Ok(())
}

/// Prints `text` for people.
pub fn say(ctx: &Context, text: &str) {
    if !ctx.global.json {
        output::print(text);
    }
}

/// Ends a command: JSON for programs, the code for both.
pub fn end(ctx: &Context, done: Done, extra: Value) -> Result<ExitCode, Failure> {
    if ctx.global.json {
        let mut report = done.report;
        report["applied_to_hosts"] = json!(done.applied);
        if let (Value::Object(report), Value::Object(extra)) = (&mut report, extra) {
            report.extend(extra);
        }
        output::json(&report)?;
    }
    Ok(ExitCode::from(done.code))
}

pub fn show(ctx: &Context, preview: &Preview) {
    if !ctx.global.json {
        output::print(&plan::text(preview, ctx.global.diff));
    }
}

fn asked(ctx: &Context, preview: &Preview) -> bool {
    if ctx.global.json || !Context::can_ask() {
        output::note("Not applied: nobody is there to ask. Add --yes to apply without asking.");
        return false;
    }
    let names: Vec<&str> = preview.hosts().map(|host| host.name.as_str()).collect();
    person::yes(&format!("Apply this to {}?", names.join(", ")))
}

pub fn took(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
