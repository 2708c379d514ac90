//! A control group per host, so that its processes are known and can be ended together.
//!
//! `systemd-nspawn --keep-unit` makes `payload` and `supervisor` below the group that it was started in: two
//! machines started in the same group would share them, and each systemd would manage the other's services
//! (seen on a hybrid hierarchy). And a killed nspawn leaves its machine running (seen), so killing goes by group.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::process::{DEFAULT_LIMIT, limited, run};

/// The hierarchies that systemd uses: version 1 and hybrid, then version 2 alone.
const HIERARCHIES: [&str; 3] = [
    "/sys/fs/cgroup/systemd",
    "/sys/fs/cgroup/unified",
    "/sys/fs/cgroup",
];

const PARENT: &str = "wirewarp-lab";

fn hierarchies() -> impl Iterator<Item = PathBuf> {
    HIERARCHIES
        .iter()
        .map(PathBuf::from)
        .filter(|path| path.join("cgroup.procs").exists())
}

/// Makes the groups of one host and returns the files to write a process id to.
pub fn create(lab: &str, host: &str) -> Result<Vec<PathBuf>> {
    let mut entrances = Vec::new();
    for hierarchy in hierarchies() {
        let group = hierarchy.join(PARENT).join(lab).join(host);
        fs::create_dir_all(&group).with_context(|| {
            format!(
                "cannot make {}; the lab needs writable control groups",
                group.display()
            )
        })?;
        entrances.push(group.join("cgroup.procs"));
    }
    ensure!(!entrances.is_empty(), "no control groups are mounted");
    Ok(entrances)
}

/// Kills every process of a host, or of the whole lab, and removes the groups.
pub fn kill(lab: &str, host: Option<&str>) -> Result<()> {
    let groups: Vec<PathBuf> = hierarchies()
        .map(|path| path.join(PARENT).join(lab).join(host.unwrap_or("")))
        .collect();
    for _ in 0..200 {
        let members: Vec<u32> = groups.iter().flat_map(|group| members(group)).collect();
        if members.is_empty() {
            for group in &groups {
                remove(group);
            }
            for hierarchy in hierarchies() {
                // The parent goes with the last lab.
                drop(fs::remove_dir(hierarchy.join(PARENT)));
            }
            return Ok(());
        }
        kill_processes(&members)?;
        thread::sleep(Duration::from_millis(25));
    }
    anyhow::bail!("processes of {lab} {host:?} outlived SIGKILL")
}

/// Sends SIGKILL. A process that is gone already is no error.
pub fn kill_processes(ids: &[u32]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut command = limited(DEFAULT_LIMIT, &["kill", "-KILL"]);
    command.args(ids.iter().map(u32::to_string));
    run(command, b"")?;
    Ok(())
}

/// Whether any process of the host is left.
pub fn is_populated(lab: &str, host: &str) -> bool {
    hierarchies().any(|path| !members(&path.join(PARENT).join(lab).join(host)).is_empty())
}

fn members(group: &Path) -> Vec<u32> {
    let own = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    // A process of another process namespace that is not below ours shows as 0.
    let own = own.lines().filter_map(|line| line.parse().ok());
    let mut all: Vec<u32> = own.filter(|id| *id != 0).collect();
    for child in subgroups(group) {
        all.extend(members(&child));
    }
    all
}

fn subgroups(group: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(group) else {
        return Vec::new();
    };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    paths.filter(|path| path.is_dir()).collect()
}

fn remove(group: &Path) {
    for child in subgroups(group) {
        remove(&child);
    }
    // It may be held for a moment longer by a process that is being reaped; the next removal takes it.
    drop(fs::remove_dir(group));
}
