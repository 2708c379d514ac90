//! `wirewarp monitor` running at the laptop.

use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::process::{end, wait_for};
use wirewarp_tests::site::Site;

/// Where it serves its figures, within the laptop.
pub const LISTEN: &str = "127.0.0.1:9586";

/// The running program; it ends when this is dropped.
pub struct Monitor<'lab> {
    site: &'lab Site<'lab>,
    child: Child,
}

impl<'lab> Monitor<'lab> {
    /// Begins to poll each second, and waits until the VPS has answered twice.
    pub fn start(site: &'lab Site<'lab>) -> Result<Self> {
        Self::start_with(site, &[])
    }

    /// The same, with more words.
    pub fn start_with(site: &'lab Site<'lab>, more: &[&str]) -> Result<Self> {
        let words = ["monitor", "--interval", "1", "--listen", LISTEN];
        let mut command = site.me.command(&[&words, more].concat());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().context("the monitor cannot be started")?;
        let monitor = Self { site, child };
        wait_for("figures of the VPS", Duration::from_secs(30), || {
            let metrics = monitor.get("/metrics").unwrap_or_default();
            Ok(metrics
                .contains("wirewarp_host_cpu_ratio{host=\"nyc\"}")
                .then_some(()))
        })?;
        Ok(monitor)
    }

    /// What it answers over HTTP.
    pub fn get(&self, path: &str) -> Result<String> {
        let address = format!("http://{LISTEN}{path}");
        let output = self
            .site
            .lab
            .exec_in("admin", &["curl", "-sS", "--max-time", "5", &address])?;
        Ok(output.ok()?.to_owned())
    }

    /// A whole figure of `/metrics`: of the line that has all of `parts` in it.
    pub fn metric(&self, parts: &[&str]) -> Result<Option<u64>> {
        let metrics = self.get("/metrics")?;
        let line = metrics
            .lines()
            .find(|line| parts.iter().all(|part| line.contains(part)));
        let Some((_, value)) = line.and_then(|line| line.rsplit_once(' ')) else {
            return Ok(None);
        };
        Ok(Some(value.parse()?))
    }

    /// Kills it outright. The child is timeout(1), which passes a KILL on to nobody.
    pub fn kill(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        let output = self.site.lab.exec_in("admin", &["pkill", "-KILL", "-P", &pid])?;
        ensure!(output.succeeded(), "{output:?}");
        self.child.wait()?;
        Ok(())
    }

    /// Ends it as systemd does.
    pub fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        let output = self.site.lab.exec_in("admin", &["kill", "-TERM", &pid])?;
        ensure!(output.succeeded(), "{output:?}");
        let status = self.child.wait()?;
        ensure!(status.success(), "the monitor ended with {status}");
        Ok(())
    }
}

impl Drop for Monitor<'_> {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The figures of the last ten minutes, as finely as they are kept.
pub fn history(site: &Site<'_>, of: &str, name: &str) -> Result<Value> {
    site.me
        .json(&["history", of, name, "--since", "10m", "--step", "1s"])
}

/// The sum of a column.
pub fn sum(history: &Value, column: &str) -> Result<u64> {
    let columns = history["columns"].as_array().context("no columns")?;
    let at = columns
        .iter()
        .position(|one| one == column)
        .context("no such column")?;
    let buckets = history["buckets"].as_array().context("no buckets")?;
    Ok(buckets
        .iter()
        .filter_map(|bucket| bucket["cells"][at]["sum"].as_u64())
        .sum())
}
