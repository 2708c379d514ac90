//! What is wrong with the program's own affairs, and what to do: its files, its secrets, its hosts. Changes nothing here but
//! what looking does, and needs no inventory that can be opened.

mod files;
mod hosts;
mod keys;
#[cfg(test)]
mod tests;

use serde::Serialize;
use std::{path::Path, sync::Arc};
use wirewarp_model::UserError;
use wirewarp_plan::check::{Finding, Severity, check};

use crate::{Engine, Options, error::EngineError, person::Person};

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// It works, and could stop to, or was not looked at.
    Warning,
    /// It does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What was looked at, e.g. `database` or `host nyc`.
    pub what: String,
    /// How it stands.
    pub verdict: Verdict,
    /// In words.
    pub message: String,
    /// What to do, most useful first.
    pub hints: Vec<String>,
}

impl Diagnosis {
    fn new(what: impl Into<String>, verdict: Verdict, message: impl Into<String>, hints: &[&str]) -> Self {
        Self {
            what: what.into(),
            verdict,
            message: message.into(),
            hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
        }
    }

    fn good(what: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(what, Verdict::Good, message, &[])
    }

    fn bad(what: impl Into<String>, error: UserError) -> Self {
        Self {
            what: what.into(),
            verdict: Verdict::Bad,
            message: error.message,
            hints: error.hints,
        }
    }
}

/// Everything that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoctorReport {
    /// Version of this program.
    pub version: String,
    /// In the order in which to read them.
    pub checks: Vec<Diagnosis>,
}

impl DoctorReport {
    /// Whether nothing is broken. Warnings do not count.
    pub fn is_well(&self) -> bool {
        self.checks.iter().all(|check| check.verdict != Verdict::Bad)
    }
}

/// Looks at everything. `offline` asks no host.
pub async fn examine(data_dir: &Path, person: Arc<dyn Person>, offline: bool) -> DoctorReport {
    let mut checks = files::examine(data_dir);
    let options = Options {
        data_dir: data_dir.to_owned(),
    };
    match Engine::open(options, person).await {
        Ok(engine) => {
            checks.extend(engine.examine(offline).await);
            engine.end();
        }
        Err(error) => checks.push(Diagnosis::bad("database", error.to_user())),
    }
    checks.push(keys::agent());
    let version = env!("CARGO_PKG_VERSION").to_owned();
    DoctorReport { version, checks }
}

impl Engine {
    async fn examine(&self, offline: bool) -> Vec<Diagnosis> {
        let mut checks = vec![self.database().await, keys::place(&self.secrets).await];
        let (inventory, seen) = match self.inventory_and_looks().await {
            Ok(both) => both,
            Err(error) => {
                checks.push(Diagnosis::bad("inventory", error.to_user()));
                return checks;
            }
        };
        let findings = check(&inventory, &seen);
        let wrong = findings
            .iter()
            .filter(|finding| finding.severity != Severity::Note);
        let before = checks.len();
        checks.extend(wrong.map(of_finding));
        if checks.len() == before {
            let message = format!(
                "{} hosts, {} peers and {} forwards; nothing stands against them",
                inventory.hosts.len(),
                inventory.peers.len(),
                inventory.forwards.len()
            );
            checks.push(Diagnosis::good("inventory", message));
        }
        checks.extend(hosts::examine(self, &inventory, offline).await);
        checks
    }

    async fn database(&self) -> Diagnosis {
        match self.store.integrity().await {
            Ok(()) => Diagnosis::good("database", "it is whole"),
            Err(error) => Diagnosis::bad("database", EngineError::from(error).to_user()),
        }
    }

    async fn inventory_and_looks(
        &self,
    ) -> Result<(wirewarp_model::Inventory, wirewarp_plan::check::Sightings), EngineError> {
        let inventory = self.inventory().await?;
        let seen = self.last_looks(&inventory).await?;
        Ok((inventory, seen))
    }
}

fn of_finding(finding: &Finding) -> Diagnosis {
    let verdict = match finding.severity {
        Severity::Error => Verdict::Bad,
        Severity::Warning | Severity::Note => Verdict::Warning,
    };
    Diagnosis {
        what: "inventory".into(),
        verdict,
        message: finding.message.clone(),
        hints: finding.hints.clone(),
    }
}
