//! A host that takes a password: wrong, then right; and the vault that keeps it.

use anyhow::{Result, ensure};
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{PATIENCE, Role};

use crate::story::{Story, case};
use crate::vault::{choose, unlock, without_passphrase};
use crate::{PASSWORD, PASSWORD_HOST};

/// What opens the vault of these tests' person.
const VAULT: &str = "correct horse";

pub fn cases() -> Vec<Case> {
    vec![case(
        "a_wrong_password_is_told_at_the_form_and_the_second_try_works",
        wrong_password,
    )]
}

fn wrong_password(story: &mut Story) -> Result<()> {
    story.lab.boot(&[PASSWORD_HOST])?;
    story.reopen(without_passphrase)?;
    let window = story.window()?;
    window.go("/vpses/add")?;
    window.fill("Where is it?", "root@203.0.113.63")?;
    window.choose("Password")?;
    window.fill("Password", "swordfish")?;
    window.press("Test connection")?;
    story.trust(PASSWORD_HOST)?;
    window.says("the password for root was not accepted", PATIENCE)?;
    ensure!(
        window.holds("Where is it?")? == "root@203.0.113.63" && window.holds("Password")? == "swordfish",
        "the form has lost what was typed"
    );
    window.picture("wrong-password")?;
    window.fill("Password", PASSWORD)?;
    // The password itself is to be kept, in the vault.
    window.click(Role::Checkbox, "Make a key, install it", None)?;
    window.press("Test connection")?;
    window.says("Debian GNU/Linux 12", PATIENCE)?;
    window.fill("Name", "ams")?;
    window.press("See the plan")?;
    window.press("Set up ams")?;
    choose(story, VAULT)?;
    story.is_done()?;
    // Started anew, it asks before it can log in.
    story.reopen(without_passphrase)?;
    story.window()?.go("/vpses/ams")?;
    unlock(story, VAULT)?;
    let window = story.window()?;
    window.says("as planned", PATIENCE)
}
