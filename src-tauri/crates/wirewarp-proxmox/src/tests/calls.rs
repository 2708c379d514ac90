//! Each call: what it sends, and what it makes of the answer. Against the project's own fixtures always, against the
//! recordings where there are any; what is sent is checked with the schema.

use std::time::Duration;

use super::{
    recorded::{Recording, fixtures, named},
    schema::assert_allowed,
    stub::{Reply, Stub, decoded},
};
use crate::{
    Api, ProxmoxError,
    cloudinit::CloudAddress,
    guests::{GuestKind, GuestRef, GuestState},
    names::{NodeName, Upid},
    network::NewBridge,
    nic::{Nic, NicIndex},
    nodes::Version,
    tasks::TaskState,
};

pub const V9: Version = Version {
    major: 9,
    minor: 2,
    patch: 11,
};

/// What `call` makes of the fixture named `label`, after what it sent has been compared with it.
async fn read<T>(label: &str, call: impl AsyncFnOnce(Api) -> Result<T, ProxmoxError>) -> T {
    let fixture = named(&fixtures(), label);
    checked(&fixture, call).await.unwrap()
}

pub async fn checked<T>(
    recording: &Recording,
    call: impl AsyncFnOnce(Api) -> Result<T, ProxmoxError>,
) -> Result<T, ProxmoxError> {
    let stub = recording.stub().await;
    let outcome = call(stub.api()).await;
    recording.assert_asked(&stub.last());
    assert_allowed(&stub.last());
    outcome
}

fn attic() -> NodeName {
    "attic".parse().unwrap()
}

fn vm() -> GuestRef {
    guest("attic", GuestKind::Vm, 204)
}

pub fn guest(node: &str, kind: GuestKind, vmid: u32) -> GuestRef {
    GuestRef {
        node: node.parse().unwrap(),
        kind,
        vmid: vmid.try_into().unwrap(),
    }
}

pub fn net(number: u8) -> NicIndex {
    NicIndex::new(number).unwrap()
}

fn bridge(address: &str) -> NewBridge {
    NewBridge {
        name: "wwbr0".parse().unwrap(),
        address: address.parse().unwrap(),
        comment: "WireWarp".into(),
    }
}

#[tokio::test]
async fn version_and_nodes() {
    let version = read("version", async |api| api.version().await).await;
    assert_eq!((version.major, version.minor, version.patch), (8, 4, 5));
    let nodes = read("nodes", async |api| api.nodes().await).await;
    let told: Vec<_> = nodes
        .iter()
        .map(|node| (node.name.as_str(), node.online))
        .collect();
    assert_eq!(told, [("attic", true), ("cellar", false)]);
    assert!(nodes[0].fingerprint.is_some() && nodes[1].fingerprint.is_none());
}

#[tokio::test]
async fn rights_at_a_path_and_below_the_top() {
    let rights = read("rights", async |api| api.rights().await).await;
    assert!(rights.has("/nodes/attic", "Sys.Audit"));
    assert!(rights.has("/vms", "VM.Config.Network"));
    assert!(rights.has("/vms/204", "VM.Audit") && !rights.has("/vms/204", "VM.Config.Network"));
    assert!(!rights.has("/vms/204", "Sys.Audit"));
}

#[tokio::test]
async fn a_token_is_made_with_a_role_that_has_what_is_needed() {
    let all = fixtures();
    let served = all.clone();
    let stub = Stub::start(move |seen| {
        let one = served
            .iter()
            .find(|one| one.request.method == seen.method && decoded(&one.request.path) == seen.path);
        let one = one.expect("it is one of the fixtures");
        Reply::Answer(one.status, one.reason.clone(), one.text())
    })
    .await;
    let owner = "root@pam".parse().unwrap();
    let token = stub.api().make_token(V9, &owner, "wirewarp").await.unwrap();
    assert_eq!(token.to_string(), "root@pam!wirewarp");
    assert_eq!(token.secret.expose(), "11111111-2222-4333-8444-555555555555");
    for (label, seen) in ["role", "token", "grant"].iter().zip(stub.seen()) {
        let fixture = all.iter().find(|fixture| fixture.label == *label).unwrap();
        fixture.assert_asked(&seen);
        assert_allowed(&seen);
    }
}

#[tokio::test]
async fn a_role_that_is_there_is_no_error() {
    let message = r#"{"data":null,"message":"create role failed: role 'WireWarp' already exists\n"}"#;
    let stub = Stub::saying(500, "x", message).await;
    stub.api().make_role(V9).await.unwrap();
}

