//! A webhook of one's own: JSON, signed.

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use serde::Serialize;
use sha2_for_hmac::Sha256;
use std::fmt::Write;
use uuid::Uuid;
use wirewarp_model::{Secret, alert::Severity};
use wirewarp_watch::alert::{Line, Message, text};

use crate::{NotifyError, http::post};

/// The body of a request. `version` grows when a field changes its meaning or goes.
#[derive(Serialize)]
struct Body<'a> {
    version: u8,
    id: Uuid,
    title: &'a str,
    severity: Severity,
    at: i64,
    text: String,
    alerts: &'a [Line],
}

pub(crate) async fn send(
    client: &Client,
    url: &str,
    key: Option<&Secret>,
    message: &Message,
    template: &str,
) -> Result<String, NotifyError> {
    let body = Body {
        version: 1,
        id: message.id,
        title: &message.title,
        severity: message.severity(),
        at: message.at,
        text: text(message, template),
        alerts: &message.lines,
    };
    let body = serde_json::to_string(&body)
        .map_err(|error| NotifyError::lasting(format!("it cannot be written as JSON: {error}")))?;
    let mut request = client.post(url).header("content-type", "application/json");
    if let Some(key) = key {
        let at = message.at.to_string();
        request = request
            .header("x-wirewarp-signature", signature(key, &at, &body))
            .header("x-wirewarp-timestamp", at);
    }
    post(request.body(body)).await?;
    Ok("the webhook took it".to_owned())
}

/// `sha256=` and HMAC-SHA256 (RFC 2104) of timestamp, full stop and body, in hexadecimal.
pub(crate) fn signature(key: &Secret, timestamp: &str, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()) else {
        unreachable!("a key of HMAC may have any length")
    };
    for part in [timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    let mut text = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
