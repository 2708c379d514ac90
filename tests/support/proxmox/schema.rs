//! What a client may send: the project's own copy of Proxmox VE's schema, and the check of a request against it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use super::Version;
use super::answer::Refusal;
use super::call::{Call, Params};
use super::formats;
use super::property;

/// Every method that the stand-in knows.
#[derive(Debug, Deserialize)]
pub(super) struct Schema {
    methods: Vec<Method>,
    /// Methods that the project's reference data has not, from the manual of Proxmox VE.
    from_the_manual: Vec<Method>,
}

/// One method of one path.
#[derive(Debug, Deserialize)]
pub(super) struct Method {
    #[serde(rename = "method")]
    pub verb: String,
    pub path: String,
    permissions: Value,
    permissions_8: Option<Value>,
    pub allowtoken: bool,
    /// The parameter that names the node which answers.
    pub proxyto: Option<String>,
    #[serde(default)]
    not_in_8: Vec<String>,
    pub parameters: BTreeMap<String, Property>,
}

/// What one parameter, or one part of a property string, may be.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Property {
    #[serde(rename = "type")]
    pub kind: String,
    pub optional: bool,
    pub format: Option<Format>,
    pattern: Option<String>,
    #[serde(rename = "enum")]
    one_of: Vec<String>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    #[serde(rename = "minLength")]
    min_length: Option<usize>,
    #[serde(rename = "maxLength")]
    max_length: Option<usize>,
    requires: Option<String>,
    /// This key's value is that of another key.
    pub alias: Option<String>,
    /// This key's name is the value of another key.
    #[serde(rename = "keyAlias")]
    pub key_alias: Option<String>,
    /// A value without a key is this one's.
    pub default_key: bool,
}

/// A format by name, or the parts of a property string.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Format {
    Named(String),
    Parts(BTreeMap<String, Property>),
}

/// What is wrong with which field.
pub(super) type Errors = BTreeMap<String, String>;

/// Said of a field that is not known.
pub(super) const UNKNOWN: &str =
    "property is not defined in schema and the schema does not allow additional properties";
/// Said of a field that is missing.
pub(super) const MISSING: &str = "property is missing and it is not optional";

impl Schema {
    /// The schema of the project.
    pub fn load() -> Result<Self> {
        serde_json::from_str(include_str!("../../fixtures/proxmox/schema.json")).context("reading the schema")
    }

    /// The method that `call` asks for, with the parameters of its path.
    pub fn find(&self, call: &Call) -> Result<(&Method, BTreeMap<String, String>), Refusal> {
        let asked = call.pieces.as_deref().unwrap_or_default();
        self.methods
            .iter()
            .chain(&self.from_the_manual)
            .filter(|method| method.verb == call.method)
            .find_map(|method| Some((method, in_path(&method.path, asked)?)))
            .ok_or_else(|| {
                Refusal::NoSuchMethod(format!(
                    "Method '{} {}' not implemented",
                    call.method,
                    call.path()
                ))
            })
    }

    /// The parameters of the method that changes a guest's configuration: they say which keys are numbers.
    pub fn config_of(&self, kind: &str) -> Option<&BTreeMap<String, Property>> {
        let path = format!("/nodes/{{node}}/{kind}/{{vmid}}/config");
        let put = |method: &&Method| method.verb == "PUT" && method.path == path;
        Some(&self.methods.iter().find(put)?.parameters)
    }
}

/// The parameters of a path that fits the template; the last piece of a template takes nothing beyond it.
fn in_path(template: &str, asked: &[String]) -> Option<BTreeMap<String, String>> {
    let pieces: Vec<&str> = template.trim_start_matches('/').split('/').collect();
    if pieces.len() != asked.len() {
        return None;
    }
    let mut found = BTreeMap::new();
    for (piece, asked) in pieces.iter().zip(asked) {
        match piece.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => {
                found.insert(name.to_owned(), asked.clone());
            }
            None if piece == asked => {}
            None => return None,
        }
    }
    Some(found)
}

impl Method {
    /// Who may use it, as the schema of `version` says.
    pub fn permissions(&self, version: Version) -> &Value {
        match (version, &self.permissions_8) {
            (Version::V8, Some(old)) => old,
            (Version::V8 | Version::V9, _) => &self.permissions,
        }
    }

