//! What changes in each file.

use serde::{Deserialize, Serialize};
use similar::TextDiff;
use std::collections::BTreeSet;
use wirewarp_model::bundle::Bundle;

use crate::render::manifest;

/// One file that is added, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiff {
    /// Path below the generation's folder.
    pub path: String,
    /// Text before; none if the file is new.
    pub before: Option<String>,
    /// Text after; none if the file goes.
    pub after: Option<String>,
    /// Both as a unified diff with three lines around each change.
    pub unified: String,
}

/// Files that differ, in order of their path. The manifest is left out: it repeats the others' digests.
pub(super) fn diffs(before: Option<&Bundle>, after: Option<&Bundle>) -> Vec<FileDiff> {
    let files = |bundle: Option<&Bundle>| bundle.map(|bundle| bundle.files.clone()).unwrap_or_default();
    let (before, after) = (files(before), files(after));
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differ = |path: &&String| path.as_str() != manifest::NAME && before.get(*path) != after.get(*path);
    let diff = |path: &String| {
        let text = |file: Option<&wirewarp_model::bundle::BundleFile>| file.map(|file| file.text.clone());
        file_diff(path, text(before.get(path)), text(after.get(path)))
    };
    paths.into_iter().filter(differ).map(diff).collect()
}

fn file_diff(path: &str, before: Option<String>, after: Option<String>) -> FileDiff {
    let (old, new) = (before.as_deref().unwrap_or(""), after.as_deref().unwrap_or(""));
    let name = |there: bool| if there { path } else { "/dev/null" };
    let unified = TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(name(before.is_some()), name(after.is_some()))
        .to_string();
    FileDiff {
        path: path.to_owned(),
        before,
        after,
        unified,
    }
}
