//! What others on the host take away, and what a restart does.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::lane::Lane;
use crate::nonsense;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("rules_survive_a_restart_of_nftables", nftables_restarted),
        Case::new(
            "flushed_rules_come_back_hosts_may_reboot_and_one_that_hangs_is_given_up",
            three_that_take_long,
        ),
    ]
}

/// A stock nftables.service flushes every table when it stops, starts and reloads.
fn nftables_restarted(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    for host in [lane.vps, lane.home] {
        lab.exec(host, "systemctl start nftables")?.ok()?;
        for verb in ["restart", "reload", "stop", "start"] {
            lab.exec(host, &format!("systemctl {verb} nftables"))?.ok()?;
            if verb != "stop" {
                let there =
                    "nft list table inet wirewarp && [ -z \"$(sh /etc/wirewarp/current/load check)\" ]";
                lab.wait_until(host, there, Duration::from_secs(20))?;
            }
        }
    }
    lane.wait_for_traffic()?;
    lane.goes_on()
}

/// Side by side, each on hosts of its own.
fn three_that_take_long(lab: &Lab) -> Result<()> {
    thread::scope(|scope| {
        let threads = [flushed, rebooted, nonsense::hangs].map(|work| scope.spawn(move || work(lab)));
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("panicked"))))
    })
}

fn flushed(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    for host in [lane.vps, lane.home] {
        lab.exec(host, "nft flush ruleset")?.ok()?;
    }
    lab.exec(lane.home, "ip rule delete pref 7701")?.ok()?;
    for host in [lane.vps, lane.home] {
        let there = "nft list table inet wirewarp && [ -z \"$(sh /etc/wirewarp/current/load check)\" ]";
        lab.wait_until(host, there, Duration::from_secs(75))?;
    }
    lane.wait_for_traffic()?;
    lane.goes_on()
}

fn rebooted(lab: &Lab) -> Result<()> {
    let mut lane = Lane::second(lab)?;
    let change = lane.change()?;
    lab.at_once(&[lane.vps, lane.home], |host| lab.reboot(host))?;
    lane.serve()?;
    let began = Instant::now();
    lane.wait_for_traffic()?;
    ensure!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    lane.whole_and_goes_on(&change).map(drop)
}
