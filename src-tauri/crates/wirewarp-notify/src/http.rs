//! One POST.

use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use rustls::{ClientConfig, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;
use std::{error::Error, sync::Arc, time::Duration};
use wirewarp_model::error::excerpt_of;

use crate::NotifyError;

/// Most that is read of an answer, bytes.
const MOST: usize = 16 << 10;

/// Longest wait that is granted to a receiver that asks for patience.
const LONGEST_WAIT: u64 = 3600;

pub(crate) fn client(limit: Duration) -> Result<Client, NotifyError> {
    let failed = |error: &dyn Error| NotifyError::lasting(format!("TLS cannot be set up here: {error}"));
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_platform_verifier()
        .map_err(|error| failed(&error))?
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(redirect::Policy::none())
        .connect_timeout(limit)
        .timeout(limit)
        .pool_max_idle_per_host(0)
        .user_agent(concat!("WireWarp/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| failed(&error))
}

/// Sends it, and gives an answer that takes the message.
pub(crate) async fn post(request: RequestBuilder) -> Result<(), NotifyError> {
    let response = request.send().await.map_err(|error| failed(&error))?;
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let wait = retry_after(&response);
    let said = said(response).await;
    Err(refused(status, &said).after(wait))
}

/// Why nothing came back. The address is left out: it may be the secret.
fn failed(error: &reqwest::Error) -> NotifyError {
    if error.is_timeout() {
        return NotifyError::passing("no answer in time");
    }
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let why = excerpt_of(&cause.to_string(), 200);
    if error.is_builder() {
        return NotifyError::lasting("its address is not one of HTTP");
    }
    let what = if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    NotifyError::passing(format!("{what}: {why}"))
}

fn refused(status: StatusCode, said: &str) -> NotifyError {
    let reason = status.canonical_reason().unwrap_or_default();
    let said = if said.is_empty() {
        String::new()
    } else {
        format!(": {}", excerpt_of(said, 200))
    };
    let message = format!("it answered {} {reason}{said}", status.as_u16());
    let passing = status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY
        );
    if passing {
        NotifyError::passing(message)
    } else if status.is_redirection() {
        NotifyError::lasting(format!(
            "{message}; it sends us elsewhere, enter that address instead"
        ))
    } else {
        NotifyError::lasting(message)
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let header = response.headers().get("retry-after")?.to_str().ok()?;
    // Discord gives fractions of a second.
    let seconds: u64 = header.trim().split('.').next()?.parse().ok()?;
    Some(Duration::from_secs(seconds.saturating_add(1).min(LONGEST_WAIT)))
}

/// The beginning of an answer, as text.
async fn said(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MOST {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(MOST);
    let text = String::from_utf8_lossy(&bytes);
    let told = serde_json::from_str::<serde_json::Value>(&text)
        .ok()
        .and_then(|json| {
            ["description", "message", "error"]
                .iter()
                .find_map(|key| json.get(key)?.as_str().map(str::to_owned))
        });
    told.unwrap_or_else(|| text.trim().to_owned())
}
