//! A guest's NIC as Proxmox writes it, `virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1`: read, changed in what is ours,
//! and written back with everything else as it was.

mod index;
mod options;
#[cfg(test)]
mod tests;

use std::{fmt, net::Ipv4Addr};

use ipnet::Ipv4Net;
use wirewarp_model::{ParseError, error::excerpt};

use crate::{
    guests::GuestKind,
    names::{BridgeName, Mac},
};

pub use index::NicIndex;
use options::Options;

/// The models of a machine's NIC; the first word of its text, with or without a MAC.
const MODELS: &[&str] = &[
    "e1000",
    "e1000-82540em",
    "e1000-82544gc",
    "e1000-82545em",
    "e1000e",
    "i82551",
    "i82557b",
    "i82559er",
    "ne2k_isa",
    "ne2k_pci",
    "pcnet",
    "rtl8139",
    "virtio",
    "vmxnet3",
];

/// One NIC. Writing it gives the text that was read, but for what was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nic {
    kind: GuestKind,
    options: Options,
}

/// The address of a container's NIC, which Proxmox sets up in the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CtAddress {
    /// The container asks on its own.
    Dhcp,
    /// A fixed one.
    Fixed {
        /// Address and network.
        address: Ipv4Net,
        /// Where everything else goes; none leaves the container's other way out in place.
        gateway: Option<Ipv4Addr>,
    },
}

impl Nic {
    /// Reads the value of `netN`.
    pub fn parse(kind: GuestKind, text: &str) -> Result<Self, ParseError> {
        let refuse = |why: &str| ParseError::new("network card", format!("“{}” {why}", excerpt(text)));
        let options = Options::parse(text).ok_or_else(|| refuse("cannot be read"))?;
        let nic = Self { kind, options };
        match kind {
            GuestKind::Vm if nic.model().is_none() => return Err(refuse("names no model")),
            GuestKind::Ct if nic.options.get("name").is_none() => return Err(refuse("has no name")),
            GuestKind::Vm | GuestKind::Ct => {}
        }
        if nic.mac_text().is_some_and(|text| text.parse::<Mac>().is_err()) {
            return Err(refuse("has a MAC address that cannot be read"));
        }
        Ok(nic)
    }

    /// A new NIC of a machine. Without a MAC Proxmox makes one; the firewall of Proxmox stays off, for it would drop what
    /// the person has just opened.
    pub fn new_vm(bridge: &BridgeName, mac: Option<Mac>) -> Self {
        let mut options = Options::default();
        options.push("virtio", mac.map(|mac| mac.to_string()));
        options.push("bridge", Some(bridge.to_string()));
        options.push("firewall", Some("0".to_owned()));
        Self {
            kind: GuestKind::Vm,
            options,
        }
    }

    /// A new NIC of a container. `name` is the interface inside, 2 to 15 letters and digits, and must be free there:
    /// Proxmox takes the same one twice.
    pub fn new_ct(
        name: &str,
        bridge: &BridgeName,
        mac: Option<Mac>,
        address: CtAddress,
    ) -> Result<Self, ParseError> {
        let fits = (2..=15).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
        if !fits {
            let message = format!("“{}” is not 2 to 15 letters and digits", excerpt(name));
            return Err(ParseError::new("interface", message));
        }
        let mut options = Options::default();
        options.push("name", Some(name.to_owned()));
        options.push("bridge", Some(bridge.to_string()));
        let mut nic = Self {
            kind: GuestKind::Ct,
            options,
        };
        if let Some(mac) = mac {
            nic.options.set("hwaddr", mac.to_string());
        }
        nic.set_ct_address(address);
        Ok(nic)
    }

    /// The MAC; none in a text that was never applied.
    pub fn mac(&self) -> Option<Mac> {
        self.mac_text()?.parse().ok()
    }

    /// The bridge, as it is written; none for a NIC that is behind QEMU's own translation.
    pub fn bridge(&self) -> Option<&str> {
        self.options.get("bridge")
    }

    /// Of a container: the interface inside.
    pub fn interface(&self) -> Option<&str> {
        self.options.get("name")
    }

    /// Whether the firewall of Proxmox is on.
    pub fn has_firewall(&self) -> bool {
        self.options.get("firewall") == Some("1")
    }

    /// Whether its cable is pulled.
    pub fn is_link_down(&self) -> bool {
        self.options.get("link_down") == Some("1")
    }

    /// The VLAN.
    pub fn tag(&self) -> Option<u16> {
        self.options.get("tag")?.parse().ok()
    }

    /// Connects it to another bridge. The VLAN goes: it is of the bridge that it was on. All else stays: MAC, firewall,
    /// rate, and what this program does not know.
    pub fn set_bridge(&mut self, bridge: &BridgeName) {
        self.options.set("bridge", bridge.to_string());
        self.options.remove("tag");
        self.options.remove("trunks");
    }

    /// Sets the address of a container's NIC; on a machine's nothing is done, there is no address in it.
    pub fn set_ct_address(&mut self, address: CtAddress) {
        if self.kind == GuestKind::Vm {
            return;
        }
        let (text, gateway) = match address {
            CtAddress::Dhcp => ("dhcp".to_owned(), None),
            CtAddress::Fixed { address, gateway } => (address.to_string(), gateway),
        };
        self.options.set("ip", text);
        match gateway {
            Some(gateway) => self.options.set("gw", gateway.to_string()),
            None => self.options.remove("gw"),
        }
    }

    fn model(&self) -> Option<&str> {
        let named = self.options.get("model");
        named.or_else(|| self.options.first_of(MODELS))
    }

    /// A machine's MAC follows its model, or stands under `macaddr`; a container's under `hwaddr`.
    fn mac_text(&self) -> Option<&str> {
        match self.kind {
            GuestKind::Ct => self.options.get("hwaddr"),
            GuestKind::Vm => {
                let behind_model = self
                    .options
                    .first_of(MODELS)
                    .and_then(|model| self.options.get(model));
                behind_model.or_else(|| self.options.get("macaddr"))
            }
        }
    }
}

impl fmt::Display for Nic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
