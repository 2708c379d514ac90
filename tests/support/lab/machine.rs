//! Switching a host on and off: one `systemd-nspawn --boot`.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::cgroup;
use super::process::wait_for;

/// Starts systemd with `root` as its disk in the namespace `net`, and returns the id of its process number 1 as this
/// machine sees it. Its console goes to the file `console`.
///
/// `SYSTEMD_NSPAWN_API_VFS_WRITABLE=network`: without it `/proc/sys/net` is read-only and no host can forward (seen).
pub fn start(lab: &str, host: &str, root: &Path, net: &str, apt: &Path, console: &Path) -> Result<u32> {
    let entrances = cgroup::create(lab, host)?;
    let name = machine_name(lab, host);
    forget(&name, root);
    let log = File::options().create(true).append(true).open(console)?;
    let mut command = Command::new("sh");
    // The shell steps into the host's control groups, which are its further arguments, and becomes nspawn.
    command
        .args([
            "-c",
            "for file do [ \"$file\" = -- ] && break; echo $$ > \"$file\"; shift; done; shift; exec \"$@\"",
            "sh",
        ])
        .args(&entrances)
        .args([
            "--",
            "systemd-nspawn",
            "--quiet",
            "--boot",
            "--register=no",
            "--keep-unit",
        ])
        .arg("--directory")
        .arg(root)
        .arg(format!("--machine={name}"))
        .arg(format!("--hostname={host}"))
        .arg(format!("--network-namespace-path=/run/netns/{net}"))
        .arg(format!("--bind-ro={}:/srv/lab-apt", apt.display()))
        .args([
            "--capability=CAP_NET_ADMIN,CAP_SYS_ADMIN,CAP_SYS_MODULE",
            "--bind=/dev/net/tun",
            "--console=read-only",
        ])
        .env("SYSTEMD_NSPAWN_API_VFS_WRITABLE", "network")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        // Ctrl-C is for the owner of the lab, who then ends the hosts.
        .process_group(0);
    let mut child = command.spawn().context("cannot start systemd-nspawn")?;
    let nspawn = child.id();
    thread::spawn(move || child.wait());
    let what = format!(
        "the first process of {host}; its console is {}",
        console.display()
    );
    wait_for(&what, Duration::from_secs(60), || Ok(first_process(nspawn)))
}

/// Waits until nothing of a host runs any more.
pub fn wait_until_off(lab: &str, host: &str, limit: Duration) -> Result<()> {
    wait_for(&format!("{host} to go off"), limit, || {
        Ok((!cgroup::is_populated(lab, host)).then_some(()))
    })
}

/// Takes away what nspawn leaves in `/run` when it is killed: folders named by the machine, and a lock named by the
/// device and inode of its root, which must still be mounted for that.
pub fn forget(machine: &str, root: &Path) {
    let run = Path::new("/run/systemd/nspawn");
    for folder in ["propagate", "unix-export"] {
        drop(fs::remove_dir(run.join(folder).join(machine)));
    }
    if let Ok(root) = fs::metadata(root) {
        let lock = format!("locks/inode-{}:{}", root.dev(), root.ino());
        drop(fs::remove_file(run.join(lock)));
    }
}

/// What nspawn calls a host.
pub fn machine_name(lab: &str, host: &str) -> String {
    format!("ww{lab}-{host}")
}

/// The child of nspawn that is process 1 of its own namespace, once systemd runs there.
fn first_process(nspawn: u32) -> Option<u32> {
    let children = fs::read_to_string(format!("/proc/{nspawn}/task/{nspawn}/children")).ok()?;
    children.split_whitespace().find_map(|child| {
        let status = fs::read_to_string(format!("/proc/{child}/status")).ok()?;
        let inner = status.lines().find_map(|line| line.strip_prefix("NSpid:"))?;
        let name = status.lines().find_map(|line| line.strip_prefix("Name:"))?;
        let ready = inner.split_whitespace().last() == Some("1") && name.trim() == "systemd";
        ready.then(|| child.parse().ok()).flatten()
    })
}
