//! Ways to be told.

use serde_json::json;
use std::process::ExitCode;
use uuid::Uuid;
use wirewarp_engine::alert::{AlertChannel, ChannelKind, MailSecurity};
use wirewarp_model::AlertChannelId;

use super::{done, find, show};
use crate::{
    args::alert::{ChannelCommand, ChannelCommon, NewChannel, Security},
    command::change::{no_dry_run, say},
    context::{Context, Failure, name},
    stdin_secrets,
};

pub async fn run(ctx: &Context, command: ChannelCommand) -> Result<ExitCode, Failure> {
    match command {
        ChannelCommand::List => return show::channels(ctx).await,
        ChannelCommand::Add(new) => add(ctx, new).await?,
        ChannelCommand::On { name } => switch(ctx, &name, true).await?,
        ChannelCommand::Off { name } => switch(ctx, &name, false).await?,
        ChannelCommand::Remove { name } => {
            no_dry_run(ctx)?;
            let alerting = ctx.engine.alerting().await?;
            let channel = find::channel(&alerting, &name)?;
            ctx.engine.remove_alert_channel(channel.id).await?;
            say(ctx, "Removed, and so is its secret.");
            done(ctx, &json!({ "removed": channel.id }))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn test(ctx: &Context, name: &str) -> Result<(), Failure> {
    let alerting = ctx.engine.alerting().await?;
    let channel = find::channel(&alerting, name)?;
    let said = ctx.engine.test_alert_channel(channel.id).await?;
    say(ctx, &format!("Sent: {said}"));
    done(ctx, &json!({ "said": said }))
}

async fn add(ctx: &Context, new: NewChannel) -> Result<(), Failure> {
    no_dry_run(ctx)?;
    let (common, kind, wants_secret) = parts(new);
    let alerting = ctx.engine.alerting().await?;
    let name = name(&common.name)?;
    let known = alerting.channels.iter().find(|channel| channel.name.is(&name));
    let channel = AlertChannel {
        id: known.map_or_else(|| AlertChannelId(Uuid::new_v4()), |known| known.id),
        name,
        kind,
        at_least: common.at_least,
        template: common.template,
        enabled: true,
    };
    let secret = match channel.kind.secret_is().filter(|_| wants_secret) {
        Some(what) => Some(stdin_secrets::line(what)?),
        None => None,
    };
    ctx.engine.put_alert_channel(channel.clone(), secret).await?;
    say(
        ctx,
        &format!("Send a test with: wirewarp alert test {}", channel.name),
    );
    done(ctx, &json!({ "channel": channel }))
}

fn parts(new: NewChannel) -> (ChannelCommon, ChannelKind, bool) {
    match new {
        NewChannel::Mail {
            common,
            server,
            port,
            security,
            user,
            from,
            to,
        } => {
            let (security, usual) = match security {
                Security::Starttls => (MailSecurity::Starttls, 587),
                Security::Tls => (MailSecurity::Tls, 465),
                Security::None => (MailSecurity::None, 25),
            };
            let kind = ChannelKind::Mail {
                server,
                port: port.unwrap_or(usual),
                security,
                user,
                from,
                to,
            };
            (common, kind, true)
        }
        NewChannel::Webhook { common, url, sign } => (common, ChannelKind::Webhook { url }, sign),
        NewChannel::Discord { common } => (common, ChannelKind::Discord, true),
        NewChannel::Slack { common } => (common, ChannelKind::Slack, true),
        NewChannel::Telegram { common, chat, server } => {
            let server = server.unwrap_or_else(|| ChannelKind::TELEGRAM.to_owned());
            (common, ChannelKind::Telegram { chat, server }, true)
        }
    }
}

async fn switch(ctx: &Context, name: &str, enabled: bool) -> Result<(), Failure> {
    no_dry_run(ctx)?;
    let alerting = ctx.engine.alerting().await?;
    let mut channel = find::channel(&alerting, name)?.clone();
    channel.enabled = enabled;
    ctx.engine.put_alert_channel(channel.clone(), None).await?;
    done(ctx, &json!({ "channel": channel }))
}
