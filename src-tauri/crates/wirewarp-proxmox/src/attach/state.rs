//! What a guest's configuration says, as far as an attach is concerned.

use std::collections::BTreeMap;

use wirewarp_model::ParseError;

use crate::{
    config::{self, GuestConfig},
    guests::GuestKind,
    names::Digest,
    nic::{Nic, NicIndex},
};

/// A guest's configuration, with what is in force told apart from what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Virtual machine or container.
    pub kind: GuestKind,
    /// Values in force, by name.
    pub values: BTreeMap<String, String>,
    /// What waits for the guest's next start, by name.
    pub pending: BTreeMap<String, Pending>,
    /// What the configuration is recognised by.
    pub digest: Digest,
}

/// A change that waits for the guest's next start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// The value will be this.
    Set(String),
    /// The name will go.
    Delete,
}

impl Settings {
    /// From the two answers: the configuration, which has what is pending in it already, and what is pending.
    pub fn of(kind: GuestKind, config: &GuestConfig, waiting: &[config::Pending]) -> Self {
        let mut values = config.values.clone();
        let mut pending = BTreeMap::new();
        for change in waiting {
            match &change.value {
                Some(value) => values.insert(change.key.clone(), value.clone()),
                None => values.remove(&change.key),
            };
            let will = change.pending.clone().map_or(Pending::Delete, Pending::Set);
            pending.insert(change.key.clone(), will);
        }
        Self {
            kind,
            values,
            pending,
            digest: config.digest.clone(),
        }
    }

    pub(super) fn is_template(&self) -> bool {
        self.values.get("template").is_some_and(|value| value == "1")
    }

    /// Whether a drive of it is cloud-init's.
    pub fn has_cloud_init(&self) -> bool {
        let drive = |name: &str| {
            let bus = name.trim_end_matches(|c: char| c.is_ascii_digit());
            bus != name && ["ide", "sata", "scsi", "virtio"].contains(&bus)
        };
        let mut drives = self.values.iter().filter(|(name, _)| drive(name));
        let is_cloud_init = |value: &str| {
            value
                .split(',')
                .next()
                .is_some_and(|volume| volume.contains("cloudinit"))
        };
        self.kind == GuestKind::Vm && drives.any(|(_, value)| is_cloud_init(value))
    }

    /// Its NICs in force, by index. One that cannot be read fails: it might be the one that is changed.
    pub(super) fn nics(&self) -> Result<BTreeMap<NicIndex, Nic>, ParseError> {
        let numbered = |(name, value): (&String, &String)| Some((NicIndex::of_key(name)?, value.clone()));
        self.values
            .iter()
            .filter_map(numbered)
            .map(|(index, value)| Ok((index, Nic::parse(self.kind, &value)?)))
            .collect()
    }

    /// The first index that nothing has and nothing waits for.
    pub(super) fn free_nic(&self) -> Option<NicIndex> {
        let names = self.values.keys().chain(self.pending.keys());
        NicIndex::first_free(names.filter_map(|name| NicIndex::of_key(name)))
    }

    /// A name for a new interface inside of a container: the first `ethN` that none has, in force or waiting. Proxmox takes
    /// one name twice, and the container does not start then.
    pub(super) fn free_interface(&self) -> String {
        let waiting = self.pending.iter().filter_map(|(name, pending)| match pending {
            Pending::Set(value) => Some((name, value)),
            Pending::Delete => None,
        });
        let nics = self.values.iter().chain(waiting);
        let taken: Vec<String> = nics
            .filter(|(name, _)| NicIndex::of_key(name).is_some())
            .filter_map(|(_, value)| Some(super::merge::get(value, "name")?.to_owned()))
            .collect();
        let mut names = (0..=u8::MAX).map(|number| format!("eth{number}"));
        // More names than NICs: one is free.
        names.find(|name| !taken.contains(name)).unwrap_or_default()
    }
}

/// The name of cloud-init's addresses for a NIC.
pub(super) fn ipconfig(index: NicIndex) -> String {
    format!("ipconfig{}", index.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_told_apart_from_what_is_in_force() {
        let values = [
            ("net0", "virtio=BC:24:11:00:00:64,bridge=wwbr0"),
            ("net2", "virtio,bridge=x"),
            ("cores", "4"),
        ];
        let config = GuestConfig {
            digest: "3522c0437b0e88e22e79d508c2259f23008dbabe".parse().unwrap(),
            values: values
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let waits = |key: &str, value: Option<&str>, pending: Option<&str>| config::Pending {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            pending: pending.map(str::to_owned),
        };
        let before = "virtio=BC:24:11:00:00:64,bridge=vmbr0";
        let waiting = [
            waits("net0", Some(before), Some(values[0].1)),
            waits("net1", Some("virtio,bridge=y"), None),
            waits("net2", None, Some("virtio,bridge=x")),
        ];
        let settings = Settings::of(GuestKind::Vm, &config, &waiting);
        assert_eq!(settings.values["net0"], before);
        assert_eq!(settings.values["net1"], "virtio,bridge=y");
        assert!(!settings.values.contains_key("net2"));
        assert_eq!(settings.pending["net0"], Pending::Set(values[0].1.to_owned()));
        assert_eq!(settings.pending["net1"], Pending::Delete);
        assert_eq!(settings.free_nic(), NicIndex::new(3));
    }

    #[test]
    fn only_a_drive_makes_cloud_init() {
        let with = |name: &str, value: &str| Settings {
            kind: GuestKind::Vm,
            values: BTreeMap::from([(name.to_owned(), value.to_owned())]),
            pending: BTreeMap::new(),
            digest: "00".parse().unwrap(),
        };
        assert!(with("ide2", "local:100/vm-100-cloudinit.qcow2,media=cdrom").has_cloud_init());
        assert!(with("scsi1", "local-lvm:vm-100-cloudinit,media=cdrom").has_cloud_init());
        assert!(!with("description", "local:vm-100-cloudinit").has_cloud_init());
        assert!(!with("scsihw", "cloudinit").has_cloud_init());
        assert!(!with("ide2", "local:iso/x.iso,media=cloudinit").has_cloud_init());
    }
}
