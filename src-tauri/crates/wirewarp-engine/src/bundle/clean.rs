//! Taking out what nobody else may see: the secrets that are known, what has the shape of one, and addresses if asked for.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use regex::{Captures, Regex};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};
use wirewarp_model::Secret;

use super::{Part, gather::LOG};
use crate::logs::redact::{REDACTED, is_secret_name, redact, redact_json};

/// A shorter secret would be found in every other word.
const SHORTEST: usize = 4;

/// Takes secrets and addresses out.
pub(super) struct Cleaner {
    /// Longest first: one may be the beginning of another.
    known: Vec<Secret>,
    addresses: Option<Regex>,
    /// The same name for the same address in all files.
    names: RefCell<BTreeMap<IpAddr, String>>,
}

impl Cleaner {
    /// `secrets` are those that are kept; those of the environment are looked for as well.
    pub(super) fn new(secrets: Vec<Secret>, mask_addresses: bool) -> Self {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
            is_secret_name(&name).then(|| Secret::new(value))
        });
        let all = secrets.into_iter().chain(environment);
        let mut known: Vec<Secret> = all
            .filter(|secret| secret.expose().len() >= SHORTEST)
            .flat_map(|secret| forms(&secret))
            .collect();
        known.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        let addresses =
            r"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})|\d{1,3}(?:\.\d{1,3}){3}";
        Self {
            known,
            addresses: mask_addresses.then(|| Regex::new(addresses).ok()).flatten(),
            names: RefCell::default(),
        }
    }

    /// A file as it may be seen. One with a JSON document, or an object in each line, stays that.
    pub(super) fn part(&self, part: &Part) -> Part {
        let text = if let Ok(mut document) = serde_json::from_str::<Value>(&part.text) {
            self.document(&mut document);
            serde_json::to_string_pretty(&document).unwrap_or_default()
        } else if part.name == LOG {
            part.text.lines().map(|line| self.line(line)).collect()
        } else {
            self.text(&redact(&part.text))
        };
        Part { text, ..*part }
    }

    /// What is no JSON is nothing of ours, and could be anything.
    fn line(&self, line: &str) -> String {
        let Ok(mut event) = serde_json::from_str::<Value>(line) else {
            return String::new();
        };
        self.document(&mut event);
        format!("{event}\n")
    }

    fn document(&self, document: &mut Value) {
        redact_json(document);
        self.texts(document);
    }

    fn texts(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.texts(item)),
            Value::Object(fields) => {
                let all = std::mem::take(fields);
                fields.extend(all.into_iter().map(|(name, mut value)| {
                    self.texts(&mut value);
                    (self.text(&name), value)
                }));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.known {
            if text.contains(secret.expose()) {
                text = text.replace(secret.expose(), REDACTED);
            }
        }
        match &self.addresses {
            Some(addresses) => addresses
                .replace_all(&text, |found: &Captures<'_>| self.mask(&found[0]))
                .into_owned(),
            None => text,
        }
    }

    fn mask(&self, text: &str) -> String {
        let Ok(address) = text.parse::<IpAddr>() else {
            return text.to_owned();
        };
        if address.is_loopback() || address == IpAddr::V4(Ipv4Addr::UNSPECIFIED) {
            return text.to_owned();
        }
        let mut names = self.names.borrow_mut();
        let next = names.len() + 1;
        names
            .entry(address)
            .or_insert_with(|| format!("address-{next}"))
            .clone()
    }
}

/// A secret as it can turn up: as it is, as JSON and a shell write it, and in base64.
fn forms(secret: &Secret) -> Vec<Secret> {
    let plain = secret.expose();
    let json = Value::from(plain).to_string();
    let base64 = BASE64_STANDARD.encode(plain);
    let quoted = wirewarp_model::shell::quote(plain).unwrap_or_default();
    let forms = [
        plain.to_owned(),
        json.trim_matches('"').to_owned(),
        quoted.trim_matches('\'').to_owned(),
        base64.trim_end_matches('=').to_owned(),
    ];
    let long = forms.into_iter().filter(|form| form.len() >= SHORTEST);
    long.map(Secret::new).collect()
}
