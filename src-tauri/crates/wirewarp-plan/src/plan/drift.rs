//! Three sides of a machine: what is wanted, what was last applied, what is there.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use wirewarp_model::{bundle::Bundle, observed::Observed};

use crate::render::manifest;

/// Where a machine differs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Files, those left out that are the same on all sides.
    pub files: Vec<FileDrift>,
    /// The live machine against its own generation, one line each.
    pub live: Vec<String>,
}

impl Drift {
    /// Whether the machine differs from what was last applied. A wish that waits for its apply is no drift.
    pub fn is_drift(&self) -> bool {
        !self.live.is_empty() || self.files.iter().any(|file| file.state != FileState::ChangedHere)
    }
}

/// Where one file differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDrift {
    /// Path below the generation's folder, or `installed/NAME` for an installed unit.
    pub path: String,
    /// Which side moved.
    pub state: FileState,
}

/// Which side moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// The wish changed; the machine is as last applied.
    ChangedHere,
    /// The machine changed; the wish is as last applied.
    ChangedThere,
    /// Both did.
    ChangedBoth,
    /// Gone from the machine.
    Missing,
    /// On the machine, from neither side.
    Unknown,
}

/// Compares the sides. `desired` and `last` must be rendered for the same generation; without `last` the manifest on
/// the machine says what was applied.
pub fn drift(desired: &Bundle, last: Option<&Bundle>, observed: &Observed) -> Drift {
    let Some(ours) = &observed.ours else {
        return Drift::default();
    };
    let recorded = || {
        ours.manifest
            .as_deref()
            .and_then(manifest::read_head)
            .map(|head| head.digests)
    };
    let wanted = manifest::digests(&desired.files);
    let applied = last
        .map(|bundle| manifest::digests(&bundle.files))
        .or_else(recorded)
        .unwrap_or_default();
    let there = &ours.digests;
    let paths: BTreeSet<&String> = wanted.keys().chain(applied.keys()).chain(there.keys()).collect();
    let drift_of = |path: &String| {
        let unit = path
            .strip_prefix("installed/")
            .map(|name| format!("units/{name}"));
        let key = unit.as_ref().unwrap_or(path);
        let state = state(wanted.get(key), applied.get(key), there.get(path))?;
        Some(FileDrift {
            path: path.clone(),
            state,
        })
    };
    let paths = paths.into_iter().filter(|path| path.as_str() != manifest::NAME);
    Drift {
        files: paths.filter_map(drift_of).collect(),
        live: ours.drift.clone(),
    }
}

fn state(wanted: Option<&String>, applied: Option<&String>, there: Option<&String>) -> Option<FileState> {
    let (wish_moved, machine_moved) = (wanted != applied, applied != there);
    match (wish_moved, machine_moved) {
        (false, false) => None,
        (true, false) => Some(FileState::ChangedHere),
        _ if there.is_none() => Some(FileState::Missing),
        _ if wanted.is_none() && applied.is_none() => Some(FileState::Unknown),
        (false, true) => Some(FileState::ChangedThere),
        (true, true) => (wanted != there).then_some(FileState::ChangedBoth),
    }
}
