//! Where the operator stands: on the machine itself, and away from home.

use std::fs;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::{Output, run};
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::{Operator, wirewarp_program};

use super::{keys::anna, up};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_peer_away_from_the_operator_is_managed_through_its_tunnel",
            through_the_tunnel,
        ),
        Case::new("the_machine_itself_can_be_the_peer", local),
    ]
}

fn through_the_tunnel(lab: &Lab) -> Result<()> {
    let me = anna(lab)?;
    let generation = || -> Result<String> {
        Ok(lab
            .exec("home", "readlink /etc/wirewarp/current")?
            .ok()?
            .to_owned())
    };
    let at_home = generation()?;
    let nets = lab.nets();
    nets.ip("admin", "link set eth1 down")?;
    let outcome = away(lab, &me);
    nets.ip("admin", "link set eth1 up")?;
    outcome?;
    ensure!(generation()? != at_home, "nothing was applied at home");
    // Back home it is reached directly again, and both agree.
    ensure!(me.run(&["plan"])?.status == 0);
    me.change(&["port", "remove", "away"]).map(drop)
}

fn away(lab: &Lab, me: &Operator) -> Result<()> {
    let reached = lab.exec_in("admin", &["ping", "-c", "1", "-W", "1", "192.168.20.10"])?;
    ensure!(!reached.succeeded(), "the laptop still reaches the home");
    me.change(&["port", "add", "attic", "8123", "--to", "peer", "--label", "away"])?;
    let status = me.json(&["status"])?;
    let hosts = status["hosts"].as_array().context("no hosts")?;
    ensure!(hosts.iter().all(|host| host["error"].is_null()), "{status}");
    ensure!(me.run(&["drift", "attic"])?.status == 0);
    // The very way that it is managed by has another key then.
    me.change(&["peer", "rotate-keys", "attic"])?;
    let plan = me.run(&["plan"])?;
    ensure!(plan.status == 0, "{plan:?}");
    Ok(())
}

/// Runs the command on vps65 itself, as its owner at its keyboard would.
fn on_the_machine(lab: &Lab, words: &[&str]) -> Result<Output> {
    let line = [
        "env",
        "WIREWARP_DATA_DIR=/root/inventory",
        "NO_COLOR=1",
        "/root/wirewarp",
    ];
    run(lab.inside("vps65", &[&line[..], words].concat())?, b"")
}

fn local(lab: &Lab) -> Result<()> {
    up(lab, &["vps61", "vps65"])?;
    let give = |path: &str, bytes: &[u8]| -> Result<()> {
        let script = format!("umask 077; cat > {path}; chmod 700 {path}");
        run(lab.inside("vps65", &["sh", "-c", &script])?, bytes)?
            .ok()
            .map(drop)
    };
    give("/root/wirewarp", &fs::read(wirewarp_program()?)?)?;
    give("/root/key", &fs::read(lab.key())?)?;
    let fingerprint = Operator::new(lab, "ludwig")?.fingerprint("vps61")?;
    let host = [
        "--host",
        "deb@203.0.113.61",
        "--port",
        "2222",
        "--key",
        "/root/key",
        "--trust",
        &fingerprint,
    ];
    on_the_machine(lab, &[&["vps", "add", "nyc", "--yes"], &host[..]].concat())?.ok()?;
    on_the_machine(lab, &["peer", "add", "here", "--local", "--yes"])?.ok()?;
    lab.exec("vps65", "wg show ww0")?.ok()?;
    on_the_machine(lab, &["port", "add", "here", "8080", "--to", "peer", "--yes"])?.ok()?;
    let plan = on_the_machine(lab, &["plan"])?;
    ensure!(plan.succeeded(), "{plan:?}");
    let twice = on_the_machine(
        lab,
        &[
            "vps",
            "add",
            "self",
            "--host",
            "root@203.0.113.65",
            "--key",
            "/root/key",
        ],
    )?;
    ensure!(twice.status == 1, "{twice:?}");
    on_the_machine(lab, &["peer", "remove", "here", "--yes"])?.ok()?;
    let left = lab.exec("vps65", "ls -d /etc/wirewarp /sys/class/net/ww0 2>/dev/null")?;
    ensure!(left.stdout.is_empty(), "something is left: {left:?}");
    Ok(())
}
