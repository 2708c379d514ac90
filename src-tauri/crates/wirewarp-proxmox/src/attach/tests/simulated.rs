//! A node with one guest, behaving as Proxmox was seen to.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::super::{Call, Configure, Left, Pending, Record, Settings, Wanted, attach, detach, merge};
use crate::{
    guests::GuestKind,
    network::{Interface, NewBridge, NodeNetwork},
    nic::NicIndex,
};

#[derive(Debug, Clone, PartialEq)]
pub struct World {
    pub kind: GuestKind,
    pub values: BTreeMap<String, String>,
    pub pending: BTreeMap<String, Pending>,
    /// Whether NICs of the guest can be plugged in now: it is stopped, or its system plays along.
    pub pluggable: bool,
    pub in_force: BTreeMap<String, Interface>,
    pub staged: Option<BTreeMap<String, Interface>>,
}

/// What the server would have answered with a status other than 200.
#[derive(Debug, PartialEq)]
pub struct Failed(pub &'static str);

impl World {
    pub fn guest(&self) -> Settings {
        let mut hasher = DefaultHasher::new();
        format!("{:?}{:?}", self.values, self.pending).hash(&mut hasher);
        Settings {
            kind: self.kind,
            values: self.values.clone(),
            pending: self.pending.clone(),
            digest: format!("{:016x}", hasher.finish()).parse().unwrap(),
        }
    }

    pub fn network(&self) -> NodeNetwork {
        let changes = self.staged.as_ref().map(|staged| diff(&self.in_force, staged));
        NodeNetwork {
            interfaces: self.staged.as_ref().unwrap_or(&self.in_force).clone(),
            changes,
        }
    }

    pub fn make(&mut self, call: &Call) -> Result<(), Failed> {
        match call {
            Call::CreateBridge(bridge) => {
                let (name, interface) = interface_of(bridge);
                let before = self.staging().insert(name, interface);
                before.map_or(Ok(()), |_| Err(Failed("interface already exists")))
            }
            Call::DeleteBridge(name) => {
                let before = self.staging().remove(name.as_str());
                before.map(|_| ()).ok_or(Failed("interface does not exist"))
            }
            Call::RevertNetwork => {
                self.staged = None;
                Ok(())
            }
            Call::ApplyNetwork => {
                if let Some(staged) = self.staged.take() {
                    self.in_force = staged;
                    for interface in self.in_force.values_mut() {
                        interface.active = true;
                    }
                }
                Ok(())
            }
            Call::RevertPending(names) => {
                self.pending.retain(|name, _| !names.contains(name));
                Ok(())
            }
            Call::Configure(change) => self.configure(change),
            Call::RegenerateCloudInit => Ok(()),
        }
    }

    pub fn make_all(&mut self, calls: &[Call]) {
        for call in calls {
            self.make(call).unwrap();
        }
    }

    /// Attaches as the engine would, after an attach that was begun before.
    pub fn attach_wholly(&mut self, wanted: &Wanted, earlier: &Record) {
        for _ in 0..5 {
            let next = attach(wanted, &self.network(), &self.guest(), Some(earlier)).unwrap();
            if next.calls.is_empty() {
                return;
            }
            assert_eq!(&next.record, earlier);
            self.make_all(&next.calls);
        }
        panic!("it does not come to an end: {self:?}");
    }

    /// Detaches as the engine would: decides, makes it, looks again, until nothing is to be done.
    pub fn detach_wholly(&mut self, record: &Record) -> Vec<Left> {
        for _ in 0..5 {
            let next = detach(record, &self.network(), Some(&self.guest()), false);
            if next.calls.is_empty() {
                return next.left;
            }
            self.make_all(&next.calls);
        }
        panic!("it does not come to an end: {self:?}");
    }

    fn staging(&mut self) -> &mut BTreeMap<String, Interface> {
        let in_force = &self.in_force;
        self.staged.get_or_insert_with(|| in_force.clone())
    }

    fn configure(&mut self, change: &Configure) -> Result<(), Failed> {
        if change.digest != self.guest().digest {
            return Err(Failed("checksum mismatch (file change by other user?)"));
        }
        let mut result = Ok(());
        for (name, value) in &change.set {
            let value = self.as_it_is_written(name, value);
            if self.plugs(name) {
                self.values.insert(name.clone(), value);
            } else {
                self.pending.insert(name.clone(), Pending::Set(value));
                result = Err(Failed("hotplug problem"));
            }
        }
        for name in &change.delete {
            if self.plugs(name) {
                self.values.remove(name);
            } else {
                self.pending.insert(name.clone(), Pending::Delete);
            }
        }
        result
    }

    fn plugs(&self, name: &str) -> bool {
        self.pluggable || NicIndex::of_key(name).is_none()
    }

    /// Of a container's NIC Proxmox sorts the options, the name first, and adds the kind.
    pub fn as_it_is_written(&self, name: &str, value: &str) -> String {
        if self.kind == GuestKind::Vm || NicIndex::of_key(name).is_none() {
            return value.to_owned();
        }
        let whole = merge::with(value, &[("type", Some("veth"))]);
        let mut parts: Vec<&str> = whole.split(',').collect();
        parts.sort_unstable_by_key(|part| (!part.starts_with("name="), *part));
        parts.join(",")
    }
}

pub fn interface_of(bridge: &NewBridge) -> (String, Interface) {
    let interface = Interface {
        kind: "bridge".into(),
        active: false,
        autostart: true,
        cidr: Some(bridge.address),
        bridge_ports: Some(String::new()),
        comments: Some(format!("{}\n", bridge.comment)),
        others: BTreeMap::new(),
    };
    (bridge.name.to_string(), interface)
}

fn diff(from: &BTreeMap<String, Interface>, to: &BTreeMap<String, Interface>) -> String {
    let mut text =
        "--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n@@ -1,3 +1,9 @@\n+# autogenerated\n"
            .to_owned();
    for (sign, some, others) in [('-', from, to), ('+', to, from)] {
        for (name, interface) in some
            .iter()
            .filter(|(name, value)| others.get(*name) != Some(*value))
        {
            let address = interface.cidr.map_or(String::new(), |cidr| cidr.to_string());
            text.extend([
                format!("{sign}auto {name}\n"),
                format!("{sign}iface {name} inet static\n"),
                format!("{sign}    address {address}\n"),
            ]);
        }
    }
    text + " source /etc/network/interfaces.d/*\n"
}
