//! What is in a bundle, before secrets are taken out.

use serde::Serialize;
use serde_json::json;
use std::path::Path;

use super::Part;
use crate::{
    Engine,
    doctor::DoctorReport,
    error::EngineError,
    logs::{self, LogQuery},
};

/// The file of the log, an object in each line.
pub(super) const LOG: &str = "log.jsonl";

/// The newest lines of the log.
const LINES: usize = 5_000;

/// The newest operations.
const OPERATIONS: u32 = 50;

const CONTENTS: &str = "A support bundle of WireWarp.

  versions.json    versions of the program and of this machine's system
  doctor.json      what `wirewarp doctor --offline` says, with the check of the database
  settings.json    the window's settings
  inventory.json   hosts, VPSes, peers and forwards, with their names
  operations.json  the last applies with their steps and what was said
  log.jsonl        the newest lines of the program's log

Passwords, tokens and private keys are not in it: [redacted] stands in their place. With --mask-addresses, address-1 and so
on stand in place of IP addresses. Names are kept. Look through it before you give it away.
";

pub(super) async fn parts(
    data_dir: &Path,
    engine: &Result<Engine, EngineError>,
    report: &DoctorReport,
) -> Vec<Part> {
    let part = |name, about, text| Part { name, about, text };
    let log = LogQuery {
        most: Some(LINES),
        ..LogQuery::default()
    };
    let lines = logs::find(data_dir, &log)
        .iter()
        .map(|line| text(line) + "\n")
        .collect();
    vec![
        part("README.txt", "what is in it", CONTENTS.to_owned()),
        part(
            "versions.json",
            "versions of the program and of the system",
            text(&versions()),
        ),
        part(
            "doctor.json",
            "what `wirewarp doctor --offline` says",
            text(report),
        ),
        part("settings.json", "the window's settings", settings(data_dir)),
        part(
            "inventory.json",
            "the inventory with its names",
            inventory(engine).await,
        ),
        part(
            "operations.json",
            "the last applies and what was said",
            operations(engine).await,
        ),
        part(LOG, "the newest lines of the log", lines),
    ]
}

fn versions() -> serde_json::Value {
    // os-release(5)
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let pretty = system.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    json!({
        "wirewarp": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "distribution": pretty.map(|name| name.trim_matches('"')),
        "kernel": kernel.trim(),
        "made_at": jiff::Timestamp::now(),
    })
}

/// A file that is no JSON is left out: there is no telling what is in it.
fn settings(data_dir: &Path) -> String {
    let read = std::fs::read(data_dir.join("settings.json")).ok();
    let known = read.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    text(&known.unwrap_or_else(|| json!({ "missing": "there are none, or they cannot be read" })))
}

async fn inventory(engine: &Result<Engine, EngineError>) -> String {
    match engine {
        Ok(engine) => engine
            .inventory()
            .await
            .map_or_else(|error| why(&error), |all| text(&all)),
        Err(error) => why(error),
    }
}

async fn operations(engine: &Result<Engine, EngineError>) -> String {
    match engine {
        Ok(engine) => engine.last_operations().await.unwrap_or_else(|error| why(&error)),
        Err(error) => why(error),
    }
}

impl Engine {
    async fn last_operations(&self) -> Result<String, EngineError> {
        let mut all = Vec::new();
        for operation in self.store.operations(OPERATIONS).await? {
            let steps = self.store.operation_steps(operation.id).await?;
            all.push(json!({ "operation": operation, "steps": steps }));
        }
        Ok(text(&all))
    }
}

fn why(error: &EngineError) -> String {
    text(&json!({ "missing": error.to_user() }))
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
