//! Drift: desired, last applied and live side by side; going back to an earlier generation.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use wirewarp_model::{HostId, Inventory, Name, bundle::Bundle, observed::Observed};
use wirewarp_plan::{
    check::Sightings,
    plan::{FileState, drift, unified},
    render::{self, read_manifest},
};
use wirewarp_remote::apply::read_files;

use crate::{
    Engine,
    adopt::adopted,
    error::EngineError,
    preview::{Preview, ROLLBACK, host_named},
};

/// Where a host differs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DriftReport {
    /// The host.
    pub name: Name,
    /// The generation in force on it.
    pub generation: u64,
    /// The generation that this inventory applied last; none if it never did.
    pub applied: Option<u64>,
    /// The live state against the generation in force, one line each.
    pub live: Vec<String>,
    /// Files that differ.
    pub files: Vec<DriftFile>,
}

/// A file with its three sides.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DriftFile {
    /// Path below the generation's folder.
    pub path: String,
    /// Which side moved.
    pub state: FileState,
    /// As the inventory wants it.
    pub desired: Option<String>,
    /// As it was last applied.
    pub applied: Option<String>,
    /// As it is on the host.
    pub live: Option<String>,
    /// From live to desired, as a unified diff.
    pub diff: String,
}

impl DriftFile {
    /// Which side moved, in words.
    pub fn what(&self) -> &'static str {
        match self.state {
            FileState::ChangedHere => "the inventory changed since it was applied",
            FileState::ChangedThere => "changed on the host since it was applied",
            FileState::ChangedBoth => "changed on the host and in the inventory",
            FileState::Missing => "gone from the host",
            FileState::Unknown => "on the host, and nobody's",
        }
    }
}

impl DriftReport {
    /// Whether all three sides agree.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty() && self.files.is_empty()
    }
}

impl Engine {
    /// Compares what is wanted, what was applied and what is there.
    pub async fn drift(&self, name: &Name) -> Result<DriftReport, EngineError> {
        let inventory = self.inventory().await?;
        let host = host_named(&inventory, name)?;
        let id = host.id;
        let seen = self.look_at(&inventory, host).await?;
        let last = self.store.last_applied(id).await?;
        let generation = seen.ours.as_ref().map_or(0, |ours| ours.generation);
        let desired = desired(&inventory, id, &seen)?;
        let found = drift(&desired, last.as_ref().map(|last| &last.bundle), &seen);
        let live_files = if found.files.is_empty() || generation == 0 {
            BTreeMap::new()
        } else {
            let session = self.hosts.session(&inventory, host).await?;
            let read = read_files(&session, generation).await;
            read.map_err(|source| EngineError::Host {
                host: host.name.clone(),
                source,
            })?
        };
        let file = |state: &wirewarp_plan::plan::FileDrift| {
            let path = state
                .path
                .strip_prefix("installed/")
                .map_or(state.path.clone(), |unit| format!("units/{unit}"));
            let text = |bundle: &Bundle| bundle.files.get(&path).map(|file| file.text.clone());
            let (wanted, live) = (text(&desired), live_files.get(&state.path).cloned());
            DriftFile {
                path: state.path.clone(),
                state: state.state,
                diff: unified(
                    ["live", "desired"],
                    live.as_deref().unwrap_or_default(),
                    wanted.as_deref().unwrap_or_default(),
                ),
                desired: wanted,
                applied: last.as_ref().and_then(|last| text(&last.bundle)),
                live,
            }
        };
        Ok(DriftReport {
            name: name.clone(),
            generation,
            applied: last.as_ref().map(|last| last.generation),
            live: found.live.clone(),
            files: found.files.iter().map(file).collect(),
        })
    }

    /// Plans to put an earlier generation of a host back in force, as a new generation with the old content.
    pub async fn preview_rollback(
        &self,
        name: &Name,
        generation: Option<u64>,
    ) -> Result<Preview, EngineError> {
        let inventory = self.inventory().await?;
        let host = host_named(&inventory, name)?;
        let id = host.id;
        let seen = self.look_at(&inventory, host).await?;
        let current = seen.ours.as_ref().map_or(0, |ours| ours.generation);
        let target = generation.map_or_else(|| previous(current), Ok)?;
        let session = self.hosts.session(&inventory, host).await?;
        let read = read_files(&session, target).await;
        let files = read.map_err(|source| EngineError::Host {
            host: host.name.clone(),
            source,
        })?;
        let manifest = files
            .get("manifest.json")
            .map(String::as_str)
            .and_then(read_manifest);
        let manifest = manifest.ok_or_else(|| {
            let message =
                format!("Generation {target} of “{name}” has no manifest that this version can read.");
            EngineError::refused("no_manifest", message, &[])
        })?;
        let then = adopted(&inventory, id, manifest.desired);
        let hosts = BTreeSet::from([id]);
        let seen = Sightings::from([(id, seen)]);
        let mut preview = self.plan_hosts(&then, &hosts, seen, ROLLBACK).await?;
        preview.inventory = inventory;
        Ok(preview)
    }
}

/// The generation to go back to when none is named.
fn previous(current: u64) -> Result<u64, EngineError> {
    if current > 1 {
        return Ok(current - 1);
    }
    let message = "There is no generation before this one.";
    Err(EngineError::refused(
        "no_generation",
        message,
        &["To take everything away: wirewarp vps remove, or peer remove"],
    ))
}

/// The host's files as the inventory wants them, for the generation that is in force.
fn desired(inventory: &Inventory, host: HostId, seen: &Observed) -> Result<Bundle, EngineError> {
    if inventory.is_leaving(host) {
        return Ok(render::removal());
    }
    let generation = seen.ours.as_ref().map_or(1, |ours| ours.generation.max(1));
    let context = render::Context {
        inventory,
        host,
        generation,
        program: env!("CARGO_PKG_VERSION"),
        sshd_ports: &seen.sshd_ports,
    };
    Ok(render::bundle(&context)?)
}
