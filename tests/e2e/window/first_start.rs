//! From nothing to a player who is seen.

use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::site::{BOTH, FIRST};
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{PATIENCE, Role};

use crate::story::{Story, case};

pub fn cases() -> Vec<Case> {
    vec![case(
        "the_first_start_leads_to_a_player_who_reaches_the_vm_and_is_seen",
        first_start,
    )]
}

fn first_start(story: &mut Story) -> Result<()> {
    let window = story.window()?;
    window.says("Three steps to your own public address", PATIENCE)?;
    window.picture("first-start")?;
    window.follow("Add a VPS")?;
    add_vps(story)?;
    window.follow("Next: connect your home")?;
    add_peer(story)?;
    story.site.connect("vm", "attic")?;
    window.follow("Next: open a port")?;
    let server = story.lab.serve("vm", &[25565], &[25565])?;
    open_port(story)?;
    for protocol in BOTH {
        story.site.player_is_seen(protocol, FIRST, 25565)?;
    }
    ensure!(server.seen()?.len() == 2, "{:?}", server.seen()?);
    prove(story)?;
    window.follow("Dashboard")?;
    window.says("Every forward that is on was proved by a check.", PATIENCE)?;
    story.site.nothing_to_do()
}

fn add_vps(story: &Story) -> Result<()> {
    let window = story.window()?;
    story.log_in_by_key("root@203.0.113.10")?;
    window.says("user root · host 203.0.113.10", PATIENCE)?;
    window.picture("add-vps")?;
    window.press("Test connection")?;
    story.trust("vps1")?;
    window.says("Debian GNU/Linux 12", PATIENCE)?;
    window.fill("Name", "nyc")?;
    window.press("See the plan")?;
    window.says("This sets WireGuard up on nyc:", PATIENCE)?;
    ensure!(
        story.untouched("vps1")?,
        "something was changed before it was wanted"
    );
    window.picture("add-vps-plan")?;
    window.press("Set up nyc")?;
    story.is_done()?;
    window.says("nyc is as planned", PATIENCE)
}

fn add_peer(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.fill("Name", "attic")?;
    story.log_in_by_key("root@192.168.20.10")?;
    window.picture("add-peer")?;
    window.press("Continue")?;
    window.says("203.0.113.11", PATIENCE)?;
    window.picture("add-peer-address")?;
    window.press("See the plan")?;
    story.trust("home")?;
    window.press("Set up attic")?;
    story.is_done()?;
    window.says("Give the machines at home these addresses:", PATIENCE)?;
    window.picture("add-peer-done")
}

fn open_port(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.fill("Ports", "25565")?;
    window.choose("TCP + UDP")?;
    window.fill("Label", "survival")?;
    window.says("203.0.113.10:25565 →", PATIENCE)?;
    window.press("Plan it")?;
    window.shows(Role::Button, "Apply on 2 hosts", PATIENCE)?;
    window.press("Show files")?;
    window.picture("plan")?;
    window.press("Apply on 2 hosts")?;
    story.is_done()?;
    window.click(Role::Button, "Close", Some("Forward a port"))
}

/// A check finds the way, hop by hop, and the program at its end.
fn prove(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.press("Check all")?;
    window.says("All 2 work.", Duration::from_secs(60))?;
    window.picture("check")
}
