//! Guests' configurations: read, changed at once or at the next start, with what a running guest does not take.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Outcome, Refusal};
use super::cluster::{Cluster, Guest, Kind, Request};
use super::config::{Config, number_of};
use super::keys::is_live;
use super::schema::{Property, property};
use super::task::Work;

/// Parameters that say how to change and are no keys of the configuration.
const NOT_KEYS: &[&str] = &[
    "node",
    "vmid",
    "digest",
    "delete",
    "revert",
    "force",
    "skiplock",
    "background_delay",
];

/// What one request changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    set: BTreeMap<String, String>,
    delete: Vec<String>,
    revert: Vec<String>,
}

/// Answers a method of a guest's `config` or `pending`.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    let kind = if request.path.contains("/lxc/") {
        Kind::Lxc
    } else {
        Kind::Qemu
    };
    if request.method == "GET" {
        let schema = cluster.schema.clone();
        let known = schema
            .config_of(kind.name())
            .ok_or_else(|| Refusal::failed("no schema"))?;
        let config = &cluster.guest(request)?.config;
        if request.path.ends_with("/pending") {
            return Ok(pending(config, known).into());
        }
        return Ok(current(config, known, request.params.is_set("current")).into());
    }
    let changes = cluster.checked_changes(request)?;
    if request.method == "PUT" {
        cluster.change_guest(request.vmid(), &changes)?;
        return Ok(Value::Null.into());
    }
    let id = request.vmid().to_string();
    let work = Work::Configure(request.vmid(), changes);
    Ok(json!(cluster.start_task(request.node(), "qmconfig", &id, request.who, work)).into())
}

/// The configuration, what is pending already in it unless `in_force` alone is asked for.
fn current(config: &Config, known: &BTreeMap<String, Property>, in_force: bool) -> Value {
    let mut values = config.values.clone();
    if !in_force {
        values.extend(config.pending.clone());
        values.retain(|key, _| !config.leaving.contains(key));
    }
    let mut answer: Map<String, Value> = values
        .iter()
        .map(|(key, value)| (key.clone(), typed(known, key, value)))
        .collect();
    if !config.description().is_empty() {
        answer.insert("description".to_owned(), json!(config.description()));
    }
    answer.insert("digest".to_owned(), json!(config.digest()));
    Value::Object(answer)
}

fn pending(config: &Config, known: &BTreeMap<String, Property>) -> Value {
    let mut keys: Vec<&String> = config.values.keys().collect();
    keys.extend(
        config
            .pending
            .keys()
            .filter(|key| !config.values.contains_key(*key)),
    );
    let mut list = vec![json!({"key": "digest", "value": config.digest()})];
    for key in keys {
        let mut entry = json!({"key": key});
        if let Some(value) = config.values.get(key) {
            entry["value"] = typed(known, key, value);
        }
        if let Some(value) = config.pending.get(key) {
            entry["pending"] = typed(known, key, value);
        }
        if config.leaving.contains(key) {
            entry["delete"] = json!(1);
        }
        list.push(entry);
    }
    Value::Array(list)
}

/// Keys that the schema has as numbers are numbers in the answer.
fn typed(known: &BTreeMap<String, Property>, key: &str, value: &str) -> Value {
    let kind = property(known, key).map_or("", |property| property.kind.as_str());
    match value.parse::<i64>() {
        Ok(number) if matches!(kind, "integer" | "boolean") => json!(number),
        _ => json!(value),
    }
}

impl Cluster {
    /// What the request changes, once it is clear that it may.
    fn checked_changes(&mut self, request: &Request) -> Result<Changes, Refusal> {
        let guest = self.guest(request)?.clone();
        let mut changes = Changes {
            delete: request.params.list("delete"),
            revert: request.params.list("revert"),
            ..Changes::default()
        };
        for (name, values) in &request.params.0 {
            if !NOT_KEYS.contains(&name.as_str()) {
                changes
                    .set
                    .insert(name.clone(), values.first().cloned().unwrap_or_default());
            }
        }
        for key in changes.set.keys().chain(&changes.delete).chain(&changes.revert) {
            self.check_key(request, &guest, key, changes.set.get(key))?;
        }
        let digest = request.params.get("digest");
        if digest.is_some_and(|digest| digest != guest.config.digest()) {
            return Err(Refusal::failed("checksum mismatch (file change by other user?)"));
        }
        if let Some(lock) = guest.config.values.get("lock") {
            let what = if guest.kind == Kind::Qemu { "VM" } else { "CT" };
            return Err(Refusal::failed(format!("{what} is locked ({lock})")));
        }
        for (key, value) in &mut changes.set {
            if number_of(key, "net").is_some() {
                *value = self.written_nic(guest.kind, key, value);
            }
        }
        Ok(changes)
    }

    /// Changes a configuration. What a running guest does not take stays pending, also where that is an error.
    pub(super) fn change_guest(&mut self, vmid: u32, changes: &Changes) -> Result<(), Refusal> {
        for key in &changes.revert {
            let config = &mut self.any_guest(vmid)?.config;
            config.pending.remove(key);
            config.leaving.remove(key);
        }
        for key in &changes.delete {
            self.change_key(vmid, key, None)
                .map_err(|why| Refusal::field(key, why))?;
        }
        let mut errors = BTreeMap::new();
        for (key, value) in &changes.set {
            if let Err(why) = self.change_key(vmid, key, Some(value)) {
                errors.insert(key.clone(), why);
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Parameters(errors))
        }
    }

    fn any_guest(&mut self, vmid: u32) -> Result<&mut Guest, Refusal> {
        let missing = || Refusal::failed(format!("Configuration file for {vmid} does not exist"));
        self.guests.get_mut(&vmid).ok_or_else(missing)
    }

    fn change_key(&mut self, vmid: u32, key: &str, value: Option<&str>) -> Result<(), String> {
        let Some(guest) = self.guests.get_mut(&vmid) else {
            return Err("guest does not exist".to_owned());
        };
        if key == "description" {
            guest.config.set_description(value.unwrap_or_default());
            return Ok(());
        }
        if guest.running.is_none() {
            guest.config.set(key, value);
            return Ok(());
        }
        guest.config.postpone(key, value);
        if !is_live(&guest.config, key) {
            return Ok(());
        }
        if number_of(key, "net").is_some() {
            self.hot_plug(vmid, key, value)
                .map_err(|why| format!("hotplug problem - {why}\n"))?;
        }
        if let Some(guest) = self.guests.get_mut(&vmid) {
            guest.config.set(key, value);
        }
        Ok(())
    }
}
