//! Where the cases play: game servers in a VM behind a VPS that is known by its name, and what a check said there.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::Site;
use wirewarp_tests::wirewarp::Operator;

/// What the VPS was added by.
const NAME: &str = "nyc.lab.test";
/// The label of the forwards to the game servers.
pub const GAMES: &str = "games";

/// The operator with everything set up, by the first who asks.
pub fn place(lab: &Lab) -> Result<Site<'_>> {
    let site = place_where(lab, "203.0.113.10")?;
    if !site.has_peer("attic")? {
        set_up(&site)?;
    }
    Ok(site)
}

/// The same where the VPS's name leads to this address.
pub fn place_where<'lab>(lab: &'lab Lab, address: &str) -> Result<Site<'lab>> {
    let me = Operator::new(lab, "anna")?.knowing(&format!("{address} {NAME}"))?;
    Ok(Site { lab, me })
}

fn set_up(site: &Site) -> Result<()> {
    let (host, key) = (format!("root@{NAME}"), site.lab.key().display().to_string());
    let trust = site.me.fingerprint("vps1")?;
    site.me.change(&[
        "vps", "add", "nyc", "--host", &host, "--key", &key, "--trust", &trust,
    ])?;
    site.me
        .add_peer("attic", "home", &["--vps", "nyc", "--ip", "203.0.113.10"])?;
    site.connect("vm", "attic")?;
    site.me.change(&[
        "port", "add", "attic", "25565", "--proto", "tcp", "--label", GAMES,
    ])?;
    site.me.change(&[
        "port",
        "add",
        "attic",
        "19132,27015",
        "--proto",
        "udp",
        "--label",
        GAMES,
    ])?;
    Ok(())
}

/// Puts right what a case has put wrong on a host, and waits until the tunnel carries again.
pub fn put_right(lab: &Lab, host: &str) -> Result<()> {
    lab.exec(host, "sh /etc/wirewarp/current/load all")?.ok()?;
    lab.wait_until("vps1", "ping -c 1 -W 1 10.0.0.2", Duration::from_secs(20))
}

/// Runs a check with `--json`, which must end with this status; what it said of each port.
pub fn check(site: &Site, which: &str, status: i32) -> Result<Vec<Value>> {
    let output = site.me.run(&["check", which, "--json"])?;
    ensure!(output.status == status, "status {}: {output:?}", output.status);
    let said: Value = serde_json::from_str(&output.stdout)?;
    let checks = said["checks"].as_array().cloned().unwrap_or_default();
    ensure!(!checks.is_empty(), "nothing was tried: {said}");
    Ok(checks)
}

/// A check must blame this hop, and only it, for every port, and say one of `words` each time.
pub fn blames(site: &Site, which: &str, hop: &str, words: &[&str]) -> Result<()> {
    for said in check(site, which, 4)? {
        let blamed = said["outcome"]["hop"].as_str().unwrap_or("none");
        ensure!(blamed == hop, "it blames {blamed}: {said:#}");
        let hops = said["hops"].as_array().context("no hops")?;
        let failed: Vec<_> = hops.iter().filter(|hop| hop["state"] == "failed").collect();
        ensure!(failed.len() == 1 && failed[0]["hop"] == hop, "{said:#}");
        let text = format!("{} {}", said["verdict"], said["hints"]);
        ensure!(
            words.iter().any(|word| text.contains(word)),
            "none of {words:?} in {said:#}"
        );
    }
    Ok(())
}

/// Every port must be found to work.
pub fn works(site: &Site, which: &str) -> Result<Vec<Value>> {
    let checks = check(site, which, 0)?;
    for said in &checks {
        ensure!(said["outcome"]["kind"] == "works", "{said:#}");
    }
    Ok(checks)
}
