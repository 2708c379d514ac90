//! Ports that are not to be had: somebody's already, or what keeps the VPS reachable.

use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use super::site::{everything, operator};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_port_that_a_forward_has_is_refused_with_its_owner_named", taken),
        Case::new(
            "a_port_that_a_program_of_the_vps_serves_is_refused_with_its_name",
            served,
        ),
        Case::new("the_ports_of_sshd_and_wireguard_are_refused", guarded),
    ]
}

fn taken(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    me.change(&["peer", "add", "tablet", "--manual", "--ip", "203.0.113.10"])?;
    let before = everything(&me)?;
    for ports in ["25565", "25000-26000", "1-65535->1", "25565->80"] {
        me.refused(
            1,
            &["port", "add", "tablet", ports],
            &["25565", "203.0.113.10", "game", "phone"],
        )?;
    }
    me.refused(
        1,
        &["port", "add", "tablet", "25565", "--proto", "udp", "--no-apply"],
        &["game", "phone"],
    )?;
    me.refused(1, &["port", "add", "phone", "25565"], &["25565", "game"])?;
    me.refused(1, &["port", "add", "tablet", "all"], &["203.0.113.10"])?;
    ensure!(everything(&me)? == before, "the inventory was changed");
    me.change(&["peer", "remove", "tablet"]).map(drop)
}

fn served(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    lab.exec(
        "vps1",
        "cat > /run/voice <<'E'\n$0 = 'teamspeak';\n\
         $t = IO::Socket::INET->new(LocalPort => 9987, Listen => 1) or die;\n\
         $u = IO::Socket::INET->new(LocalPort => 9988, Proto => 'udp') or die;\nsleep 600;\nE\n\
         systemd-run --quiet --unit=voice perl -MIO::Socket::INET /run/voice",
    )?
    .ok()?;
    lab.wait_until("vps1", "ss -Hlnu | grep -q :9988", Duration::from_secs(10))?;
    let before = everything(&me)?;
    let outcome = me
        .refused(1, &["port", "add", "phone", "9987"], &["9987", "teamspeak"])
        .and_then(|_| {
            me.refused(
                1,
                &["port", "add", "phone", "9980-9999", "--proto", "udp"],
                &["9988", "teamspeak"],
            )
        })
        .and_then(|_| me.ok(&["port", "add", "phone", "9987", "--proto", "udp", "--dry-run"]));
    lab.exec("vps1", "systemctl stop voice")?.ok()?;
    outcome?;
    ensure!(everything(&me)? == before, "the inventory was changed");
    Ok(())
}

fn guarded(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let before = everything(&me)?;
    me.refused(1, &["port", "add", "phone", "22"], &["22", "sshd"])?;
    me.refused(1, &["port", "add", "phone", "20-25->8020"], &["22", "sshd"])?;
    me.refused(
        1,
        &["port", "add", "phone", "51820", "--proto", "udp"],
        &["51820", "WireGuard"],
    )?;
    me.refused(
        1,
        &["port", "add", "phone", "51000-52000", "--proto", "both"],
        &["51820", "WireGuard"],
    )?;
    me.refused(1, &["port", "add", "phone", "all"], &["203.0.113.10"])?;
    ensure!(everything(&me)? == before, "the inventory was changed");
    // On another address of the pool nobody needs them.
    me.ok(&["port", "add", "phone", "51820", "--dry-run"]).map(drop)
}
