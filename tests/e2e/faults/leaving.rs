//! Faults while a machine is cleaned whose tunnel, which goes, is the only way to it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::lane::{Lane, on_both};
use crate::program::{Ended, Program};
use wirewarp_tests::hold;

/// SSH to the machine at home, but for what comes in its tunnel.
const DIRECT: &str = "tcp dport 22";
/// It dials directly first, for ten seconds, and asks for some more whether the host has begun.
const GIVES_UP: Duration = Duration::from_secs(90);
/// With a boot, and what it does at the end of that.
const CLEAN: Duration = Duration::from_secs(60);

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_clean_up_by_the_only_way_ends_clean_after_a_cut",
            cut_before_it_begins,
        ),
        Case::new(
            "a_clean_up_by_the_only_way_ends_clean_after_a_power_loss",
            power_lost,
        ),
    ]
}

/// Cut while it is handed over; the second time the host has all of it, and goes on.
fn cut_before_it_begins(lab: &Lab) -> Result<()> {
    on_both(lab, &["lock flock", "arm sync"], |lane, point| {
        let ended = leaving(lane, point, || {
            lab.cut_ssh(lane.home)?;
            hold::release(lab, lane.home)
        })?;
        ensure!(ended.status == Some(0), "{ended:?}");
        clean_and_back(lane)
    })
}

fn power_lost(lab: &Lab) -> Result<()> {
    let points = ["leaving sleep", "leaving sync", "leaving systemctl", "leaving mv"];
    on_both(lab, &points, |lane, point| {
        let ended = leaving(lane, point, || {
            // Its cable goes with it, and whoever starts it looks for its sshd.
            lab.unblock(lane.home)?;
            lab.power_loss(lane.home)?;
            lab.start(lane.home)
        })?;
        ensure!(ended.status == Some(0), "{ended:?}");
        clean_and_back(lane)
    })
}

/// Removes the peer by its tunnel, and does `fault` while its host stands at `point`.
fn leaving(lane: &Lane, point: &str, fault: impl FnOnce() -> Result<()>) -> Result<Ended> {
    hold::install(lane.lab, lane.home)?;
    lane.lab.block(lane.home, DIRECT)?;
    let ended = stopped_at(lane, point).and_then(|mut program| {
        fault()?;
        program.end(GIVES_UP)
    });
    drop(lane.lab.unblock(lane.home));
    hold::release(lane.lab, lane.home)?;
    ended
}

fn stopped_at(lane: &Lane, point: &str) -> Result<Program> {
    hold::order(lane.lab, lane.home, point)?;
    let program = Program::start(&lane.me, &["peer", "remove", lane.home, "--yes"])?;
    hold::wait(lane.lab, lane.home, point)?;
    Ok(program)
}

/// Nothing of ours is left, and the machine can be a peer again.
fn clean_and_back(lane: &Lane) -> Result<()> {
    let left = "ls -d /etc/wirewarp* /run/wirewarp/op-* /etc/systemd/system/*w[wi]* /sys/class/net/ww* 2> /dev/null;
                nft list table inet wirewarp 2> /dev/null; ip rule | grep '^77'; sysctl -n net.ipv4.ip_forward | grep 1;
                ls -d /etc/systemd/system/*.wants/*w[wi]* 2> /dev/null; systemctl --failed --no-legend";
    let nothing = format!("[ -z \"$({left})\" ]");
    lane.lab
        .wait_until(lane.home, &nothing, CLEAN)
        .with_context(|| format!("left: {:?}", lane.lab.exec(lane.home, left)))?;
    let peers = lane.lab.exec(lane.vps, "wg show ww0 peers")?;
    ensure!(peers.ok()?.is_empty(), "{peers:?}");
    let plan = lane.me.run(&["plan"])?;
    ensure!(plan.status == 0, "{plan:?}");
    lane.add_home()
}
