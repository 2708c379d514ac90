//! `load` on hosts made of network namespaces, with real packets.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod support;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command, process::Stdio};
use support::{HOME_HOST, VPS_HOST, forward, full, vm};
use wirewarp_model::{HostId, Inventory, Protocols, WgPublicKey};
use wirewarp_plan::render::{Context, bundle};

/// A private key and its public one, made by wg(8).
fn key_pair() -> (String, WgPublicKey) {
    let private = Command::new("wg").arg("genkey").output().unwrap().stdout;
    let mut child = Command::new("wg")
        .arg("pubkey")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &private).unwrap();
    let public = child.wait_with_output().unwrap().stdout;
    (
        String::from_utf8(private).unwrap(),
        String::from_utf8(public).unwrap().parse().unwrap(),
    )
}

/// Writes a generation as apply does, and makes it the one in force.
fn put(inventory: &Inventory, host: HostId, etc: &Path, generation: u64) {
    let context = Context {
        inventory,
        host,
        generation,
        program: "0.1.0",
        sshd_ports: &[22],
    };
    let folder = etc.join(format!("generations/{generation}"));
    for (path, file) in bundle(&context).unwrap().files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, file.text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(file.mode)).unwrap();
    }
    let current = etc.join("current");
    let _ = fs::remove_file(&current);
    std::os::unix::fs::symlink(format!("generations/{generation}"), current).unwrap();
}

fn can_run() -> bool {
    let tools = ["unshare", "nsenter", "nft", "wg", "wireguard-go", "python3", "ip"];
    let lacks = tools.iter().find(|tool| {
        !Command::new("sh")
            .args(["-c", "command -v \"$0\""])
            .arg(tool)
            .output()
            .unwrap()
            .status
            .success()
    });
    let namespaces = Command::new("unshare")
        .args(["-n", "true"])
        .output()
        .is_ok_and(|out| out.status.success());
    if let Some(tool) = lacks {
        eprintln!("SKIPPED: {tool} is not installed");
    } else if !namespaces {
        eprintln!("SKIPPED: needs root");
    }
    lacks.is_none() && namespaces
}

/// Runs a story in a lab of its own; gives what it said.
fn tell(story: &str, shell: &str, lab: &Path) -> String {
    for file in ["lab.sh", "echo.py", story] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/network")
            .join(file);
        fs::copy(from, lab.join(file)).unwrap();
    }
    let apart = [
        "-n",
        "-m",
        "--propagation",
        "private",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
    ];
    let out = Command::new("unshare")
        .args(apart)
        .args(["timeout", "120", "sh"])
        .args([lab.join(story), lab.to_owned()])
        .env("SHELL_UNDER_TEST", shell)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&out.stderr);
    assert!(
        out.status.success() && said.ends_with("THE END\n"),
        "{said}{complaints}"
    );
    said
}

fn from_nothing_to_nothing(shell: &str) {
    if !can_run() {
        return;
    }
    let lab = tempfile::tempdir().unwrap();
    let (vps_private, vps_public) = key_pair();
    let (home_private, home_public) = key_pair();
    let mut inventory = full();
    inventory.vpses[0].public_key = Some(vps_public);
    inventory.peers[0].public_key = Some(home_public);
    let mut less = inventory.clone();
    less.forwards
        .retain(|forward| forward.ports.to_string() != "32400 tcp");
    for (name, host, key) in [("vps", VPS_HOST, vps_private), ("home", HOME_HOST, home_private)] {
        let etc = lab.path().join(format!("etc-{name}"));
        put(&less, host, &etc, 2);
        put(&inventory, host, &etc, 1);
        fs::write(etc.join("ww0.key"), key).unwrap();
    }
    tell("story.sh", shell, lab.path());
}

#[test]
fn a_player_reaches_home_from_nothing_to_nothing_under_dash() {
    from_nothing_to_nothing("dash");
}

#[test]
fn a_player_reaches_home_from_nothing_to_nothing_under_busybox() {
    from_nothing_to_nothing("busybox sh");
}

#[test]
fn a_machines_own_traffic_takes_the_way_that_was_chosen() {
    if !can_run() {
        return;
    }
    let lab = tempfile::tempdir().unwrap();
    let (vps_private, vps_public) = key_pair();
    let (home_private, home_public) = key_pair();
    let mut inventory = full();
    inventory.vpses[0].public_key = Some(vps_public);
    inventory.peers[0].public_key = Some(home_public);
    let (vps, home) = (lab.path().join("etc-vps"), lab.path().join("etc-home"));
    for (generation, route) in ["203.0.113.100", "everything", "replies"].into_iter().enumerate() {
        inventory.peers[0].route = route.parse().unwrap();
        put(
            &inventory,
            HOME_HOST,
            &home,
            3 - u64::try_from(generation).unwrap(),
        );
    }
    put(&inventory, VPS_HOST, &vps, 1);
    fs::write(vps.join("ww0.key"), vps_private).unwrap();
    fs::write(home.join("ww0.key"), home_private).unwrap();
    tell("modes.sh", "dash", lab.path());
}

#[test]
fn a_look_at_many_forwards_is_timed() {
    if !can_run() {
        return;
    }
    for count in [500, 10_000] {
        let lab = tempfile::tempdir().unwrap();
        let (private, public) = key_pair();
        let mut inventory = full();
        inventory.vpses[0].public_key = Some(public);
        let attic = inventory.peers[0].id;
        inventory.forwards = (0..count)
            .map(|n| forward(n, attic, &(20_000 + n).to_string(), Protocols::Tcp, vm(2)))
            .collect();
        let etc = lab.path().join("etc-vps");
        put(&inventory, VPS_HOST, &etc, 1);
        fs::write(etc.join("ww0.key"), private).unwrap();
        eprintln!("{count} forwards: {}", tell("scale.sh", "dash", lab.path()));
    }
}
