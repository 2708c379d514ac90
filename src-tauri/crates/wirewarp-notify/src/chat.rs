//! Discord, Slack and Telegram.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use wirewarp_model::Secret;
use wirewarp_watch::alert::{Message, text};

use crate::{NotifyError, http::post};

/// Longest messages, in characters: <https://docs.discord.com/developers/resources/webhook>,
/// <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks> (it cuts at 40,000),
/// <https://core.telegram.org/bots/api#sendmessage>.
const DISCORD: usize = 2000;
const SLACK: usize = 4000;
const TELEGRAM: usize = 4096;

pub(crate) async fn discord(
    client: &Client,
    address: Option<&Secret>,
    message: &Message,
    template: &str,
) -> Result<String, NotifyError> {
    let content = cut(&discord_text(&whole(message, template)), DISCORD);
    // Nobody is called by what a host says.
    let body = json!({ "content": content, "allowed_mentions": { "parse": [] } });
    post(with(client.post(exposed(address)), &body)).await?;
    Ok("Discord took it".to_owned())
}

pub(crate) async fn slack(
    client: &Client,
    address: Option<&Secret>,
    message: &Message,
    template: &str,
) -> Result<String, NotifyError> {
    let body = json!({ "text": cut(&slack_text(&whole(message, template)), SLACK) });
    post(with(client.post(exposed(address)), &body)).await?;
    Ok("Slack took it".to_owned())
}

pub(crate) async fn telegram(
    client: &Client,
    (server, chat): (&str, &str),
    token: Option<&Secret>,
    message: &Message,
    template: &str,
) -> Result<String, NotifyError> {
    let address = format!(
        "{}/bot{}/sendMessage",
        server.trim_end_matches('/'),
        exposed(token)
    );
    // Without a parse mode all of it is text.
    let body = json!({
        "chat_id": chat,
        "text": cut(&whole(message, template), TELEGRAM),
        "link_preview_options": { "is_disabled": true },
    });
    post(with(client.post(address), &body)).await?;
    Ok("Telegram took it".to_owned())
}

fn exposed(secret: Option<&Secret>) -> &str {
    secret.map(Secret::expose).unwrap_or_default()
}

fn with(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request
        .header("content-type", "application/json")
        .body(body.to_string())
}

/// Title and text; the title alone says nothing new when there is one alert.
fn whole(message: &Message, template: &str) -> String {
    let text = text(message, template);
    if message.lines.len() == 1 {
        text
    } else {
        format!("{}\n{text}", message.title)
    }
}

/// What stands for itself in Discord's Markdown.
fn discord_text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\*_~`|>#[]()<@-".contains(c) {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// Slack's three: <https://docs.slack.dev/messaging/formatting-message-text#escaping>.
fn slack_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// At most so many characters; a sign that escapes the next is not left alone at the end.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    while short.ends_with('\\') {
        short.pop();
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_says_stays_text() {
        assert_eq!(
            discord_text("@everyone **x** <@1>"),
            "\\@everyone \\*\\*x\\*\\* \\<\\@1\\>"
        );
        assert_eq!(slack_text("<!channel> & co"), "&lt;!channel&gt; &amp; co");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("ab\\*ef", 4), "ab…");
        assert_eq!(cut("äöü", 3), "äöü");
    }
}
