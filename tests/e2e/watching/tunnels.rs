//! How well a tunnel carries: measured when somebody asks, and again and again while it is in use.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::{end, wait_for};
use wirewarp_tests::site::Site;
use wirewarp_tests::suite::Case;

use super::clients::{Player, serve};
use super::monitor::Monitor;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_tunnel_tells_its_loss_and_how_large_packets_may_be", asked),
        Case::new("a_tunnel_in_use_is_measured_again_and_again", on_schedule),
    ]
}

fn asked(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let well = measured(&site)?;
    ensure!(well["sent"] == 10 && well["lost"] == 0, "{well}");
    ensure!(
        well["mean_ms"].as_f64().is_some_and(|ms| ms > 0.0 && ms < 200.0),
        "{well}"
    );
    ensure!(well["carries"] == 1420, "{well}");

    lab.limit_home_mtu(1400, true)?;
    let narrow = measured(&site);
    let said = site.me.ok(&["peer", "measure", "attic"]);
    lab.limit_home_mtu(1500, false)?;
    // WireGuard over IPv4 takes 60 bytes of the way, and fills what is smaller than its MTU up to a multiple of 16.
    ensure!(narrow?["carries"] == 1320, "{said:?}");
    ensure!(said?.contains("1320 bytes; its MTU is 1420"));

    // Every other packet into the home is lost.
    let drop =
        "nft add table inet lossy; nft add chain inet lossy f '{ type filter hook forward priority 0; }'
        nft add rule inet lossy f meta l4proto udp ip daddr 192.168.20.0/24 numgen inc mod 2 == 0 drop";
    lab.exec_in("router", &["sh", "-c", drop])?.ok()?;
    let lossy = measured(&site);
    lab.exec_in("router", &["nft", "delete", "table", "inet", "lossy"])?
        .ok()?;
    let lossy = lossy?;
    ensure!(
        lossy["lost"].as_u64().is_some_and(|lost| (1..10).contains(&lost)),
        "{lossy}"
    );
    site.me.refused(1, &["peer", "measure", "nobody"], &["nobody"])?;
    Ok(())
}

fn on_schedule(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let opened = site.open(&["attic", "25565", "--label", "game"])?;
    let mut server = serve(lab)?;
    let monitor = Monitor::start_with(&site, &["--measure", "2"])?;
    let told = || {
        monitor
            .get("/metrics")
            .map(|text| text.contains("wirewarp_peer_loss_ratio{"))
    };
    sleep(Duration::from_secs(6));
    ensure!(!told()?, "a tunnel that only keeps itself alive was measured");
    let mut player = Player { lab, node: "player" }.stays()?;
    wait_for("a measurement", Duration::from_secs(30), || {
        Ok(told()?.then_some(()))
    })?;
    sleep(Duration::from_secs(2));
    let past = site.me.json(&["history", "tunnel", "attic", "--since", "10m"])?;
    let pings = past["buckets"][0]["cells"][0]["sum"].as_u64();
    ensure!(pings.is_some_and(|pings| pings >= 10), "{past}");
    let shown = site.me.ok(&["history", "tunnel", "attic", "--since", "10m"])?;
    ensure!(shown.contains(" ms") && shown.contains("1420 bytes"), "{shown}");
    end(&mut player);
    end(&mut server);
    monitor.stop()?;
    opened.close()
}

fn measured(site: &Site<'_>) -> Result<Value> {
    let all = site.me.json(&["peer", "measure", "attic"])?;
    all.get(0).cloned().with_context(|| format!("nothing in {all}"))
}
