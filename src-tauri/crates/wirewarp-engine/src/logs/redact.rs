//! Secrets that got into text: the last net below [`wirewarp_model::Secret`], for what others wrote.

use regex::{Captures, Regex};
use serde_json::Value;
use std::{borrow::Cow, sync::LazyLock};

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// Shapes of secrets, each with what may stay as `keep`.
static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    // In quotation marks (also those within JSON's own, and without an end), else up to what ends a word.
    let value = r#"(?:\\"(?:[^"\\]|\\[^"])*\\"|"(?:[^"\\]|\\.)*"|'[^']*'|["'].*\z|[^\s"'\\,;&})\]]+)"#;
    let shapes = [
        // A private key as PEM, also with the line ends of JSON in it, and also when its end was cut off.
        r"(?s)(?P<keep>-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----).*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)".to_owned(),
        // A password in an address, e.g. https://user:password@host.
        r"(?P<keep>[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*:)[^\s/]+@".to_owned(),
        // Credentials of a request, whatever their scheme.
        r"(?i)(?P<keep>(?:proxy-)?authorization\W{1,6})(?:[A-Za-z]+[ =])?[^\s\x22'\\,]+".to_owned(),
        r"(?P<keep>PVEAPIToken=[^\s=!]+![^\s=]+=)[^\s\x22'\\]+".to_owned(),
        r"(?P<keep>PVEAuthCookie=)[^\s\x22'\\;]+".to_owned(),
        r"(?i)(?P<keep>\bbearer )[^\s\x22'\\,]+".to_owned(),
        // Fields by their names, as `name=value`, `"name": "value"` and `Name = value`.
        format!(
            r#"(?i)(?P<keep>[A-Za-z0-9_.-]*(?:password|passwd|passphrase|secret|token|private[_-]?key|preshared[_-]?key|api[_-]?key|csrf[A-Za-z]*)\\?["']?\s*[:=]\s*){value}"#
        ),
        // A bot's token and webhooks, whose address is the secret.
        r"\b\d{6,12}:[A-Za-z0-9_-]{30,}\b".to_owned(),
        r"(?P<keep>https://(?:hooks\.slack\.com/services|(?:[a-z]+\.)?discord(?:app)?\.com/api/webhooks)/)[^\s\x22'\\]+".to_owned(),
    ];
    shapes.iter().filter_map(|shape| Regex::new(shape).ok()).collect()
});

/// Names of fields whose value is a secret.
static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:password|passwd|passphrase|secret|token|private[_-]?key|preshared[_-]?key|api[_-]?key|cookie|authorization)$").ok()
});

/// Takes what looks like a secret out of every text of a document, and what is called one by its field.
pub fn redact_json(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(clean) = redact(text) {
                *text = clean;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact_json),
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(name, value)| redact_field(name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a field, or a variable of the environment, is called like a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    NAMES.as_ref().is_some_and(|names| names.is_match(name))
}

fn redact_field(name: &str, value: &mut Value) {
    if is_secret_name(name) && !matches!(value, Value::Null | Value::Bool(_)) {
        *value = REDACTED.into();
    } else {
        redact_json(value);
    }
}

/// The text with [`REDACTED`] in place of what looks like a secret.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for shape in SHAPES.iter() {
        if shape.is_match(&text) {
            text = Cow::Owned(shape.replace_all(&text, replacement).into_owned());
        }
    }
    text
}

/// Keeps what is before the secret, and the quotation marks around it.
fn replacement(found: &Captures<'_>) -> String {
    let keep = found.name("keep").map_or("", |keep| keep.as_str());
    let secret = found.get(0).map_or("", |all| &all.as_str()[keep.len()..]);
    if keep.ends_with("PRIVATE KEY-----") {
        return REDACTED.to_owned();
    }
    let mark = ["\\\"", "\"", "'"]
        .into_iter()
        .find(|mark| secret.len() >= 2 * mark.len() && secret.starts_with(mark) && secret.ends_with(mark))
        .unwrap_or_default();
    let end = if secret.ends_with('@') { "@" } else { "" };
    format!("{keep}{mark}{REDACTED}{mark}{end}")
}
