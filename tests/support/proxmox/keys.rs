//! Keys of a configuration: who may change each, and which of them a running guest takes at once.

use super::answer::Refusal;
use super::cluster::{Cluster, Guest, Kind, Request};
use super::config::{Config, is_numbered, number_of};
use super::property;
use super::rights::Who;

/// What a running virtual machine takes at once, besides `netN` and `ipconfigN`.
const LIVE: &[&str] = &[
    "name",
    "description",
    "tags",
    "onboot",
    "protection",
    "startup",
    "cicustom",
    "cipassword",
    "citype",
    "ciupgrade",
    "ciuser",
    "nameserver",
    "searchdomain",
    "sshkeys",
    "hostname",
    "timezone",
];

/// The right that each key needs; those not named here need `VM.Config.Options`.
const KEY_RIGHTS: &[(&str, &[&str])] = &[
    (
        "VM.Config.CPU",
        &[
            "affinity", "cores", "cpu", "cpulimit", "cpuunits", "numa", "smp", "sockets", "vcpus",
        ],
    ),
    (
        "VM.Config.Memory",
        &["balloon", "hugepages", "memory", "shares", "swap"],
    ),
    (
        "VM.Config.HWType",
        &[
            "arch", "bios", "machine", "rng0", "scsihw", "tablet", "vga", "watchdog",
        ],
    ),
    ("VM.Config.Disk", &["rootfs"]),
];

impl Cluster {
    /// Refuses a change of `key` to who may not make it.
    pub(super) fn check_key(
        &self,
        request: &Request,
        guest: &Guest,
        key: &str,
        value: Option<&String>,
    ) -> Result<(), Refusal> {
        let (who, path) = (request.who, format!("/vms/{}", request.vmid()));
        if number_of(key, "net").is_some() {
            self.need(who, &path, &["VM.Config.Network"])?;
            let bridges = value.into_iter().chain(guest.config.values.get(key));
            return bridges
                .filter_map(|nic| property::plain(nic).remove("bridge"))
                .try_for_each(|bridge| self.check_bridge(who, &bridge));
        }
        if LIVE.contains(&key) && (key.starts_with("ci") || key == "sshkeys") {
            return self.need(who, &path, &["VM.Config.Cloudinit"]);
        }
        if is_numbered(key, &["ipconfig"]) || matches!(key, "nameserver" | "searchdomain") {
            let rights = ["VM.Config.Cloudinit", "VM.Config.Network"];
            return self.need_any(
                who,
                &path,
                if guest.kind == Kind::Qemu {
                    &rights
                } else {
                    &rights[1..]
                },
            );
        }
        if is_numbered(key, &["dev", "hostpci", "usb"])
            || matches!(key, "args" | "features" | "lock" | "unprivileged")
        {
            return if who.token.is_none() && who.user == "root@pam" {
                Ok(())
            } else {
                Err(Refusal::Forbidden(format!("only root can set '{key}' config")))
            };
        }
        let named = KEY_RIGHTS.iter().find(|(_, keys)| keys.contains(&key));
        let disk = is_numbered(key, &["ide", "mp", "sata", "scsi", "unused", "virtio"]);
        let usual = if disk {
            "VM.Config.Disk"
        } else {
            "VM.Config.Options"
        };
        self.need(who, &path, &[named.map_or(usual, |(right, _)| *right)])
    }

    fn check_bridge(&self, who: &Who, bridge: &str) -> Result<(), Refusal> {
        self.need(who, &format!("/sdn/zones/localnetwork/{bridge}"), &["SDN.Use"])
    }
}

/// Whether a running guest takes the key at once.
pub(super) fn is_live(config: &Config, key: &str) -> bool {
    if number_of(key, "net").is_some() {
        return config
            .values
            .get("hotplug")
            .is_none_or(|hotplug| hotplug.contains("network") || hotplug == "1");
    }
    LIVE.contains(&key) || is_numbered(key, &["ipconfig"])
}
