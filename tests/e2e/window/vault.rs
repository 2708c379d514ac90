//! No keychain: the vault's passphrase is asked for, and what is typed wrongly or not at all costs nothing.

use std::process::Command;

use anyhow::{Result, ensure};
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{PATIENCE, Role};

use crate::story::{Story, case_of};
use crate::{PASSWORD, PASSWORD_HOST};

/// What opens the vault of these tests' person.
const VAULT: &str = "correct horse";
/// The title of the dialog that asks.
const DIALOG: &str = "A secret is needed";
/// What is said where nobody told the passphrase.
const SHUT: &str = "nobody gave the passphrase of the vault file";

pub fn cases() -> Vec<Case> {
    vec![case_of(
        "vera",
        "the_vaults_passphrase_is_asked_for_again_and_a_cancel_loses_nothing_that_was_typed",
        asked_again,
    )]
}

/// Nothing around the program tells the vault's passphrase: it has to ask.
pub fn without_passphrase(command: &mut Command) {
    command.env_remove("WIREWARP_VAULT_PASSPHRASE");
}

/// Types it where it is asked for.
pub fn unlock(story: &Story, passphrase: &str) -> Result<()> {
    let window = story.window()?;
    window.shows(Role::Heading, DIALOG, PATIENCE)?;
    window.keys(passphrase)?;
    window.press("Continue")
}

/// Types a new one, twice, where it is chosen.
pub fn choose(story: &Story, passphrase: &str) -> Result<()> {
    let window = story.window()?;
    window.shows(Role::Heading, DIALOG, PATIENCE)?;
    window.keys(passphrase)?;
    window.fill("The same again", passphrase)?;
    window.press("Continue")
}

fn asked_again(story: &mut Story) -> Result<()> {
    story.lab.boot(&[PASSWORD_HOST])?;
    story.reopen(without_passphrase)?;
    a_new_vault_is_declined_then_made(story)?;
    story.reopen(without_passphrase)?;
    a_wrong_passphrase_is_told(story)?;
    another_password_is_kept(story)?;
    // Started anew, it asks before it can log in.
    story.reopen(without_passphrase)?;
    unlock(story, VAULT)?;
    story.window()?.go("/vpses/ams")?;
    story.window()?.says("changes waiting", PATIENCE)
}

/// The first password that is to be kept makes the vault.
fn a_new_vault_is_declined_then_made(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.go("/vpses/add")?;
    window.fill("Where is it?", "root@203.0.113.63")?;
    window.choose("Password")?;
    window.fill("Password", PASSWORD)?;
    window.click(Role::Checkbox, "Make a key, install it", None)?;
    window.press("Test connection")?;
    story.trust(PASSWORD_HOST)?;
    window.fill("Name", "ams")?;
    window.press("See the plan")?;
    window.press("Set up ams")?;
    decline(story)?;
    window.picture("vault-declined")?;
    ensure!(story.untouched(PASSWORD_HOST)?, "it was set up all the same");
    // Nothing of the form is lost.
    window.press("Back")?;
    ensure!(window.holds("Name")? == "ams", "the name is lost");
    window.press("Back")?;
    ensure!(
        window.holds("Where is it?")? == "root@203.0.113.63" && window.holds("Password")? == PASSWORD,
        "the login is lost"
    );
    window.press("Test connection")?;
    window.says("Debian GNU/Linux 12", PATIENCE)?;
    ensure!(window.holds("Name")? == "ams", "the name is lost on the way");
    window.press("See the plan")?;
    window.press("Apply later")?;
    window.says("Choose a passphrase", PATIENCE)?;
    window.picture("vault-new")?;
    choose(story, VAULT)?;
    window.shows(Role::Heading, "VPSes", PATIENCE)
}

/// The look that the program begins with needs the password.
fn a_wrong_passphrase_is_told(story: &Story) -> Result<()> {
    let window = story.window()?;
    unlock(story, "correct hearse")?;
    window.says("That passphrase does not open the vault file.", PATIENCE)?;
    window.picture("vault-wrong")?;
    window.go("/vpses/ams")?;
    decline(story)?;
    window.says("ams was not looked at", PATIENCE)?;
    window.picture("vault-shut")
}

/// A form whose password is to be kept waits for the right passphrase.
fn another_password_is_kept(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.press("Change")?;
    window.fill("Password", PASSWORD)?;
    window.press("Try and keep it")?;
    window.press("Save")?;
    unlock(story, "wrong")?;
    window.says("That passphrase does not open the vault file.", PATIENCE)?;
    decline(story)?;
    window.press("Save")?;
    unlock(story, "wrong again")?;
    window.says("That passphrase does not open the vault file.", PATIENCE)?;
    unlock(story, VAULT)?;
    window.says("Saved.", PATIENCE)?;
    // It is looked at with that, without being told to.
    story.says_no_more("was not looked at")
}

/// Says no to the question, and reads why it went no further. It is not asked again at once.
fn decline(story: &Story) -> Result<()> {
    let window = story.window()?;
    window.shows(Role::Heading, DIALOG, PATIENCE)?;
    window.click(Role::Button, "Cancel", Some(DIALOG))?;
    window.says(SHUT, PATIENCE)?;
    ensure!(!window.has(Role::Heading, DIALOG)?, "it asks again");
    Ok(())
}
