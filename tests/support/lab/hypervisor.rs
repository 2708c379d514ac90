//! What a Proxmox node does to its network, done to a host of the lab: the stand-in's effects made real.
//!
//! A guest of the stand-in is a guest of the lab. Each of its NICs is a cable of its own, as a hypervisor makes one when
//! it starts a guest: `tap100i1` on the host's side, on the bridge, and `ens19` with the NIC's MAC inside the guest.
//!
//! A guest may be a host of the lab as well, with a system of its own: then what its agent is told to run is run in it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Lab;
use super::net::Nets;
use super::process::{DEFAULT_LIMIT, limited, run};
use super::reach::entry;
use super::state::State;
use crate::proxmox::{Effects, GuestInterface, Nic, Ran, bridges};

/// Programs that run in a guest without a system of its own: they see its network and touch no file of the machine's.
const HARMLESS: &[&str] = &["ip", "ping"];

/// A host of the lab as a hypervisor.
#[derive(Clone, Debug)]
pub struct Hypervisor {
    nets: Nets,
    host: String,
    /// The lab's guests by their numbers.
    guests: BTreeMap<u32, String>,
    /// The lab, and those of the guests that are hosts of it.
    lab: String,
    machines: BTreeSet<String>,
    /// Bridges that were made here.
    made: BTreeSet<String>,
}

/// An interface as `ip -json address` tells it.
#[derive(Deserialize)]
struct Told {
    ifname: String,
    address: Option<String>,
    #[serde(default)]
    addr_info: Vec<ToldAddress>,
}

#[derive(Deserialize)]
struct ToldAddress {
    local: Option<IpAddr>,
    prefixlen: u8,
}

impl Lab {
    /// A host as the hypervisor of these guests: their numbers with their names in the lab.
    pub fn hypervisor(&self, host: &str, guests: &[(u32, &str)]) -> Hypervisor {
        Hypervisor {
            nets: self.nets().clone(),
            host: host.to_owned(),
            guests: guests
                .iter()
                .map(|(vmid, name)| (*vmid, (*name).to_owned()))
                .collect(),
            lab: self.id().to_owned(),
            machines: self.spec().hosts.iter().map(|host| host.name.clone()).collect(),
            made: BTreeSet::new(),
        }
    }
}

impl Hypervisor {
    /// Makes the bridges of the file and removes those made before that are not in it any more. A bridge with ports is
    /// made without them and without its address: the host keeps its way to the LAN as the lab gave it.
    fn apply(&mut self, interfaces: &str) -> Result<()> {
        let wanted = bridges(interfaces);
        let gone: Vec<String> = self
            .made
            .iter()
            .filter(|name| wanted.iter().all(|bridge| bridge.name != **name))
            .cloned()
            .collect();
        for name in gone {
            self.nets.ip(&self.host, &format!("link del {name}"))?;
            self.made.remove(&name);
        }
        for bridge in wanted {
            let name = &bridge.name;
            if self.nets.ip(&self.host, &format!("link show {name}")).is_err() {
                self.nets
                    .ip(&self.host, &format!("link add {name} type bridge"))?;
                self.made.insert(name.clone());
            }
            self.nets.ip(&self.host, &format!("address flush dev {name}"))?;
            if let Some(address) = bridge.address.filter(|_| bridge.ports.is_empty()) {
                self.nets
                    .ip(&self.host, &format!("address add {address} dev {name}"))?;
            }
            self.nets.ip(&self.host, &format!("link set {name} up"))?;
        }
        Ok(())
    }

    fn plug_in(&self, nic: &Nic) -> Result<()> {
        let guest = self.guest(nic.vmid)?;
        let (tap, inside) = names(nic);
        // A reboot of either side has taken it away already; one that was left is not needed.
        drop(self.nets.ip(&self.host, &format!("link del {tap}")));
        let there = self.nets.name(guest);
        let words = format!(
            "link add {tap} type veth peer name {inside} address {} netns {there}",
            nic.mac
        );
        self.nets.ip(&self.host, &words)?;
        self.nets
            .ip(&self.host, &format!("link set {tap} master {}", nic.bridge))?;
        self.nets.ip(&self.host, &format!("link set {tap} up"))?;
        self.nets.ip(guest, &format!("link set {inside} up"))?;
        Ok(())
    }

    fn pull_out(&self, nic: &Nic) -> Result<()> {
        let (tap, _) = names(nic);
        self.nets.ip(&self.host, &format!("link del {tap}")).map(drop)
    }

    fn told(&self, vmid: u32) -> Result<Vec<GuestInterface>> {
        let text = self.nets.ip(self.guest(vmid)?, "-json address show")?;
        let told: Vec<Told> = serde_json::from_str(&text).context("reading what ip(8) said")?;
        let interface = |told: Told| GuestInterface {
            name: told.ifname,
            mac: told.address.unwrap_or_default(),
            addresses: told
                .addr_info
                .iter()
                .filter_map(|address| Some((address.local?, address.prefixlen)))
                .collect(),
        };
        Ok(told.into_iter().map(interface).collect())
    }

    fn execute(&self, vmid: u32, arguments: &[String], input: &str) -> Result<Ran> {
        let guest = self.guest(vmid)?;
        let command = if self.machines.contains(guest) {
            let mut command = limited(DEFAULT_LIMIT, &[]);
            command
                .args(entry(&State::load(&self.lab)?, guest)?)
                .args(arguments);
            command
        } else {
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            self.nets.command(guest, DEFAULT_LIMIT, &words)
        };
        let said = run(command, input.as_bytes())?;
        Ok(Ran {
            code: said.status,
            out: said.stdout,
            err: said.stderr,
        })
    }

    fn guest(&self, vmid: u32) -> Result<&str> {
        let guest = self.guests.get(&vmid);
        guest
            .map(String::as_str)
            .with_context(|| format!("{vmid} is no guest of the lab"))
    }
}

impl Effects for Hypervisor {
    fn apply_network(&mut self, _: &str, interfaces: &str) -> Result<(), String> {
        self.apply(interfaces).map_err(|error| format!("{error:#}"))
    }

    fn connect(&mut self, nic: &Nic) -> Result<(), String> {
        self.plug_in(nic).map_err(|error| format!("{error:#}"))
    }

    fn disconnect(&mut self, nic: &Nic) -> Result<(), String> {
        self.pull_out(nic).map_err(|error| format!("{error:#}"))
    }

    fn interfaces(&mut self, vmid: u32) -> Option<Vec<GuestInterface>> {
        self.told(vmid).ok()
    }

    fn run(&mut self, vmid: u32, arguments: &[String], input: &str) -> Option<Ran> {
        let program = arguments.first()?;
        let has_system = self.machines.contains(self.guests.get(&vmid)?);
        if !has_system && !HARMLESS.contains(&program.as_str()) {
            return None;
        }
        self.execute(vmid, arguments, input).ok()
    }
}

/// What the two ends of a NIC's cable are called.
fn names(nic: &Nic) -> (String, String) {
    (
        format!("tap{}i{}", nic.vmid, nic.index),
        format!("ens{}", 18 + nic.index),
    )
}
