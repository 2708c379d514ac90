//! Guests: virtual machines behind the ports `vmport0`, `vmport1` ... of a host.
//!
//! To its host a guest is a port that a hypervisor puts on a bridge; inside it is a namespace with one `eth0`.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};
use ipnet::Ipv4Net;

use super::Lab;
use super::process::{run, wait_for};
use super::state::GuestState;
use super::teardown::lab_program;
use super::topology::Plug;
use crate::traffic::dhcp::Lease;

impl Lab {
    /// Puts a guest's port on a bridge of its host, which must be there, and gives the guest an address with the
    /// network's first as its gateway. With no address the guest has none until [`Lab::lease`].
    ///
    /// After a reboot of the host this has to be done again, as a hypervisor does when it starts a guest:
    /// [`Lab::reattach`].
    pub fn attach(&self, guest: &str, bridge: &str, address: Option<Ipv4Net>) -> Result<()> {
        let port = self.guest_port(guest)?;
        let (host, port) = (&port.node, &port.port);
        self.nets()
            .ip(host, &format!("link set {port} master {bridge}"))?;
        self.nets().ip(host, &format!("link set {port} up"))?;
        self.nets().ip(guest, "link set eth0 up")?;
        self.nets().ip(guest, "address flush dev eth0")?;
        if let Some(address) = address {
            self.give_address(guest, "eth0", address, first_host(address))?;
        }
        let mut state = self.state();
        let attached = GuestState {
            bridge: bridge.to_owned(),
            address,
        };
        state.guests.insert(guest.to_owned(), attached);
        state.save()
    }

    /// Attaches a guest as it was attached before its host rebooted, as soon as the bridge is there again.
    pub fn reattach(&self, guest: &str) -> Result<()> {
        let known = self.state().guests.get(guest).cloned();
        let GuestState { bridge, address } = known.with_context(|| format!("{guest} was never attached"))?;
        let host = self.guest_port(guest)?.node.clone();
        let show = format!("link show {bridge}");
        wait_for(&format!("the bridge {bridge}"), Duration::from_secs(20), || {
            Ok(self.nets().ip(&host, &show).ok())
        })?;
        self.attach(guest, &bridge, address)
    }

    /// Lets an attached guest ask for its address by DHCP, for at most ten seconds, and take what it is given.
    pub fn lease(&self, guest: &str) -> Result<Lease> {
        self.lease_at(guest, "eth0", &self.mac(guest)?)
    }

    /// The same at one interface of a guest, with that interface's Ethernet address.
    pub fn lease_at(&self, guest: &str, port: &str, mac: &str) -> Result<Lease> {
        // Without an address of its own a host has no route to the broadcast address either.
        self.nets()
            .ip(guest, &format!("route replace 255.255.255.255 dev {port}"))?;
        let program = lab_program()?.display().to_string();
        let command = self.command_in(guest, &[&program, "dhcp-client", mac]);
        let lease: Lease = run(command, b"")?.json()?;
        self.nets().ip(guest, &format!("address flush dev {port}"))?;
        let gateway = lease.gateway.context("the lease names no gateway")?;
        self.give_address(guest, port, lease.address, gateway)?;
        Ok(lease)
    }

    /// A guest's Ethernet address.
    pub fn mac(&self, guest: &str) -> Result<String> {
        let cables = self.topology.cables.iter();
        let mut plugs = cables.map(|cable| &cable.far);
        let plug = plugs.find(|plug| plug.node == guest);
        plug.map(Plug::mac)
            .with_context(|| format!("there is no guest {guest}"))
    }

    fn give_address(&self, guest: &str, port: &str, address: Ipv4Net, gateway: Ipv4Addr) -> Result<()> {
        self.nets()
            .ip(guest, &format!("address add {address} dev {port}"))?;
        self.nets()
            .ip(guest, &format!("route replace default via {gateway}"))?;
        Ok(())
    }

    fn guest_port(&self, guest: &str) -> Result<&Plug> {
        let mut cables = self.topology.cables.iter();
        let cable = cables.find(|cable| cable.far.node == guest);
        cable
            .map(|cable| &cable.near)
            .with_context(|| format!("there is no guest {guest}"))
    }
}

fn first_host(network: Ipv4Net) -> Ipv4Addr {
    network.hosts().next().unwrap_or(network.network())
}
