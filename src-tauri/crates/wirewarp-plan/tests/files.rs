//! Every rendered file, and nft's own opinion of the rules.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod support;

use std::{collections::BTreeSet, fmt::Write as _, fs, process::Command};
use support::{HOME_HOST, VPS_HOST, full, with_attic, with_vps};
use wirewarp_model::{HostId, Inventory, PeerState, bundle::Bundle};
use wirewarp_plan::render::{Context, bundle};

/// Everything, with its only peer at home out of force.
fn suspended() -> Inventory {
    let mut inventory = full();
    for peer in inventory.peers.iter_mut().filter(|peer| peer.host.is_some()) {
        peer.state = PeerState::Suspended;
    }
    inventory
}

fn rendered(inventory: &Inventory, host: HostId) -> Bundle {
    let context = Context {
        inventory,
        host,
        generation: 3,
        program: "0.1.0",
        sshd_ports: &[22],
    };
    bundle(&context).unwrap()
}

/// All files below one another; the fixed part of `load` and the units are shown once, by their own tests, and the
/// manifest's long line is broken.
fn shown(bundle: &Bundle) -> String {
    let mut text = String::new();
    for (path, file) in bundle
        .files
        .iter()
        .filter(|(path, _)| !path.starts_with("units/"))
    {
        let body = match path.as_str() {
            "load" => file.text.split_inclusive("\n'\n").next().unwrap().to_owned(),
            "manifest.json" => {
                let read: serde_json::Value = serde_json::from_str(&file.text).unwrap();
                serde_json::to_string_pretty(&read).unwrap() + "\n"
            }
            _ => file.text.clone(),
        };
        let _ = write!(text, "=== {path} {:o}\n{body}", file.mode);
    }
    text
}

#[test]
fn a_vps_without_peers() {
    insta::assert_snapshot!(shown(&rendered(&with_vps(), VPS_HOST)));
}

#[test]
fn a_vps_with_a_forward_of_every_shape() {
    insta::assert_snapshot!(shown(&rendered(&full(), VPS_HOST)));
}

#[test]
fn a_home_with_a_forward_of_every_shape() {
    insta::assert_snapshot!(shown(&rendered(&full(), HOME_HOST)));
}

#[test]
fn a_home_with_nothing_forwarded() {
    insta::assert_snapshot!(shown(&rendered(&with_attic(), HOME_HOST)));
}

/// The tunnel is down; what VMs hang on is there, and has no way out.
#[test]
fn a_home_whose_peer_is_suspended() {
    insta::assert_snapshot!(shown(&rendered(&suspended(), HOME_HOST)));
}

#[test]
fn a_suspended_peer_keeps_the_bridge_and_the_bars_of_its_vms() {
    let network = |inventory: &Inventory| {
        let load = rendered(inventory, HOME_HOST).files["load"].text.clone();
        let all = load
            .split("NETWORK='\n")
            .nth(1)
            .unwrap()
            .split("\n'\n")
            .next()
            .unwrap();
        let lines: BTreeSet<String> = all.lines().map(str::to_owned).collect();
        lines
    };
    let (up, down) = (network(&with_attic()), network(&suspended()));
    assert!(down.is_subset(&up));
    for kept in [
        "bridge wwbr0",
        "address wwbr0 10.99.2.1/24",
        "route 7701 unreachable default metric 4278198272",
        "rule 7751 from 10.99.2.0/24 lookup 7701",
    ] {
        assert!(down.contains(kept), "{kept} is not in {down:?}");
    }
    assert!(!down.iter().any(|line| line.contains("ww0")), "{down:?}");
}

#[test]
fn units_read_well() {
    let bundle = rendered(&with_vps(), VPS_HOST);
    let units = bundle.files.iter().filter(|(path, _)| path.starts_with("units/"));
    insta::assert_snapshot!(
        units
            .map(|(path, file)| format!("=== {path}\n{}", file.text))
            .collect::<Vec<_>>()
            .concat()
    );
}

#[test]
fn nft_takes_the_rules_twice_in_one_namespace() {
    for inventory in [with_vps(), with_attic(), full(), suspended()] {
        for host in inventory.hosts.iter().map(|host| host.id) {
            let bundle = rendered(&inventory, host);
            let folder = tempfile::tempdir().unwrap();
            let rules = folder.path().join("rules.nft");
            fs::write(&rules, &bundle.files["rules.nft"].text).unwrap();
            let twice = format!("nft -c -f {0} && nft -f {0} && nft -f {0}", rules.display());
            let Some(out) = support::in_namespace(&twice) else {
                return;
            };
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        }
    }
}

#[test]
fn shells_can_read_load() {
    let bundle = rendered(&full(), HOME_HOST);
    let folder = tempfile::tempdir().unwrap();
    let load = folder.path().join("load");
    fs::write(&load, &bundle.files["load"].text).unwrap();
    for shell in [
        &["dash", "-n"][..],
        &["busybox", "sh", "-n"],
        &["shellcheck", "-s", "dash"],
    ] {
        let Ok(out) = Command::new(shell[0]).args(&shell[1..]).arg(&load).output() else {
            eprintln!("SKIPPED: {} is not installed", shell[0]);
            continue;
        };
        let said = [out.stdout, out.stderr].concat();
        assert!(
            out.status.success(),
            "{shell:?}: {}",
            String::from_utf8_lossy(&said)
        );
    }
}
