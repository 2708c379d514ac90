//! The same in the window: from an empty inventory to a player, and back, with nothing typed in a shell.

use std::fs;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::proxmox::{ROOT_PASSWORD, Version};
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{APPLY, Desk, PATIENCE, Role, Window};

use crate::place::{PUBLIC, Place};

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "in_the_window_a_guest_is_put_on_the_internet_and_given_back",
        from_nothing,
    )]
}

fn from_nothing(lab: &Lab) -> Result<()> {
    let place = Place::unknown(lab, Version::V9)?;
    place
        .standin
        .change(|cluster| cluster.set_totp("root@pam", b"12345678901234567890"));
    let desk = Desk::new(place.me.folder())?;
    let window = Window::open(&desk, &place.me)?;
    let told = story(&place, &window).and_then(|()| window.is_quiet());
    if told.is_err() {
        drop(window.picture_now("failed-guests"));
    }
    told
}

fn story(place: &Place, window: &Window) -> Result<()> {
    let before = place.texts(100);
    add_vps(place, window)?;
    sign_in(place, window)?;
    attach(place, window)?;
    place.lab.lease_at("vm", "ens18", "BC:24:11:00:00:64")?;
    place.plays("vm", PUBLIC, 25565)?;
    window.says("As it was left", PATIENCE)?;
    window.picture("proxmox-attached")?;
    console(place, window)?;
    window.go("/proxmox/pve")?;

    window.press("Detach")?;
    window.says("take the bridge vmww0 off pve1", PATIENCE)?;
    window.press("Do this")?;
    window.says("Done in", APPLY)?;
    window.click(Role::Button, "Close", Some("Detach 100 minecraft"))?;
    place.is_given_back(100, &before)
}

fn add_vps(place: &Place, window: &Window) -> Result<()> {
    window.go("/vpses/add")?;
    log_in_by_key(place, window, "root@203.0.113.10")?;
    window.press("Test connection")?;
    trust(window, &place.me.fingerprint("vps1")?)?;
    window.says("Debian GNU/Linux 12", PATIENCE)?;
    window.fill("Name", "nyc")?;
    window.press("See the plan")?;
    window.press("Set up nyc")?;
    window.says("Done in", APPLY)
}

fn sign_in(place: &Place, window: &Window) -> Result<()> {
    window.go("/proxmox")?;
    window.press("Sign in")?;
    let dialog = Some("Sign in to a Proxmox host");
    window.fill("Address of its window", &place.standin.url())?;
    window.fill("Name", "pve")?;
    window.fill("Password", ROOT_PASSWORD)?;
    window.picture("proxmox-sign-in")?;
    window.click(Role::Button, "Sign in", dialog)?;
    trust(window, &place.standin.fingerprint())?;
    window.says("Code of root@pam from the authenticator app", PATIENCE)?;
    let code = place.standin.totp("root@pam").context("no code")?;
    window.fill("Code of root@pam from the authenticator app", &code)?;
    window.press("Continue")?;
    window.press("Save")?;
    window.go("/proxmox/pve")?;
    window.says("minecraft", PATIENCE)?;
    window.says("root@pam!wirewarp", PATIENCE)?;
    window.picture("proxmox-guests")
}

fn attach(place: &Place, window: &Window) -> Result<()> {
    window.go("/proxmox/pve?guest=100")?;
    window.says("BC:24:11:00:00:64", PATIENCE)?;
    window.fill("Ports", "25565")?;
    window.choose("TCP + UDP")?;
    window.choose("Its network card moves")?;
    log_in_by_key(place, window, "root@192.168.20.10")?;
    window.picture("proxmox-attach")?;
    window.press("Show the plan")?;
    trust(window, &place.me.fingerprint("home")?)?;
    window.says("make the bridge vmww0 on pve1", PATIENCE)?;
    window.picture("proxmox-plan")?;
    window.press("Do this")?;
    window.says("Done in", APPLY)?;
    window.picture("proxmox-done")?;
    window.click(Role::Button, "Close", Some("Attach 100 minecraft"))
}

/// The console of the guest, in a terminal's tab. The lab's node has no guests that are Proxmox's, hence not their command.
fn console(place: &Place, window: &Window) -> Result<()> {
    let make = r#"printf '#!/bin/sh\necho "starting serial terminal of $2"\nexec cat\n' > /usr/local/bin/qm
        chmod 755 /usr/local/bin/qm"#;
    place.lab.exec("home", make)?.ok()?;
    window.follow("Console")?;
    window.says("starting serial terminal of 100", PATIENCE)?;
    place.lab.exec("home", "rm /usr/local/bin/qm")?.ok().map(drop)
}

/// Says that what is shown is the same as what is known from elsewhere.
fn trust(window: &Window, fingerprint: &str) -> Result<()> {
    window.shows(Role::Button, "It is the same: trust it", PATIENCE)?;
    let shown = window.text()?;
    ensure!(
        shown.contains(fingerprint),
        "it does not show {fingerprint}: {shown}"
    );
    window.press("It is the same: trust it")
}

fn log_in_by_key(place: &Place, window: &Window, target: &str) -> Result<()> {
    let folder = place.me.home().join(".ssh");
    fs::create_dir_all(&folder)?;
    // Its mode is copied as well.
    fs::copy(place.lab.key(), folder.join("id_lab"))?;
    window.fill("Where is it?", target)?;
    window.choose("Key file")?;
    window.fill("Private key", "~/.ssh/id_lab")
}
