//! Being told: rules, channels, silences, and what came of them.

use std::sync::Arc;
use wirewarp_engine::alert::{Alert, AlertChannel, AlertRule, Delivery, Month};
use wirewarp_model::Label;

use crate::{
    Desktop,
    change::{given, name},
    errors::{Answered, at, user},
    view::{AlertingView, QuotaForm, SecretText, SilenceForm, Subject},
};

/// Most entries of a list.
const MOST: u32 = 500;

pub(crate) async fn alerting(desktop: &Arc<Desktop>) -> Answered<AlertingView> {
    let alerting = desktop.engine.alerting().await.map_err(user)?;
    Ok(AlertingView {
        rules: alerting.rules,
        channels: alerting.channels,
        silences: alerting.silences,
        quiet_hours: alerting.quiet.map(|quiet| quiet.to_string()),
    })
}

pub(crate) async fn alerts(desktop: &Arc<Desktop>) -> Answered<Vec<Alert>> {
    desktop.engine.alerts(MOST).await.map_err(user)
}

pub(crate) async fn deliveries(desktop: &Arc<Desktop>) -> Answered<Vec<Delivery>> {
    desktop.engine.deliveries(MOST).await.map_err(user)
}

pub(crate) async fn save_rule(desktop: &Arc<Desktop>, rule: AlertRule) -> Answered<AlertingView> {
    desktop.engine.put_alert_rule(rule).await.map_err(user)?;
    after_change(desktop).await
}

pub(crate) async fn remove_rule(desktop: &Arc<Desktop>, rule: String) -> Answered<AlertingView> {
    let rule = at("rule", rule.parse())?;
    desktop.engine.remove_alert_rule(rule).await.map_err(user)?;
    after_change(desktop).await
}

pub(crate) async fn save_channel(
    desktop: &Arc<Desktop>,
    channel: AlertChannel,
    secret: Option<SecretText>,
) -> Answered<AlertingView> {
    let secret = secret.map(SecretText::into_secret);
    desktop
        .engine
        .put_alert_channel(channel, secret)
        .await
        .map_err(user)?;
    after_change(desktop).await
}

pub(crate) async fn remove_channel(desktop: &Arc<Desktop>, channel: String) -> Answered<AlertingView> {
    let channel = at("channel", channel.parse())?;
    desktop.engine.remove_alert_channel(channel).await.map_err(user)?;
    after_change(desktop).await
}

pub(crate) async fn test_channel(
    desktop: &Arc<Desktop>,
    channel: AlertChannel,
    secret: Option<SecretText>,
) -> Answered<String> {
    let secret = secret.map(SecretText::into_secret);
    desktop
        .engine
        .try_alert_channel(channel, secret)
        .await
        .map_err(user)
}

pub(crate) async fn silence(desktop: &Arc<Desktop>, silence: SilenceForm) -> Answered<AlertingView> {
    let rule = silence.rule.map(|rule| at("rule", rule.parse())).transpose()?;
    let object = silence
        .object
        .map(|object| at("object", object.parse::<wirewarp_model::HostId>()))
        .transpose()?;
    desktop
        .engine
        .silence(
            rule,
            object.map(|object| object.0),
            silence.seconds,
            Label::default(),
        )
        .await
        .map_err(user)?;
    after_change(desktop).await
}

pub(crate) async fn end_silence(desktop: &Arc<Desktop>, silence: String) -> Answered<AlertingView> {
    let silence = at("silence", silence.parse())?;
    desktop.engine.end_silence(silence).await.map_err(user)?;
    after_change(desktop).await
}

pub(crate) async fn set_quiet_hours(desktop: &Arc<Desktop>, hours: String) -> Answered<AlertingView> {
    let hours = given(&hours)
        .map(|hours| at("quiet_hours", hours.parse()))
        .transpose()?;
    desktop.engine.set_quiet_hours(hours).await.map_err(user)?;
    after_change(desktop).await
}

pub(crate) async fn month(desktop: &Arc<Desktop>, vps: String) -> Answered<Month> {
    desktop.engine.month(&name("name", &vps)?).await.map_err(user)
}

pub(crate) async fn set_quota(
    desktop: &Arc<Desktop>,
    vps: String,
    quota: Option<QuotaForm>,
) -> Answered<Month> {
    let name = name("name", &vps)?;
    let quota = quota.map(|quota| (quota.bytes, quota.first_day));
    desktop.engine.set_quota(&name, quota).await.map_err(user)?;
    desktop.changed(&[Subject::Alerts, Subject::Activity]);
    desktop.engine.month(&name).await.map_err(user)
}

async fn after_change(desktop: &Arc<Desktop>) -> Answered<AlertingView> {
    desktop.changed(&[Subject::Alerts, Subject::Activity]);
    alerting(desktop).await
}
