//! An apply that fails on one of two hosts.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{FIRST, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol;
use wirewarp_tests::window::{APPLY, PATIENCE, Role};

use crate::story::{Story, case_with_site};

/// The machine at home refuses every set of rules, and says so.
const BREAK: &str = "cat > /usr/local/sbin/nft <<'END'
#!/bin/sh
case \" $* \" in *' -f '*|*' -c '*) echo 'nft: the rules are refused by a test' >&2; exit 1 ;; esac
exec /usr/sbin/nft \"$@\"
END
chmod 755 /usr/local/sbin/nft";
const MEND: &str = "rm -f /usr/local/sbin/nft";

pub fn cases() -> Vec<Case> {
    vec![
        case_with_site(
            "a_failed_step_is_shown_with_its_output_and_tried_again",
            tried_again,
        ),
        case_with_site(
            "a_host_on_which_it_went_through_goes_back_and_on_later",
            gone_back,
        ),
    ]
}

fn tried_again(story: &mut Story) -> Result<()> {
    let _server = story.lab.serve("vm", &[7777], &[])?;
    broken(story.lab, || {
        fails(story, "7777", "factory")?;
        story.window()?.picture("failed-apply")
    })?;
    story.window()?.press("Try again")?;
    story.is_done()?;
    story.site.player_is_seen(Protocol::Tcp, FIRST, 7777)?;
    story.site.nothing_to_do()
}

fn gone_back(story: &mut Story) -> Result<()> {
    let _server = story.lab.serve("vm", &[7778], &[])?;
    broken(story.lab, || {
        fails(story, "7778", "annex")?;
        goes_back(story)
    })?;
    goes_on(story)?;
    story.site.player_is_seen(Protocol::Tcp, FIRST, 7778)?;
    story.site.nothing_to_do()
}

/// Does something while the machine at home takes no rules.
fn broken(lab: &Lab, work: impl FnOnce() -> Result<()>) -> Result<()> {
    on_home(lab, BREAK)?;
    let outcome = work();
    on_home(lab, MEND)?;
    outcome
}

fn on_home(lab: &Lab, script: &str) -> Result<()> {
    lab.exec("home", script)?.ok().map(drop)
}

fn fails(story: &Story, ports: &str, label: &str) -> Result<()> {
    let window = story.window()?;
    story.plan_forward(ports, "TCP", label)?;
    window.press("Apply on 2 hosts")?;
    window.says("It did not go through on attic.", APPLY)?;
    window.says("nft: the rules are refused by a test", PATIENCE)
}

/// The host on which it went through is put back as it was.
fn goes_back(story: &Story) -> Result<()> {
    let window = story.window()?;
    let before = generation(&story.site)?;
    window.press("Go back on nyc")?;
    window.shows(Role::Button, "Apply on 1 host", PATIENCE)?;
    story.apply()?;
    ensure!(generation(&story.site)? == before + 1, "it did not go back");
    window.click(Role::Button, "Close", Some("Go back on nyc"))
}

/// What was wanted is still wanted: from the list of what is not applied.
fn goes_on(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.go("/pending")?;
    window.shows(Role::Button, "Apply on", PATIENCE)?;
    window.picture("pending")?;
    story.apply()
}

fn generation(site: &Site) -> Result<u64> {
    let link = site.lab.exec("vps1", "readlink /etc/wirewarp/current")?;
    Ok(link.ok()?.rsplit('/').next().unwrap_or_default().parse()?)
}
