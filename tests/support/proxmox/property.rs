//! Property strings: `virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use super::schema::{MISSING, Property, UNKNOWN};

/// The parts of a property string by their names, aliases resolved.
pub(super) type Parts = BTreeMap<String, String>;

/// Takes `value` apart: what is wrong with it, in Proxmox's words, where `name` is the parameter it was given as.
pub(super) fn parse(known: &BTreeMap<String, Property>, name: &str, value: &str) -> Result<Parts, String> {
    let mut parts = Parts::new();
    for entry in value.split(',').filter(|entry| !entry.is_empty()) {
        take(known, &mut parts, entry)?;
    }
    let errors = wrong_parts(known, name, &parts);
    if errors.is_empty() {
        Ok(parts)
    } else {
        Err(format!("format error\n{errors}"))
    }
}

/// Puts one entry to the parts: one without a key is the default key's, and an alias is two parts at once.
fn take(known: &BTreeMap<String, Property>, parts: &mut Parts, entry: &str) -> Result<(), String> {
    let default = || known.iter().find(|(_, property)| property.default_key);
    let (key, text) = match (entry.split_once('='), default()) {
        (Some((key, text)), _) => (key.trim(), text),
        (None, Some((key, _))) => (key.as_str(), entry),
        (None, None) => {
            return Err("value without key, but schema does not define a default key\n".to_owned());
        }
    };
    let property = known.get(key);
    if let Some(alias) = property.and_then(|property| property.alias.as_ref()) {
        if let Some(named) = property.and_then(|property| property.key_alias.as_ref()) {
            parts.insert(named.clone(), key.to_owned());
        }
        parts.insert(alias.clone(), text.to_owned());
    } else if parts.insert(key.to_owned(), text.to_owned()).is_some() {
        return Err(format!("duplicate key in comma-separated list property: {key}\n"));
    }
    Ok(())
}

/// A line for each part that is not right.
fn wrong_parts(known: &BTreeMap<String, Property>, name: &str, parts: &Parts) -> String {
    let mut errors = String::new();
    for (key, text) in parts {
        let wrong = match known.get(key) {
            Some(property) => property.check(&format!("{name}.{key}"), text).err(),
            None => Some(UNKNOWN.to_owned()),
        };
        if let Some(wrong) = wrong {
            let _ = writeln!(errors, "{name}.{key}: {wrong}");
        }
    }
    for (key, property) in known {
        if !property.optional && property.alias.is_none() && !parts.contains_key(key) {
            let _ = writeln!(errors, "{name}.{key}: {MISSING}");
        }
    }
    errors
}

/// A NIC of a virtual machine as Proxmox writes it: the model with its MAC, then the rest by name.
pub(super) fn vm_nic(parts: &Parts) -> String {
    let model = parts.get("model").map_or("virtio", String::as_str);
    let mac = parts.get("macaddr").map_or("", String::as_str);
    written(format!("{model}={mac}"), parts, &["model", "macaddr"])
}

/// A NIC of a container as Proxmox writes it: its name, then the rest by name.
pub(super) fn container_nic(parts: &Parts) -> String {
    let name = parts.get("name").map_or("", String::as_str);
    written(format!("name={name}"), parts, &["name"])
}

fn written(start: String, parts: &Parts, left_out: &[&str]) -> String {
    parts
        .iter()
        .filter(|(key, _)| !left_out.contains(&key.as_str()))
        .fold(start, |text, (key, value)| format!("{text},{key}={value}"))
}

/// The parts of a value that was checked before: those that cannot be read are left out.
pub(super) fn plain(value: &str) -> Parts {
    value
        .split(',')
        .filter_map(|entry| entry.split_once('='))
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .collect()
}

/// The parts of `ipconfigN`, which the schema names and does not spell out (manual page `qm`).
pub(super) fn ip_config() -> &'static BTreeMap<String, Property> {
    static PARTS: OnceLock<BTreeMap<String, Property>> = OnceLock::new();
    PARTS.get_or_init(|| {
        let formats = [
            ("gw", "ipv4"),
            ("gw6", "ipv6"),
            ("ip", "pve-ipv4-config"),
            ("ip6", "pve-ipv6-config"),
        ];
        formats
            .into_iter()
            .map(|(name, format)| (name.to_owned(), Property::optional(format)))
            .collect()
    })
}
