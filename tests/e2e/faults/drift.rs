//! Hands on the host: what drift shows, what repairs it, and going back on request.

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::lane::Lane;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("what_hands_changed_is_shown_and_repaired", shown_and_repaired),
        Case::new("a_host_goes_back_on_request", goes_back),
    ]
}

/// On the VPS or at home, what is done there, and what drift says of it.
const DAMAGE: [(bool, &str, &[&str]); 8] = [
    (true, "nft delete table inet wirewarp", &["table inet wirewarp"]),
    (
        true,
        "nft add element inet wirewarp $(nft list maps | grep -o 'ip_[0-9_]*_tcp' | head -n 1) '{ 9999 : 10.0.0.2 . 1 }'",
        &["table inet wirewarp"],
    ),
    (
        true,
        "sed -i 's/8080 :/8081 :/' /etc/wirewarp/current/rules.nft",
        &["rules.nft", "changed on the host", "8081"],
    ),
    (
        true,
        "rm /etc/systemd/system/wirewarp-watch.timer",
        &["wirewarp-watch.timer"],
    ),
    (true, "wg set ww0 listen-port 4444", &["ww0"]),
    (false, "ip rule delete pref 7701", &["7701"]),
    (false, "ip route flush table 7701", &["7701"]),
    (false, "ip link delete ww0", &["ww0"]),
];

fn shown_and_repaired(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    for (on_vps, damage, says) in DAMAGE {
        let host = if on_vps { lane.vps } else { lane.home };
        damaged(&lane, host, damage, says).with_context(|| format!("after `{damage}` on {host}"))?;
    }
    Ok(())
}

fn damaged(lane: &Lane, host: &str, damage: &str, says: &[&str]) -> Result<()> {
    let Lane { lab, me, .. } = lane;
    // The timer that repairs by itself has just run.
    lab.exec(host, "systemctl start wirewarp-watch.service")?.ok()?;
    lab.exec(host, damage)?.ok()?;
    let drift = me.run(&["drift", host])?;
    ensure!(drift.status == 2, "{drift:?}");
    for word in says {
        ensure!(drift.stdout.contains(word), "no {word:?} in {drift:?}");
    }
    me.ok(&["drift", host, "--repair", "--yes"])?;
    me.ok(&["drift", host])?;
    lane.check_is_empty(host)?;
    lane.goes_on()
}

fn goes_back(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    let (me, vps) = (&lane.me, lane.vps);
    lane.bring(true)?;
    let opened = lane.generation()?;
    lane.bring(false)?;
    ensure!(!lane.is_open(), "it is still open");
    me.ok(&["rollback", vps, "--yes"])?;
    ensure!(
        lane.generation()? == opened + 2 && lane.is_open(),
        "it did not go back"
    );
    lane.check_is_empty(vps)?;
    // The inventory still says what it said.
    ensure!(
        me.run(&["plan", vps])?.status == 2,
        "nothing to do after a rollback"
    );
    lane.goes_on()?;
    ensure!(!lane.is_open(), "it is still open");
    me.ok(&["rollback", vps, &opened.to_string(), "--yes"])?;
    ensure!(lane.is_open(), "it did not go back to {opened}");
    me.ok(&["drift", vps, "--adopt", "--yes"])?;
    lane.goes_on()?;
    ensure!(lane.is_open(), "what was adopted is not kept");
    me.refused(1, &["rollback", vps, "9999"], &["9999"])?;
    lane.goes_on()
}
