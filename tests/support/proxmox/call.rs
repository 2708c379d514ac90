//! One request, as far as HTTP goes.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Parameters by name; one that was repeated has several values.
#[derive(Clone, Debug, Default)]
pub(super) struct Params(pub BTreeMap<String, Vec<String>>);

/// A request before anything of it was checked.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub method: String,
    /// The path below `/api2/json`, its pieces decoded; `None` where it lies elsewhere.
    pub pieces: Option<Vec<String>>,
    /// As in the request line, for the log of requests.
    pub target: String,
    pub params: Params,
    /// The ticket of the cookie.
    pub ticket: Option<String>,
    pub csrf: Option<String>,
    /// What `Authorization: PVEAPIToken=` holds.
    pub token: Option<String>,
}

impl Params {
    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    /// The value of `name`, or nothing where it is missing: for what the schema requires.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// Every value of `name`.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether `name` is given and true, in any of Proxmox's spellings.
    pub fn is_set(&self, name: &str) -> bool {
        matches!(
            self.get(name).map(str::to_lowercase).as_deref(),
            Some("1" | "on" | "yes" | "true")
        )
    }

    /// The entries of a list: commas, semicolons and blanks part them.
    pub fn list(&self, name: &str) -> Vec<String> {
        split_list(self.text(name))
    }

    fn add(&mut self, name: String, value: String) {
        self.0.entry(name).or_default().push(value);
    }
}

/// The entries of one of Proxmox's lists.
pub(super) fn split_list(text: &str) -> Vec<String> {
    text.split([',', ';', ' ', '\0', '\n'])
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Call {
    /// Takes a request apart.
    pub fn new(method: &str, target: &str, headers: &BTreeMap<String, String>, body: &[u8]) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut params = Params::default();
        add_form(&mut params, query.as_bytes());
        if headers
            .get("content-type")
            .is_some_and(|kind| kind.contains("json"))
        {
            add_json(&mut params, body);
        } else {
            add_form(&mut params, body);
        }
        let authorization = headers.get("authorization");
        Self {
            method: method.to_owned(),
            pieces: pieces(path),
            target: target.to_owned(),
            params,
            ticket: headers.get("cookie").and_then(|cookie| ticket(cookie)),
            csrf: headers.get("csrfpreventiontoken").cloned(),
            token: authorization.and_then(|text| Some(text.strip_prefix("PVEAPIToken=")?.to_owned())),
        }
    }

    /// The path that messages name.
    pub fn path(&self) -> String {
        format!("/{}", self.pieces.as_deref().unwrap_or_default().join("/"))
    }
}

fn pieces(path: &str) -> Option<Vec<String>> {
    let below = path.strip_prefix("/api2/json/")?;
    let decoded = |piece: &str| percent_decode_str(piece).decode_utf8_lossy().into_owned();
    Some(below.trim_end_matches('/').split('/').map(decoded).collect())
}

fn ticket(cookie: &str) -> Option<String> {
    let value = cookie
        .split(';')
        .find_map(|entry| entry.trim().strip_prefix("PVEAuthCookie="))?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

fn add_form(params: &mut Params, form: &[u8]) {
    for (name, value) in form_urlencoded::parse(form) {
        params.add(name.into_owned(), value.into_owned());
    }
}

fn add_json(params: &mut Params, body: &[u8]) {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
        return;
    };
    for (name, value) in fields {
        let values = match value {
            Value::Array(values) => values,
            one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                vec![one]
            }
        };
        for value in values {
            let text = match value {
                Value::String(text) => text,
                Value::Bool(flag) => u8::from(flag).to_string(),
                other @ (Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                    other.to_string()
                }
            };
            params.add(name.clone(), text);
        }
    }
}
