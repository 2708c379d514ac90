//! Telling somebody: by mail, webhook, Discord, Slack or Telegram. One attempt each; who tries again, and when, is
//! decided by the caller, who is told whether that can help.
//!
//! Nothing that is sent names more than the alert does, and no error shows a secret: the addresses of Discord's and
//! Slack's webhooks and of Telegram's bots are secrets themselves.

mod chat;
mod check;
mod error;
mod http;
mod mail;
mod webhook;

pub use check::{checked_kind, checked_secret};
pub use error::NotifyError;

use std::time::Duration;
use wirewarp_model::{
    Secret,
    alert::{AlertChannel, ChannelKind},
};
use wirewarp_watch::alert::Message;

/// How long one attempt may take, from the connection to the answer.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Sends messages.
#[derive(Debug, Clone)]
pub struct Notifier {
    http: reqwest::Client,
    limit: Duration,
}

impl Notifier {
    /// One that gives each attempt this long.
    pub fn new(limit: Duration) -> Result<Self, NotifyError> {
        Ok(Self {
            http: http::client(limit)?,
            limit,
        })
    }

    /// Sends a message by a channel with its secret, and says in words who took it.
    pub async fn send(
        &self,
        channel: &AlertChannel,
        secret: Option<&Secret>,
        message: &Message,
    ) -> Result<String, NotifyError> {
        let sending = self.send_by(channel, secret, message);
        match tokio::time::timeout(self.limit, sending).await {
            Ok(outcome) => outcome,
            Err(_) => Err(NotifyError::passing(format!(
                "no answer within {} s",
                self.limit.as_secs()
            ))),
        }
    }

    async fn send_by(
        &self,
        channel: &AlertChannel,
        secret: Option<&Secret>,
        message: &Message,
    ) -> Result<String, NotifyError> {
        let template = channel.template.as_str();
        if secret.is_none()
            && !channel.kind.secret_is_optional()
            && let Some(what) = channel.kind.secret_is()
        {
            return Err(NotifyError::lasting(format!("its {what} is not kept")));
        }
        match &channel.kind {
            ChannelKind::Mail {
                server,
                port,
                security,
                user,
                from,
                to,
            } => {
                let account = secret.map(|password| (user.as_str(), password));
                let server = mail::Server {
                    name: server,
                    port: *port,
                    security: *security,
                    account: account.filter(|(user, _)| !user.is_empty()),
                    limit: self.limit,
                };
                mail::send(&server, from, to, message, template).await
            }
            ChannelKind::Webhook { url } => webhook::send(&self.http, url, secret, message, template).await,
            ChannelKind::Discord => chat::discord(&self.http, secret, message, template).await,
            ChannelKind::Slack => chat::slack(&self.http, secret, message, template).await,
            ChannelKind::Telegram { chat, server } => {
                chat::telegram(&self.http, (server, chat), secret, message, template).await
            }
        }
    }
}
