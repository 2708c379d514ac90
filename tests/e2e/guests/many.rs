//! Several guests, several public addresses, and a hand that changes things in Proxmox's own window.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::proxmox::Version;
use wirewarp_tests::site::{FIRST, SECOND};
use wirewarp_tests::suite::Case;

use crate::place::Place;

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "two_guests_have_the_same_port_on_two_public_addresses",
        two_addresses,
    )]
}

fn two_addresses(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V8)?;
    let (one, other) = (place.texts(100), place.texts(101));
    let game = ["--ports", "25565", "--proto", "both", "--nic", "replace"];
    place.attach(
        "100",
        &[&game[..], &["--peer", "cellar", "--ip", &FIRST.to_string()]].concat(),
    )?;
    // The node is known by now.
    let second = SECOND.to_string();
    place.attach_here(
        "101",
        &[&game[..], &["--peer", "attic", "--ip", &second]].concat(),
    )?;
    for (guest, mac) in [("vm", "BC:24:11:00:00:64"), ("vm2", "BC:24:11:00:00:65")] {
        lab.lease_at(guest, "ens18", mac)?;
    }
    place.plays("vm", FIRST, 25565)?;
    place.plays("vm2", SECOND, 25565)?;

    // Somebody puts the card back in Proxmox's window: seen, told, and put right by the same again.
    place.standin.change(|cluster| {
        cluster.set_guest_key(
            100,
            "net0",
            Some("virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1"),
        );
    });
    let said = place.me.run(&["proxmox", "attached", "pve"])?;
    ensure!(
        said.status == 2 && said.stdout.contains("net0 is virtio="),
        "{said:?}"
    );
    place.attach_here("100", &[])?;
    ensure!(place.me.run(&["proxmox", "attached", "pve"])?.status == 0);

    let refused = place
        .me
        .refused(1, &["peer", "remove", "cellar"], &["minecraft"])?;
    ensure!(refused.contains("Detach"), "{refused}");
    place.detach("100")?;
    ensure!(place.standin.guest_config_text(100) == one.1);
    place.plays("vm2", SECOND, 25565)?;
    place.detach("101")?;
    place.is_given_back(101, &other)?;
    place.is_given_back(100, &one)
}
