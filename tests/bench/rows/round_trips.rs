//! What an apply asks of a host over SSH, counted in the journal of its sshd.

use anyhow::{Context, Result, ensure};

use super::Row;
use crate::engine::Warm;
use crate::report::{Measured, Target};
use crate::stage::{BUSY, Stage};

pub const ROW: Row = Row {
    name: "round-trips",
    about: "commands over SSH of one apply on an open connection, counted by sshd",
    run,
};

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let busy = stage.busy()?;
    talk(stage, "echo LogLevel VERBOSE > /etc/ssh/sshd_config.d/bench.conf")?;
    let warm = Warm::open(&busy.data_dir(stage)?)?;
    warm.add_one(busy)?;
    let before = journal(stage)?;
    warm.add_one(busy)?;
    let after = journal(stage)?;
    talk(stage, "rm /etc/ssh/sshd_config.d/bench.conf")?;
    let said = after
        .get(before.len()..)
        .context("the journal of sshd is shorter than before")?;
    let fresh: Vec<&str> = said
        .iter()
        .filter(|line| line.contains("Accepted "))
        .filter_map(|l| port(l))
        .collect();
    let commands: Vec<&str> = said
        .iter()
        .filter(|line| line.contains("Starting session: command"))
        .filter_map(|line| port(line))
        .collect();
    let (confirming, applying): (Vec<&str>, Vec<&str>) =
        commands.iter().partition(|port| fresh.contains(port));
    ensure!(
        !fresh.is_empty() && !confirming.is_empty(),
        "nothing was confirmed over a new connection: {said:?}"
    );
    let seen = format!(
        "{} to look and apply; to confirm {} new connection with {}",
        applying.len(),
        fresh.len(),
        confirming.len()
    );
    let what = "SSH commands of an apply on an open connection, without the confirmation";
    Ok(vec![
        Measured::figure(what, Target::AtMost(2.0), as_figure(applying.len()), "").seen(seen),
    ])
}

/// Changes how much sshd says. Connections that are open are not touched by it.
fn talk(stage: &Stage, change: &str) -> Result<()> {
    let script = format!("{change} && systemctl reload ssh");
    stage.lab.exec(BUSY, &script)?.ok()?;
    // It closes its socket for a moment.
    stage.lab.wait_for_ssh(BUSY)
}

/// Everything that sshd has said so far.
fn journal(stage: &Stage) -> Result<Vec<String>> {
    let said = stage.lab.exec(
        BUSY,
        "journalctl --sync; journalctl --no-pager --output=cat --unit=ssh",
    )?;
    Ok(said.ok()?.lines().map(str::to_owned).collect())
}

/// The client's port in a line like `Starting session: command for root from 203.0.113.200 port 40000 id 0`.
fn port(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" port ")?;
    rest.split(' ').next()
}

fn as_figure(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
