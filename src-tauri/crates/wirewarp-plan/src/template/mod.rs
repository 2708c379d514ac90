//! Named sets of ports: those that come with the program, and those that a person writes.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};
use wirewarp_model::{Name, ParseError, PortMappings, PortRange, Protocol, Protocols, error::excerpt};

/// A template of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What it is called in commands.
    pub name: Name,
    /// What people call it.
    pub title: String,
    /// `game`, `voice`, `web`, `remote`, `media` or `service`; `own` for a person's.
    pub kind: String,
    /// Its ports; each set becomes one forward.
    pub forwards: TemplatePorts,
    /// Where the ports are from.
    pub source: String,
}

/// The forwards of a template, one for each set of protocols.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct TemplatePorts(Vec<(Protocols, PortMappings)>);

const BUILTIN: &str = include_str!("builtin.json");

/// The templates of the program, by name.
pub fn builtin() -> Vec<Template> {
    // The table is part of the program; a test reads it.
    serde_json::from_str(BUILTIN).unwrap_or_default()
}

/// The template of the program with this name, whatever its case.
pub fn find(name: &Name) -> Option<Template> {
    builtin().into_iter().find(|template| template.name.is(name))
}

impl TemplatePorts {
    /// Protocols and ports of each forward.
    pub fn iter(&self) -> impl Iterator<Item = (Protocols, &PortMappings)> {
        self.0.iter().map(|(protocols, mappings)| (*protocols, mappings))
    }

    /// Checks that no port is there twice.
    fn new(forwards: Vec<(Protocols, PortMappings)>) -> Result<Self, ParseError> {
        let mut seen: BTreeMap<Protocol, Vec<PortRange>> = BTreeMap::new();
        for (protocols, mappings) in &forwards {
            for (protocol, mapping) in protocols
                .each()
                .iter()
                .flat_map(|p| mappings.iter().map(move |m| (*p, m)))
            {
                let ranges = seen.entry(protocol).or_default();
                if let Some(twice) = ranges.iter().find(|range| range.overlaps(mapping.public())) {
                    let message = format!(
                        "{twice} and {} of {protocol} overlap; name each port once",
                        mapping.public()
                    );
                    return Err(ParseError::new("template", message));
                }
                ranges.push(mapping.public());
            }
        }
        Ok(Self(forwards))
    }
}

/// Reads what a person writes: groups of ports, each followed by its protocol, e.g. `25565 tcp+udp, 19132 udp` or
/// `80,443 tcp, 443 udp`. Ports without a protocol belong to the next one that is named.
impl FromStr for TemplatePorts {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.len() > 8_192 {
            return Err(ParseError::new("template", "it is longer than 8192 characters"));
        }
        let (mut forwards, mut waiting): (Vec<_>, Vec<&str>) = (vec![], vec![]);
        for group in text
            .split([',', ';', '\n'])
            .map(str::trim)
            .filter(|group| !group.is_empty())
        {
            let Some((ports, protocols)) = group.rsplit_once(char::is_whitespace) else {
                waiting.push(group);
                continue;
            };
            waiting.push(ports.trim());
            forwards.push((
                protocols.parse::<Protocols>()?,
                waiting.join(",").parse::<PortMappings>()?,
            ));
            waiting.clear();
        }
        if let Some(lonely) = waiting.last() {
            let message = format!(
                "“{}” has no protocol; write e.g. “{0} tcp”, “{0} udp” or “{0} tcp+udp”",
                excerpt(lonely)
            );
            return Err(ParseError::new("template", message));
        }
        if forwards.is_empty() {
            return Err(ParseError::new(
                "template",
                "there are no ports; write e.g. “25565 tcp+udp, 19132 udp”",
            ));
        }
        Self::new(forwards)
    }
}

impl fmt::Display for TemplatePorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.clone().into();
        f.pad(&parts.join(", "))
    }
}

impl TryFrom<Vec<String>> for TemplatePorts {
    type Error = ParseError;
    fn try_from(parts: Vec<String>) -> Result<Self, ParseError> {
        parts.join(", ").parse()
    }
}

impl From<TemplatePorts> for Vec<String> {
    fn from(ports: TemplatePorts) -> Self {
        ports
            .0
            .iter()
            .map(|(protocols, mappings)| format!("{mappings} {protocols}"))
            .collect()
    }
}
