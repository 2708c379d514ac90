//! Hands on the VPS: told, compared from three sides, repaired.

use anyhow::{Result, ensure};
use wirewarp_tests::site::{FIRST, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol;
use wirewarp_tests::window::{PATIENCE, Role};

use crate::story::{Story, case_with_site};

pub fn cases() -> Vec<Case> {
    vec![case_with_site(
        "what_hands_changed_on_a_vps_is_shown_from_three_sides_and_repaired",
        repaired,
    )]
}

fn repaired(story: &mut Story) -> Result<()> {
    let (window, lab) = (story.window()?, story.lab);
    let _server = lab.serve("vm", &[25565], &[])?;
    // The timer that repairs by itself has just run.
    lab.exec("vps1", "systemctl start wirewarp-watch.service")?.ok()?;
    let damage =
        "sed -i 's/25565 :/25566 :/' /etc/wirewarp/current/rules.nft && nft delete table inet wirewarp";
    lab.exec("vps1", damage)?.ok()?;
    ensure!(!reached(&story.site), "the forward still works");
    window.go("/vpses/nyc")?;
    window.says("nyc is not as it was applied", PATIENCE)?;
    window.picture("drift-banner")?;
    window.follow("See what differs")?;
    for side in ["Desired by the inventory", "Applied last", "On the host now"] {
        window.shows(Role::Heading, side, PATIENCE)?;
    }
    window.says("changed on the host", PATIENCE)?;
    window.says("25566 :", PATIENCE)?;
    window.picture("drift")?;
    window.press("Repair nyc")?;
    window.shows(Role::Button, "Apply on 1 host", PATIENCE)?;
    story.apply()?;
    window.click(Role::Button, "Close", Some("Repair nyc"))?;
    window.says("Nothing differs", PATIENCE)?;
    ensure!(reached(&story.site), "the forward does not work again");
    story.site.nothing_to_do()
}

fn reached(site: &Site) -> bool {
    site.player_is_seen(Protocol::Tcp, FIRST, 25565).is_ok()
}
