//! Eight hosts applied at once, against one of them.

use std::time::Duration;

use anyhow::Result;
use wirewarp_tests::wirewarp::Operator;

use super::Row;
use crate::clock::{in_turns, timed};
use crate::report::{Measured, Target};
use crate::stage::{FLEET, Stage, must, say};

pub const ROW: Row = Row {
    name: "fleet",
    about: "eight hosts applied at once, against one",
    run,
};

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let hosts: Vec<String> = FLEET.map(|number| format!("vps{number}")).collect();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    stage.boot(&names)?;
    let operator = stage.operator("fleet")?;
    set_up(&operator, &names)?;
    let one: Vec<&str> = names.iter().copied().take(1).collect();
    let [eight, single] = in_turns(
        stage.rounds(9),
        [
            Box::new(|round| apply(stage, &operator, &names, 2 * round)),
            Box::new(|round| apply(stage, &operator, &one, 2 * round + 1)),
        ],
    )?;
    stage.switch_off(&names)?;
    let what = "eight hosts applied at once";
    Ok(vec![Measured::ratio(
        what,
        "one of them",
        Target::AtMost(2.5),
        &eight,
        &single,
    )])
}

/// Each host a VPS with a peer.
fn set_up(operator: &Operator, hosts: &[&str]) -> Result<()> {
    say("making eight VPSes");
    for host in hosts {
        operator.add_vps(host, host, &["--no-apply"])?;
    }
    operator.change(&["apply"])?;
    for host in hosts {
        let peer = peer(host);
        operator.json(&["peer", "add", &peer, "--vps", host, "--manual", "--no-apply"])?;
    }
    operator.change(&["apply"]).map(drop)
}

fn peer(host: &str) -> String {
    format!("peer-{host}")
}

/// Wishes for one more forward on each, and times how long it takes until all have it.
fn apply(stage: &Stage, operator: &Operator, hosts: &[&str], turn: usize) -> Result<Duration> {
    let port = (20_000 + turn).to_string();
    for host in hosts {
        operator.json(&["port", "add", &peer(host), &port, "--no-apply"])?;
    }
    let mut command = stage.wirewarp(operator, &["apply", "--yes"]);
    command.args(hosts);
    let (_, took) = timed(|| must(command, ""))?;
    Ok(took)
}
