//! The provider's "reinstall": the same address, another machine.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::lane::Lane;
use wirewarp_tests::hold;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_reinstalled_vps_is_trusted_anew_and_set_up_again", |lab| {
            let lane = Lane::first(lab)?;
            reinstalled(&lane, lane.vps)
        }),
        Case::new("a_reinstalled_home_is_trusted_anew_and_set_up_again", |lab| {
            let mut lane = Lane::second(lab)?;
            reinstalled(&lane, lane.home)?;
            lane.serve()?;
            lane.goes_on()
        }),
    ]
}

fn reinstalled(lane: &Lane, host: &str) -> Result<()> {
    let Lane { lab, me, .. } = lane;
    let key = |lab: &Lab| Ok::<_, anyhow::Error>(lab.exec(host, "wg show ww0 public-key")?.ok()?.to_owned());
    let (old, old_key) = (me.fingerprint(host)?, key(lab)?);
    lab.reinstall(host)?;
    let new = me.fingerprint(host)?;
    // Everything stops, with both keys; and nothing but the right one is taken.
    me.refused(1, &["apply"], &[&old, &new])?;
    me.refused(1, &["vps", "trust", host, "--trust", &old], &[&new])?;
    me.refused(1, &["apply"], &[&old, &new])?;
    me.ok(&["vps", "trust", host, "--trust", &new])?;
    me.ok(&["apply", "--yes"])?;
    ensure!(key(lab)? != old_key, "the host has its old key");
    hold::install(lab, host)?;
    lane.check_is_empty(host)
}
