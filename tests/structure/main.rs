//! What holds the project together, checked: who may depend on whom, what lies where, and what may stand in a file.
//!
//! The rules and their reasons are in `src-tauri/ARCHITECTURE.md`.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod project;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use project::{Kind, cargo, direct, files, is_executable, is_test_code, packages, root, sources};

/// What each crate may use of the workspace, directly, in the program itself. Down only; store and remote never meet.
const MAY_USE: &[(&str, &[&str])] = &[
    ("wirewarp-model", &[]),
    ("wirewarp-plan", &["wirewarp-model"]),
    ("wirewarp-store", &["wirewarp-model"]),
    ("wirewarp-remote", &["wirewarp-model"]),
    ("wirewarp-proxmox", &["wirewarp-model"]),
    ("wirewarp-watch", &["wirewarp-model"]),
    ("wirewarp-notify", &["wirewarp-model", "wirewarp-watch"]),
    (
        "wirewarp-engine",
        &[
            "wirewarp-model",
            "wirewarp-plan",
            "wirewarp-store",
            "wirewarp-remote",
            "wirewarp-proxmox",
            "wirewarp-watch",
            "wirewarp-notify",
        ],
    ),
    ("wirewarp-cli", &["wirewarp-model", "wirewarp-engine"]),
    ("wirewarp-desktop", &["wirewarp-model", "wirewarp-engine"]),
];

/// Crates from outside with the one crate of ours that may use them.
const ONLY_USER: &[(&str, &str)] = &[
    ("russh", "wirewarp-remote"),
    ("proxmox-api", "wirewarp-proxmox"),
    ("sqlx", "wirewarp-store"),
    ("keyring", "wirewarp-store"),
    ("tauri", "wirewarp-desktop"),
    ("lettre", "wirewarp-notify"),
];

/// What nothing below plan may be: a clock, chance or a scheduler.
const NOT_IN_PLAN: &[&str] = &[
    "tokio",
    "async-trait",
    "async-std",
    "smol",
    "futures",
    "rand",
    "fastrand",
    "jiff",
    "chrono",
    "time",
    "russh",
    "sqlx",
];

/// Everything that may lie at the top, besides dotfiles and lock files.
const ROOMS: &[&str] = &[
    "Cargo.toml",
    "tauri.conf.json",
    "src-tauri",
    "ui",
    "icons",
    "tests",
    "scripts",
    "README.md",
    "LICENSE",
    "docs",
];

/// Most lines in one source file.
const MOST_LINES: usize = 400;

/// Endings of a type's name that say nothing about what it is.
const EMPTY_WORDS: &[&str] = &["Manager", "Service", "Helper", "Helpers", "Util", "Utils"];

/// Names with such an ending that are a word of the trade.
const WORDS_OF_THE_TRADE: &[&str] = &["PackageManager"];

#[test]
fn dependencies_between_our_crates_go_down_only() {
    let packages = packages();
    let allowed: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    for (name, package) in packages.iter().filter(|(name, _)| *name != "wirewarp-tests") {
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| {
            panic!("{name} is a new crate: give it its place in MAY_USE and in ARCHITECTURE.md")
        });
        for used in direct(package, &Kind::Program)
            .iter()
            .filter(|used| packages.contains_key(*used))
        {
            assert!(allowed.contains(&used.as_str()), "{name} must not use {used}");
        }
    }
}

#[test]
fn each_outside_world_has_one_crate_that_knows_it() {
    for (name, package) in &packages() {
        let used = direct(package, &Kind::Any);
        for (outside, owner) in ONLY_USER {
            let meant = |used: &String| used == outside || used.starts_with(&format!("{outside}-"));
            assert!(
                name == owner || !used.iter().any(meant),
                "{name} uses {outside}: only {owner} may"
            );
        }
    }
}

