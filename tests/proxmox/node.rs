//! A node's network and its tasks.

use std::time::Duration;

use wirewarp_tests::proxmox::{INTERFACES, NODE, Reach, Standin, TaskFault, Version};

use crate::logged_in;

const BRIDGE: &[(&str, &str)] = &[
    ("type", "bridge"),
    ("iface", "vmbr7"),
    ("cidr", "10.99.7.1/24"),
    ("autostart", "1"),
];

#[test]
fn a_bridge_made_and_taken_away_again_leaves_the_file_as_it_was() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    let network = format!("/nodes/{NODE}/network");
    assert_eq!(client.post(&network, BRIDGE).status, 200);
    assert_eq!(standin.interfaces_text(NODE).unwrap(), INTERFACES, "only staged");
    let listed = client.get(&network).json();
    assert!(
        listed["changes"]
            .as_str()
            .unwrap()
            .contains("+iface vmbr7 inet static\n+\taddress 10.99.7.1/24\n")
    );
    assert_eq!(
        follow(&standin, &client.put(&network, &[]).data(), &mut client),
        "OK"
    );
    let made = client.get(&format!("{network}/vmbr7")).data();
    assert_eq!(
        (&made["active"], &made["cidr"]),
        (&1.into(), &"10.99.7.1/24".into())
    );
    assert!(client.get(&network).json().get("changes").is_none());
    assert_eq!(client.delete(&format!("{network}/vmbr7")).status, 200);
    assert_eq!(
        follow(&standin, &client.put(&network, &[]).data(), &mut client),
        "OK"
    );
    assert_eq!(standin.interfaces_text(NODE).unwrap(), INTERFACES);
    assert_eq!(standin.staged_text(NODE), None);
}

#[test]
fn edits_of_somebody_else_are_in_the_difference_and_thrown_away_with_ours() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    let theirs = INTERFACES.replace("192.168.1.10/24", "192.168.1.11/24");
    standin.change(|cluster| cluster.stage_interfaces(NODE, &theirs));
    let network = format!("/nodes/{NODE}/network");
    client.post(&network, BRIDGE);
    let changes = client.get(&network).json()["changes"].clone();
    assert!(
        changes.as_str().unwrap().contains("+\taddress 192.168.1.11/24"),
        "{changes}"
    );
    assert_eq!(client.delete(&network).status, 200);
    assert_eq!(standin.staged_text(NODE), None);
}

#[test]
fn a_failed_apply_leaves_the_new_file_and_no_bridge() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    let network = format!("/nodes/{NODE}/network");
    standin.change(|cluster| cluster.spoil_task("srvreload", TaskFault::Fails("ifreload failed".to_owned())));
    client.post(&network, BRIDGE);
    assert_eq!(
        follow(&standin, &client.put(&network, &[]).data(), &mut client),
        "ifreload failed"
    );
    assert!(
        client
            .get(&format!("{network}/vmbr7"))
            .data()
            .get("active")
            .is_none()
    );
    assert!(standin.interfaces_text(NODE).unwrap().contains("vmbr7"));
}

#[test]
fn a_task_that_never_ends_stays_running_until_the_node_reboots() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    standin.change(|cluster| cluster.spoil_task("srvreload", TaskFault::NeverEnds));
    let task = client.put(&format!("/nodes/{NODE}/network"), &[]).data();
    let status = format!("/nodes/{NODE}/tasks/{}/status", task.as_str().unwrap());
    standin.change(|cluster| cluster.advance(Duration::from_secs(3600)));
    assert_eq!(client.get(&status).data()["status"], "running");
    standin.change(|cluster| cluster.reboot_node(NODE).unwrap());
    assert_eq!(client.get(&status).data()["exitstatus"], "unexpected status");
}

#[test]
fn what_was_staged_is_in_force_after_a_reboot() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    client.post(&format!("/nodes/{NODE}/network"), BRIDGE);
    standin.change(|cluster| cluster.reboot_node(NODE).unwrap());
    assert_eq!(
        client.get(&format!("/nodes/{NODE}/network/vmbr7")).data()["active"],
        1
    );
}

#[test]
fn a_node_that_cannot_be_asked_is_known_and_answered_for_with_595_or_596() {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| {
        cluster.name_cluster("home");
        cluster.add_node("pve2", "192.168.1.11", INTERFACES);
        cluster.set_reach("pve2", Reach::Down);
    });
    let mut client = logged_in(&standin);
    let down = client.get("/nodes/pve2/qemu");
    assert_eq!((down.status, down.body.as_str()), (595, ""));
    let nodes = client.get("/nodes").data();
    let states: Vec<_> = nodes
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["status"].clone())
        .collect();
    assert_eq!(states, ["online", "offline"]);
    standin.change(|cluster| cluster.set_reach("pve2", Reach::BadCertificate));
    assert_eq!(client.get("/nodes/pve2/qemu").status, 596);
    assert_eq!(client.get("/cluster/status").data()[0]["name"], "home");
}

/// Lets the task end and gives its exit status.
fn follow(standin: &Standin, upid: &serde_json::Value, client: &mut crate::client::Client) -> String {
    standin.change(|cluster| cluster.advance(Duration::from_secs(1)));
    let status = client
        .get(&format!("/nodes/{NODE}/tasks/{}/status", upid.as_str().unwrap()))
        .data();
    assert_eq!(status["status"], "stopped");
    status["exitstatus"].as_str().unwrap().to_owned()
}
