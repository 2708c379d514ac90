//! The lab that the rows share, as seen by a process in its namespace `admin`.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use wirewarp_tests::lab::process::{Output, run};
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec};
use wirewarp_tests::wirewarp::{Operator, wirewarp_program};

use crate::busy::Busy;

/// The host with many forwards.
pub const BUSY: &str = "vps60";
/// Hosts that are applied to at once.
pub const FLEET: std::ops::RangeInclusive<u8> = 61..=68;

/// Every host that a row may boot.
pub fn hosts() -> LabSpec {
    let mut spec = LabSpec::empty()
        .with(HostSpec::vps1().off())
        .with(HostSpec::home().off())
        .with(HostSpec::fleet(60).off());
    for number in FLEET {
        spec = spec.with(HostSpec::fleet(number).off());
    }
    spec
}

/// What programs of the operator find around them: neither keychain nor agent, and no colours.
pub fn environment(home: &Path) -> [(&'static str, PathBuf); 5] {
    [
        ("HOME", home.to_owned()),
        ("WIREWARP_VAULT_PASSPHRASE", "correct horse".into()),
        ("DBUS_SESSION_BUS_ADDRESS", "".into()),
        ("SSH_AUTH_SOCK", "".into()),
        ("NO_COLOR", "1".into()),
    ]
}

/// The lab with what has been made ready in it.
pub struct Stage<'lab> {
    pub lab: &'lab Lab,
    pub quick: bool,
    program: PathBuf,
    booted: RefCell<BTreeSet<String>>,
    busy: OnceCell<Busy>,
}

impl<'lab> Stage<'lab> {
    pub fn new(lab: &'lab Lab, quick: bool) -> Result<Self> {
        Ok(Self {
            lab,
            quick,
            program: wirewarp_program()?,
            booted: RefCell::default(),
            busy: OnceCell::new(),
        })
    }

    /// `usual` repetitions, or about a third of them.
    pub fn rounds(&self, usual: usize) -> usize {
        if self.quick { usual.div_ceil(3) } else { usual }
    }

    /// Boots those of the hosts that are not on.
    pub fn boot(&self, hosts: &[&str]) -> Result<()> {
        let mut booted = self.booted.borrow_mut();
        let off: Vec<&str> = hosts
            .iter()
            .copied()
            .filter(|host| !booted.contains(*host))
            .collect();
        self.lab.boot(&off)?;
        booted.extend(off.iter().map(|host| (*host).to_owned()));
        Ok(())
    }

    /// Switches hosts off that no later row needs: even an idle one takes time from the others.
    pub fn switch_off(&self, hosts: &[&str]) -> Result<()> {
        for host in hosts {
            self.lab.power_loss(host)?;
            self.booted.borrow_mut().remove(*host);
        }
        Ok(())
    }

    /// An operator with an inventory of their own.
    pub fn operator(&self, name: &str) -> Result<Operator<'lab>> {
        Operator::new(self.lab, name)
    }

    /// The command, as started by an operator's shell: nothing else is timed with it.
    pub fn wirewarp(&self, operator: &Operator, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).env("WIREWARP_DATA_DIR", operator.data_dir());
        command
    }

    /// The VPS with its many forwards, made ready when it is first asked for.
    pub fn busy(&self) -> Result<&Busy> {
        if self.busy.get().is_none() {
            self.boot(&[BUSY])?;
            let ready = Busy::make(self)?;
            drop(self.busy.set(ready));
        }
        self.busy
            .get()
            .ok_or_else(|| anyhow::anyhow!("the busy VPS is not there"))
    }
}

/// Runs a command that must succeed.
pub fn must(command: Command, input: &str) -> Result<Output> {
    let output = run(command, input.as_bytes())?;
    output.ok()?;
    Ok(output)
}

/// A line for the reader.
pub fn say(line: &str) {
    println!("==> {line}");
}
