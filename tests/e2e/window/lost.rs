//! The network between the program and a host goes away in the middle of an apply, and comes back.

use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::hold;
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::site::FIRST;
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol;
use wirewarp_tests::window::{APPLY, PATIENCE, Role, key};

use crate::story::{Story, case_with_site};

/// The program's way to the VPS, of all that goes there.
const OUR_WAY: &str = "ip saddr 203.0.113.200 tcp dport 22";
/// Its timer has carried the old state back, and nothing is on its way any more.
const GONE_BACK: &str = "tail -n 1 /etc/wirewarp/outcomes | grep -q rolled_back && ! ls /etc/wirewarp/pending /etc/wirewarp/reverting";

pub fn cases() -> Vec<Case> {
    vec![case_with_site(
        "a_network_that_goes_away_while_a_host_is_changed_leaves_it_whole_and_is_told",
        gone_and_back,
    )]
}

fn gone_and_back(story: &mut Story) -> Result<()> {
    let lab = story.lab;
    let _server = lab.serve("vm", &[7780], &[])?;
    hold::install(lab, "vps1")?;
    hold::order(lab, "vps1", "load nft -f")?;
    let before = generation(story)?;
    goes_back_after(story, "10")?;
    story.plan_forward("7780", "TCP", "harbour")?;
    let window = story.window()?;
    window.press("Apply on 2 hosts")?;
    hold::wait(lab, "vps1", "load nft -f")?;
    lab.cut_ssh("vps1")?;
    lab.block("vps1", OUR_WAY)?;
    hold::release(lab, "vps1")?;
    let told = window
        .says("the connection was lost; the host goes on by itself", PATIENCE)
        .and_then(|()| window.picture("lost"));
    let back = lab.wait_until("vps1", GONE_BACK, Duration::from_secs(25));
    lab.unblock("vps1")?;
    told.and(back)?;
    window.says("It did not go through on nyc.", APPLY)?;
    window.says("the host went back to the state before", PATIENCE)?;
    window.picture("lost-and-back")?;
    ensure!(generation(story)? == before, "it is not in the old state");
    whole(story)?;
    window.press("Try again")?;
    story.is_done()?;
    window.picture("lost-done")?;
    ensure!(generation(story)? > before, "the new state is not in force");
    whole(story)?;
    story.site.player_is_seen(Protocol::Tcp, FIRST, 7780)?;
    window.click(Role::Button, "Close", Some("Forward a port"))?;
    recorded(story, before)?;
    goes_back_after(story, "60")?;
    story.site.nothing_to_do()
}

/// Sets how soon a host goes back by itself.
fn goes_back_after(story: &Story, seconds: &str) -> Result<()> {
    let window = story.window()?;
    window.go("/settings?section=defaults")?;
    window.fill("A host goes back by itself after", seconds)?;
    window.keys(key::ENTER)
}

/// What the host has in force is all of one generation.
fn whole(story: &Story) -> Result<()> {
    let mut last = String::new();
    let check = wait_for("an empty check", PATIENCE, || {
        last = story
            .lab
            .exec("vps1", "sh /etc/wirewarp/current/load check 2>&1")?
            .stdout;
        Ok(last.is_empty().then_some(()))
    });
    ensure!(check.is_ok(), "the host's own check says {last}");
    Ok(())
}

/// Both tries are in Activity, the first with what became of it.
fn recorded(story: &Story, before: u64) -> Result<()> {
    let window = story.window()?;
    window.go("/activity")?;
    window.says("went back", PATIENCE)?;
    window.picture("lost-activity")?;
    window.follow(&format!("host nyc generation {before} -> {}", before + 1))?;
    window.says("the connection was lost; the host goes on by itself", PATIENCE)?;
    window.picture("lost-operation")?;
    // What failed has been made good, and needs nobody any more.
    window.go("/alerts")?;
    story.says_no_more("the host went back to the state before")
}

fn generation(story: &Story) -> Result<u64> {
    let link = story.lab.exec("vps1", "readlink /etc/wirewarp/current")?;
    Ok(link.ok()?.rsplit('/').next().unwrap_or_default().parse()?)
}
