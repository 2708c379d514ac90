//! The fuzz targets as an ordinary test: the committed corpus, and inputs made from it, through every one of them.
//!
//! libFuzzer finds more (`tests/fuzz/run`); this runs wherever the workspace's tests do.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

#[path = "fuzz/src/lib.rs"]
mod targets;

use std::{fs, path::Path};

use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};
use targets::{TARGETS, Target};

/// Inputs made for each target; a thousand of the slowest take well under a second.
const CASES: u32 = 2_000;

#[test]
fn every_target_takes_its_corpus() {
    for (name, target) in TARGETS {
        for input in corpus(name) {
            target(&input);
        }
    }
}

#[test]
fn every_target_takes_what_is_made_from_its_corpus() {
    for (name, target) in TARGETS {
        check_made_inputs(name, *target);
    }
}

#[test]
fn every_target_has_a_binary_for_libfuzzer_and_every_binary_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let mut binaries: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    let mut names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    binaries.sort();
    names.sort_unstable();
    assert_eq!(binaries, names);
}

fn check_made_inputs(name: &str, target: Target) {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&made_from(corpus(name)), |input| {
        target(&input);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{name}: {error}");
    }
}

/// Bytes, printable text, and inputs of the corpus with a stretch of one replaced by bytes or by a stretch of another.
fn made_from(corpus: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let any_bytes = || vec(any::<u8>(), 0..64);
    let patch = prop_oneof![any_bytes(), select(corpus.clone())];
    let spliced =
        (select(corpus), patch, any::<(u16, u16)>()).prop_map(|(mut input, patch, (start, length))| {
            let start = usize::from(start) % (input.len() + 1);
            let end = start + usize::from(length) % (input.len() - start + 1);
            input.splice(start..end, patch);
            input
        });
    prop_oneof![
        1 => any_bytes(),
        1 => "\\PC{0,64}".prop_map(String::into_bytes),
        3 => spliced
    ]
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(name);
    let inputs: Vec<Vec<u8>> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs
}
