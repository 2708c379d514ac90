//! Attach, play, detach.

use anyhow::{Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::proxmox::Version;
use wirewarp_tests::suite::Case;

use crate::place::{PUBLIC, Place};

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "a_guest_is_attached_played_on_and_given_back_to_the_byte",
        attach_play_detach,
    )]
}

fn attach_play_detach(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    let before = place.texts(100);

    let dry = place.attach(
        "100",
        &[
            "--ports",
            "25565",
            "--proto",
            "both",
            "--nic",
            "replace",
            "--dry-run",
        ],
    )?;
    let steps = dry["guest"]["steps"].to_string();
    ensure!(
        steps.contains("make the bridge vmww0") && steps.contains("change net0"),
        "{dry}"
    );
    ensure!(place.texts(100) == before);

    place.standin.forget_requests();
    let said = place.attach(
        "100",
        &["--ports", "25565", "--proto", "both", "--nic", "replace"],
    )?;
    ensure!(
        place.standin.calls() <= 15,
        "{} calls: {:?}",
        place.standin.calls(),
        place.standin.requests()
    );
    let address = said["guest"]["address"].as_str().unwrap_or_default().to_owned();
    let lease = lab.lease_at("vm", "ens18", "BC:24:11:00:00:64")?;
    ensure!(lease.address.addr().to_string() == address, "{lease:?}");
    place.plays("vm", PUBLIC, 25565)?;

    // Checked from outside: what nobody serves is named, what is served is proved.
    let silent = place.try_attach("100", &["--check"])?;
    ensure!(silent.status == 4, "{silent:?}");
    let server = lab.serve("vm", &[25565], &[25565])?;
    let proved = place.try_attach("100", &["--check"])?;
    drop(server);
    ensure!(proved.status == 0, "{proved:?}");
    let checks = &proved.json::<Value>()?["check"]["checks"];
    ensure!(checks.as_array().is_some_and(|all| all.len() == 2), "{proved:?}");

    let again = place.attach_here("100", &[])?;
    ensure!(
        again["guest"]["steps"].as_array().is_some_and(Vec::is_empty),
        "{again}"
    );

    place.detach("100")?;
    place.is_given_back(100, &before)
}
