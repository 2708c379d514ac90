//! Hosts are added, and nothing is left to do.

use anyhow::{Result, ensure};
use serde_json::json;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::Site;
use wirewarp_tests::suite::Case;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_vps_with_two_addresses_brings_both_into_its_pool",
            two_addresses,
        ),
        Case::new(
            "an_address_that_the_provider_maps_is_recognised_without_being_told",
            mapped,
        ),
        Case::new("hosts_that_were_added_have_nothing_left_to_do", settled),
    ]
}

fn two_addresses(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    ensure!(
        pool(&site, "nyc")?
            == [
                json!(["203.0.113.10", "203.0.113.10", "eth0"]),
                json!(["203.0.113.11", "203.0.113.11", "eth0"])
            ]
    );
    Ok(())
}

fn mapped(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    site.me.add_vps("fra", "vps2", &[])?;
    ensure!(pool(&site, "fra")? == [json!(["203.0.113.20", "172.31.5.20", "eth0"])]);
    Ok(())
}

/// Public address, address on the host, interface.
fn pool(site: &Site, vps: &str) -> Result<Vec<serde_json::Value>> {
    let pool = site.me.json(&["ip", "list", vps])?;
    let rows = pool.as_array().into_iter().flatten();
    Ok(rows
        .map(|ip| json!([ip["address"], ip["on_host"], ip["interface"]]))
        .collect())
}

fn settled(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    site.nothing_to_do()?;
    for host in ["nyc", "attic"] {
        let drift = site.me.run(&["drift", host])?;
        ensure!(drift.status == 0, "{drift:?}");
    }
    let status = site.me.json(&["status"])?;
    let tunnels = status["tunnels"].as_array().cloned().unwrap_or_default();
    ensure!(
        tunnels.len() == 1 && tunnels.iter().all(|it| it["up"] == true),
        "{status}"
    );
    for host in ["vps1", "vps2", "home"] {
        let failed = lab.exec(host, "systemctl --failed --no-legend")?;
        ensure!(failed.ok()?.is_empty(), "{host}: {failed:?}");
    }
    Ok(())
}
