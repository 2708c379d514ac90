//! On, off, reboot, reset: what an operator or a provider's panel does to a host.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use super::disk::{Disk, Layers, root_of};
use super::image::Image;
use super::state::HostState;
use super::{Lab, cgroup, identity, machine};

/// How long a host may take to shut down by itself.
const SHUTDOWN: Duration = Duration::from_secs(30);

/// A state of a host's disk that [`Lab::reset_to`] goes back to.
#[derive(Clone, Debug)]
pub struct Snapshot {
    host: String,
    layers: Layers,
}

impl Lab {
    /// Switches a host on and waits until its sshd answers and its units have settled.
    pub fn start(&self, host: &str) -> Result<()> {
        self.power_on(host)?;
        self.wait_until_ready(host)
    }

    /// Switches a host on without waiting for it.
    pub fn power_on(&self, host: &str) -> Result<()> {
        let image = self.image(host)?;
        let first_time = !self.host_folder(host).exists();
        if first_time {
            self.install(host)?;
        }
        self.with_disk(host, |disk| disk.unmount().and_then(|()| disk.mount()))?;
        self.nets.renew(&self.topology, host)?;
        let leader = machine::start(
            &self.id,
            host,
            &root_of(&self.host_folder(host)),
            &self.nets.name(host),
            &image.apt,
            &self.console(host),
        )?;
        self.set_state(host, |state| state.leader = Some(leader))
    }

    /// Shuts a host down properly.
    pub fn power_off(&self, host: &str) -> Result<()> {
        // The answer may be lost with the host that gives it.
        drop(self.exec(host, "systemctl --no-block poweroff")?);
        machine::wait_until_off(&self.id, host, SHUTDOWN)?;
        self.clear_away(host)
    }

    /// Reboots a host properly and waits until it is back.
    pub fn reboot(&self, host: &str) -> Result<()> {
        drop(self.exec(host, "systemctl --no-block reboot")?);
        self.await_reboot(host)
    }

    /// Waits until a host that was told to reboot has gone down, and starts it again: nspawn does not do that.
    pub fn await_reboot(&self, host: &str) -> Result<()> {
        machine::wait_until_off(&self.id, host, SHUTDOWN)?;
        self.clear_away(host)?;
        self.start(host)
    }

    /// Cuts the power: every process is killed at once. [`Lab::start`] starts it again with the same disk.
    pub fn power_loss(&self, host: &str) -> Result<()> {
        self.clear_away(host)
    }

    /// Back to the freshly installed host, with the same host keys, and boots it.
    pub fn reset(&self, host: &str) -> Result<()> {
        let layers = self.state().hosts.get(host).map(|state| state.pristine.clone());
        let layers = layers.with_context(|| format!("there is no host {host}"))?;
        self.reset_to(&Snapshot {
            host: host.to_owned(),
            layers,
        })
    }

    /// A copy of a host's disk as it is now. The host is shut down for it and started again.
    pub fn snapshot(&self, host: &str) -> Result<Snapshot> {
        self.power_off(host)?;
        let layers = self.with_disk(host, |disk| Ok(disk.close_layer()))?;
        self.start(host)?;
        Ok(Snapshot {
            host: host.to_owned(),
            layers,
        })
    }

    /// Kills a host, puts its disk back to what it was at the snapshot, and boots it.
    pub fn reset_to(&self, snapshot: &Snapshot) -> Result<()> {
        let host = &snapshot.host;
        self.clear_away(host)?;
        self.with_disk(host, |disk| disk.go_back_to(&snapshot.layers))?;
        self.start(host)
    }

    /// What the provider's "reinstall" does: a fresh host at the same address with new host keys.
    pub fn reinstall(&self, host: &str) -> Result<()> {
        self.clear_away(host)?;
        fs::remove_dir_all(self.host_folder(host))?;
        self.set_state(host, |state| *state = HostState::default())?;
        self.start(host)
    }

    /// Whether anything of a host runs.
    pub fn is_on(&self, host: &str) -> bool {
        cgroup::is_populated(&self.id, host)
    }

    /// What the host wrote on its console, over all its starts.
    pub fn console(&self, host: &str) -> PathBuf {
        self.folder.join(format!("{host}.console"))
    }

    /// Makes the first layer of a host: all that is its own.
    fn install(&self, name: &str) -> Result<()> {
        let host = self.host(name)?.clone();
        let key = self.operator_key()?;
        let pristine = self.with_disk(name, |disk| {
            disk.mount()?;
            identity::write(&disk.root(), &host, &key)?;
            disk.unmount()?;
            Ok(disk.close_layer())
        })?;
        self.set_state(name, |state| state.pristine = pristine)
    }

    /// Kills what is left of a host that went off or shall, and lets go of its disk.
    fn clear_away(&self, host: &str) -> Result<()> {
        cgroup::kill(&self.id, Some(host))?;
        let root = root_of(&self.host_folder(host));
        machine::forget(&machine::machine_name(&self.id, host), &root);
        self.with_disk(host, |disk| disk.unmount())?;
        self.set_state(host, |state| state.leader = None)
    }

    fn host_folder(&self, host: &str) -> PathBuf {
        self.folder.join("hosts").join(host)
    }

    fn image(&self, host: &str) -> Result<&Image> {
        let release = self.host(host)?.release;
        self.images.get(&release).context("the image is not there")
    }

    fn with_disk<T>(&self, host: &str, work: impl FnOnce(&mut Disk) -> Result<T>) -> Result<T> {
        let image = self.image(host)?;
        let known = self.state().hosts.get(host).map(|state| state.disk.clone());
        let mut disk_state = known.unwrap_or_default();
        let mut disk = Disk::new(&self.host_folder(host), &image.root, &mut disk_state);
        let result = work(&mut disk)?;
        self.set_state(host, |state| state.disk = disk_state)?;
        Ok(result)
    }

    fn set_state(&self, host: &str, change: impl FnOnce(&mut HostState)) -> Result<()> {
        let mut state = self.state();
        change(state.hosts.entry(host.to_owned()).or_default());
        state.save()
    }
}
