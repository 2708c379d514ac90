//! Rules of when to be told.

use serde_json::json;
use uuid::Uuid;
use wirewarp_engine::alert::{AlertRule, Alerting, Condition, Severity};
use wirewarp_model::{AlertRuleId, Inventory};

use super::{done, find};
use crate::{
    args::alert::{AddRule, EditRule, RuleChoices, When},
    command::change::{no_dry_run, say},
    context::{Context, Failure},
};

pub async fn add(ctx: &Context, args: AddRule) -> Result<(), Failure> {
    no_dry_run(ctx)?;
    let rule = AlertRule {
        id: AlertRuleId(Uuid::new_v4()),
        name: args.name.parse()?,
        condition: condition(args.when, &args.choices)?,
        only: vec![],
        for_seconds: 0,
        severity: Severity::Warning,
        remind_minutes: 0,
        channels: vec![],
        enabled: true,
    };
    put(ctx, rule, &args.choices).await
}

pub async fn edit(ctx: &Context, args: EditRule) -> Result<(), Failure> {
    no_dry_run(ctx)?;
    let alerting = ctx.engine.alerting().await?;
    let mut rule = find::rule(&alerting, &args.rule)?.clone();
    if let Some(name) = args.name {
        rule.name = name.parse()?;
    }
    if args.on || args.off {
        rule.enabled = args.on;
    }
    if args.choices.percent.is_some() || args.choices.mbit.is_some() {
        rule.condition = condition(when(rule.condition), &args.choices)?;
    }
    put(ctx, rule, &args.choices).await
}

pub async fn remove(ctx: &Context, name: &str) -> Result<(), Failure> {
    no_dry_run(ctx)?;
    let alerting = ctx.engine.alerting().await?;
    let rule = find::rule(&alerting, name)?;
    ctx.engine.remove_alert_rule(rule.id).await?;
    say(ctx, "Removed.");
    done(ctx, &json!({ "removed": rule.id }))
}

async fn put(ctx: &Context, mut rule: AlertRule, choices: &RuleChoices) -> Result<(), Failure> {
    let alerting = ctx.engine.alerting().await?;
    let inventory = ctx.engine.inventory().await?;
    choose(&mut rule, choices, &alerting, &inventory)?;
    ctx.engine.put_alert_rule(rule.clone()).await?;
    say(
        ctx,
        "It is judged by the program that collects figures: the window, or wirewarp monitor.",
    );
    done(ctx, &json!({ "rule": rule }))
}

fn choose(
    rule: &mut AlertRule,
    choices: &RuleChoices,
    alerting: &Alerting,
    inventory: &Inventory,
) -> Result<(), Failure> {
    if let Some(length) = choices.length {
        rule.for_seconds = u32::try_from(length).unwrap_or(u32::MAX);
    }
    if let Some(severity) = choices.severity {
        rule.severity = severity;
    }
    if let Some(remind) = choices.remind {
        rule.remind_minutes = u32::try_from((remind + 59) / 60).unwrap_or(u32::MAX);
    }
    let is_all = |names: &[String]| matches!(names, [one] if one == "all");
    if let Some(names) = &choices.only {
        rule.only = if is_all(names) {
            vec![]
        } else {
            let found: Result<_, _> = names.iter().map(|name| find::object(inventory, name)).collect();
            found?
        };
    }
    if let Some(names) = &choices.by {
        rule.channels = if is_all(names) {
            vec![]
        } else {
            let found: Result<Vec<_>, _> = names.iter().map(|name| find::channel(alerting, name)).collect();
            found?.into_iter().map(|channel| channel.id).collect()
        };
    }
    Ok(())
}

fn condition(when: When, choices: &RuleChoices) -> Result<Condition, Failure> {
    let percent = |usual: u8| choices.percent.unwrap_or(usual);
    let condition = match when {
        When::Bandwidth => Condition::Bandwidth {
            above: choices
                .mbit
                .ok_or_else(|| Failure::Usage("Say from how many Mbit/s on: --mbit 100.".to_owned()))?,
        },
        When::Quota => Condition::Quota { percent: percent(80) },
        When::Disk => Condition::Disk { percent: percent(90) },
        When::Memory => Condition::Memory { percent: percent(90) },
        When::Cpu => Condition::Cpu { percent: percent(90) },
        When::PeerDisconnected => Condition::PeerDisconnected,
        When::HostOffline => Condition::HostOffline,
        When::ForwardFailing => Condition::ForwardFailing,
        When::Drift => Condition::Drift,
        When::KeyChanged => Condition::KeyChanged,
        When::UpdatesWaiting => Condition::UpdatesWaiting,
    };
    let has_limit = matches!(
        condition,
        Condition::Quota { .. } | Condition::Disk { .. } | Condition::Memory { .. } | Condition::Cpu { .. }
    );
    if choices.percent.is_some() && !has_limit {
        return Err(Failure::Usage(format!(
            "--percent says nothing with “{}”.",
            condition.as_str()
        )));
    }
    if choices.mbit.is_some() && when != When::Bandwidth {
        return Err(Failure::Usage(format!(
            "--mbit says nothing with “{}”.",
            condition.as_str()
        )));
    }
    Ok(condition)
}

fn when(condition: Condition) -> When {
    match condition {
        Condition::PeerDisconnected => When::PeerDisconnected,
        Condition::HostOffline => When::HostOffline,
        Condition::Bandwidth { .. } => When::Bandwidth,
        Condition::Quota { .. } => When::Quota,
        Condition::Disk { .. } => When::Disk,
        Condition::Memory { .. } => When::Memory,
        Condition::Cpu { .. } => When::Cpu,
        Condition::ForwardFailing => When::ForwardFailing,
        Condition::Drift => When::Drift,
        Condition::KeyChanged => When::KeyChanged,
        Condition::UpdatesWaiting => When::UpdatesWaiting,
    }
}
