//! The connection cut, the program killed, the power lost: each at every step of an apply.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::lane::{Change, Lane, on_both};
use crate::program::Program;
use wirewarp_tests::hold::{self, POINTS};

/// The program gives up 30 s after the host has gone back, which it does after 10 s.
const GIVES_UP: Duration = Duration::from_secs(60);

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_connection_cut_at_any_step_is_survived", cut_at_every_step),
        Case::new("a_program_killed_at_any_step_is_survived", killed_at_every_step),
        Case::new("power_lost_at_any_step_is_survived", power_lost_at_every_step),
    ]
}

fn cut_at_every_step(lab: &Lab) -> Result<()> {
    on_both(lab, &POINTS, |lane, point| {
        let (change, mut program) = stopped(lane, point)?;
        lab.cut_ssh(lane.vps)?;
        hold::release(lab, lane.vps)?;
        let ended = program.end(GIVES_UP)?;
        let generation = lane
            .whole_and_goes_on(&change)
            .with_context(|| format!("it said {ended:?}"))?;
        ensure!(
            change.is_after(generation) == (ended.status == Some(0)),
            "generation {generation}: {ended:?}"
        );
        Ok(())
    })
}

fn killed_at_every_step(lab: &Lab) -> Result<()> {
    on_both(lab, &POINTS, |lane, point| {
        let (change, mut program) = stopped(lane, point)?;
        program.kill()?;
        hold::release(lab, lane.vps)?;
        lane.whole_and_goes_on(&change).map(drop)
    })
}

fn power_lost_at_every_step(lab: &Lab) -> Result<()> {
    on_both(lab, &POINTS, |lane, point| {
        let (change, mut program) = stopped(lane, point)?;
        lab.power_loss(lane.vps)?;
        lab.start(lane.vps)?;
        lane.greet()?;
        let ended = program.end(GIVES_UP)?;
        let generation = lane
            .whole_and_goes_on(&change)
            .with_context(|| format!("it said {ended:?}"))?;
        ensure!(
            change.is_after(generation) == (ended.status == Some(0)),
            "generation {generation}: {ended:?}"
        );
        Ok(())
    })
}

/// A change whose apply stands at a point.
fn stopped(lane: &Lane, point: &str) -> Result<(Change, Program)> {
    let change = lane.change()?;
    Ok((change, lane.stopped_at(point)?))
}
