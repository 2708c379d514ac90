//! One forward added on a VPS that has 500.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Row;
use crate::ansible::Ansible;
use crate::busy::{Busy, rules};
use crate::clock::{in_turns, timed};
use crate::engine::Warm;
use crate::report::{Measured, Target};
use crate::stage::{Stage, must};

pub const ROW: Row = Row {
    name: "one-forward",
    about: "one forward added on a VPS that has 500, against plain ssh and Ansible",
    run,
};

const COMMAND: &str = "one forward added on a VPS that has 500, the whole command";
const ENGINE: &str = "the same through an engine whose connection is open";
const BARE: &str = "two `ssh` runs: check, load and list the same rules; confirm";
const ANSIBLE: &str = "the least Ansible playbook";

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let busy = stage.busy()?;
    let ansible = Ansible::for_busy(stage, &busy.ssh)?;
    let warm = Warm::open(&busy.data_dir(stage)?)?;
    let [command, engine, bare, playbook] = in_turns(
        stage.rounds(15),
        [
            Box::new(|_| whole_command(stage, busy)),
            Box::new(|_| warm.add_one(busy)),
            Box::new(|_| bare_minimum(stage, busy)),
            Box::new(|_| {
                let now = rules(stage)?;
                let ((), took) = timed(|| ansible.must_change(&now))?;
                Ok(took)
            }),
        ],
    )?;
    Ok(vec![
        Measured::ratio(COMMAND, BARE, Target::AtMost(1.2), &command, &bare),
        Measured::ratio(ENGINE, BARE, Target::AtMost(0.6), &engine, &bare),
        Measured::quicker(COMMAND, ANSIBLE, Target::AtLeast(4.0), &command, &playbook),
        Measured::quicker(ENGINE, ANSIBLE, Target::AtLeast(7.0), &engine, &playbook),
    ])
}

fn whole_command(stage: &Stage, busy: &Busy) -> Result<Duration> {
    let command = busy.add_one(stage)?;
    let (_, took) = timed(|| must(command, ""))?;
    Ok(took)
}

fn bare_minimum(stage: &Stage, busy: &Busy) -> Result<Duration> {
    let now = rules(stage)?;
    let began = Instant::now();
    must(busy.bare_load(), &now)?;
    must(busy.bare_confirm(), "")?;
    Ok(began.elapsed())
}
