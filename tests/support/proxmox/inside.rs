//! What a guest's agent sees: the guest itself, as far as a test describes it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use serde_json::{Value, json};

use super::effects::{GuestInterface, Nic, Ran};

/// A program that was run in a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// The program and its arguments.
    pub arguments: Vec<String>,
    /// What it was given on its standard input.
    pub input: String,
}

/// The inside of a guest.
#[derive(Clone, Debug)]
pub(super) struct Inside {
    /// Whether the agent answers.
    pub agent: bool,
    pub os: Value,
    /// Commands that the agent has.
    pub commands: Vec<String>,
    pub agent_version: String,
    /// The guest's own name of itself.
    pub host_name: String,
    /// NICs by their MAC in lower case.
    ports: BTreeMap<String, Port>,
    /// What programs leave behind, by how their arguments begin.
    programs: Vec<(Vec<String>, Ran)>,
    /// What was run.
    pub executed: Vec<Executed>,
    /// What programs left behind that nobody asked for yet.
    pub finished: BTreeMap<u32, Ran>,
    /// Files that were written through the agent.
    pub files: BTreeMap<String, Vec<u8>>,
}

#[derive(Clone, Debug, Default)]
struct Port {
    up: bool,
    addresses: Vec<(IpAddr, u8)>,
}

impl Default for Inside {
    fn default() -> Self {
        let commands = [
            "guest-ping",
            "guest-exec",
            "guest-exec-status",
            "guest-network-get-interfaces",
            "guest-get-osinfo",
        ];
        Self {
            agent: false,
            os: json!({
                "id": "debian", "name": "Debian GNU/Linux", "pretty-name": "Debian GNU/Linux 13 (trixie)",
                "kernel-release": "6.12", "machine": "x86_64",
            }),
            commands: commands.map(str::to_owned).to_vec(),
            agent_version: "9.2.0".to_owned(),
            host_name: "guest".to_owned(),
            ports: BTreeMap::new(),
            programs: Vec::new(),
            executed: Vec::new(),
            finished: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }
}

impl Inside {
    /// Gives the NIC with `mac` an address, as a lease would.
    pub fn add_address(&mut self, mac: &str, address: IpAddr, length: u8) {
        let port = self.ports.entry(mac.to_lowercase()).or_default();
        port.up = true;
        port.addresses.push((address, length));
    }

    /// From now on, programs whose arguments begin with `start` leave `ran` behind.
    pub fn add_program(&mut self, start: &[&str], ran: Ran) {
        let start = start.iter().map(|word| (*word).to_owned()).collect();
        self.programs.insert(0, (start, ran));
    }

    /// Nothing that was set by hand outlives the guest's end.
    pub fn stopped(&mut self) {
        self.ports.clear();
        self.finished.clear();
    }

    /// Its interfaces, named as Debian names those of a virtual machine.
    pub fn interfaces(&self, nics: &[Nic]) -> Vec<GuestInterface> {
        let named = |nic: &Nic| {
            let mac = nic.mac.to_lowercase();
            let port = self.ports.get(&mac).cloned().unwrap_or_default();
            let mut addresses = port.addresses;
            if let Some(own) = link_local(&mac).filter(|_| port.up) {
                addresses.push((IpAddr::V6(own), 64));
            }
            GuestInterface {
                name: interface_name(nic.index),
                mac,
                addresses,
            }
        };
        nics.iter().map(named).collect()
    }

    /// Runs a program: `ip` on the guest's own interfaces, or one that the test described.
    pub fn run(&mut self, nics: &[Nic], arguments: &[String]) -> Option<Ran> {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["ip", "addr", "add", address, "dev", name] => {
                let (address, length) = address.split_once('/')?;
                let added = (address.parse().ok()?, length.parse().ok()?);
                self.port(nics, name)?.addresses.push(added);
                Some(Ran::default())
            }
            ["ip", "link", "set", name, "up"] => {
                self.port(nics, name)?.up = true;
                Some(Ran::default())
            }
            _ => {
                let fits = |(start, _): &&(Vec<String>, Ran)| arguments.starts_with(start);
                Some(self.programs.iter().find(fits)?.1.clone())
            }
        }
    }

    fn port(&mut self, nics: &[Nic], name: &str) -> Option<&mut Port> {
        let nic = nics.iter().find(|nic| interface_name(nic.index) == name)?;
        Some(self.ports.entry(nic.mac.to_lowercase()).or_default())
    }
}

fn interface_name(index: u32) -> String {
    format!("ens{}", 18 + index)
}

/// The address that an interface gives itself (RFC 4291, appendix A).
fn link_local(mac: &str) -> Option<Ipv6Addr> {
    let bytes: Vec<u8> = mac
        .split(':')
        .filter_map(|byte| u8::from_str_radix(byte, 16).ok())
        .collect();
    let mac: [u8; 6] = bytes.try_into().ok()?;
    let mut address = [0; 16];
    address[..2].copy_from_slice(&[0xfe, 0x80]);
    address[8..11].copy_from_slice(&mac[..3]);
    address[8] ^= 2;
    address[11..13].copy_from_slice(&[0xff, 0xfe]);
    address[13..].copy_from_slice(&mac[3..]);
    Some(address.into())
}
