//! Taking a lab away, whatever became of the process that made it.
//!
//! Three ways lead here: the owner drops its [`super::Lab`]; the *keeper*, a process that each owned lab has, sees its
//! standard input end because the owner died (Ctrl-C, a panic, SIGKILL); and the next lab that starts looks for labs
//! whose owner is dead. All may meet: every step is harmless when it was done before.

use std::env;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use super::state::{self, State};
use super::{cgroup, disk, machine, net};
use crate::lab::process::wait_for;

/// Removes the processes, mounts, namespaces, control groups and files of a lab. None of them there is no error.
pub fn take_down(id: &str) -> Result<()> {
    let folder = state::folder(id);
    let Some(parent) = folder.parent().filter(|_| folder.exists()) else {
        return Ok(());
    };
    let lock_path = parent.join(format!("{id}.lock"));
    let lock = File::create(&lock_path)?;
    lock.lock()?;
    if !folder.exists() {
        return Ok(());
    }
    let hosts = State::load(id).map(|state| state.hosts).unwrap_or_default();
    cgroup::kill(id, None)?;
    net::remove_all(id)?;
    for host in hosts.keys() {
        let root = disk::root_of(&folder.join("hosts").join(host));
        machine::forget(&machine::machine_name(id, host), &root);
    }
    disk::unmount_below(&folder)?;
    // A lazily unmounted disk is let go of by the kernel a moment later.
    wait_for("the lab's files to go", Duration::from_secs(10), || {
        drop(fs::remove_dir_all(&folder));
        Ok((!folder.exists()).then_some(()))
    })?;
    fs::remove_file(&lock_path)?;
    Ok(())
}

/// Takes down the labs whose owner died without its keeper doing so.
pub fn sweep() {
    for id in state::ids() {
        let owner = State::load(&id).ok().and_then(|state| state.owner);
        if owner.is_some_and(|owner| !owner.is_alive()) {
            eprintln!("lab {id} was left behind by a process that is gone; taking it down");
            if let Err(error) = take_down(&id) {
                eprintln!("lab {id} cannot be taken down: {error:#}");
            }
        }
    }
}

/// Starts the keeper of a lab. It ends by itself once the lab is down and this process lets go of it.
pub fn start_keeper(id: &str) -> Result<Child> {
    let log = state::folder(id).join("keeper.log");
    let mut command = Command::new(lab_program()?);
    command
        .args(["keep", "--id", id])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(File::create(log)?)
        .process_group(0);
    command.spawn().context("cannot start the lab's keeper")
}

/// What the keeper does.
pub fn keep(id: &str) -> Result<()> {
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    take_down(id)
}

/// The `wirewarp-lab` program: this process, or what cargo built beside it, or `$WIREWARP_LAB_BIN`.
pub fn lab_program() -> Result<PathBuf> {
    if let Some(path) = env::var_os("WIREWARP_LAB_BIN") {
        return Ok(PathBuf::from(path));
    }
    let this = env::current_exe()?;
    let beside = this.ancestors().skip(1).take(2);
    beside
        .map(|folder| folder.join("wirewarp-lab"))
        .find(|path| path.exists())
        .context("the program wirewarp-lab is not built; run `cargo build -p wirewarp-tests`")
}
