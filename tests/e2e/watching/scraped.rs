//! What a real Prometheus makes of `/metrics`, and the dashboard of that.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::prometheus::{Prometheus, check_metrics};
use wirewarp_tests::site::{FIRST, Site};
use wirewarp_tests::suite::Case;

use super::collecting::send;
use super::monitor::{LISTEN, Monitor};

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "prometheus_scrapes_it_and_each_panel_of_the_dashboard_has_data",
        scraped,
    )]
}

fn scraped(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let opened = site.open(&["attic", "25565", "--label", "a \"game\""])?;
    let monitor = Monitor::start(&site)?;
    let checked = check_metrics(&format!("{}\n", monitor.get("/metrics")?.trim_end()))?;
    let said = format!("{}{}", checked.stdout, checked.stderr);
    ensure!(checked.succeeded() && said.trim().is_empty(), "{said}");
    let prometheus = Prometheus::start(lab, "admin", LISTEN)?;
    send(lab, FIRST)?;
    let dashboard: Value = serde_json::from_str(&site.me.ok(&["monitor", "--dashboard"])?)?;
    let mut queries = 0;
    for panel in dashboard["panels"].as_array().context("no panels")? {
        for target in panel["targets"].as_array().context("no targets")? {
            let query = target["expr"].as_str().context("no expression")?;
            // What Grafana fills in.
            let query = query
                .replace("$__rate_interval", "15s")
                .replace("$__range", "1m")
                .replace("$host", ".*");
            ensure!(!query.contains('$'), "{query}");
            prometheus.query(&query)?;
            queries += 1;
        }
    }
    ensure!(queries > 10, "{queries} queries");
    // Its labels arrive as they are.
    let label = prometheus.query("wirewarp_forward_connections")?;
    ensure!(label[0]["metric"]["label"] == "a \"game\"", "{label:?}");
    // As many series as there are objects, whatever players do.
    let series = prometheus.query("count({job=\"wirewarp\",__name__=~\"wirewarp_.*\"})")?;
    let count: u64 = series[0]["value"][1].as_str().context("no number")?.parse()?;
    ensure!(count < 60, "{count} series for two hosts, a peer and a forward");
    monitor.stop()?;
    opened.close()
}
