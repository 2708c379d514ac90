//! The program ends and begins: killed at work, started twice, its page loaded again.

use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::hold;
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::site::FIRST;
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol;
use wirewarp_tests::window::{PATIENCE, Role, start_again};

use crate::story::{Story, case_with_site};

pub fn cases() -> Vec<Case> {
    vec![
        case_with_site(
            "a_program_killed_while_it_applies_says_what_is_open_and_goes_on",
            killed,
        ),
        case_with_site("a_second_start_brings_the_first_window_back", twice),
        case_with_site("an_address_of_any_page_survives_a_reload", reloaded),
    ]
}

fn killed(story: &mut Story) -> Result<()> {
    let lab = story.lab;
    let _server = lab.serve("vm", &[8888], &[])?;
    hold::install(lab, "vps1")?;
    hold::order(lab, "vps1", "switch mv")?;
    story.plan_forward("8888", "TCP", "library")?;
    let window = story.window()?;
    window.press("Apply on 2 hosts")?;
    hold::wait(lab, "vps1", "switch mv")?;
    window.kill()?;
    story.reopen(|_| {})?;
    let window = story.window()?;
    window.go("/activity")?;
    window.says("nyc", PATIENCE)?;
    window.says("running", PATIENCE)?;
    window.picture("killed")?;
    hold::release(lab, "vps1")?;
    wait_for("the operation to be settled", Duration::from_secs(60), || {
        Ok((!window.text()?.contains("running")).then_some(()))
    })?;
    // What the other host had not begun is still to be done.
    if story.site.me.run(&["plan"])?.status == 2 {
        window.go("/pending")?;
        story.apply()?;
    }
    story.site.player_is_seen(Protocol::Tcp, FIRST, 8888)?;
    story.site.nothing_to_do()
}

fn twice(story: &mut Story) -> Result<()> {
    let window = story.window()?;
    let visible = ["search", "--onlyvisible", "--name", "^WireWarp$"];
    let shown = story.desk.xdotool(&visible)?;
    ensure!(!shown.is_empty(), "no window is visible");
    for id in shown.lines() {
        story.desk.xdotool(&["windowunmap", "--sync", id])?;
    }
    ensure!(story.desk.xdotool(&visible)?.is_empty(), "it is still visible");
    let second = start_again(&story.desk, &story.site.me)?;
    ensure!(second.succeeded(), "{second:?}");
    wait_for("the first window", PATIENCE, || {
        Ok((!story.desk.xdotool(&visible)?.is_empty()).then_some(()))
    })?;
    ensure!(window.runs(), "the first program has ended");
    window.follow("VPSes")?;
    window.shows(Role::Heading, "VPSes", PATIENCE)
}

fn reloaded(story: &mut Story) -> Result<()> {
    let window = story.window()?;
    for (place, heading) in [
        ("/vpses/nyc?tab=activity", "nyc"),
        ("/peers/attic", "attic"),
        ("/forwards?view=table&q=survival", "Port forwards"),
        ("/forwards?open=new", "Forward a port"),
        ("/hosts/nyc/drift", "Drift of nyc"),
        ("/settings?section=about", "Settings"),
    ] {
        window.go(place)?;
        window.shows(Role::Heading, heading, PATIENCE)?;
        let before = window.place()?;
        window.reload()?;
        window.shows(Role::Heading, heading, PATIENCE)?;
        window.settles()?;
        ensure!(window.place()? == before, "{before} became {}", window.place()?);
        window.is_quiet()?;
    }
    window.go("/no/such/page")?;
    window.reload()?;
    window.shows(Role::Heading, "There is no such page", PATIENCE)
}
