//! The typed calls on the session that was recorded: the same requests, and the answers are understood.

use super::{
    calls::{V9, checked, guest, net},
    recorded::{Recording, all, named},
    schema::assert_allowed,
};
use wirewarp_model::Secret;

use crate::{
    Login, Problem, SignIn,
    guests::{GuestKind, GuestRef},
    names::NodeName,
    nic::{CtAddress, Nic},
    tasks::TaskState,
};

#[tokio::test]
async fn the_recorded_session_is_what_the_calls_send_and_read() {
    let Some(all) = all() else { return };
    let get = |label: &str| named(&all, label);
    let pve1: NodeName = "pve1".parse().unwrap();
    let (vm, ct) = (
        guest("pve1", GuestKind::Vm, 100),
        guest("pve1", GuestKind::Ct, 101),
    );

    let version = checked(&get("get /version"), async |api| api.version().await)
        .await
        .unwrap();
    assert_eq!(version, V9);
    let rights = checked(&get("get /access/permissions"), async |api| api.rights().await).await;
    assert_eq!(rights.unwrap().missing(version), []);
    let nodes = checked(&get("get /nodes"), async |api| api.nodes().await)
        .await
        .unwrap();
    assert!(nodes[0].online && nodes[0].fingerprint.is_some());

    let network = checked(&get("get node/network"), async |api| {
        api.node_network(&pve1).await
    })
    .await
    .unwrap();
    assert!(network.changes.is_none() && network.interfaces["vmbr0"].active);
    let hidden = get("network list privsep token no acl");
    let hidden = checked(&hidden, async |api| api.node_network(&pve1).await)
        .await
        .unwrap();
    assert!(
        !hidden.interfaces.contains_key("vmbr0"),
        "bridges vanish without rights"
    );
    let staged = get("network list with changes");
    let staged = checked(&staged, async |api| api.node_network(&pve1).await)
        .await
        .unwrap();
    assert!(staged.changes.unwrap().contains("+auto vmbr1\n"));
    assert!(!staged.interfaces["vmbr1"].active);
    checked(&get("network revert"), async |api| {
        api.revert_network(&pve1).await
    })
    .await
    .unwrap();
    let task = checked(&get("network apply"), async |api| api.apply_network(&pve1).await)
        .await
        .unwrap();
    let state = get("task status running or done");
    let state = checked(&state, async |api| api.task_state(&task).await)
        .await
        .unwrap();
    assert_eq!(state, TaskState::Running);
    let state = checked(&get("task status done"), async |api| api.task_state(&task).await)
        .await
        .unwrap();
    assert_eq!(state, TaskState::Done);
    let log = checked(&get("task log"), async |api| api.task_log(&task, 0).await)
        .await
        .unwrap();
    assert_eq!(log[0].text, "TASK OK");

    let config = get("get node/qemu/100/config");
    let config = checked(&config, async |api| api.guest_config(&vm).await)
        .await
        .unwrap();
    assert!(config.nics(GuestKind::Vm).unwrap()[&net(0)].has_firewall());
    let config = checked(&get("ct config after"), async |api| api.guest_config(&ct).await)
        .await
        .unwrap();
    assert_eq!(
        config.nics(GuestKind::Ct).unwrap()[&net(1)].interface(),
        Some("wg1")
    );
    let pending = get("vm pending after failed hotplug");
    let pending = checked(&pending, async |api| api.pending(&vm).await)
        .await
        .unwrap();
    assert_eq!(
        pending.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(),
        ["net2"]
    );
    checked(&get("vm revert pending"), async |api| {
        api.revert_pending(&vm, &["net2"]).await
    })
    .await
    .unwrap();
    recorded_nics(&all, &vm, &ct).await;
    recorded_agent(&all, &vm).await;
}

