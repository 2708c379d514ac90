//! The agent inside a machine: what it is, what addresses it has, and commands in it; and a container's addresses. All of it is a guest's word, which
//! may be anybody's.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use ipnet::IpNet;
use serde::Deserialize;
use serde_json::Value;
use wirewarp_model::{ParseError, error::excerpt};

use crate::{
    Api, Problem, ProxmoxError, answer::is_true, guests::GuestRef, names::Mac, params::params,
    transport::Verb,
};

/// Most interfaces and addresses that are kept of one guest.
const MOST: usize = 256;

/// What system a guest runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OsInfo {
    /// e.g. `debian`, `ubuntu`, `mswindows`.
    pub id: String,
    /// As a person reads it, e.g. `Debian GNU/Linux 13 (trixie)`; printable.
    pub pretty: String,
}

/// An interface inside a guest. Its name may be renamed at any time: match by MAC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestInterface {
    /// Its name inside, printable.
    pub name: String,
    /// Its hardware address, if it has one.
    pub mac: Option<Mac>,
    /// Addresses with the lengths of their networks.
    pub addresses: Vec<(IpAddr, u8)>,
}

/// How a command in a guest ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i64>,
    /// What it printed, as it came.
    pub out: String,
    /// What it printed as errors, as it came.
    pub err: String,
}

impl Api {
    /// Whether the agent answers; fails with [`Problem::AgentSilent`] otherwise.
    pub async fn agent_ping(&self, guest: &GuestRef) -> Result<(), ProxmoxError> {
        let _: Value = self
            .change(Verb::Post, &guest.path("agent/ping"), Vec::new())
            .await?;
        Ok(())
    }

    /// What system the guest runs. By hand, as the next: the typed answer is a map of anything.
    pub async fn agent_os(&self, guest: &GuestRef) -> Result<OsInfo, ProxmoxError> {
        let answer: Wrapped<Os> = self.read(&guest.path("agent/get-osinfo"), &[]).await?;
        Ok(OsInfo {
            id: excerpt(&answer.result.id),
            pretty: excerpt(&answer.result.pretty),
        })
    }

    /// The guest's interfaces with their addresses, at most 256 of each; what cannot be read is left out.
    pub async fn agent_interfaces(&self, guest: &GuestRef) -> Result<Vec<GuestInterface>, ProxmoxError> {
        let path = guest.path("agent/network-get-interfaces");
        let answer: Wrapped<Vec<Listed>> = self.read(&path, &[]).await?;
        Ok(answer.result.iter().take(MOST).map(interface).collect())
    }

    /// A running container's interfaces with their addresses: the node itself looks, no agent is needed. At most 256; none
    /// of a container that does not run, of which Proxmox says null.
    pub async fn container_interfaces(&self, guest: &GuestRef) -> Result<Vec<GuestInterface>, ProxmoxError> {
        let listed: Option<Vec<Listed>> = self.read(&guest.path("interfaces"), &[]).await?;
        Ok(listed.iter().flatten().take(MOST).map(interface).collect())
    }

    /// Runs a program with its arguments in the guest, `input` on its standard input; there is no shell in between. Waits at
    /// most `limit` for its end. Fails with [`Problem::AgentBlocks`] where the agent may not run programs.
    pub async fn agent_exec(
        &self,
        guest: &GuestRef,
        command: &[&str],
        input: &str,
        limit: Duration,
    ) -> Result<Executed, ProxmoxError> {
        if command.is_empty() {
            return Err(self.error(ParseError::new("command", "it is empty")));
        }
        let arguments = command.iter().map(|argument| ("command", *argument));
        let input = Some(("input-data", input)).filter(|(_, input)| !input.is_empty());
        let arguments: Vec<(&str, &str)> = arguments.chain(input).collect();
        let path = guest.path("agent/exec");
        let started: Started = self.change(Verb::Post, &path, params(&arguments)).await?;
        self.until_exited(guest, started.pid, limit).await
    }

    async fn until_exited(
        &self,
        guest: &GuestRef,
        pid: i64,
        limit: Duration,
    ) -> Result<Executed, ProxmoxError> {
        let begun = Instant::now();
        loop {
            if let Some(executed) = self.exec_status(guest, pid).await? {
                return Ok(executed);
            }
            if begun.elapsed() >= limit {
                let kind = "inside the guest".to_owned();
                return Err(self.error(Problem::TaskUnfinished { kind, after: limit }));
            }
            tokio::time::sleep(self.server().limits().poll).await;
        }
    }

    /// By hand: the agent forgets a finished program once it has told, so that this is never asked again by itself.
    async fn exec_status(&self, guest: &GuestRef, pid: i64) -> Result<Option<Executed>, ProxmoxError> {
        let path = guest.path("agent/exec-status");
        let pid = params(&[("pid", &pid.to_string())]);
        let envelope = self.envelope(Verb::Get, &path, pid, false).await?;
        let status: Status = self.typed(&path, envelope.data)?;
        Ok(is_true(&status.exited).then_some(Executed {
            code: status.code,
            out: status.out,
            err: status.err,
        }))
    }
}

/// Everything of the agent stands under `result`.
#[derive(Deserialize)]
struct Wrapped<T> {
    result: T,
}

#[derive(Deserialize)]
struct Os {
    #[serde(default)]
    id: String,
    #[serde(rename = "pretty-name", default)]
    pretty: String,
}

#[derive(Deserialize)]
struct Started {
    pid: i64,
}

#[derive(Deserialize)]
struct Status {
    exited: Value,
    #[serde(rename = "exitcode", default)]
    code: Option<i64>,
    #[serde(rename = "out-data", default)]
    out: String,
    #[serde(rename = "err-data", default)]
    err: String,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    name: String,
    #[serde(rename = "hardware-address", default)]
    mac: String,
    #[serde(rename = "ip-addresses", default)]
    addresses: Vec<Address>,
    /// Containers on 8.x have `hwaddr`, `inet` and `inet6` alone.
    #[serde(default)]
    hwaddr: String,
    #[serde(default)]
    inet: String,
    #[serde(default)]
    inet6: String,
}

#[derive(Deserialize)]
struct Address {
    #[serde(rename = "ip-address", default)]
    address: String,
    #[serde(default)]
    prefix: Value,
}

fn interface(listed: &Listed) -> GuestInterface {
    let none = Mac::new([0; 6]);
    let macs = [&listed.mac, &listed.hwaddr];
    let mut addresses: Vec<_> = listed.addresses.iter().take(MOST).filter_map(address).collect();
    if addresses.is_empty() {
        addresses = [&listed.inet, &listed.inet6]
            .into_iter()
            .filter_map(|text| text.parse().ok())
            .map(|net: IpNet| (net.addr(), net.prefix_len()))
            .collect();
    }
    GuestInterface {
        name: excerpt(&listed.name),
        mac: macs
            .into_iter()
            .find_map(|text| text.parse().ok())
            .filter(|mac| *mac != none),
        addresses,
    }
}

/// Windows adds the zone, `fe80::1%5`.
fn address(listed: &Address) -> Option<(IpAddr, u8)> {
    let bare = listed.address.split('%').next()?;
    let address: IpAddr = bare.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let prefix = u8::try_from(listed.prefix.as_u64()?).ok()?;
    (prefix <= most).then_some((address, prefix))
}
