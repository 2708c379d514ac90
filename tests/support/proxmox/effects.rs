//! What a change does outside of the server's memory.

use std::net::IpAddr;

/// A NIC of a running guest and the bridge it hangs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nic {
    /// The node that runs the guest.
    pub node: String,
    /// The guest.
    pub vmid: u32,
    /// The `N` of `netN`.
    pub index: u32,
    /// Its MAC, as the configuration has it.
    pub mac: String,
    /// The bridge.
    pub bridge: String,
}

/// One network interface as a guest's agent tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuestInterface {
    /// Its name inside the guest.
    pub name: String,
    /// Its MAC, in lower case.
    pub mac: String,
    /// Its addresses with the lengths of their prefixes.
    pub addresses: Vec<(IpAddr, u8)>,
}

/// What a program that was run in a guest left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

/// Where the effects of the stand-in's changes happen.
pub trait Effects: Send {
    /// Makes the network of `node` what `interfaces` says (`/etc/network/interfaces`); the error ends the task.
    fn apply_network(&mut self, node: &str, interfaces: &str) -> Result<(), String>;

    /// Puts a NIC on its bridge.
    fn connect(&mut self, nic: &Nic) -> Result<(), String>;

    /// Takes a NIC away.
    fn disconnect(&mut self, nic: &Nic) -> Result<(), String>;

    /// The interfaces of a guest; `None` where the stand-in's own picture of the guest is all there is.
    fn interfaces(&mut self, vmid: u32) -> Option<Vec<GuestInterface>>;

    /// Runs a program in a guest; `None` as for [`Effects::interfaces`].
    fn run(&mut self, vmid: u32, arguments: &[String], input: &str) -> Option<Ran>;
}

/// No effect: everything stays in memory.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Effects for Nothing {
    fn apply_network(&mut self, _: &str, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn connect(&mut self, _: &Nic) -> Result<(), String> {
        Ok(())
    }

    fn disconnect(&mut self, _: &Nic) -> Result<(), String> {
        Ok(())
    }

    fn interfaces(&mut self, _: u32) -> Option<Vec<GuestInterface>> {
        None
    }

    fn run(&mut self, _: u32, _: &[String], _: &str) -> Option<Ran> {
        None
    }
}
