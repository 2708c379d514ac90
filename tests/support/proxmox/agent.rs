//! The methods of a virtual machine's agent.

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::answer::{Outcome, Refusal};
use super::cluster::{Cluster, Guest, Request};
use super::effects::GuestInterface;
use super::inside::Executed;
use super::property;

/// Answers a method below `agent`.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    let guest = cluster.guest(request)?;
    check_agent(guest, request.vmid())?;
    let result = match request.path.rsplit('/').next().unwrap_or_default() {
        "ping" => json!({}),
        "get-osinfo" => guest.inside.os.clone(),
        "get-host-name" => json!({"host-name": guest.inside.host_name}),
        "info" => {
            let command = |name: &String| json!({"name": name, "enabled": true, "success-response": true});
            let commands: Vec<Value> = guest.inside.commands.iter().map(command).collect();
            json!({"version": guest.inside.agent_version, "supported_commands": commands})
        }
        "network-get-interfaces" => interfaces(&cluster.guest_interfaces(request.vmid())),
        "exec" => return execute(cluster, request),
        "exec-status" => return status(guest, request),
        "file-write" => {
            let content = request.params.text("content").as_bytes().to_vec();
            let encoded = request.params.get("encode").is_some() && !request.params.is_set("encode");
            let content = if encoded {
                BASE64.decode(&content).unwrap_or(content)
            } else {
                content
            };
            guest
                .inside
                .files
                .insert(request.params.text("file").to_owned(), content);
            return Ok(Value::Null.into());
        }
        _ => return read_file(guest, request),
    };
    Ok(json!({"result": result}).into())
}

fn check_agent(guest: &Guest, vmid: u32) -> Result<(), Refusal> {
    let agent = guest
        .config
        .values
        .get("agent")
        .map(String::as_str)
        .unwrap_or_default();
    let first = agent.split(',').next().unwrap_or_default();
    let enabled = first == "1"
        || property::plain(agent)
            .get("enabled")
            .is_some_and(|value| value == "1");
    match () {
        () if guest.running.is_none() => Err(Refusal::failed(format!("VM {vmid} is not running"))),
        () if !enabled => Err(Refusal::failed("No QEMU guest agent configured")),
        () if !guest.inside.agent => Err(Refusal::failed("QEMU guest agent is not running")),
        () => Ok(()),
    }
}

fn interfaces(list: &[GuestInterface]) -> Value {
    let loopback = GuestInterface {
        name: "lo".to_owned(),
        mac: "00:00:00:00:00:00".to_owned(),
        addresses: vec![
            ([127, 0, 0, 1].into(), 8),
            (IpAddr::V6(std::net::Ipv6Addr::LOCALHOST), 128),
        ],
    };
    let has_loopback = list.iter().any(|interface| interface.name == "lo");
    let first = (!has_loopback).then_some(&loopback);
    Value::Array(first.into_iter().chain(list).map(interface).collect())
}

fn interface(told: &GuestInterface) -> Value {
    let address = |(address, length): &(IpAddr, u8)| {
        let kind = if address.is_ipv4() { "ipv4" } else { "ipv6" };
        json!({"ip-address": address, "ip-address-type": kind, "prefix": length})
    };
    let addresses: Vec<Value> = told.addresses.iter().map(address).collect();
    json!({
        "name": told.name, "hardware-address": told.mac, "ip-addresses": addresses,
        "statistics": {
            "rx-bytes": 0, "rx-dropped": 0, "rx-errs": 0, "rx-packets": 0,
            "tx-bytes": 0, "tx-dropped": 0, "tx-errs": 0, "tx-packets": 0,
        },
    })
}

fn execute(cluster: &mut Cluster, request: &Request) -> Outcome {
    let vmid = request.vmid();
    let arguments = request.params.all("command").to_vec();
    let input = request.params.text("input-data").to_owned();
    let commands = &cluster.guest(request)?.inside.commands;
    if !commands.iter().any(|command| command == "guest-exec") {
        return Err(Refusal::failed(
            "Agent error: Command guest-exec has been disabled: the command is not allowed",
        ));
    }
    let outside = cluster.effects.run(vmid, &arguments, &input);
    let pid = cluster.next_pid;
    cluster.next_pid += 7;
    let guest = cluster.guest(request)?;
    let nics = guest.nics(vmid);
    let ran = outside.or_else(|| guest.inside.run(&nics, &arguments));
    let program = arguments.first().cloned().unwrap_or_default();
    guest.inside.executed.push(Executed { arguments, input });
    let ran = ran.ok_or_else(|| {
        Refusal::failed(format!(
            "Agent error: Guest agent command failed, error was 'Failed to execute child process \
             \"{program}\" (No such file or directory)'"
        ))
    })?;
    guest.inside.finished.insert(pid, ran);
    Ok(json!({"pid": pid}).into())
}

/// What a program left behind, which is told once.
fn status(guest: &mut Guest, request: &Request) -> Outcome {
    let pid = request.params.text("pid").parse().unwrap_or_default();
    let ran = guest.inside.finished.remove(&pid);
    let ran = ran.ok_or_else(|| Refusal::failed("Agent error: Invalid parameter 'pid'"))?;
    let mut answer = json!({"exited": 1, "exitcode": ran.code});
    for (name, text) in [("out-data", ran.out), ("err-data", ran.err)] {
        if !text.is_empty() {
            answer[name] = json!(text);
        }
    }
    Ok(answer.into())
}

fn read_file(guest: &Guest, request: &Request) -> Outcome {
    let name = request.params.text("file");
    let content = guest.inside.files.get(name).ok_or_else(|| {
        Refusal::failed(format!(
            "Agent error: failed to open file '{name}' (mode: 'r'): No such file or directory"
        ))
    })?;
    let text = String::from_utf8_lossy(content);
    Ok(json!({"content": text, "bytes-read": content.len()}).into())
}

impl Cluster {
    /// What the inside of a guest says of its interfaces.
    pub(super) fn guest_interfaces(&mut self, vmid: u32) -> Vec<GuestInterface> {
        let outside = self.effects.interfaces(vmid);
        let own = || {
            let guest = self.guests.get(&vmid)?;
            Some(guest.inside.interfaces(&guest.nics(vmid)))
        };
        outside.or_else(own).unwrap_or_default()
    }
}
