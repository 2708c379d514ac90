//! A full disk on the host, before and in the middle of an apply.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::lane::Lane;
use crate::program::Program;
use wirewarp_tests::hold;

pub fn cases() -> Vec<Case> {
    vec![Case::new("a_full_disk_changes_nothing", full)]
}

/// The lab's hosts share this machine's disk, which must not be filled: their folder gets a small one of its own.
const SMALL_DISK: &str = "mkdir -p /run/ww-small && mount -t tmpfs -o size=3m,mode=700 tmpfs /run/ww-small && \
    cp -a /etc/wirewarp/. /run/ww-small && mount --bind /run/ww-small /etc/wirewarp";
const FILL: &str = "head -c 9999999 /dev/zero > /etc/wirewarp/filler; true";
const NO_SMALL_DISK: &str = "rm -f /etc/wirewarp/filler; umount /etc/wirewarp && rm -rf /etc/wirewarp && \
    cp -a /run/ww-small /etc/wirewarp && umount /run/ww-small";

fn full(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    lab.exec(lane.vps, SMALL_DISK)?.ok()?;
    let outcome = [
        None,
        Some("arm cmp"),
        Some("arm sync"),
        Some("write cp"),
        Some("switch ln"),
    ]
    .iter()
    .try_for_each(|when| full_when(&lane, *when).with_context(|| format!("full at {when:?}")));
    lab.exec(lane.vps, NO_SMALL_DISK)?.ok()?;
    outcome?;
    lane.goes_on()
}

fn full_when(lane: &Lane, when: Option<&str>) -> Result<()> {
    let change = lane.change()?;
    let fill = || lane.lab.exec(lane.vps, FILL)?.ok().map(drop);
    let mut program;
    if let Some(point) = when {
        program = lane.stopped_at(point)?;
        fill()?;
        hold::release(lane.lab, lane.vps)?;
    } else {
        fill()?;
        program = Program::start(&lane.me, &lane.apply())?;
    }
    let ended = program.end(Duration::from_secs(60))?;
    let generation = lane.whole(&change).with_context(|| format!("{ended:?}"))?;
    // A disk that fills up once everything is written is in nobody's way.
    if change.is_after(generation) {
        ensure!(ended.status == Some(0), "{ended:?}");
    } else {
        ended.failed(&["the disk that holds /etc is full"])?;
    }
    lane.lab.exec(lane.vps, "rm -f /etc/wirewarp/filler")?.ok()?;
    lane.goes_on()
}
