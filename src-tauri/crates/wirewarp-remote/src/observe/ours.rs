//! Sections `ours`, `manifest`, `digests` and `check`: what is there of WireWarp.

use serde::Deserialize;
use std::collections::BTreeMap;
use wirewarp_model::{
    HostId, InventoryId,
    error::{excerpt, excerpt_of},
    observed::{Ours, Pending, Tunnel},
};

use super::{
    ObserveError,
    sections::{Section, Sections},
};

/// Most lines of `load check` that are kept.
const DRIFT_LINES: usize = 500;
/// Most characters of each.
const DRIFT_WIDTH: usize = 300;

pub(super) fn parse(sections: &Sections<'_>, tunnels: Vec<Tunnel>) -> Result<Option<Ours>, ObserveError> {
    let state = sections.needed("ours")?;
    if !state.text.lines().any(|line| line == "present") && tunnels.is_empty() {
        return Ok(None);
    }
    let mut ours = Ours {
        tunnels,
        ..Ours::default()
    };
    for line in state.text.lines() {
        read_line(&mut ours, line)
            .ok_or_else(|| state.error(format!("“{}” makes no sense", excerpt(line))))?;
    }
    read_manifest(&mut ours, sections.needed("manifest")?.text);
    ours.digests = digests(sections.needed("digests")?)?;
    ours.drift = drift(sections.needed("check")?);
    Ok(Some(ours))
}

fn read_line(ours: &mut Ours, line: &str) -> Option<()> {
    let (key, value) = line.split_once(' ').unwrap_or((line, ""));
    match key {
        "current" if !value.is_empty() => {
            ours.generation = value.trim_end_matches('/').rsplit('/').next()?.parse().ok()?;
        }
        // An empty folder leaves its pattern, `*`.
        "generation" => ours.highest_generation = ours.highest_generation.max(value.parse().unwrap_or(0)),
        "pending" | "confirming" | "reverting" => ours.pending = Some(pending(value)?),
        "package" => ours.packages.push(excerpt(value)),
        _ => {}
    }
    Some(())
}

/// `OPERATION PREVIOUS NEW`
fn pending(text: &str) -> Option<Pending> {
    let mut words = text.split(' ');
    Some(Pending {
        operation: excerpt(words.next()?),
        previous: words.next()?.parse().ok()?,
    })
}

#[derive(Deserialize)]
struct Manifest {
    host: Option<HostId>,
    inventory: Option<InventoryId>,
}

/// A manifest that cannot be read is no reason not to see the rest: its digest shows that it is damaged.
fn read_manifest(ours: &mut Ours, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if let Ok(manifest) = serde_json::from_str::<Manifest>(text) {
        (ours.host, ours.inventory) = (manifest.host, manifest.inventory);
    }
    ours.manifest = Some(text.to_owned());
}

/// Lines of sha256sum(1). Files of the generation are named relative to its folder, installed units by their path.
fn digests(section: Section<'_>) -> Result<BTreeMap<String, String>, ObserveError> {
    let one = |line: &str| {
        let (digest, path) = line.split_once("  ")?;
        let hex = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| (name_of(path), digest.to_owned()))
    };
    let lines = section.text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| one(line).ok_or_else(|| section.error(format!("“{}” is no digest", excerpt(line)))))
        .collect()
}

fn name_of(path: &str) -> String {
    if path.starts_with('/') {
        format!("installed/{}", path.rsplit('/').next().unwrap_or(path))
    } else {
        path.strip_prefix("./").unwrap_or(path).to_owned()
    }
}

/// A check that itself failed is a deviation too.
fn drift(section: Section<'_>) -> Vec<String> {
    let lines = section.text.lines().filter(|line| !line.trim().is_empty());
    let mut drift: Vec<String> = lines
        .take(DRIFT_LINES)
        .map(|line| excerpt_of(line, DRIFT_WIDTH))
        .collect();
    if section.failed() {
        drift.push("the check of the generation in force failed".to_owned());
    }
    drift
}
