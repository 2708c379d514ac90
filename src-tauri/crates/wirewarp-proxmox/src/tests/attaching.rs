//! What the calls of an attach and a detach send.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    calls::guest,
    schema::assert_allowed,
    stub::{Reply, Stub},
};
use crate::{
    attach::{Call, Configure},
    guests::GuestKind,
    network::NewBridge,
    params::params,
};

const UPID: &str = "UPID:attic:000000F5:00039787:6B02CEE5:srvreload:networking:app@pve!full:";

fn configure() -> Call {
    Call::Configure(Configure {
        set: BTreeMap::from([
            ("ipconfig1".into(), "ip=dhcp".into()),
            ("net1".into(), "virtio=BC:24:11:AA:00:01,bridge=wwbr0".into()),
        ]),
        delete: BTreeSet::from(["ipconfig2".into(), "net2".into()]),
        digest: "a23fa72ab0773d4a93e5d9a508cd59ae73a96757".parse().unwrap(),
    })
}

fn create() -> Call {
    Call::CreateBridge(NewBridge {
        name: "wwbr0".parse().unwrap(),
        address: "10.99.1.1/24".parse().unwrap(),
        comment: "made by WireWarp".into(),
    })
}

#[tokio::test]
async fn each_call_is_one_request_that_proxmox_takes() {
    let stub = Stub::start(|seen| {
        let applies = seen.method == "PUT" && seen.path.ends_with("/network");
        let data = if applies {
            format!("\"{UPID}\"")
        } else {
            "null".into()
        };
        Reply::Answer(200, "OK".into(), format!("{{\"data\":{data}}}"))
    })
    .await;
    let (vm, network) = (guest("attic", GuestKind::Vm, 204), "/nodes/attic/network");
    let config = "/nodes/attic/qemu/204/config";
    let waiting = BTreeSet::from(["ipconfig1".into(), "net1".into()]);
    for (call, method, path, task) in [
        (create(), "POST", network, false),
        (Call::ApplyNetwork, "PUT", network, true),
        (Call::RevertNetwork, "DELETE", network, false),
        (
            Call::DeleteBridge("wwbr0".parse().unwrap()),
            "DELETE",
            "/nodes/attic/network/wwbr0",
            false,
        ),
        (Call::RevertPending(waiting), "PUT", config, false),
        (configure(), "PUT", config, false),
        (
            Call::RegenerateCloudInit,
            "PUT",
            "/nodes/attic/qemu/204/cloudinit",
            false,
        ),
    ] {
        let before = stub.seen().len();
        let follow = stub.api().make(&vm, &call).await.unwrap();
        assert_eq!(stub.seen().len(), before + 1, "{call:?}");
        let seen = stub.last();
        assert_eq!(
            (seen.method.as_str(), seen.path.as_str()),
            (method, &*format!("/api2/json{path}"))
        );
        assert_eq!(follow.is_some(), task, "{call:?}");
        assert_allowed(&seen);
    }
}

#[tokio::test]
async fn a_change_goes_wholly_and_with_its_digest() {
    let stub = Stub::saying(200, "OK", r#"{"data":null}"#).await;
    let container = guest("attic", GuestKind::Ct, 205);
    stub.api().make(&container, &configure()).await.unwrap();
    let seen = stub.last();
    assert_eq!(seen.path, "/api2/json/nodes/attic/lxc/205/config");
    assert_eq!(
        seen.params,
        params(&[
            ("ipconfig1", "ip=dhcp"),
            ("net1", "virtio=BC:24:11:AA:00:01,bridge=wwbr0"),
            ("delete", "ipconfig2,net2"),
            ("digest", "a23fa72ab0773d4a93e5d9a508cd59ae73a96757"),
        ])
    );
}
