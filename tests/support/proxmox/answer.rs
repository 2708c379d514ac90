//! What the server says: data, or one of the ways in which Proxmox VE refuses.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What a method found, with what stands beside `data` in its answer (`changes`, `total`).
#[derive(Debug)]
pub(super) struct Found {
    pub data: Value,
    pub beside: Map<String, Value>,
}

/// Why a request is refused. The text of each is Proxmox's own, without the newline it ends messages with.
#[derive(Debug)]
pub(super) enum Refusal {
    /// 401 without a body: the reason is in the status line alone.
    NotLoggedIn(&'static str),
    /// 401 of the login itself, with a body.
    BadLogin,
    /// 403.
    Forbidden(String),
    /// 400 with a text per field.
    Parameters(BTreeMap<String, String>),
    /// 500 with a text.
    Failed(String),
    /// 501: no such path, or not by this method.
    NoSuchMethod(String),
    /// 595 or 596: the node that the request is for could not be asked.
    Unreachable(u16, &'static str),
}

/// What one method ends in.
pub(super) type Outcome = Result<Found, Refusal>;

/// A finished answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub reason: String,
    pub body: String,
    pub content_type: &'static str,
}

impl Found {
    /// Data with something beside it.
    pub fn with(data: Value, name: &str, beside: Value) -> Self {
        let beside = Map::from_iter([(name.to_owned(), beside)]);
        Self { data, beside }
    }
}

impl From<Value> for Found {
    fn from(data: Value) -> Self {
        let beside = Map::new();
        Self { data, beside }
    }
}

impl Refusal {
    /// 500 with `text`.
    pub fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    /// 400 that blames one field.
    pub fn field(name: &str, text: impl Into<String>) -> Self {
        Self::Parameters(BTreeMap::from([(name.to_owned(), text.into())]))
    }

    /// 403 for want of `right` on `path`.
    pub fn lacks(path: &str, right: &str) -> Self {
        Self::Forbidden(format!("Permission check failed ({path}, {right})"))
    }

    /// What a task's exit status says where the same refusal ends a task.
    pub fn exit_status(&self) -> String {
        match self {
            Self::Parameters(errors) => errors.values().next().cloned().unwrap_or_default(),
            Self::Forbidden(text) | Self::Failed(text) | Self::NoSuchMethod(text) => text.clone(),
            Self::NotLoggedIn(reason) | Self::Unreachable(_, reason) => (*reason).to_owned(),
            Self::BadLogin => "authentication failure".to_owned(),
        }
        .trim_end()
        .to_owned()
    }
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Ok(found) => {
                let mut body = found.beside;
                body.insert("data".to_owned(), found.data);
                Self::json(200, "OK", &Value::Object(body))
            }
            Err(Refusal::NotLoggedIn(reason)) => Self::bare(401, reason),
            Err(Refusal::Unreachable(status, reason)) => Self::bare(status, reason),
            Err(Refusal::BadLogin) => Self::text(401, "authentication failure"),
            Err(Refusal::Forbidden(text)) => Self::text(403, &text),
            Err(Refusal::Failed(text)) => Self::text(500, &text),
            Err(Refusal::NoSuchMethod(text)) => {
                let body = json!({"data": null, "message": text.clone()});
                Self::json(501, &text, &body)
            }
            Err(Refusal::Parameters(errors)) => {
                let message = "Parameter verification failed.\n";
                let body = json!({"data": null, "message": message, "errors": errors});
                Self::json(400, message.trim_end(), &body)
            }
        }
    }
}

impl Answer {
    fn json(status: u16, reason: &str, body: &Value) -> Self {
        Self {
            status,
            reason: reason.to_owned(),
            body: body.to_string(),
            content_type: "application/json;charset=UTF-8",
        }
    }

    fn text(status: u16, text: &str) -> Self {
        let reason = text.lines().next().unwrap_or_default();
        Self::json(
            status,
            reason,
            &json!({"data": null, "message": format!("{text}\n")}),
        )
    }

    fn bare(status: u16, reason: &str) -> Self {
        Self {
            status,
            reason: reason.to_owned(),
            body: String::new(),
            content_type: "text/plain",
        }
    }
}
