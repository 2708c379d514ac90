//! What changes in each file.

use serde::{Deserialize, Serialize};
use similar::{
    Algorithm, ChangeTag, DiffOp, DiffTag, capture_diff_slices, group_diff_ops, udiff::UnifiedHunkHeader,
};
use std::collections::{BTreeSet, HashSet};
use wirewarp_model::bundle::{Bundle, BundleFile};

use crate::render::manifest;

/// One file that is added, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
    let bundles = [before, after];
    let paths: BTreeSet<&String> = bundles
        .iter()
        .flatten()
        .flat_map(|bundle| bundle.files.keys())
        .collect();
    let changed = |path: &String| {
        let [old, new] = bundles.map(|bundle| bundle?.files.get(path));
        let text = |file: Option<&BundleFile>| file.map(|file| file.text.clone());
        (old != new).then(|| file_diff(path, text(old), text(new)))
    };
    let paths = paths.into_iter().filter(|path| *path != manifest::NAME);
    paths.filter_map(changed).collect()
}

fn file_diff(path: &str, before: Option<String>, after: Option<String>) -> FileDiff {
    let (old, new) = (before.as_deref().unwrap_or(""), after.as_deref().unwrap_or(""));
    let name = |there: bool| if there { path } else { "/dev/null" };
    let unified = unified([name(before.is_some()), name(after.is_some())], old, new);
    FileDiff {
        path: path.to_owned(),
        before,
        after,
        unified,
    }
}

/// Both texts as a unified diff with three lines around each change, headed by their names; empty if they are the same.
pub fn unified(names: [&str; 2], old: &str, new: &str) -> String {
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let hunks = group_diff_ops(operations(&old, &new), 3);
    let mut text = String::new();
    if !hunks.is_empty() {
        text.extend(["--- ", names[0], "\n+++ ", names[1], "\n"]);
    }
    for hunk in hunks {
        text.extend([&UnifiedHunkHeader::new(&hunk).to_string(), "\n"]);
        for change in hunk
            .iter()
            .flat_map(|operation| operation.iter_changes(&old, &new))
        {
            text.push_str(match change.tag() {
                ChangeTag::Equal => " ",
                ChangeTag::Delete => "-",
                ChangeTag::Insert => "+",
            });
            text.push_str(change.value());
            if !change.value().ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

/// What makes `new` of `old`, line by line.
fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut operations = vec![];
    let (mut old_index, mut new_index) = (0, 0);
    for (a, b) in same(old, new).into_iter().chain([(old.len(), new.len())]) {
        let (old_len, new_len) = (a - old_index, b - new_index);
        match (old_len, new_len) {
            (0, 0) => {}
            (_, 0) => operations.push(DiffOp::Delete {
                old_index,
                old_len,
                new_index,
            }),
            (0, _) => operations.push(DiffOp::Insert {
                old_index,
                new_index,
                new_len,
            }),
            _ => operations.push(DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            }),
        }
        match operations.last_mut() {
            _ if a == old.len() => {}
            Some(DiffOp::Equal { len, .. }) => *len += 1,
            _ => operations.push(DiffOp::Equal {
                old_index: a,
                new_index: b,
                len: 1,
            }),
        }
        (old_index, new_index) = (a + 1, b + 1);
    }
    operations
}

/// Which lines stay: their numbers in both texts. Lines of one text alone are left out of the search, since nothing
/// can match them: it takes time by the lines times the differences, and a network that moves changes every line.
fn same(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let ((old_at, old), (new_at, new)) = (shared(old, new), shared(new, old));
    capture_diff_slices(Algorithm::Myers, &old, &new)
        .iter()
        .filter(|operation| operation.tag() == DiffTag::Equal)
        .flat_map(|operation| operation.old_range().zip(operation.new_range()))
        .map(|(a, b)| (old_at[a], new_at[b]))
        .collect()
}

/// Numbers of the lines of `text` that stand in `other` too, and these lines.
fn shared<'a>(text: &[&'a str], other: &[&str]) -> (Vec<usize>, Vec<&'a str>) {
    let other: HashSet<&str> = other.iter().copied().collect();
    let numbered = text.iter().copied().enumerate();
    numbered.filter(|(_, line)| other.contains(line)).unzip()
}
