//! Somebody else at the same host.

use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use crate::lane::Lane;
use crate::program::Program;
use wirewarp_tests::hold;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("of_two_programs_at_one_host_one_is_told_to_wait", one_waits),
        Case::new("a_plan_that_somebody_overtook_is_not_carried_out", overtaken),
        Case::new("programs_that_start_together_leave_one_whole_state", together),
        Case::new(
            "a_second_inventory_is_refused_until_it_adopts_the_host",
            second_inventory,
        ),
    ]
}

const LIMIT: Duration = Duration::from_secs(60);

fn one_waits(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    for (point, says) in [
        ("check nft", "another change of this host is running right now"),
        ("load nft -f", "waits for its confirmation"),
    ] {
        let change = lane.change()?;
        let mut program = lane.stopped_at(point)?;
        lane.me.refused(1, &lane.apply()[..2], &[says])?;
        hold::release(lab, lane.vps)?;
        let ended = program.end(LIMIT)?;
        ensure!(ended.status == Some(0), "{point}: {ended:?}");
        let generation = lane.whole_and_goes_on(&change)?;
        ensure!(change.is_after(generation), "generation {generation} is in force");
    }
    Ok(())
}

fn overtaken(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    let change = lane.change()?;
    let mut slow = lane.stopped_at("lock flock")?;
    lane.me.ok(&lane.apply())?;
    hold::release(lab, lane.vps)?;
    slow.end(LIMIT)?.failed(&["somebody else applied in between"])?;
    let generation = lane.whole_and_goes_on(&change)?;
    ensure!(change.is_after(generation), "generation {generation} is in force");
    Ok(())
}

fn together(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    let change = lane.change()?;
    let start = |_| Program::start(&lane.me, &lane.apply());
    let programs: Vec<Program> = (0..3).map(start).collect::<Result<_>>()?;
    let mut good = 0;
    for mut program in programs {
        let ended = program.end(LIMIT)?;
        good += usize::from(ended.status == Some(0));
        ensure!(matches!(ended.status, Some(0 | 1)), "{ended:?}");
        ensure!(
            ended.status == Some(0) || ended.said.contains("error:"),
            "{ended:?}"
        );
    }
    ensure!(good > 0, "none of them succeeded");
    let generation = lane.whole_and_goes_on(&change)?;
    ensure!(change.is_after(generation), "generation {generation} is in force");
    Ok(())
}

fn second_inventory(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    let other = Operator::new(lab, "another")?;
    let login = other.login(lane.vps)?;
    let mut words = vec!["vps", "add", "theirs"];
    words.extend(login.words.iter().map(String::as_str));
    let says = ["another WireWarp inventory", "drift NAME --adopt"];
    other.refused(1, &words, &says)?;
    let generation = lane.generation()?;
    lane.goes_on()?;
    ensure!(
        lane.generation()? == generation,
        "the refused one changed something"
    );

    words.push("--no-apply");
    other.ok(&words)?;
    other.refused(1, &["apply", "theirs"], &says)?;
    other.ok(&["drift", "theirs", "--adopt", "--yes"])?;
    other.ok(&["plan", "theirs"])?;
    ensure!(
        other.ok(&["port", "list"])?.contains("8080"),
        "the forwards did not come along"
    );
    lane.wait_for_traffic()?;

    lane.me.refused(1, &["apply"], &says)?;
    lane.me.ok(&["drift", lane.vps, "--adopt", "--yes"])?;
    lane.goes_on()
}
