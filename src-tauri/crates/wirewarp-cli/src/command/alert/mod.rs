//! `wirewarp alert ...`

mod channel;
mod find;
mod rule;
mod show;

use serde_json::json;
use std::process::ExitCode;

use super::change::{no_dry_run, say};
use crate::{
    args::alert::{AlertCommand, Quiet},
    context::{Context, Failure},
    output,
};

pub async fn run(ctx: &Context, command: AlertCommand) -> Result<ExitCode, Failure> {
    match command {
        AlertCommand::List { lines } => return show::alerts(ctx, lines).await,
        AlertCommand::Rules => return show::rules(ctx).await,
        AlertCommand::Sent { lines } => return show::sent(ctx, lines).await,
        AlertCommand::Add(args) => rule::add(ctx, args).await?,
        AlertCommand::Edit(args) => rule::edit(ctx, args).await?,
        AlertCommand::Remove { rule } => rule::remove(ctx, &rule).await?,
        AlertCommand::Channel(command) => return channel::run(ctx, command).await,
        AlertCommand::Test { channel } => channel::test(ctx, &channel).await?,
        AlertCommand::Silence {
            length,
            rule,
            of,
            why,
        } => silence(ctx, length, (rule, of), &why).await?,
        AlertCommand::Unsilence { silence } => unsilence(ctx, silence).await?,
        AlertCommand::Quiet { hours: Quiet(hours) } => {
            no_dry_run(ctx)?;
            ctx.engine.set_quiet_hours(hours).await?;
            say(
                ctx,
                &match hours {
                    Some(hours) => format!("Within {hours} only what is critical is told."),
                    None => "All is told at all hours.".to_owned(),
                },
            );
            done(
                ctx,
                &json!({ "quiet_hours": hours.map(|hours| hours.to_string()) }),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn done(ctx: &Context, document: &serde_json::Value) -> Result<(), Failure> {
    if ctx.global.json {
        output::json(document)?;
    }
    Ok(())
}

async fn silence(
    ctx: &Context,
    length: i64,
    (rule, of): (Option<String>, Option<String>),
    why: &str,
) -> Result<(), Failure> {
    no_dry_run(ctx)?;
    let alerting = ctx.engine.alerting().await?;
    let rule = match rule {
        Some(name) => Some(find::rule(&alerting, &name)?.id),
        None => None,
    };
    let object = match of {
        Some(name) => Some(find::object(&ctx.engine.inventory().await?, &name)?),
        None => None,
    };
    let silence = ctx.engine.silence(rule, object, length, why.parse()?).await?;
    let id = silence.id.to_string();
    say(
        ctx,
        &format!(
            "Nothing of it is told for {}. End it with: wirewarp alert unsilence {}",
            output::table::span(u64::try_from(length).unwrap_or(0)),
            id.split('-').next().unwrap_or_default()
        ),
    );
    done(ctx, &json!({ "silence": silence }))
}

async fn unsilence(ctx: &Context, which: Option<String>) -> Result<(), Failure> {
    no_dry_run(ctx)?;
    let alerting = ctx.engine.alerting().await?;
    let meant = |id: &str| which.as_ref().is_none_or(|which| id.starts_with(which.as_str()));
    let ended: Vec<_> = alerting
        .silences
        .iter()
        .map(|silence| silence.id)
        .filter(|id| meant(&id.to_string()))
        .collect();
    if let (Some(which), true) = (&which, ended.is_empty()) {
        return Err(Failure::Usage(format!("There is no silence “{which}”.")));
    }
    for id in &ended {
        ctx.engine.end_silence(*id).await?;
    }
    say(ctx, &format!("{} ended.", ended.len()));
    done(ctx, &json!({ "ended": ended }))
}
