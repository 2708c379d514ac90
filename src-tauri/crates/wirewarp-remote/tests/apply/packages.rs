//! Keys, paths, and refusals of packages; installing needs a whole machine.

use std::{net::Ipv4Addr, os::unix::fs::PermissionsExt as _, time::Duration};
use wirewarp_model::IfName;
use wirewarp_remote::{
    apply::{self, ApplyError, Preparation},
    path::PathMtu,
};

use crate::host::Host;

fn preparation(keys: &[u8]) -> Preparation {
    Preparation {
        manager: None,
        packages: vec![],
        keys: keys.iter().map(|index| IfName::tunnel(*index)).collect(),
        paths: vec![],
        patience: Duration::from_secs(5),
    }
}

#[tokio::test]
async fn a_key_is_made_once_and_only_its_public_half_is_told() {
    let host = Host::new();
    let first = apply::prepare(&host.runner, &preparation(&[0, 1]), &mut |_| ())
        .await
        .unwrap();
    assert_eq!(first.keys.len(), 2);
    let again = apply::prepare(&host.runner, &preparation(&[0]), &mut |_| ())
        .await
        .unwrap();
    assert_eq!(again.keys[&IfName::tunnel(0)], first.keys[&IfName::tunnel(0)]);
    let key = host.etc("ww0.key");
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let private = std::fs::read_to_string(&key).unwrap();
    let everything = host.sh("cat \"$WIREWARP_RUN\"/op-*/*").await.unwrap();
    assert!(!everything.contains(private.trim()), "a private key is in a log");
}

#[tokio::test]
async fn a_renewed_key_has_a_file_of_its_own() {
    let host = Host::new();
    let old = apply::prepare(&host.runner, &preparation(&[0]), &mut |_| ())
        .await
        .unwrap();
    let renewed: IfName = "ww0.1".parse().unwrap();
    let mut wanted = preparation(&[]);
    wanted.keys = vec![renewed.clone()];
    let new = apply::prepare(&host.runner, &wanted, &mut |_| ()).await.unwrap();
    assert_ne!(new.keys[&renewed], old.keys[&IfName::tunnel(0)]);
    assert!(host.etc("ww0.key").exists() && host.etc("ww0.1.key").exists());
}

#[tokio::test]
async fn a_key_of_another_name_is_refused() {
    let host = Host::new();
    for name in ["eth0", "wwbr0", "ww0.x", "ww.1"] {
        let mut wanted = preparation(&[]);
        wanted.keys = vec![name.parse().unwrap()];
        let error = apply::prepare(&host.runner, &wanted, &mut |_| ())
            .await
            .unwrap_err();
        assert!(matches!(error, ApplyError::BadRequest(_)), "{error}");
    }
}

#[tokio::test]
async fn packages_need_a_package_manager() {
    let host = Host::new();
    let mut wanted = preparation(&[]);
    wanted.packages = vec!["nftables".into()];
    let error = apply::prepare(&host.runner, &wanted, &mut |_| ())
        .await
        .unwrap_err();
    assert!(matches!(error, ApplyError::BadRequest(_)), "{error}");
}

#[tokio::test]
async fn paths_are_measured_on_the_way_and_keep_nothing_from_being_done() {
    let host = Host::new();
    let mut wanted = preparation(&[0]);
    // The second is that of everybody on the loopback, which ping(8) does not ask without its option -b.
    let (here, nowhere) = (Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 255, 255, 255));
    wanted.paths = vec![here, nowhere];
    let mut steps = vec![];
    let mut note = |event: apply::StepEvent| steps.push((event.step.as_str(), event.state));
    let prepared = apply::prepare(&host.runner, &wanted, &mut note).await.unwrap();
    assert_eq!(prepared.keys.len(), 1);
    assert_eq!(prepared.paths[&here], PathMtu::Carries(1480));
    assert_eq!(prepared.paths[&nowhere], PathMtu::NoAnswer);
    assert_eq!(steps.last(), Some(&("path", apply::StepState::Ok)));
}