    /// Checks the parameters of a request.
    pub fn check(&self, version: Version, params: &Params) -> Result<(), Refusal> {
        let mut errors = Errors::new();
        for (name, values) in &params.0 {
            let known = property(&self.parameters, name)
                .filter(|_| version == Version::V9 || !self.not_in_8.contains(name));
            match known {
                Some(known) => check_values(known, name, values, params, &mut errors),
                None => add(&mut errors, name, UNKNOWN),
            }
        }
        for (name, wanted) in &self.parameters {
            if !wanted.optional && !name.contains('[') && !params.0.contains_key(name) {
                add(&mut errors, name, MISSING);
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Parameters(errors))
        }
    }
}

/// The property of the name: `net[n]` is that of `net0`.
pub(super) fn property<'schema>(
    known: &'schema BTreeMap<String, Property>,
    name: &str,
) -> Option<&'schema Property> {
    let numbered = name.trim_end_matches(|c: char| c.is_ascii_digit());
    known
        .get(name)
        .or_else(|| known.get(&format!("{numbered}[n]")).filter(|_| numbered != name))
}

fn check_values(known: &Property, name: &str, values: &[String], all: &Params, errors: &mut Errors) {
    if let Some(needed) = known
        .requires
        .as_ref()
        .filter(|needed| !all.0.contains_key(*needed))
    {
        add(
            errors,
            needed,
            &format!("missing property - '{name}' requires this property"),
        );
    }
    if values.len() > 1 && known.kind != "array" {
        add(
            errors,
            name,
            &format!("type check ('{}') failed - got 'ARRAY'", known.kind),
        );
        return;
    }
    for value in values {
        if let Err(text) = known.check(name, value) {
            add(errors, name, &text);
        }
    }
}

/// The first thing that is wrong with a field stands.
fn add(errors: &mut Errors, name: &str, text: &str) {
    errors.entry(name.to_owned()).or_insert_with(|| text.to_owned());
}

impl Property {
    /// A text that may be left out.
    pub fn optional(format: &str) -> Self {
        Self {
            kind: "string".to_owned(),
            optional: true,
            format: Some(Format::Named(format.to_owned())),
            ..Self::default()
        }
    }

    /// Whether it takes `value`: why not, in Proxmox's words.
    pub fn check(&self, name: &str, value: &str) -> Result<(), String> {
        self.check_kind(value)?;
        match &self.format {
            Some(Format::Named(format)) if format == "pve-qm-ipconfig" => {
                property::parse(property::ip_config(), name, value).map(drop)
            }
            Some(Format::Named(format)) => formats::check(format, value),
            Some(Format::Parts(parts)) => property::parse(parts, name, value).map(drop),
            None => Ok(()),
        }
        .map_err(|text| format!("invalid format - {text}"))?;
        self.check_size(value)
    }

    fn check_kind(&self, value: &str) -> Result<(), String> {
        let ok = match self.kind.as_str() {
            "integer" => value.parse::<i64>().is_ok(),
            "number" => value.parse::<f64>().is_ok(),
            "boolean" => matches!(
                value.to_lowercase().as_str(),
                "0" | "1" | "on" | "off" | "yes" | "no" | "true" | "false"
            ),
            _ => true,
        };
        if ok {
            return Ok(());
        }
        Err(format!("type check ('{}') failed - got '{value}'", self.kind))
    }

    fn check_size(&self, value: &str) -> Result<(), String> {
        let (length, number) = (value.chars().count(), value.parse::<f64>().ok());
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            return Err(format!("value may only be {most} characters long"));
        }
        if let Some(least) = self.min_length.filter(|least| length < *least) {
            return Err(format!("value must be at least {least} characters long"));
        }
        if let Some(least) = self
            .minimum
            .filter(|least| number.is_some_and(|number| number < *least))
        {
            return Err(format!("value must have a minimum value of {least}"));
        }
        if let Some(most) = self
            .maximum
            .filter(|most| number.is_some_and(|number| number > *most))
        {
            return Err(format!("value must have a maximum value of {most}"));
        }
        if self
            .pattern
            .as_ref()
            .is_some_and(|pattern| !formats::fits(pattern, value))
        {
            return Err("value does not match the regex pattern".to_owned());
        }
        if !self.one_of.is_empty() && !self.one_of.iter().any(|known| known == value) {
            let known = self.one_of.join(", ");
            return Err(format!(
                "value '{value}' does not have a value in the enumeration '{known}'"
            ));
        }
        Ok(())
    }
}