#[tokio::test]
async fn guests_of_all_nodes_in_one_call() {
    let guests = read("guests", async |api| api.guests().await).await;
    let told: Vec<_> = guests
        .iter()
        .map(|guest| {
            (
                guest.guest.vmid.get(),
                guest.guest.node.as_str(),
                guest.state,
                guest.template,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (204, "attic", GuestState::Running, false),
            (310, "cellar", GuestState::Unknown, false),
            (900, "attic", GuestState::Stopped, true),
        ]
    );
    assert_eq!(guests[0].lock.as_deref(), Some("backup"));
}

#[tokio::test]
async fn how_a_guest_stands() {
    let status = read("vm status", async |api| api.guest_status(&vm()).await).await;
    assert_eq!(
        (status.state, status.agent, status.uptime),
        (GuestState::Running, true, 77)
    );
    assert_eq!(status.lock.as_deref(), Some("backup"));
    let ct = guest("attic", GuestKind::Ct, 310);
    let status = read("ct status", async |api| api.guest_status(&ct).await).await;
    assert_eq!((status.state, status.agent), (GuestState::Stopped, false));
}

#[tokio::test]
async fn the_network_of_a_node_with_what_is_staged() {
    let network = read("network", async |api| api.node_network(&attic()).await).await;
    let bridge = &network.interfaces["vmbr0"];
    assert!(bridge.active && bridge.autostart && bridge.kind == "bridge");
    assert_eq!(bridge.cidr, "192.168.1.10/24".parse().ok());
    assert_eq!(bridge.bridge_ports.as_deref(), Some("enp3s0"));
    assert_eq!(bridge.others["gateway"], "192.168.1.1");
    assert_eq!(network.interfaces["wg0"].kind, "future-kind");
    assert!(network.changes.unwrap().contains("+auto vmbr7\n"));
}

#[tokio::test]
async fn a_bridge_is_staged_changed_taken_away_reverted_and_applied() {
    let first = bridge("10.99.5.1/24");
    read("create bridge", async |api| {
        api.create_bridge(&attic(), &first).await
    })
    .await;
    let second = bridge("10.99.6.1/24");
    read("update bridge", async |api| {
        api.update_bridge(&attic(), &second).await
    })
    .await;
    read("delete bridge", async |api| {
        api.delete_bridge(&attic(), &first.name).await
    })
    .await;
    read("revert network", async |api| api.revert_network(&attic()).await).await;
    let task = read("apply network", async |api| api.apply_network(&attic()).await).await;
    assert_eq!((task.node(), task.kind().as_str()), ("attic", "srvreload"));
}

#[tokio::test]
async fn a_task_and_its_log() {
    let text = "UPID:attic:0001A2B3:00C0FFEE:6B1D0001:srvreload:networking:me@pve!ww:";
    let task: Upid = text.parse().unwrap();
    let state = read("task state", async |api| api.task_state(&task).await).await;
    assert_eq!(state, TaskState::Done);
    let log = read("task log", async |api| api.task_log(&task, 1).await).await;
    let told: Vec<_> = log.iter().map(|line| (line.number, line.text.as_str())).collect();
    assert_eq!(told, [(2, "\\u{1b}[31mred\\u{1b}[0m"), (3, "TASK OK")]);
}

#[tokio::test]
async fn the_configuration_of_guests_and_what_is_pending() {
    let config = read("vm config", async |api| api.guest_config(&vm()).await).await;
    let nics = config.nics(GuestKind::Vm).unwrap();
    assert_eq!(nics.keys().map(|index| index.get()).collect::<Vec<_>>(), [0, 3]);
    assert_eq!(nics[&net(0)].tag(), Some(12));
    assert_eq!(NicIndex::first_free(nics.into_keys()), NicIndex::new(1));
    assert_eq!(
        (config.os_type(), config.values["cores"].as_str()),
        (Some("win11"), "4")
    );
    let ct = guest("attic", GuestKind::Ct, 310);
    let config = read("ct config", async |api| api.guest_config(&ct).await).await;
    assert_eq!(
        config.nics(GuestKind::Ct).unwrap()[&net(0)].interface(),
        Some("eth0")
    );
    let pending = read("pending", async |api| api.pending(&vm()).await).await;
    let told: Vec<_> = pending
        .iter()
        .map(|one| (one.key.as_str(), one.pending.is_some()))
        .collect();
    assert_eq!(told, [("net1", true), ("net3", false)]);
}

#[tokio::test]
async fn nics_and_addresses_are_set_and_taken_back() {
    let digest = "0123456789abcdef0123456789abcdef01234567".parse().unwrap();
    let nic = Nic::new_vm(&bridge("10.99.5.1/24").name, "BC:24:11:AA:BB:D0".parse().ok());
    read("set nic", async |api| {
        api.set_nic(&vm(), net(1), &nic, Some(&digest)).await
    })
    .await;
    let ct = guest("attic", GuestKind::Ct, 310);
    read("delete nic", async |api| api.delete_nic(&ct, net(1), None).await).await;
    read("revert pending", async |api| {
        api.revert_pending(&vm(), &["net1", "net3"]).await
    })
    .await;
    let address = CloudAddress::Fixed {
        address: "10.99.5.2/24".parse().unwrap(),
        gateway: "10.99.5.1".parse().ok(),
    };
    read("cloud address", async |api| {
        api.set_cloud_address(&vm(), net(1), address, None).await
    })
    .await;
    read("restore cloud address", async |api| {
        api.restore_cloud_address(&vm(), net(1), None).await
    })
    .await;
    read("regenerate", async |api| api.regenerate_cloudinit(&vm()).await).await;
}

#[tokio::test]
async fn the_agent_tells_what_it_is_and_where() {
    read("agent ping", async |api| api.agent_ping(&vm()).await).await;
    let os = read("agent os", async |api| api.agent_os(&vm()).await).await;
    assert_eq!(
        (os.id.as_str(), os.pretty.as_str()),
        ("mswindows", "Windows 11 Pro")
    );
    let interfaces = read("agent interfaces", async |api| api.agent_interfaces(&vm()).await).await;
    assert_eq!(interfaces[0].mac, None);
    assert_eq!(interfaces[1].mac, "BC:24:11:AA:BB:CC".parse().ok());
    assert_eq!(interfaces[1].addresses.len(), 2, "{:?}", interfaces[1].addresses);
    assert!(!interfaces[1].name.contains('\u{202e}'));
}

#[tokio::test]
async fn a_containers_addresses_are_read_as_8_and_as_9_tell_them() {
    let ct = guest("attic", GuestKind::Ct, 310);
    let told = read("container interfaces", async |api| {
        api.container_interfaces(&ct).await
    })
    .await;
    assert_eq!(told[0].mac, None);
    assert_eq!(told[1].addresses[0], ("192.168.1.45".parse().unwrap(), 24));
    assert_eq!(told[1].addresses.len(), 2);
    assert_eq!(told[2].addresses, [("10.99.5.3".parse().unwrap(), 24)]);
    assert_eq!(told[2].mac, "BC:24:11:AA:BB:CF".parse().ok());
}

#[tokio::test]
async fn a_command_in_a_guest_is_started_once_and_its_end_is_read_once() {
    let (exec, status) = (
        named(&fixtures(), "agent exec"),
        named(&fixtures(), "agent status"),
    );
    let texts = (exec.text(), status.text());
    let mut looks = 0;
    let stub = Stub::start(move |seen| {
        looks += u32::from(seen.method == "GET");
        let body = match (seen.method.as_str(), looks) {
            ("GET", 1) => r#"{"data":{"exited":0}}"#.to_owned(),
            ("GET", _) => texts.1.clone(),
            _ => texts.0.clone(),
        };
        Reply::Answer(200, "OK".into(), body)
    })
    .await;
    let command = ["ip", "-4", "addr"];
    let done = stub
        .api()
        .agent_exec(&vm(), &command, "", Duration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(
        (done.code, done.out.as_str(), done.err.as_str()),
        (Some(3), "out\n", "err\n")
    );
    let seen = stub.seen();
    assert_eq!(seen.len(), 3);
    exec.assert_asked(&seen[0]);
    status.assert_asked(&seen[2]);
    seen.iter().for_each(assert_allowed);
}

#[tokio::test]
async fn the_end_of_a_command_is_not_asked_again_when_the_answer_is_lost() {
    let stub = Stub::start(|seen| match seen.method.as_str() {
        "POST" => Reply::Answer(200, "OK".into(), r#"{"data":{"pid":1}}"#.into()),
        _ => Reply::Answer(595, "Connection refused".into(), String::new()),
    })
    .await;
    let limit = Duration::from_secs(5);
    let error = stub
        .api()
        .agent_exec(&vm(), &["true"], "", limit)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "proxmox_node_unreachable");
    assert_eq!(stub.seen().len(), 2);
}
