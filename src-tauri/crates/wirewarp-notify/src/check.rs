//! Whether a channel can work at all, before anything is sent.

use url::Url;
use wirewarp_model::{
    ParseError, Secret,
    alert::{ChannelKind, MailSecurity},
    error::excerpt,
};

use crate::mail::mailbox;

/// The way, if its fields can be used.
pub fn checked_kind(kind: ChannelKind) -> Result<ChannelKind, ParseError> {
    match &kind {
        ChannelKind::Mail {
            server,
            port,
            security,
            user,
            from,
            to,
        } => {
            let odd = |c: char| c.is_whitespace() || c.is_control() || c == '/' || c == '@';
            if server.is_empty() || server.len() > 253 || server.contains(odd) {
                let why = format!("“{}” is no name of a server", excerpt(server));
                return Err(ParseError::new("mail server", why));
            }
            if *port == 0 {
                return Err(ParseError::new(
                    "mail server",
                    "its port is 1 to 65535, often 587",
                ));
            }
            if *security == MailSecurity::None && !user.is_empty() && !is_this_machine(server) {
                return Err(ParseError::new(
                    "mail security",
                    "without encryption a password would be readable on the way; use starttls or tls",
                ));
            }
            checked_mailbox("sender", from)?;
            if to.is_empty() {
                return Err(ParseError::new("receiver", "there is none"));
            }
            for receiver in to {
                checked_mailbox("receiver", receiver)?;
            }
        }
        ChannelKind::Webhook { url } => {
            checked_url("webhook", url, true)?;
        }
        ChannelKind::Telegram { chat, server } => {
            let number = chat.strip_prefix('-').unwrap_or(chat);
            let name = chat.strip_prefix('@').unwrap_or_default();
            let is_number = !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
            let is_name = !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
            if !is_number && !is_name {
                let why = format!("“{}” is neither a number nor a @name", excerpt(chat));
                return Err(ParseError::new("chat", why));
            }
            checked_url("Telegram server", server, false)?;
        }
        ChannelKind::Discord | ChannelKind::Slack => {}
    }
    Ok(kind)
}

/// Refuses a secret that cannot be the one of such a channel.
pub fn checked_secret(kind: &ChannelKind, secret: &Secret) -> Result<(), ParseError> {
    let text = secret.expose();
    match kind {
        ChannelKind::Discord => checked_url("Discord webhook", text, false),
        ChannelKind::Slack => checked_url("Slack webhook", text, false),
        ChannelKind::Telegram { .. } => {
            let fits = text.split_once(':').is_some_and(|(bot, key)| {
                let key_fits = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
                !bot.is_empty()
                    && bot.bytes().all(|c| c.is_ascii_digit())
                    && !key.is_empty()
                    && key.bytes().all(key_fits)
            });
            if fits {
                return Ok(());
            }
            Err(ParseError::new(
                "bot token",
                "it looks like 123456789:AAH… and comes from @BotFather",
            ))
        }
        ChannelKind::Mail { .. } | ChannelKind::Webhook { .. } if text.is_empty() => {
            Err(ParseError::new("secret", "it is empty"))
        }
        ChannelKind::Mail { .. } | ChannelKind::Webhook { .. } => Ok(()),
    }
}

fn checked_mailbox(field: &'static str, text: &str) -> Result<(), ParseError> {
    match mailbox(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(ParseError::new(field, error.to_string())),
    }
}

/// An address over TLS, or to this machine. Its text may be a secret and is not repeated. `anywhere`: within a home network
/// a server of one's own often has no certificate.
fn checked_url(field: &'static str, text: &str, anywhere: bool) -> Result<(), ParseError> {
    let url =
        Url::parse(text).map_err(|_| ParseError::new(field, "it is no address; it begins with https://"))?;
    let host = url.host_str().unwrap_or_default();
    if url.username() != "" || url.password().is_some() {
        return Err(ParseError::new(
            field,
            "leave out the user and password before the “@”",
        ));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if anywhere || is_this_machine(host) => Ok(()),
        _ => Err(ParseError::new(field, "it must begin with https://")),
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}
