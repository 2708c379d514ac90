//! The guest behind the port `vmport0` of `home`.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};
use ipnet::Ipv4Net;

use super::Lab;
use super::process::wait_for;
use super::state::VmState;

impl Lab {
    /// Puts the VM's port on a bridge of `home` and gives the VM an address with the network's first as its gateway, or
    /// none. The bridge must be there. After a reboot of `home` this has to be done again, as a hypervisor does when
    /// it starts a guest: see [`Lab::restart_vm`].
    pub fn attach_vm(&self, bridge: &str, address: Option<Ipv4Net>) -> Result<()> {
        self.nets()
            .ip("home", &format!("link set vmport0 master {bridge}"))?;
        self.nets().ip("home", "link set vmport0 up")?;
        self.nets().ip("vm", "link set eth0 up")?;
        self.nets().ip("vm", "address flush dev eth0")?;
        if let Some(address) = address {
            self.nets().ip("vm", &format!("address add {address} dev eth0"))?;
            let gateway = first_host(address);
            self.nets()
                .ip("vm", &format!("route replace default via {gateway}"))?;
        }
        let mut state = self.state();
        state.vm = Some(VmState {
            bridge: bridge.to_owned(),
            address,
        });
        state.save()
    }

    /// Attaches the VM as it was attached before `home` rebooted, as soon as its bridge is there again.
    pub fn restart_vm(&self) -> Result<()> {
        let vm = self.state().vm.clone().context("the VM was never attached")?;
        let show = format!("link show {}", vm.bridge);
        wait_for(
            &format!("the bridge {}", vm.bridge),
            Duration::from_secs(20),
            || Ok(self.nets().ip("home", &show).ok()),
        )?;
        self.attach_vm(&vm.bridge, vm.address)
    }

    /// The VM's Ethernet address.
    pub fn vm_mac(&self) -> Result<String> {
        let link = self.nets().ip("vm", "-o link show eth0")?;
        let words: Vec<&str> = link.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "link/ether");
        let mac = at.and_then(|index| words.get(index + 1));
        mac.map(ToString::to_string).context("the VM has no eth0")
    }
}

fn first_host(network: Ipv4Net) -> Ipv4Addr {
    network.hosts().next().unwrap_or(network.network())
}
