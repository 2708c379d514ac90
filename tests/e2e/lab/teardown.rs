//! That nothing is left behind, however the lab ended.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec, process, state, teardown};
use wirewarp_tests::suite::Case;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_second_lab_comes_and_goes_without_a_trace", comes_and_goes),
        Case::new("a_lab_ends_when_its_owner_is_killed", owner_killed),
        Case::new("a_lab_whose_keeper_died_too_is_swept_away_by_the_next", swept),
    ]
}

/// Everything on this machine that a lab of this id could have left.
fn traces(id: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mark = format!("ww{id}-");
    let folder = state::folder(id).display().to_string();
    let netns = process::must(&["ip", "netns", "list"])?;
    found.extend(
        netns
            .lines()
            .filter(|line| line.contains(&mark))
            .map(String::from),
    );
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    let mounts = mounts
        .lines()
        .filter(|line| line.contains(&folder) || line.contains(&mark));
    found.extend(mounts.map(String::from));
    found.extend(
        process::must(&["ip", "-br", "link"])?
            .lines()
            .filter(|line| line.contains("p-"))
            .map(String::from),
    );
    for process in fs::read_dir("/proc")?.filter_map(Result::ok) {
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let group = fs::read_to_string(process.path().join("cgroup")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(&mark) || line.contains(&folder) || group.contains(&format!("wirewarp-lab/{id}")) {
            found.push(line);
        }
    }
    let places = [
        PathBuf::from(&folder),
        PathBuf::from(format!("{folder}.lock")),
        PathBuf::from(format!("/sys/fs/cgroup/systemd/wirewarp-lab/{id}")),
        PathBuf::from(format!("/sys/fs/cgroup/unified/wirewarp-lab/{id}")),
        PathBuf::from(format!("/sys/fs/cgroup/wirewarp-lab/{id}")),
        PathBuf::from(format!("/run/systemd/nspawn/propagate/{mark}vps68")),
        PathBuf::from(format!("/run/systemd/nspawn/unix-export/{mark}vps68")),
    ];
    let left = places.into_iter().filter(|path| path.exists());
    found.extend(left.map(|path| path.display().to_string()));
    Ok(found)
}

fn comes_and_goes(_: &Lab) -> Result<()> {
    let second = Lab::up(LabSpec::empty().with(HostSpec::fleet(68)))?;
    let id = second.id().to_owned();
    second.ssh("vps68", "true")?.ok()?;
    let server = second.serve("vps68", &[80], &[])?;
    ensure!(
        traces(&id)?.len() > 8,
        "the search for traces is blind: {:?}",
        traces(&id)?
    );
    let root = fs::metadata(second.folder().join("hosts/vps68/root"))?;
    let lock = format!("/run/systemd/nspawn/locks/inode-{}:{}", root.dev(), root.ino());
    ensure!(PathBuf::from(&lock).exists(), "nspawn names its locks otherwise");
    second.down()?;
    drop(server);
    ensure!(!PathBuf::from(&lock).exists(), "{lock} is left");
    wait_until_gone(&id)
}

/// Another process that has a lab with one host, once it is up.
fn owner() -> Result<(Child, String)> {
    let mut child = Command::new(teardown::lab_program()?)
        .args(["up", "--hosts", "vps68"])
        .env_remove("WIREWARP_LAB_ID")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().context("no output")?;
    let said: Vec<String> = BufReader::new(out)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.starts_with("It ends"))
        .collect();
    let id = said.first().and_then(|line| line.split(' ').nth(1));
    let id = id.with_context(|| format!("it said {said:?}"))?.to_owned();
    Ok((child, id))
}

fn wait_until_gone(id: &str) -> Result<()> {
    let started = Instant::now();
    while !traces(id)?.is_empty() {
        ensure!(started.elapsed() < Duration::from_secs(20), "{:#?}", traces(id)?);
        sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn owner_killed(_: &Lab) -> Result<()> {
    let (mut child, id) = owner()?;
    ensure!(!traces(&id)?.is_empty());
    child.kill()?;
    child.wait()?;
    wait_until_gone(&id)
}

fn swept(_: &Lab) -> Result<()> {
    let (mut child, id) = owner()?;
    let keeper = process::must(&["pgrep", "--oldest", "--full", &format!("keep --id {id}")])?;
    process::must(&["kill", "-KILL", &keeper])?;
    child.kill()?;
    child.wait()?;
    ensure!(!traces(&id)?.is_empty(), "somebody else cleared it away");
    teardown::sweep();
    wait_until_gone(&id)
}
