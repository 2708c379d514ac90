//! What was recorded of a real Proxmox VE, where it lies beside the project.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of the reference data; `None`, said aloud, where it is not there.
pub fn folder(test: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pve");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped {test}: ../shared/pve is not here");
    None
}

/// A file of JSON.
pub fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
