//! The stand-in Proxmox VE server with a host of the lab as its node: what it changes is really there.

#[path = "../../proxmox/client.rs"]
#[expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]
#[expect(dead_code, reason = "some of it is for other tests")]
mod client;

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::proxmox::{INTERFACES, Kind, NODE, Standin, Version};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol;

use client::{Answer, Auth, Client};

/// The virtual machine, with its one NIC on the bridge to the LAN.
const VM: &str = "\
agent: 1
memory: 512
name: vm
net0: virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1
ostype: l26
";

const NETWORK: &str = "/nodes/pve1/network";
const CONFIG: &str = "/nodes/pve1/qemu/100/config";

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "a_nic_on_a_bridge_of_the_stand_in_carries_packets_and_goes_without_a_trace",
        nic_on_bridge,
    )]
}

fn nic_on_bridge(lab: &Lab) -> Result<()> {
    let node = lab.hypervisor("home", &[(100, "vm")]);
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    let standin = Standin::start_at(Version::V9, here, Box::new(node), INTERFACES)?;
    standin.change(|cluster| {
        cluster.add_guest(100, Kind::Qemu, NODE, VM);
        cluster.set_agent(100, true);
        cluster.run_guest(100)
    })?;
    let token = standin.make_token("app@pve", "test", Version::V9.rights())?;
    let mut client = Client::new(&standin, Auth::Token(token));

    let bridge = [
        ("type", "bridge"),
        ("iface", "vmbr9"),
        ("cidr", "10.99.9.1/24"),
        ("autostart", "1"),
    ];
    fine(&client.post(NETWORK, &bridge))?;
    apply(&mut client)?;
    fine(&client.put(CONFIG, &[("net1", "virtio,bridge=vmbr9,firewall=0")]))?;
    for line in ["ip addr add 10.99.9.2/24 dev ens19", "ping -c1 -W2 10.99.9.1"] {
        ensure!(execute(&mut client, line)? == 0, "`{line}` failed in the guest");
    }
    let told = fine(&client.get("/nodes/pve1/qemu/100/agent/network-get-interfaces"))?;
    ensure!(told.to_string().contains("10.99.9.2"), "{told}");
    let _server = lab.serve("vm", &[80], &[])?;
    lab.ask("home", Protocol::Tcp, SocketAddr::from(([10, 99, 9, 2], 80)))?;

    fine(&client.put(CONFIG, &[("delete", "net1")]))?;
    fine(&client.delete(&format!("{NETWORK}/vmbr9")))?;
    apply(&mut client)?;
    ensure!(standin.guest_config_text(100).as_deref() == Some(VM));
    ensure!(standin.interfaces_text(NODE).as_deref() == Some(INTERFACES));
    for (place, link) in [("home", "vmbr9"), ("home", "tap100i1"), ("vm", "ens19")] {
        let left = lab.nets().ip(place, &format!("link show {link}"));
        ensure!(left.is_err(), "{link} is still in {place}");
    }
    lab.reset("home")
}

/// Applies what is staged and waits for the task.
fn apply(client: &mut Client) -> Result<()> {
    let task = fine(&client.put(NETWORK, &[]))?;
    let status = format!("/nodes/pve1/tasks/{}/status", task.as_str().context("no task")?);
    for _ in 0..50 {
        let status = fine(&client.get(&status))?;
        if status["status"] == "stopped" {
            ensure!(status["exitstatus"] == "OK", "{status}");
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    anyhow::bail!("the task did not end")
}

/// Runs a command in the guest through its agent and gives its exit code.
fn execute(client: &mut Client, line: &str) -> Result<i64> {
    let words: Vec<(&str, &str)> = line.split(' ').map(|word| ("command", word)).collect();
    let pid = fine(&client.post("/nodes/pve1/qemu/100/agent/exec", &words))?["pid"].clone();
    let status = client.get(&format!("/nodes/pve1/qemu/100/agent/exec-status?pid={pid}"));
    fine(&status)?["exitcode"].as_i64().context("no exit code")
}

fn fine(answer: &Answer) -> Result<Value> {
    ensure!(answer.status == 200, "{answer:?}");
    Ok(answer.data())
}
