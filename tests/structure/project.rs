//! The project as its tools see it: packages, dependencies, files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Whether everybody may run the file.
#[cfg(unix)]
pub fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 == 0o111)
}

/// Whether the file is there; nothing here says more.
#[cfg(not(unix))]
pub fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Which dependencies count.
pub enum Kind {
    /// Those of the program, not those of its tests or build scripts.
    Program,
    /// All of them.
    Any,
}

/// Names of the crates that a package asks for itself.
pub fn direct(package: &Value, kind: &Kind) -> BTreeSet<String> {
    let counts = |dependency: &&Value| matches!(kind, Kind::Any) || dependency["kind"].is_null();
    let dependencies = package["dependencies"].as_array().unwrap();
    dependencies
        .iter()
        .filter(counts)
        .map(|d| d["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The packages of the workspace, by name.
pub fn packages() -> BTreeMap<String, Value> {
    let text = cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let metadata: Value = serde_json::from_str(&text).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let named: BTreeMap<String, Value> = packages
        .iter()
        .map(|p| (p["name"].as_str().unwrap().to_owned(), p.clone()))
        .collect();
    assert!(
        named.contains_key("wirewarp-model"),
        "cargo metadata named {:?}",
        named.keys()
    );
    named
}

/// Files that people write programs in, with their text; recorded and generated ones left out.
pub fn sources() -> Vec<(String, String)> {
    let written = |path: &String| {
        let code = [".rs", ".sh", ".ts", ".tsx", ".sql", ".css"]
            .iter()
            .any(|ending| path.ends_with(ending));
        let script = path.starts_with("scripts/") || path.starts_with(".ci/");
        (code || script)
            && !["/fixtures/", "/generated/", "/snapshots/"]
                .iter()
                .any(|room| path.contains(room))
    };
    let sources: Vec<_> = files()
        .into_iter()
        .filter(written)
        .filter_map(|path| Some((path.clone(), fs::read_to_string(root().join(&path)).ok()?)))
        .collect();
    assert!(sources.len() > 20, "only {} sources were found", sources.len());
    sources
}

/// Whether a file holds tests alone.
pub fn is_test_code(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.ends_with("_tests.rs")
}

/// Paths of all files that are, or would be, in the repository, relative to its top.
pub fn files() -> Vec<String> {
    let listed = run("git", &["ls-files", "--cached", "--others", "--exclude-standard"]);
    listed
        .lines()
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect()
}

/// What cargo prints.
pub fn cargo(arguments: &[&str]) -> String {
    run(
        &std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()),
        arguments,
    )
}

fn run(program: &str, arguments: &[&str]) -> String {
    let out = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}
