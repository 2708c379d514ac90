//! Guests' configurations, and what happens to guests between two calls.

use serde_json::json;
use wirewarp_tests::proxmox::{INTERFACES, Kind, NODE, Standin, Version};

use crate::client::Client;
use crate::{CONTAINER, VM, logged_in};

const CONFIG: &str = "/nodes/pve1/qemu/100/config";

#[test]
fn a_nic_added_and_taken_away_leaves_the_configuration_as_it_was() {
    let (standin, mut client) = running_vm();
    assert_eq!(standin.guest_config_text(100).unwrap(), VM);
    assert_eq!(client.put(CONFIG, &[("net1", "virtio,bridge=vmbr0")]).status, 200);
    assert_eq!(
        client
            .put(CONFIG, &[("ipconfig1", "ip=10.99.7.2/24,gw=10.99.7.1")])
            .status,
        200
    );
    assert_ne!(standin.guest_config_text(100).unwrap(), VM);
    assert_eq!(client.put(CONFIG, &[("delete", "net1,ipconfig1")]).status, 200);
    assert_eq!(standin.guest_config_text(100).unwrap(), VM);
}

#[test]
fn a_nic_written_without_its_mac_gets_another_one() {
    let (standin, mut client) = running_vm();
    standin.change(|cluster| cluster.set_macs(&["BC:24:11:AA:BB:CC"]));
    client.put(CONFIG, &[("net0", "virtio,bridge=vmbr0")]);
    assert_eq!(
        client.get(CONFIG).data()["net0"],
        "virtio=BC:24:11:AA:BB:CC,bridge=vmbr0"
    );
}

#[test]
fn a_failed_hot_plug_is_refused_and_stays_pending_until_it_is_reverted() {
    let (standin, mut client) = running_vm();
    let refused = client.put(CONFIG, &[("net1", "virtio,bridge=vmbr99")]);
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json()["errors"]["net1"],
        "hotplug problem - bridge 'vmbr99' does not exist\n"
    );
    let is_pending = |client: &mut Client| {
        let pending = client.get("/nodes/pve1/qemu/100/pending").data();
        pending
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["key"] == "net1" && entry["pending"].is_string())
    };
    assert!(is_pending(&mut client));
    assert!(
        client.get(CONFIG).data().get("net1").is_some(),
        "a plain read has what is pending in it"
    );
    assert!(
        client
            .get(&format!("{CONFIG}?current=1"))
            .data()
            .get("net1")
            .is_none()
    );
    assert_eq!(client.put(CONFIG, &[("revert", "net1")]).status, 200);
    assert!(!is_pending(&mut client));
    assert_eq!(standin.guest_config_text(100).unwrap(), VM);
}

#[test]
fn a_stopped_guest_takes_a_bridge_that_is_not_there_and_then_does_not_start() {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| cluster.add_guest(100, Kind::Qemu, NODE, VM));
    let mut client = logged_in(&standin);
    assert_eq!(
        client.put(CONFIG, &[("net1", "virtio,bridge=vmbr99")]).status,
        200
    );
    let error = standin.change(|cluster| cluster.run_guest(100)).unwrap_err();
    assert_eq!(error.to_string(), "bridge 'vmbr99' does not exist");
}

#[test]
fn an_old_digest_is_refused_and_the_one_just_read_is_taken() {
    let (standin, mut client) = running_vm();
    let digest = client.get(CONFIG).data()["digest"].as_str().unwrap().to_owned();
    standin.change(|cluster| cluster.set_guest_key(100, "name", Some("changed")));
    let stale = client.put(CONFIG, &[("net1", "virtio,bridge=vmbr0"), ("digest", &digest)]);
    assert_eq!(
        (stale.status, stale.reason.as_str()),
        (500, "checksum mismatch (file change by other user?)")
    );
    let digest = client.get(CONFIG).data()["digest"].as_str().unwrap().to_owned();
    assert_eq!(
        client
            .put(CONFIG, &[("net1", "virtio,bridge=vmbr0"), ("digest", &digest)])
            .status,
        200
    );
}

