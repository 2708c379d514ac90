//! A change after which the host cannot be reached.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::lane::Lane;
use crate::program::Program;
use wirewarp_tests::hold;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_change_that_blocks_ssh_is_taken_back_by_the_host",
            blocked_by_the_change,
        ),
        Case::new("a_host_that_nobody_can_confirm_goes_back", nobody_comes_back),
        Case::new("a_line_that_is_dead_for_seconds_costs_nothing", dead_for_seconds),
    ]
}

/// In place of nft: rules that open port 9000 come with one that shuts SSH out, as another firewall's hook may do.
const SHUTS_OUT: &str = r#"#!/bin/sh
/usr/sbin/nft "$@" || exit
case "$1 ${2:-}" in "-f "*/rules.nft) ;; *) exit 0 ;; esac
/usr/sbin/nft delete table inet shut_out 2> /dev/null
grep -q '9000 :' "$2" || exit 0
/usr/sbin/nft 'table inet shut_out { chain input { type filter hook input priority 0; tcp dport 22 drop; }; }'
"#;

fn blocked_by_the_change(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    lane.bring(false)?;
    let change = lane.change()?;
    let place = format!(
        "rm -f /usr/local/sbin/nft; cat > /usr/local/sbin/nft <<'END'\n{SHUTS_OUT}END\nchmod 755 /usr/local/sbin/nft"
    );
    lab.exec(lane.vps, &place)?.ok()?;
    let began = Instant::now();
    let ended = Program::start(&lane.me, &lane.apply())?.end(Duration::from_secs(60))?;
    let took = began.elapsed();
    hold::install(lab, lane.vps)?;
    ended.failed(&["went back to the state before", "nobody confirmed it in time"])?;
    ensure!(
        took > Duration::from_secs(10) && took < Duration::from_secs(40),
        "it took {took:?}"
    );
    let generation = lane.whole(&change)?;
    ensure!(
        !change.is_after(generation),
        "generation {generation} is in force"
    );
    ensure!(
        lane.me.ok(&["log", "-n", "1"])?.contains("went back"),
        "the log does not tell"
    );
    lane.goes_on()
}

fn nobody_comes_back(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    let change = lane.change()?;
    let mut program = lane.stopped_at("load nft -f")?;
    lab.block(lane.vps, "tcp dport 22")?;
    hold::release(lab, lane.vps)?;
    let gone_back = "tail -n 1 /etc/wirewarp/outcomes | grep rolled_back && ! ls /etc/wirewarp/pending /etc/wirewarp/reverting";
    let waited = lab.wait_until(lane.vps, gone_back, Duration::from_secs(20));
    lab.unblock(lane.vps)?;
    waited?;
    program
        .end(Duration::from_secs(60))?
        .failed(&["went back to the state before"])?;
    let generation = lane.whole_and_goes_on(&change)?;
    ensure!(
        !change.is_after(generation),
        "generation {generation} is in force"
    );
    Ok(())
}

fn dead_for_seconds(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    let change = lane.change()?;
    let mut program = lane.stopped_at("load nft -f")?;
    lab.block(lane.vps, "tcp dport 22")?;
    hold::release(lab, lane.vps)?;
    sleep(Duration::from_secs(3));
    lab.unblock(lane.vps)?;
    let ended = program.end(Duration::from_secs(60))?;
    ensure!(ended.status == Some(0), "{ended:?}");
    let generation = lane.whole_and_goes_on(&change)?;
    ensure!(change.is_after(generation), "generation {generation} is in force");
    Ok(())
}