#[test]
fn the_planner_has_no_clock_no_chance_and_no_scheduler_anywhere_below_it() {
    let tree = cargo(&[
        "tree",
        "--locked",
        "-p",
        "wirewarp-plan",
        "-e",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let below: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(below.contains("wirewarp-plan"), "cargo tree said: {tree}");
    for unwanted in NOT_IN_PLAN {
        assert!(
            !below.contains(unwanted),
            "wirewarp-plan must not depend on {unwanted}"
        );
    }
}

#[test]
fn the_pure_crates_touch_nothing_outside_of_them() {
    let impure = [
        "async fn",
        ".await",
        "SystemTime",
        "Instant::now",
        "new_v4",
        "std::fs",
        "std::process",
        "std::env",
        "std::thread",
    ];
    for (path, text) in sources() {
        let pure = ["wirewarp-plan/src/", "wirewarp-model/src/", "wirewarp-watch/src/"]
            .iter()
            .any(|room| path.contains(room));
        if !pure || is_test_code(&path) {
            continue;
        }
        let program = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in impure {
            assert!(
                !program.contains(word),
                "{path} has “{word}” in it: pass it in instead"
            );
        }
    }
}

#[test]
fn the_top_level_holds_the_rooms_and_nothing_else() {
    let tops: BTreeSet<String> = files()
        .iter()
        .filter_map(|path| Some(path.split('/').next()?.to_owned()))
        .collect();
    for top in &tops {
        let lock = Path::new(top).extension().is_some_and(|e| e == "lock") || top.ends_with("lock.json");
        assert!(
            top.starts_with('.') || lock || ROOMS.contains(&top.as_str()),
            "{top} has no place at the top level"
        );
    }
    for needed in [
        "Cargo.toml",
        "Cargo.lock",
        "src-tauri",
        "tests",
        "scripts",
        "README.md",
        "LICENSE",
        ".github",
        ".ci",
    ] {
        assert!(tops.contains(needed), "{needed} is missing");
    }
}

#[test]
fn no_source_file_is_longer_than_its_subject() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= MOST_LINES,
            "{path} has {lines} lines, the most is {MOST_LINES}: it has two subjects"
        );
    }
}

#[test]
fn nothing_is_left_undone_behind_a_macro() {
    let undone = [concat!("todo", "!("), concat!("unimplemented", "!(")];
    for (path, text) in sources() {
        for word in undone {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
}

#[test]
fn types_are_named_for_what_they_are() {
    for (path, text) in sources() {
        for name in text.lines().filter_map(declared_type) {
            let empty =
                EMPTY_WORDS.iter().any(|word| name.ends_with(word)) && !WORDS_OF_THE_TRADE.contains(&name);
            assert!(!empty, "{path}: what is a {name}? Name what it does or holds");
        }
    }
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let places = [
        concat!("/wo", "rk/"),
        concat!("/root/.", "cargo"),
        concat!("/root/.", "cache"),
        concat!("/root/.", "rustup"),
    ];
    for path in files() {
        let Ok(text) = fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for place in places {
            assert!(!text.contains(place), "{path} names {place}");
        }
    }
}

#[test]
fn crates_come_from_the_public_registry_by_its_usual_name() {
    for path in files().iter().filter(|path| path.ends_with("Cargo.lock")) {
        let text = fs::read_to_string(root().join(path)).unwrap();
        for source in text.lines().filter_map(|line| line.strip_prefix("source = ")) {
            assert_eq!(
                source, "\"registry+https://github.com/rust-lang/crates.io-index\"",
                "{path}"
            );
        }
    }
}

#[test]
fn the_scripts_that_the_readme_names_are_there_and_can_be_run() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let named: BTreeSet<&str> = readme
        .split("scripts/")
        .skip(1)
        .map(|rest| {
            rest.split(|c| !is_name(c))
                .next()
                .unwrap_or_default()
                .trim_end_matches('.')
        })
        .collect();
    for needed in ["demo", "test", "start"] {
        assert!(named.contains(needed), "README.md does not name scripts/{needed}");
    }
    for script in named
        .into_iter()
        .map(|name| root().join("scripts").join(name))
        .chain([root().join(".ci/run")])
    {
        assert!(
            is_executable(&script),
            "{} is missing or not executable",
            script.display()
        );
    }
}

/// The type that a line declares, if it declares one.
fn declared_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest
            .trim_start_matches(|c: char| c == '(' || c == ')' || c.is_ascii_lowercase())
            .trim_start(),
        None => line,
    };
    let keywords = [
        "struct ",
        "enum ",
        "trait ",
        "type ",
        "class ",
        "interface ",
        "union ",
    ];
    let rest = keywords.iter().find_map(|keyword| line.strip_prefix(keyword))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}