#[test]
fn a_guest_is_locked_moved_or_deleted_between_two_calls() {
    let (standin, mut client) = running_vm();
    standin.change(|cluster| cluster.add_node("pve2", "192.168.1.11", INTERFACES));
    standin.before("PUT", "/qemu/100/config", |cluster| {
        cluster.lock_guest(100, Some("backup"));
    });
    assert_eq!(client.get(CONFIG).status, 200);
    let nic = [("net1", "virtio,bridge=vmbr0")];
    assert_eq!(client.put(CONFIG, &nic).reason, "VM is locked (backup)");
    standin.change(|cluster| cluster.lock_guest(100, None));
    standin.before("PUT", "/qemu/100/config", |cluster| {
        cluster.migrate_guest(100, "pve2");
    });
    let gone = client.put(CONFIG, &nic);
    assert_eq!(
        gone.reason,
        "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist"
    );
    let place = client.get("/cluster/resources?type=vm").data()[0]["node"].clone();
    assert_eq!(place, "pve2");
    standin.before("GET", "/qemu/100/config", |cluster| cluster.delete_guest(100));
    assert_eq!(client.get("/nodes/pve2/qemu/100/config").status, 500);
}

#[test]
fn a_container_takes_an_address_and_tells_it_while_it_runs() {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| {
        cluster.add_guest(101, Kind::Lxc, NODE, CONTAINER);
        cluster.run_guest(101).unwrap();
        cluster.add_address(101, 0, [192, 168, 1, 60].into(), 24);
    });
    let mut client = logged_in(&standin);
    let told = client.get("/nodes/pve1/lxc/101/interfaces").data();
    let found = told
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["inet"] == "192.168.1.60/24");
    assert!(found.is_some(), "{told}");
    let config = "/nodes/pve1/lxc/101/config";
    assert_eq!(
        client
            .put(config, &[("net1", "name=ww1,bridge=vmbr0,ip=10.99.7.3/24")])
            .status,
        200
    );
    assert_eq!(client.put(config, &[("delete", "net1")]).status, 200);
    assert_eq!(standin.guest_config_text(101).unwrap(), CONTAINER);
    let refused = client.put(config, &[("features", "nesting=1")]);
    assert_eq!(
        (refused.status, refused.reason.as_str()),
        (403, "only root can set 'features' config")
    );
}

#[test]
fn notes_and_names_come_back_as_they_were_written() {
    let (standin, mut client) = running_vm();
    let notes = "<b>bold</b> & [link](x)\nsecond\n";
    standin.change(|cluster| {
        cluster.describe_guest(100, notes);
        cluster.set_guest_key(100, "name", Some("<script>"));
    });
    let config = client.get(CONFIG).data();
    assert_eq!(
        (&config["description"], &config["name"]),
        (&json!(notes), &json!("<script>"))
    );
}

#[test]
fn the_agent_says_why_it_does_not_answer() {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| cluster.add_guest(100, Kind::Qemu, NODE, VM));
    let mut client = logged_in(&standin);
    let ping = "/nodes/pve1/qemu/100/agent/ping";
    assert_eq!(client.post(ping, &[]).reason, "VM 100 is not running");
    standin.change(|cluster| cluster.run_guest(100).unwrap());
    assert_eq!(client.post(ping, &[]).reason, "QEMU guest agent is not running");
    standin.change(|cluster| cluster.set_guest_key(100, "agent", None));
    assert_eq!(client.post(ping, &[]).reason, "No QEMU guest agent configured");
}

#[test]
fn five_hundred_guests_are_listed_in_one_call() {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| (1000..1500).for_each(|vmid| cluster.add_guest(vmid, Kind::Qemu, NODE, VM)));
    let mut client = logged_in(&standin);
    assert_eq!(
        client
            .get("/cluster/resources?type=vm")
            .data()
            .as_array()
            .unwrap()
            .len(),
        500
    );
    assert_eq!(standin.calls(), 1);
}

fn running_vm() -> (Standin, Client) {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| {
        cluster.add_guest(100, Kind::Qemu, NODE, VM);
        cluster.run_guest(100).unwrap();
    });
    let client = logged_in(&standin);
    (standin, client)
}
