//! A host that is reached only by way of another.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{PATIENCE, Role, Window};

use crate::INNER_HOST;
use crate::story::{Story, case_of};
use crate::terminal::{enter, prompt, screen, size};

/// Everything that comes from the desk itself.
const OUR_WAY: &str = "ip saddr 203.0.113.200";
/// The rows and columns that the window shows.
const SHOWN: &str = "const rows = document.querySelectorAll('.xterm-rows > div');
    const screen = document.querySelector('.xterm-screen').getBoundingClientRect();
    return [rows.length, screen.width, screen.height]";

pub fn cases() -> Vec<Case> {
    vec![case_of(
        "ida",
        "a_terminal_over_a_jump_host_tells_when_that_goes_away_and_connects_again",
        terminal,
    )]
}

fn terminal(story: &mut Story) -> Result<()> {
    let lab = story.lab;
    lab.boot(&[INNER_HOST])?;
    lab.block(INNER_HOST, OUR_WAY)?;
    let outcome = by_way_of_the_vps(story);
    lab.unblock(INNER_HOST)?;
    outcome
}

fn by_way_of_the_vps(story: &Story) -> Result<()> {
    add(story)?;
    let window = story.window()?;
    window.go("/terminal")?;
    window.press("inner")?;
    prompt(window, PATIENCE)?;
    let (rows, columns) = size(window, 1)?;
    let shown = window.run(SHOWN, &[])?;
    ensure!(
        shown[0] == json!(rows),
        "{rows} rows, and the window shows {shown}"
    );
    ensure!(columns > 80, "{columns} columns");
    burst(window)?;
    window.picture("terminal-jump")?;
    story.lab.cut_ssh("vps1")?;
    window.says(
        "The connection was lost: the jump host 203.0.113.10 is gone.",
        PATIENCE,
    )?;
    window.picture("terminal-lost")?;
    window.press("Connect again")?;
    story.says_no_more("The connection was lost")?;
    prompt(window, PATIENCE)?;
    enter(window, "echo again-$((40 + 2))")?;
    wait_for("the new shell's answer", PATIENCE, || {
        Ok(screen(window)?.contains("again-42").then_some(()))
    })
}

/// The form with its jump host; one key opens both.
fn add(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.go("/vpses/add")?;
    story.log_in_by_key("root@203.0.113.62")?;
    window.press("User, port, jump host")?;
    window.fill("Jump host", "root@203.0.113.10")?;
    window.picture("add-vps-jump")?;
    window.press("Test connection")?;
    story.trust("vps1")?;
    story.trust(INNER_HOST)?;
    window.says("Debian GNU/Linux 12", PATIENCE)?;
    window.fill("Name", "inner")?;
    window.press("See the plan")?;
    window.press("Apply later")?;
    window.shows(Role::Heading, "VPSes", PATIENCE)
}

fn burst(window: &Window) -> Result<()> {
    enter(window, "clear; seq -s ' ' 1 60000; echo end-$((1 + 1))")?;
    wait_for("the end of the burst", Duration::from_secs(30), || {
        Ok(screen(window)?.contains("end-2").then_some(()))
    })?;
    // A row that did not fit goes on in the next.
    let all: String = screen(window)?.lines().collect();
    let wanted: Vec<String> = (59_900..=60_000).map(|number: u32| number.to_string()).collect();
    ensure!(all.contains(&wanted.join(" ")), "not in order: {all}");
    Ok(())
}
