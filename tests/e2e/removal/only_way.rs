//! A peer whose tunnel is the only way to it is removed from away.

use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::Site;

use super::found::found;

/// The moment that the host waits, and what it does then: stopping units takes longest.
const WITHIN: Duration = Duration::from_secs(30);

pub fn gone(lab: &Lab) -> Result<()> {
    let site = Site::new(lab)?;
    lab.reset("home")?;
    let before = found(lab, "home")?;
    site.me.add_vps("nyc", "vps1", &[])?;
    site.me.add_peer("attic", "home", &["--vps", "nyc"])?;
    site.me
        .change(&["port", "add", "attic", "25565", "--proto", "both"])?;
    site.me
        .change(&["port", "add", "attic", "16261", "--to", "peer"])?;
    lab.nets().ip("admin", "link set eth1 down")?;
    let outcome = from_away(&site);
    lab.nets().ip("admin", "link set eth1 up")?;
    outcome?;
    before.is_again(&found(lab, "home")?, false)?;
    site.nothing_to_do()?;
    site.me.change(&["vps", "remove", "nyc"]).map(drop)
}

fn from_away(site: &Site) -> Result<()> {
    let words = ["peer", "remove", "attic", "--remove-packages"];
    let shown = site.me.ok(&[&words[..], &["--dry-run"]].concat())?;
    for said in ["attic", "through its tunnel", "cannot be confirmed", "nyc"] {
        ensure!(shown.contains(said), "the plan does not say {said:?}: {shown}");
    }
    ensure!(site.has_peer("attic")?, "a dry run took it away");
    site.me.change(&words)?;
    let peers = site.lab.exec("vps1", "wg show ww0 peers")?;
    ensure!(peers.ok()?.is_empty(), "{peers:?}");
    let status = site.me.json(&["status"])?;
    let hosts = status["hosts"].as_array().map_or(0, Vec::len);
    ensure!(hosts == 1 && status["forwards"] == 0, "{status}");
    // Packages go last.
    let clean =
        "[ ! -e /etc/wirewarp ] && [ -z \"$(systemctl list-units --plain --no-legend 'wirewarp*')\" ]";
    site.lab.wait_until("home", clean, WITHIN)
}
