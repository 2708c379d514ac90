//! How one guest stands in lists.

use serde_json::{Value, json};

use super::Version;
use super::cluster::{Guest, Kind};

/// Adds fields to an entry.
pub(super) fn add(entry: &mut Value, more: Value) {
    if let (Some(fields), Value::Object(more)) = (entry.as_object_mut(), more) {
        fields.extend(more);
    }
}

impl Guest {
    /// What both kinds of list and the resources have.
    pub fn measures(&self, now: u64) -> Value {
        json!({
            "status": if self.running.is_some() { "running" } else { "stopped" },
            "uptime": self.running.map_or(0, |since| now.saturating_sub(since)),
            "cpu": 0, "mem": 0, "disk": 0, "netin": 0, "netout": 0,
            "maxmem": self.megabytes("memory"), "maxdisk": self.disk(),
        })
    }

    /// An entry of the list of a node's guests.
    pub fn entry(&self, vmid: u32, version: Version, now: u64) -> Value {
        let mut entry = self.measures(now);
        add(
            &mut entry,
            json!({"vmid": vmid, "name": self.name(vmid), "cpus": self.cores()}),
        );
        for key in ["tags", "lock"] {
            if let Some(value) = self.config.values.get(key) {
                entry[key] = json!(value);
            }
        }
        if self
            .config
            .values
            .get("template")
            .is_some_and(|value| value == "1")
        {
            entry["template"] = json!(1);
        }
        match self.kind {
            Kind::Lxc => add(
                &mut entry,
                json!({
                    "type": "lxc", "swap": 0, "maxswap": self.megabytes("swap"), "diskread": 0, "diskwrite": 0,
                }),
            ),
            Kind::Qemu if self.running.is_some() => {
                entry["pid"] = json!(self.pid);
                if version == Version::V9 {
                    add(
                        &mut entry,
                        json!({
                            "memhost": 0, "pressurecpufull": 0, "pressurecpusome": 0, "pressureiofull": 0,
                            "pressureiosome": 0, "pressurememoryfull": 0, "pressurememorysome": 0,
                        }),
                    );
                }
            }
            Kind::Qemu => add(&mut entry, json!({"diskread": 0, "diskwrite": 0})),
        }
        entry
    }

    /// Its name; one without a name is called by its number.
    pub fn name(&self, vmid: u32) -> String {
        let (key, usual) = match self.kind {
            Kind::Qemu => ("name", format!("VM {vmid}")),
            Kind::Lxc => ("hostname", format!("CT{vmid}")),
        };
        self.config.values.get(key).cloned().unwrap_or(usual)
    }

    /// How many processors it has.
    pub fn cores(&self) -> u64 {
        self.number("cores").unwrap_or(1)
    }

    fn megabytes(&self, key: &str) -> u64 {
        self.number(key).unwrap_or(512) << 20
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.config.values.get(key)?.parse().ok()
    }

    /// The size of its first disk, in bytes.
    fn disk(&self) -> u64 {
        let gigabytes = |value: &String| {
            value
                .rsplit_once("size=")?
                .1
                .strip_suffix('G')?
                .parse::<u64>()
                .ok()
        };
        let size = self.config.values.values().find_map(gigabytes);
        size.unwrap_or_default() << 30
    }
}

/// How it is at this moment.
pub(super) fn current(guest: &Guest, vmid: u32, version: Version, now: u64) -> Value {
    let mut entry = guest.entry(vmid, version, now);
    add(
        &mut entry,
        json!({"ha": {"managed": 0}, "diskread": 0, "diskwrite": 0}),
    );
    if guest.kind == Kind::Lxc {
        return entry;
    }
    entry["qmpstatus"] = entry["status"].clone();
    if guest
        .config
        .values
        .get("agent")
        .is_some_and(|agent| agent.starts_with('1'))
    {
        entry["agent"] = json!(1);
    }
    if guest.running.is_some() {
        let tap = |index: u32| (format!("tap{vmid}i{index}"), json!({"netin": 0, "netout": 0}));
        let nics: serde_json::Map<_, _> = guest.nics(vmid).iter().map(|nic| tap(nic.index)).collect();
        add(
            &mut entry,
            json!({
                "nics": nics, "running-machine": "pc-i440fx-10.0", "running-qemu": "10.0.2", "proxmox-support": {},
            }),
        );
    }
    entry
}
