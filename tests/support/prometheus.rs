//! A real Prometheus: Debian's, taken out of its package, so that no service of it starts on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::lab::Lab;
use crate::lab::image::cache_dir;
use crate::lab::process::{Output, end, run, wait_for};

/// Where it answers, at the node that it runs at.
const LISTEN: &str = "127.0.0.1:9090";

/// Longest wait for anything of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Prometheus that scrapes; it ends when this is dropped.
pub struct Prometheus<'lab> {
    lab: &'lab Lab,
    node: &'static str,
    child: Child,
    _folder: tempfile::TempDir,
}

/// `promtool check metrics` on a scrape.
pub fn check_metrics(scrape: &str) -> Result<Output> {
    let mut command = Command::new(programs()?.join("promtool"));
    command.args(["check", "metrics"]);
    run(command, scrape.as_bytes())
}

impl<'lab> Prometheus<'lab> {
    /// Scrapes `target` (address and port) each second, from a node of the lab.
    pub fn start(lab: &'lab Lab, node: &'static str, target: &str) -> Result<Self> {
        let program = programs()?.join("prometheus").display().to_string();
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("prometheus.yml");
        let text = format!(
            "global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: wirewarp\n  static_configs:\n  - targets: ['{target}']\n"
        );
        fs::write(&config, text)?;
        let config = format!("--config.file={}", config.display());
        let data = format!("--storage.tsdb.path={}", folder.path().join("data").display());
        let listen = format!("--web.listen-address={LISTEN}");
        let child = lab
            .command_in(node, &[&program, &config, &data, &listen])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            lab,
            node,
            child,
            _folder: folder,
        })
    }

    /// What a query gives, once it gives something.
    pub fn query(&self, query: &str) -> Result<Vec<Value>> {
        let address = format!("http://{LISTEN}/api/v1/query");
        let parameter = format!("query={query}");
        let words = [
            "curl",
            "-sS",
            "--max-time",
            "5",
            "-G",
            &address,
            "--data-urlencode",
            &parameter,
        ];
        wait_for(&format!("data of {query}"), PATIENCE, || {
            let output = self.lab.exec_in(self.node, &words)?;
            let Ok(answer) = serde_json::from_str::<Value>(&output.stdout) else {
                return Ok(None);
            };
            ensure!(answer["status"] == "success", "{query}: {answer}");
            let result = answer["data"]["result"].as_array().cloned().unwrap_or_default();
            Ok((!result.is_empty()).then_some(result))
        })
    }
}

impl Drop for Prometheus<'_> {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The folder with `prometheus` and `promtool`.
fn programs() -> Result<PathBuf> {
    let programs = kept().join("usr/bin");
    ensure!(programs.join("promtool").exists(), "it was not downloaded");
    Ok(programs)
}

/// Where what was taken out of the package stays.
fn kept() -> PathBuf {
    cache_dir().join("prometheus")
}

/// Downloads it, unless that was done before.
pub fn ensure() -> Result<()> {
    let kept = kept();
    if kept.join("usr/bin/promtool").exists() {
        return Ok(());
    }
    let scratch = tempfile::tempdir()?;
    let told = |program: &str, words: &[&str]| -> Result<()> {
        let output = Command::new(program)
            .args(words)
            .current_dir(scratch.path())
            .output()
            .with_context(|| format!("{program} cannot be started"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{program} {words:?}: {said}");
        Ok(())
    };
    told(
        "apt-get",
        &["-q", "-o", "APT::Sandbox::User=root", "download", "prometheus"],
    )?;
    let package = fs::read_dir(scratch.path())?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|it| it == "deb"));
    let package = package.context("apt-get downloaded nothing")?;
    told("dpkg-deb", &["-x", &package.display().to_string(), "out"])?;
    keep(&scratch.path().join("out"), &kept)
}

/// Puts it in its place whole: another run may do the same.
fn keep(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().context("a cache without a folder")?;
    fs::create_dir_all(folder)?;
    let near = tempfile::Builder::new()
        .prefix("prometheus-")
        .tempdir_in(folder)?;
    let copy = near.path().join("out");
    let status = Command::new("cp").arg("-a").arg(from).arg(&copy).status()?;
    ensure!(status.success(), "cp ended with {status}");
    match fs::rename(&copy, to) {
        Err(error) if !to.exists() => Err(error.into()),
        _ => Ok(()),
    }
}
