//! NICs of guests: as the configuration has them, and put on their bridges.

use super::cluster::{Cluster, Guest, Kind};
use super::config::number_of;
use super::effects::Nic;
use super::property::{self, Parts};
use super::schema::{Format, property};

impl Cluster {
    /// A NIC as the configuration has it: one that came without a MAC gets a new one, whatever it had before.
    pub(super) fn written_nic(&mut self, kind: Kind, key: &str, value: &str) -> String {
        let schema = self.schema.clone();
        let format = schema
            .config_of(kind.name())
            .and_then(|known| property(known, key)?.format.as_ref());
        let Some(Format::Parts(known)) = format else {
            return value.to_owned();
        };
        // Checked before: nothing is wrong with it.
        let mut parts = property::parse(known, key, value).unwrap_or_default();
        let mac = if kind == Kind::Qemu { "macaddr" } else { "hwaddr" };
        if !parts.contains_key(mac) {
            parts.insert(mac.to_owned(), self.new_mac());
        }
        if kind == Kind::Qemu {
            return property::vm_nic(&parts);
        }
        parts.insert("type".to_owned(), "veth".to_owned());
        property::container_nic(&parts)
    }

    /// Moves a NIC of a running guest from the bridge it hangs on to the one that `value` says, if any.
    pub(super) fn hot_plug(&mut self, vmid: u32, key: &str, value: Option<&str>) -> Result<(), String> {
        let Some(guest) = self.guests.get(&vmid).cloned() else {
            return Ok(());
        };
        let old = guest
            .config
            .values
            .get(key)
            .and_then(|old| guest.nic(vmid, key, old));
        let new = value.and_then(|new| guest.nic(vmid, key, new));
        if let Some(new) = new
            .as_ref()
            .filter(|new| !self.has_bridge(&new.node, &new.bridge))
        {
            return Err(format!("bridge '{}' does not exist", new.bridge));
        }
        if old == new {
            return Ok(());
        }
        if self.bad_plugs.remove(&vmid) {
            return Err("error on hot-unplugging device".to_owned());
        }
        if let Some(old) = &old {
            self.effects.disconnect(old)?;
        }
        if let Some(new) = &new {
            self.effects.connect(new)?;
        }
        Ok(())
    }
}

impl Guest {
    /// Its NICs that hang on a bridge.
    pub fn nics(&self, vmid: u32) -> Vec<Nic> {
        let nic = |(key, value): (&String, &String)| self.nic(vmid, key, value);
        self.config.values.iter().filter_map(nic).collect()
    }

    fn nic(&self, vmid: u32, key: &str, value: &str) -> Option<Nic> {
        let parts = property::plain(value);
        Some(Nic {
            node: self.node.clone(),
            vmid,
            index: number_of(key, "net")?,
            mac: self.mac(value, &parts)?,
            bridge: parts.get("bridge")?.clone(),
        })
    }

    /// The MAC of a NIC: a virtual machine's stands behind the model.
    fn mac(&self, value: &str, parts: &Parts) -> Option<String> {
        match self.kind {
            Kind::Lxc => parts.get("hwaddr").cloned(),
            Kind::Qemu => Some(value.split(',').next()?.split_once('=')?.1.to_owned()),
        }
    }
}
