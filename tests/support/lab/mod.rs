//! Real Debian hosts on one machine.
//!
//! A [`Lab`] is a set of `systemd-nspawn` machines, each with systemd as its process 1, sshd, apt and a network
//! namespace of its own, wired as [`mod@topology`] draws it. Besides the hosts of its [`LabSpec`] there are plain
//! namespaces: `player` (a stranger on the internet), `admin` (the operator's laptop, on the internet and on the home
//! LAN), `lan2` (another machine at home), `hub`, `router`, and one for each guest, such as the `vm` of `home`.
//!
//! ```no_run
//! use wirewarp_tests::lab::{Lab, LabSpec};
//! # fn main() -> anyhow::Result<()> {
//! let lab = Lab::up(LabSpec::standard())?;
//! lab.ssh("vps1", "apt-get update && apt-get install --yes nftables")?.ok()?;
//! lab.exec("vps1", "nft list ruleset")?.ok()?; // from within, without SSH
//! lab.reboot("vps1")?;
//! lab.reset("vps1")?;
//! # Ok(())
//! # }
//! ```
//!
//! A reboot gives the host a new, empty namespace, so nothing of rules, routes, tunnels or sysctls survives it by
//! itself. [`Lab::power_loss`] kills without a word, but the machine's page cache is kept: it proves what is lost
//! when programs end at any point, not what is lost when `fsync` was forgotten.
//!
//! The lab ends with the process that made it, see [`teardown`]. Needs root; what else is in [`requirements`].

mod cgroup;
pub mod disk;
mod faults;
mod guests;
pub mod hypervisor;
mod identity;
pub mod image;
mod machine;
mod net;
mod operate;
pub mod process;
mod reach;
pub mod requirements;
mod spec;
pub mod state;
pub mod teardown;
pub mod topology;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result, anyhow};

pub use net::Nets;
pub use process::Output;
pub use reach::Access;
pub use spec::{HostSpec, LabSpec, Login, Place, Release};

use image::Image;
use process::must;
use state::{Owner, State};
use topology::{Topology, topology};

/// A lab that is up.
#[derive(Debug)]
pub struct Lab {
    id: String,
    folder: PathBuf,
    spec: LabSpec,
    topology: Topology,
    nets: Nets,
    images: BTreeMap<Release, Image>,
    state: Mutex<State>,
    /// There for the owner only.
    keeper: Option<Child>,
}

impl Lab {
    /// Makes a lab and boots its hosts. It goes away with this value, or with this process.
    pub fn up(spec: LabSpec) -> Result<Self> {
        let lab = Self::wire(spec)?;
        lab.boot_all()?;
        Ok(lab)
    }

    /// Makes a lab whose hosts are still off.
    pub fn wire(spec: LabSpec) -> Result<Self> {
        let mut lab = Self::make(spec, Some(Owner::this()))?;
        lab.keeper = Some(teardown::start_keeper(&lab.id)?);
        lab.nets.build(&lab.topology)?;
        Ok(lab)
    }

    /// Makes a lab that stays when this process ends, until [`teardown::take_down`]; its hosts are still off.
    pub fn wire_to_stay(spec: LabSpec) -> Result<Self> {
        let lab = Self::make(spec, None)?;
        if let Err(error) = lab.nets.build(&lab.topology) {
            teardown::take_down(&lab.id)?;
            return Err(error);
        }
        Ok(lab)
    }

    /// Uses a lab that another process made and that stays that process's.
    pub fn existing(id: &str) -> Result<Self> {
        Self::open(State::load(id)?)
    }

    fn make(spec: LabSpec, owner: Option<Owner>) -> Result<Self> {
        requirements::check()?;
        teardown::sweep();
        let lab = Self::open(State::new(spec, owner))?;
        lab.state().save()?;
        let key = lab.key().display().to_string();
        must(&[
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            "operator",
            "-f",
            &key,
        ])?;
        Ok(lab)
    }

    fn open(state: State) -> Result<Self> {
        let releases: BTreeSet<Release> = state.spec.hosts.iter().map(|host| host.release).collect();
        let images = releases
            .into_iter()
            .map(|release| Ok((release, image::ensure(release)?)))
            .collect::<Result<_>>()?;
        Ok(Self {
            id: state.id.clone(),
            folder: state.folder(),
            spec: state.spec.clone(),
            topology: topology(&state.spec),
            nets: Nets::new(&state.id),
            images,
            state: Mutex::new(state),
            keeper: None,
        })
    }

    /// Starts every host of the specification that is not marked off, at the same time, and waits for their sshd.
    pub fn boot_all(&self) -> Result<()> {
        let hosts = self.spec.hosts.iter().filter(|host| host.autostart);
        self.boot(&hosts.map(|host| host.name.as_str()).collect::<Vec<_>>())
    }

    /// Starts these hosts at the same time and waits for their sshd.
    pub fn boot(&self, hosts: &[&str]) -> Result<()> {
        self.at_once(hosts, |host| self.start(host))
    }

    /// Does something with several hosts at the same time; the first error, if any.
    pub fn at_once(&self, hosts: &[&str], work: impl Fn(&str) -> Result<()> + Sync) -> Result<()> {
        thread::scope(|scope| {
            let threads: Vec<_> = hosts
                .iter()
                .map(|host| (host, scope.spawn(|| work(host))))
                .collect();
            threads.into_iter().try_for_each(|(host, thread)| {
                let outcome = thread.join().unwrap_or_else(|_| Err(anyhow!("panicked")));
                outcome.with_context(|| format!("on {host}"))
            })
        })
    }

    /// Takes it down and says what went wrong; dropping it does the same but prints errors.
    pub fn down(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        let Some(mut keeper) = self.keeper.take() else {
            return Ok(());
        };
        let outcome = teardown::take_down(&self.id);
        drop(keeper.stdin.take());
        keeper.wait().context("cannot wait for the keeper")?;
        outcome
    }

    /// Its id, four characters.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its folder; tests may put files there, which go with the lab.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// What was asked for.
    pub fn spec(&self) -> &LabSpec {
        &self.spec
    }

    /// Its network namespaces, for what the other methods do not do.
    pub fn nets(&self) -> &Nets {
        &self.nets
    }

    /// The operator's private key.
    pub fn key(&self) -> PathBuf {
        self.folder.join("operator_key")
    }

    fn operator_key(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join("operator_key.pub"))?)
    }

    fn host(&self, name: &str) -> Result<&HostSpec> {
        let host = self.spec.host(name);
        host.with_context(|| format!("there is no host {name} in this lab"))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("lab {} is not down: {error:#}", self.id);
        }
    }
}
