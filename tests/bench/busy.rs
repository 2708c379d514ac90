//! A VPS that has 500 forwards already, to a manual peer, so that a change is a change of this one host.

use std::cell::Cell;
use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Context, Result};
use wirewarp_tests::wirewarp::Operator;

use crate::ssh::Ssh;
use crate::stage::{BUSY, Stage, say};

/// How many forwards it begins with.
pub const FORWARDS: u16 = 500;
/// The peer that they go to.
pub const PEER: &str = "phone";

/// The VPS and the inventory that it is in.
pub struct Busy {
    operator: &'static str,
    pub ssh: Ssh,
    next: Cell<u16>,
}

impl Busy {
    /// Sets it up with the real command.
    pub fn make(stage: &Stage) -> Result<Self> {
        say("making a VPS with 500 forwards");
        let name = "busy";
        let operator = stage.operator(name)?;
        operator.add_vps("nyc", BUSY, &[])?;
        operator.change(&["peer", "add", PEER, "--vps", "nyc", "--manual"])?;
        let forwards = operator.home().join("forwards");
        let mut lines = String::new();
        for index in 0..FORWARDS {
            let (port, label) = (20_000 + 3 * index, format!("game {index}"));
            writeln!(lines, "{port} both - {label}")?;
        }
        std::fs::write(&forwards, lines)?;
        let from = forwards.display().to_string();
        operator.change(&["port", "add", PEER, "--from", &from])?;
        Ok(Self {
            operator: name,
            ssh: Ssh::to(stage.lab, BUSY)?,
            next: Cell::new(30_000),
        })
    }

    /// Who has it in their inventory.
    pub fn operator<'lab>(&self, stage: &Stage<'lab>) -> Result<Operator<'lab>> {
        stage.operator(self.operator)
    }

    /// A port that has no forward yet.
    pub fn free_port(&self) -> u16 {
        self.next.replace(self.next.get() + 2)
    }

    /// The whole command that adds one forward.
    pub fn add_one(&self, stage: &Stage) -> Result<Command> {
        let port = self.free_port().to_string();
        let words = ["port", "add", PEER, &port, "--proto", "tcp", "--yes"];
        Ok(stage.wirewarp(&self.operator(stage)?, &words))
    }

    /// The bare minimum, first run: checks, loads and lists the rules that it is fed.
    pub fn bare_load(&self) -> Command {
        let script = "cat > /run/bench.nft && nft -c -f /run/bench.nft && nft -f /run/bench.nft \
             && nft list table inet wirewarp";
        self.ssh.command(script)
    }

    /// The bare minimum, second run: shows that one can still get in.
    pub fn bare_confirm(&self) -> Command {
        self.ssh.command("true")
    }

    /// The folder of its data, for an engine in this process.
    pub fn data_dir(&self, stage: &Stage) -> Result<std::path::PathBuf> {
        let folder = self.operator(stage)?.data_dir();
        folder.canonicalize().context("the inventory is not there")
    }
}

/// The rules that are in force on the busy VPS now, as a file that replaces them by themselves.
pub fn rules(stage: &Stage) -> Result<String> {
    let said = stage.lab.exec(BUSY, "cat /etc/wirewarp/current/rules.nft")?;
    Ok(format!("{}\n", said.ok()?))
}