#[tokio::test]
async fn the_recorded_sign_ins_are_what_is_sent_and_read() {
    let Some(all) = all() else { return };
    let begin = async |label: &str, user: &str, password: &str| {
        let recording = named(&all, label);
        let stub = recording.stub().await;
        let login = Login {
            user: user.parse().unwrap(),
            password: Secret::new(password.into()),
        };
        let outcome = SignIn::begin(&stub.server(), &login).await;
        recording.assert_asked(&stub.last());
        assert_allowed(&stub.last());
        outcome
    };
    let done = begin("login root", "root@pam", "Proxmox-Test-1").await;
    assert!(matches!(done, Ok(SignIn::Done(_))));
    let refused = begin("login wrong password", "root@pam", "nope")
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "proxmox_login_refused");
    assert!(
        refused.to_string().ends_with("authentication failure"),
        "{refused}"
    );
    let SignIn::SecondFactor(challenge) = begin("login tfa challenge", "tfa@pve", "Tfa-Test-1")
        .await
        .unwrap()
    else {
        panic!("a second factor is wanted");
    };
    assert_eq!(challenge.kinds(), ["totp"]);
}

async fn recorded_nics(all: &[Recording], vm: &GuestRef, ct: &GuestRef) {
    let get = |label: &str| named(all, label);
    let parsed = |text: &str| Nic::parse(GuestKind::Vm, text).unwrap();
    let hotplug = parsed("virtio,bridge=vmbr1,firewall=0");
    let hotplugged = get("vm hotplug nic");
    checked(&hotplugged, async |api| {
        api.set_nic(vm, net(1), &hotplug, None).await
    })
    .await
    .unwrap();
    let missing = parsed("virtio,bridge=vmbr99");
    let refused = get("vm nic missing bridge running");
    let error = checked(&refused, async |api| {
        api.set_nic(vm, net(2), &missing, None).await
    })
    .await;
    assert_eq!(error.unwrap_err().code(), "proxmox_hotplug_failed");
    let (stale, digest) = (parsed("virtio,bridge=vmbr1"), "0".repeat(40).parse().unwrap());
    let refused = get("vm stale digest");
    let error = checked(&refused, async |api| {
        api.set_nic(vm, net(2), &stale, Some(&digest)).await
    })
    .await;
    assert_eq!(*error.unwrap_err().problem(), Problem::ChangedMeanwhile);
    checked(&get("vm nic delete"), async |api| {
        api.delete_nic(vm, net(1), None).await
    })
    .await
    .unwrap();
    let address = CtAddress::Fixed {
        address: "10.77.0.9/24".parse().unwrap(),
        gateway: "10.77.0.1".parse().ok(),
    };
    let nic = Nic::new_ct("wg1", &"vmbr1".parse().unwrap(), None, address).unwrap();
    checked(&get("ct nic add"), async |api| {
        api.set_nic(ct, net(1), &nic, None).await
    })
    .await
    .unwrap();
    let regenerate = get("vm cloudinit regenerate");
    checked(&regenerate, async |api| api.regenerate_cloudinit(vm).await)
        .await
        .unwrap();
    let gone = guest("pve1", GuestKind::Vm, 999);
    let error = checked(&get("vm missing"), async |api| api.guest_config(&gone).await).await;
    assert_eq!(*error.unwrap_err().problem(), Problem::GuestMissing);
}

async fn recorded_agent(all: &[Recording], vm: &GuestRef) {
    let get = |label: &str| named(all, label);
    checked(&get("agent ping"), async |api| api.agent_ping(vm).await)
        .await
        .unwrap();
    let os = checked(&get("agent osinfo"), async |api| api.agent_os(vm).await)
        .await
        .unwrap();
    assert_eq!(os.id, "debian");
    let interfaces = get("agent ifaces after");
    let interfaces = checked(&interfaces, async |api| api.agent_interfaces(vm).await)
        .await
        .unwrap();
    let found = interfaces
        .iter()
        .find(|one| one.mac == "BC:24:11:24:31:D1".parse().ok())
        .unwrap();
    assert_eq!(found.addresses[0], ("10.77.0.5".parse().unwrap(), 24));
}
