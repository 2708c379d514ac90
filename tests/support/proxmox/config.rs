//! A guest's configuration file below `/etc/pve`, with what waits for the next start and what cloud-init has not seen.
//!
//! The digest is the SHA-1 of the whole text; the recorded ones are met by it, sections included.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha1::{Digest, Sha1};

const PENDING: &str = "[PENDING]";
const CLOUD_INIT: &str = "[special:cloudinit]";

/// Keys that a cloud-init drive is made from, besides `netN` and `ipconfigN`.
const CLOUD_INIT_KEYS: &[&str] = &[
    "cicustom",
    "cipassword",
    "citype",
    "ciupgrade",
    "ciuser",
    "name",
    "nameserver",
    "searchdomain",
    "sshkeys",
];

/// A configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Config {
    /// What is in force.
    pub values: BTreeMap<String, String>,
    /// What is to be in force after the next start.
    pub pending: BTreeMap<String, String>,
    /// Keys to be gone after the next start.
    pub leaving: BTreeSet<String>,
    description: String,
    /// What the cloud-init drive still says of keys that were changed since.
    seen: BTreeMap<String, String>,
    /// Keys that the cloud-init drive does not know yet.
    added: BTreeSet<String>,
}

impl Config {
    /// Reads a file.
    pub fn parse(text: &str) -> Self {
        let mut config = Self::default();
        let mut section = "";
        for line in text.lines() {
            if line.starts_with('[') {
                section = line;
            } else if let Some(comment) = line.strip_prefix('#') {
                let _ = writeln!(config.description, "{comment}");
            } else if let Some((key, value)) = line.split_once(": ") {
                config.take(section, key, value);
            }
        }
        config
    }

    fn take(&mut self, section: &str, key: &str, value: &str) {
        let list = || value.split(',').map(str::to_owned).collect();
        match (section, key) {
            (PENDING, "delete") => self.leaving = list(),
            (CLOUD_INIT, "added") => self.added = list(),
            (PENDING, _) => drop(self.pending.insert(key.to_owned(), value.to_owned())),
            (CLOUD_INIT, _) => drop(self.seen.insert(key.to_owned(), value.to_owned())),
            _ => drop(self.values.insert(key.to_owned(), value.to_owned())),
        }
    }

    /// Writes the file.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.description.lines() {
            let _ = writeln!(text, "#{line}");
        }
        write_pairs(&mut text, &self.values);
        section(&mut text, PENDING, &self.pending, ("delete", &self.leaving));
        section(&mut text, CLOUD_INIT, &self.seen, ("added", &self.added));
        text
    }

    /// The digest that clients send back.
    pub fn digest(&self) -> String {
        let sum = Sha1::digest(self.text().as_bytes());
        sum.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The notes of the guest.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Replaces the notes of the guest.
    pub fn set_description(&mut self, text: &str) {
        self.description.clear();
        for line in text.lines() {
            let _ = writeln!(self.description, "{line}");
        }
    }

    /// Writes `key` at once, or takes it away.
    pub fn set(&mut self, key: &str, value: Option<&str>) {
        let old = match value {
            Some(value) => self.values.insert(key.to_owned(), value.to_owned()),
            None => self.values.remove(key),
        };
        self.pending.remove(key);
        self.leaving.remove(key);
        if self.has_cloud_init() && is_cloud_init_key(key) {
            self.note_for_cloud_init(key, old.as_deref(), value);
        }
    }

    /// Has `key` changed, or taken away, at the next start.
    pub fn postpone(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.pending.insert(key.to_owned(), value.to_owned());
        } else {
            self.pending.remove(key);
            if self.values.contains_key(key) {
                self.leaving.insert(key.to_owned());
            }
        }
    }

    /// Whether a cloud-init drive hangs on the guest.
    pub fn has_cloud_init(&self) -> bool {
        let drive = |(key, value): (&String, &String)| {
            is_numbered(key, &["ide", "sata", "scsi"]) && value.contains("cloudinit")
        };
        self.values.iter().any(drive)
    }

    /// The cloud-init drive was made anew.
    pub fn cloud_init_written(&mut self) {
        self.seen.clear();
        self.added.clear();
    }

    /// Keys that the cloud-init drive does not tell as they are: what it says, and what is in force.
    pub fn unseen(&self) -> BTreeMap<String, (Option<String>, Option<String>)> {
        self.added
            .iter()
            .map(|key| (key.clone(), None))
            .chain(
                self.seen
                    .iter()
                    .map(|(key, old)| (key.clone(), Some(old.clone()))),
            )
            .map(|(key, old)| {
                let new = self.values.get(&key).cloned();
                (key, (old, new))
            })
            .collect()
    }

    fn note_for_cloud_init(&mut self, key: &str, old: Option<&str>, new: Option<&str>) {
        if let Some(seen) = self.seen.get(key) {
            if Some(seen.as_str()) == new {
                self.seen.remove(key);
            }
        } else if self.added.contains(key) {
            if new.is_none() {
                self.added.remove(key);
            }
        } else if let Some(old) = old {
            if Some(old) != new {
                self.seen.insert(key.to_owned(), old.to_owned());
            }
        } else if new.is_some() {
            self.added.insert(key.to_owned());
        }
    }
}

fn write_pairs(text: &mut String, pairs: &BTreeMap<String, String>) {
    for (key, value) in pairs {
        let _ = writeln!(text, "{key}: {value}");
    }
}

fn section(text: &mut String, name: &str, pairs: &BTreeMap<String, String>, list: (&str, &BTreeSet<String>)) {
    let mut pairs = pairs.clone();
    if !list.1.is_empty() {
        let keys: Vec<_> = list.1.iter().cloned().collect();
        pairs.insert(list.0.to_owned(), keys.join(","));
    }
    if !pairs.is_empty() {
        let _ = writeln!(text, "\n{name}");
        write_pairs(text, &pairs);
    }
}

fn is_cloud_init_key(key: &str) -> bool {
    CLOUD_INIT_KEYS.contains(&key) || is_numbered(key, &["net", "ipconfig"])
}

/// Whether `key` is one of `names` with a number behind it.
pub(super) fn is_numbered(key: &str, names: &[&str]) -> bool {
    names.iter().any(|name| number_of(key, name).is_some())
}

/// The `N` of `netN`.
pub(super) fn number_of(key: &str, name: &str) -> Option<u32> {
    key.strip_prefix(name)?.parse().ok()
}
