//! A host that was reinstalled has another key: everything stops until somebody has compared it.

use anyhow::{Result, ensure};
use wirewarp_tests::site::Site;
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{PATIENCE, Role};

use crate::story::{Story, case_with_site};

pub fn cases() -> Vec<Case> {
    vec![case_with_site(
        "a_reinstalled_host_stops_everything_until_its_new_key_is_compared",
        reinstalled,
    )]
}

fn reinstalled(story: &mut Story) -> Result<()> {
    let (lab, me) = (story.lab, story.site.me.clone());
    let old = me.fingerprint("vps1")?;
    lab.reinstall("vps1")?;
    let new = me.fingerprint("vps1")?;
    ensure!(old != new, "it has its old key");
    let before = written(&story.site)?;
    let window = story.window()?;
    window.go("/vpses")?;
    window.press("Look now")?;
    window.says("unreachable", PATIENCE)?;
    window.go("/vpses/nyc")?;
    window.says(&new, PATIENCE)?;
    window.says(&old, PATIENCE)?;
    window.picture("host-key-changed")?;
    // A change is refused for the same reason, with nothing written down or done.
    window.go("/forwards?open=new&peer=attic")?;
    window.fill("Ports", "4000")?;
    window.press("Plan it")?;
    window.says(&new, PATIENCE)?;
    window.press("Cancel")?;
    ensure!(story.untouched("vps1")?, "something was done on it");
    ensure!(written(&story.site)? == before, "the inventory has changed");
    window.go("/vpses/nyc")?;
    window.press("I reinstalled it: compare the new key")?;
    story.trust("vps1")?;
    window.says("changes waiting", PATIENCE)?;
    window.press("Apply")?;
    story.apply()?;
    // Its tunnel has a new key as well, which the peers have to learn.
    if story.site.me.run(&["plan"])?.status == 2 {
        window.click(Role::Button, "Close", Some("Pending changes"))?;
        window.go("/pending")?;
        story.apply()?;
    }
    story.site.nothing_to_do()
}

fn written(site: &Site) -> Result<String> {
    Ok(site.me.json(&["port", "list"])?.to_string())
}
