//! What others do to a guest while it is being attached, and what they call it.

use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::{Output, end, wait_for};
use wirewarp_tests::proxmox::{INTERFACES, Kind, NODE, ROOT_PASSWORD, Version};
use wirewarp_tests::suite::Case;

use crate::place::{PUBLIC, Place, VM};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_guest_that_goes_away_leaves_a_node_as_it_was", goes_away),
        Case::new("a_sign_in_that_ends_half_way_is_gone_on_with", signed_out),
        Case::new("a_name_and_notes_full_of_markup_are_text", markup),
        Case::new("a_changed_certificate_is_told", renewed),
    ]
}

/// Another node of the cluster.
const OTHER: &str = "pve2";

/// The address by hand: what follows is about the node and its guest.
const BY_HAND: [&str; 4] = ["--nic", "new", "--address", "by-hand"];

fn goes_away(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    let before = place.texts(100);

    place
        .standin
        .before("PUT", "/qemu/100/config", |cluster| cluster.delete_guest(100));
    refused(&place.try_attach("100", &place.on_home(&BY_HAND))?, &[])?;
    let given = place.detach("100")?;
    ensure!(given["guest"]["notes"].to_string().contains("is gone"), "{given}");
    place.standin.change(|cluster| {
        cluster.add_guest(100, Kind::Qemu, NODE, VM);
        cluster.set_agent(100, true);
        cluster.run_guest(100)
    })?;
    place.is_given_back(100, &before)?;

    place.standin.change(|cluster| {
        cluster.name_cluster("home");
        cluster.add_node(OTHER, "192.168.20.11", INTERFACES);
    });
    place.standin.before("PUT", "/qemu/100/config", |cluster| {
        cluster.migrate_guest(100, OTHER);
    });
    refused(&place.try_attach("100", &place.on_home(&BY_HAND))?, &[])?;
    // Where it is now there is no bridge of ours, so that it cannot be gone on with.
    let again = place.try_attach("100", &place.on_home(&BY_HAND))?;
    refused(&again, &["proxmox_guest_moved", "Migrate it back to pve1"])?;
    place.detach("100")?;
    ensure!(!place.is_recorded(100)?);
    place.is_given_back(100, &before)?;

    // Attached first, and moved then: it is given back where it is, its bridge where that was made.
    place.standin.change(|cluster| cluster.migrate_guest(100, NODE));
    place.attach("100", &BY_HAND)?;
    place.standin.change(|cluster| cluster.migrate_guest(100, OTHER));
    let seen = place.me.run(&["proxmox", "attached", "pve"])?;
    ensure!(
        seen.status == 2 && seen.stdout.contains("has moved to the node pve2"),
        "{seen:?}"
    );
    place.detach("100")?;
    place.is_given_back(100, &before)
}

/// A ticket is taken for two hours; the password that is kept gives the next command another.
fn signed_out(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V8)?;
    let before = place.texts(100);
    let words = ["proxmox", "login", "pve", "--user", "root@pam"];
    let words = [&words[..], &["--password-stdin", "--keep-password"]].concat();
    place.me.run_with(&words, &format!("{ROOT_PASSWORD}\n"))?.ok()?;
    for (method, part) in [("PUT", "/qemu/100/config"), ("PUT", "/nodes/pve1/network")] {
        place.standin.before(method, part, |cluster| {
            cluster.advance(Duration::from_hours(3));
        });
        let words = place.on_home(&BY_HAND);
        let ended = place.try_attach("100", &words)?;
        refused(&ended, &["proxmox_session_expired"]).context(part)?;
        place.try_attach("100", &words)?.ok().context(part)?;
        place.detach("100")?;
        place.is_given_back(100, &before).context(part)?;
    }
    Ok(())
}

/// What its window would not take for a name.
const NAME: &str = "<img src=x onerror=alert(1)>\u{1b}[2J$(reboot)";

/// Proxmox refuses such a name by its window, but not everything that writes a configuration does.
fn markup(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    place.standin.change(|cluster| {
        cluster.set_guest_key(100, "name", Some(NAME));
        cluster.describe_guest(100, "<script>alert(1)</script>\n\n`reboot` \u{1b}]0;owned\u{7}");
    });
    let before = place.texts(100);
    let listed = place.me.run(&["proxmox", "guests", "pve"])?;
    ensure!(!listed.stdout.contains("\u{1b}[2J"), "{listed:?}");

    let words = ["--ports", "25565", "--proto", "both", "--nic", "replace"];
    let said = place.try_attach("100", &place.on_home(&words))?;
    for text in [&said.stdout, &said.stderr] {
        ensure!(!text.contains('\u{1b}'), "{said:?}");
    }
    said.ok()?;
    lab.lease_at("vm", "ens18", "BC:24:11:00:00:64")?;
    place.plays("vm", PUBLIC, 25565)?;
    let peers = place.me.run(&["peer", "list"])?;
    ensure!(!peers.stdout.contains(['<', '$']), "{peers:?}");
    place.detach("100")?;
    place.is_given_back(100, &before)
}

/// It failed with words that help, these among them.
fn refused(said: &Output, words: &[&str]) -> Result<()> {
    let text = format!("{}{}", said.stdout, said.stderr);
    ensure!(said.status == 1, "it did not fail: {text}");
    ensure!(text.contains("\"hints\":[\""), "no word about what to do: {text}");
    ensure!(
        words.iter().all(|word| text.contains(word)),
        "not {words:?}: {text}"
    );
    Ok(())
}

/// Somebody renews the certificate while nobody looks.
fn renewed(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    let before = place.texts(100);
    place.attach("100", &["--nic", "new", "--address", "by-hand"])?;
    place.standin.change_certificate()?;
    let mut monitor = watching(&place)?;
    let told = alerts(&place, "an alert", |said| {
        said.status == 4 && said.stdout.contains("another certificate than the trusted one")
    });
    end(&mut monitor);
    told?;

    let fingerprint = place.standin.fingerprint();
    place
        .me
        .ok(&["proxmox", "trust", "pve", "--trust", &fingerprint])?;
    let mut monitor = watching(&place)?;
    let over = alerts(&place, "no alert", |said| said.status == 0);
    end(&mut monitor);
    over?;
    place.detach("100")?;
    place.is_given_back(100, &before)
}

fn watching(place: &Place) -> Result<Child> {
    let mut command = place.me.command(&["monitor", "--interval", "1"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().context("the monitor cannot be started")
}

/// Waits until what fires is like that.
fn alerts(place: &Place, what: &str, fits: impl Fn(&Output) -> bool) -> Result<()> {
    wait_for(what, Duration::from_secs(60), || {
        let said = place.me.run(&["alert", "list"])?;
        Ok(fits(&said).then_some(()))
    })
}
