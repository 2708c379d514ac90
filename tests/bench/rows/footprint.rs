//! Memory and processor time of the command, next to the others'.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::Row;
use crate::ansible::Ansible;
use crate::busy::rules;
use crate::report::{Measured, Target};
use crate::stage::{Stage, must};

pub const ROW: Row = Row {
    name: "footprint",
    about: "memory and processor time of the command, next to ssh and Ansible",
    run,
};

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let busy = stage.busy()?;
    let now = rules(stage)?;
    let ansible = Ansible::for_busy(stage, &busy.ssh)?;
    let runs = [
        ("the command that adds one forward", busy.add_one(stage)?, ""),
        (
            "`ssh` that checks and loads the same rules",
            busy.bare_load(),
            now.as_str(),
        ),
        ("the Ansible playbook", ansible.apply(&now)?, ""),
    ];
    let mut measured = Vec::new();
    for (who, command, input) in runs {
        let used = used(stage, &command, input)?;
        let seen = format!("{:.2} s of a processor", used.processor);
        let what = format!("memory of {who}, most at once");
        measured.push(Measured::figure(&what, Target::None, used.megabytes, "MB").seen(seen));
    }
    Ok(measured)
}

struct Used {
    /// Of the largest process.
    megabytes: f64,
    /// Seconds, all processes together.
    processor: f64,
}

/// Runs it under time(1), GNU's.
fn used(stage: &Stage, command: &Command, input: &str) -> Result<Used> {
    let notes = stage.lab.folder().join("time");
    let mut under = Command::new("/usr/bin/time");
    under
        .args(["--format=%M %U %S", "--output"])
        .arg(&notes)
        .arg(command.get_program())
        .args(command.get_args())
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    if let Some(folder) = command.get_current_dir() {
        under.current_dir(folder);
    }
    must(under, input)?;
    let text = fs::read_to_string(&notes)?;
    let figures: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [kilobytes, user, system] = figures[..] else {
        return Err(anyhow::anyhow!("time(1) said {text:?}")).context("cannot read it");
    };
    Ok(Used {
        megabytes: (kilobytes / 1024.0).round(),
        processor: user + system,
    })
}
