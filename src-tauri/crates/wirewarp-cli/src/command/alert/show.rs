//! Showing alerts, rules, channels and what was sent.

use jiff::Timestamp;
use std::process::ExitCode;
use wirewarp_engine::alert::{AlertRule, AlertState, Alerting, ChannelKind, Condition, DeliveryState};

use super::find::called;
use crate::{
    command::CHECK_FAILED,
    context::{Context, Failure},
    output::{
        self,
        table::{facts, moment, span, table},
    },
};

/// What fires and fired.
pub async fn alerts(ctx: &Context, lines: u32) -> Result<ExitCode, Failure> {
    let alerts = ctx.engine.alerts(lines).await?;
    let fires = alerts.iter().any(|alert| alert.state == AlertState::Firing);
    let code = if fires {
        ExitCode::from(CHECK_FAILED)
    } else {
        ExitCode::SUCCESS
    };
    if ctx.global.json {
        output::json(&alerts)?;
        return Ok(code);
    }
    if alerts.is_empty() {
        output::print("Nothing fires, and nothing fired.");
        return Ok(code);
    }
    let rows = alerts.iter().map(|alert| {
        let end = alert.resolved_at.unwrap_or_else(|| Timestamp::now().as_second());
        let length = u64::try_from(end - alert.since).unwrap_or(0);
        vec![
            when(alert.since),
            alert.state.as_str().to_owned(),
            alert.severity.to_string(),
            alert.rule_name.clone(),
            alert.name.clone(),
            span(length),
            alert.reason.clone(),
        ]
    });
    let headings = ["since", "state", "severity", "rule", "of", "for", "why"];
    output::print(&table(&headings, rows));
    Ok(code)
}

/// When somebody is told, and when not.
pub async fn rules(ctx: &Context) -> Result<ExitCode, Failure> {
    let alerting = ctx.engine.alerting().await?;
    if ctx.global.json {
        output::json(&document(&alerting))?;
        return Ok(ExitCode::SUCCESS);
    }
    let inventory = ctx.engine.inventory().await?;
    let rows = alerting.rules.iter().map(|rule| {
        let only: Vec<String> = rule.only.iter().map(|id| called(&inventory, *id)).collect();
        vec![
            rule.name.to_string(),
            if rule.enabled { "on" } else { "off" }.to_owned(),
            condition(rule.condition),
            span(u64::from(rule.for_seconds)),
            rule.severity.to_string(),
            all_or(&only),
            all_or(&channels_of(rule, &alerting)),
        ]
    });
    let headings = ["rule", "", "when", "for", "severity", "of", "by"];
    output::print(&table(&headings, rows));
    if let Some(quiet) = alerting.quiet {
        output::print("");
        output::print(&facts(&[("quiet hours", quiet.to_string())]));
    }
    for silence in &alerting.silences {
        let id = silence.id.to_string();
        let of = silence
            .object
            .map_or("all".to_owned(), |id| called(&inventory, id));
        output::print(&format!(
            "Silence {} until {}: {of} {}",
            id.split('-').next().unwrap_or_default(),
            when(silence.until),
            silence.why
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn document(alerting: &Alerting) -> serde_json::Value {
    serde_json::json!({
        "rules": alerting.rules,
        "channels": alerting.channels,
        "silences": alerting.silences,
        "quiet_hours": alerting.quiet,
        "quotas": alerting.quotas,
    })
}

fn channels_of(rule: &AlertRule, alerting: &Alerting) -> Vec<String> {
    let named = alerting
        .channels
        .iter()
        .filter(|channel| rule.channels.contains(&channel.id));
    named.map(|channel| channel.name.to_string()).collect()
}

fn all_or(names: &[String]) -> String {
    if names.is_empty() {
        "all".to_owned()
    } else {
        names.join(", ")
    }
}

fn condition(condition: Condition) -> String {
    let word = condition.as_str();
    match condition {
        Condition::Bandwidth { above } => format!("{word} ≥ {above} Mbit/s"),
        Condition::Quota { percent }
        | Condition::Disk { percent }
        | Condition::Memory { percent }
        | Condition::Cpu { percent } => format!("{word} ≥ {percent} %"),
        Condition::PeerDisconnected
        | Condition::HostOffline
        | Condition::ForwardFailing
        | Condition::Drift
        | Condition::KeyChanged
        | Condition::UpdatesWaiting => word.to_owned(),
    }
}

/// By which ways somebody is told.
pub async fn channels(ctx: &Context) -> Result<ExitCode, Failure> {
    let alerting = ctx.engine.alerting().await?;
    if ctx.global.json {
        output::json(&alerting.channels)?;
        return Ok(ExitCode::SUCCESS);
    }
    if alerting.channels.is_empty() {
        output::print(
            "There is none. Add one with: wirewarp alert channel add mail|webhook|discord|slack|telegram",
        );
        return Ok(ExitCode::SUCCESS);
    }
    let rows = alerting.channels.iter().map(|channel| {
        let to = match &channel.kind {
            ChannelKind::Mail { to, .. } => to.join(", "),
            ChannelKind::Webhook { url } => url.clone(),
            ChannelKind::Telegram { chat, .. } => chat.clone(),
            ChannelKind::Discord | ChannelKind::Slack => String::new(),
        };
        vec![
            channel.name.to_string(),
            if channel.enabled { "on" } else { "off" }.to_owned(),
            channel.kind.as_str().to_owned(),
            to,
            channel.at_least.to_string(),
        ]
    });
    output::print(&table(&["channel", "", "by", "to", "at least"], rows));
    Ok(ExitCode::SUCCESS)
}

/// What was sent.
pub async fn sent(ctx: &Context, lines: u32) -> Result<ExitCode, Failure> {
    let deliveries = ctx.engine.deliveries(lines).await?;
    if ctx.global.json {
        output::json(&deliveries)?;
        return Ok(ExitCode::SUCCESS);
    }
    if deliveries.is_empty() {
        output::print("Nothing was sent yet.");
        return Ok(ExitCode::SUCCESS);
    }
    let rows = deliveries.iter().map(|delivery| {
        let next = match delivery.state {
            DeliveryState::Waiting => format!(", again {}", when(delivery.next_at)),
            DeliveryState::Delivered | DeliveryState::Failed => String::new(),
        };
        vec![
            when(delivery.at),
            delivery.channel_name.clone(),
            delivery.state.as_str().to_owned(),
            delivery.tries.to_string(),
            format!("{}{next}", delivery.said),
        ]
    });
    output::print(&table(&["at", "channel", "state", "tries", "answer"], rows));
    Ok(ExitCode::SUCCESS)
}

fn when(at: i64) -> String {
    Timestamp::from_second(at).map_or_else(|_| String::new(), moment)
}
