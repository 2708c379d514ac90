//! By which way to be told.

use serde::{Deserialize, Serialize};

use super::Severity;
use crate::{AlertChannelId, Name, ParseError};

/// How a mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum MailSecurity {
    /// Encrypted after the greeting; port 587. It must be.
    Starttls,
    /// Encrypted from the first byte; port 465.
    Tls,
    /// Not at all; for a server on this computer.
    None,
}

/// A way, without its secret, which the keychain has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ChannelKind {
    /// E-mail. Its secret is the account's password; none without `user`.
    Mail {
        /// Name or address of the server.
        server: String,
        /// Its port.
        port: u16,
        /// How it is spoken to.
        security: MailSecurity,
        /// The account; empty if the server asks for none.
        user: String,
        /// Sender, e.g. `WireWarp <me@example.org>`.
        from: String,
        /// Receivers.
        to: Vec<String>,
    },
    /// A POST of JSON. Its secret is the key of the signature (HMAC-SHA256); none without one.
    Webhook {
        /// Where to.
        url: String,
    },
    /// A Discord webhook. Its secret is its address.
    Discord,
    /// A Slack incoming webhook. Its secret is its address.
    Slack,
    /// A Telegram bot. Its secret is its token.
    Telegram {
        /// Identifier of the chat, or `@channel`.
        chat: String,
        /// The Bot API server; `https://api.telegram.org` unless one's own.
        server: String,
    },
}

impl ChannelKind {
    /// Where Telegram's own Bot API is.
    pub const TELEGRAM: &str = "https://api.telegram.org";

    /// As the command and files name it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Mail { .. } => "mail",
            Self::Webhook { .. } => "webhook",
            Self::Discord => "discord",
            Self::Slack => "slack",
            Self::Telegram { .. } => "telegram",
        }
    }

    /// What its secret is; none if it has none.
    pub fn secret_is(&self) -> Option<&'static str> {
        match self {
            Self::Mail { user, .. } => (!user.is_empty()).then_some("password"),
            Self::Webhook { .. } => Some("signing key"),
            Self::Discord | Self::Slack => Some("webhook address"),
            Self::Telegram { .. } => Some("bot token"),
        }
    }

    /// Whether it works without its secret.
    pub fn secret_is_optional(&self) -> bool {
        matches!(self, Self::Webhook { .. })
    }
}

/// A way to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AlertChannel {
    /// Its identifier.
    pub id: AlertChannelId,
    /// What it is called.
    pub name: Name,
    /// Which way.
    pub kind: ChannelKind,
    /// What is less bad than this is not told.
    pub at_least: Severity,
    /// Text of a message for one alert, with `{name}` and so on in it; the usual one if it is empty.
    pub template: String,
    /// Whether it is in use.
    pub enabled: bool,
}

impl AlertChannel {
    /// Words that a template may have in braces.
    pub const WORDS: [&str; 8] = [
        "state", "severity", "rule", "name", "host", "reason", "since", "duration",
    ];

    /// Longest template, in characters.
    pub const LONGEST_TEMPLATE: usize = 1000;

    /// The channel, if its template can be filled in.
    pub fn checked(self) -> Result<Self, ParseError> {
        let refuse = |why: String| Err(ParseError::new("template", why));
        if self.template.chars().count() > Self::LONGEST_TEMPLATE {
            return refuse(format!("it is longer than {} characters", Self::LONGEST_TEMPLATE));
        }
        let mut rest = self.template.as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let Some((word, behind)) = after.split_once('}') else {
                return refuse("a “{” is not closed".into());
            };
            if !Self::WORDS.contains(&word) {
                return refuse(format!(
                    "“{{{}}}” stands for nothing; there are {}",
                    crate::error::excerpt(word),
                    Self::WORDS.map(|word| format!("{{{word}}}")).join(", ")
                ));
            }
            rest = behind;
        }
        Ok(self)
    }
}
