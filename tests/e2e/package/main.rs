//! The package that people install: it brings the window, the command and what belongs to it, both run, and it goes
//! without a trace but what its user made.
//!
//! The package is `$WIREWARP_PACKAGE`, or what `scripts/package --debug` made beside `wirewarp-lab`.

mod sandbox;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::teardown::lab_program;
use wirewarp_tests::lab::{Lab, LabSpec};
use wirewarp_tests::suite::{Case, Suite};
use wirewarp_tests::window::{Desk, PATIENCE, Window};
use wirewarp_tests::wirewarp::Operator;

use sandbox::Sandbox;

/// What the package must bring.
const FILES: [&str; 6] = [
    "/usr/bin/wirewarp-desktop",
    "/usr/bin/wirewarp",
    "/usr/share/applications/wirewarp.desktop",
    "/usr/share/icons/hicolor/128x128/apps/wirewarp-desktop.png",
    "/usr/share/man/man1/wirewarp.1.gz",
    "/usr/share/bash-completion/completions/wirewarp",
];

fn main() -> ExitCode {
    let cases = vec![Case::new(
        "the_package_is_installed_started_and_removed",
        installed_started_removed,
    )];
    Suite::new(LabSpec::empty(), cases).run()
}

fn installed_started_removed(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "anna")?;
    let package = lab.folder().join("wirewarp.deb");
    fs::copy(package_file()?, &package)?;
    let machine = Sandbox::at(&lab.folder().join("layer"))?;
    for path in FILES {
        ensure!(!machine.has(path)?, "{path} is on this machine already");
    }

    let package = package.display().to_string();
    machine.run(&["dpkg", "--install", &package])?.ok()?;
    for path in FILES {
        ensure!(machine.has(path)?, "{path} is missing");
    }
    let version = machine.run(&["wirewarp", "--version"])?;
    ensure!(version.ok()?.starts_with("wirewarp "), "{version:?}");
    let entry = machine.run(&["cat", "/usr/share/applications/wirewarp.desktop"])?;
    ensure!(entry.ok()?.contains("\nExec=wirewarp-desktop\n"), "{entry:?}");
    window_opens(&machine, &me)?;

    machine.run(&["dpkg", "--purge", "wirewarp"])?.ok()?;
    for path in FILES {
        ensure!(!machine.has(path)?, "{path} was left behind");
    }
    ensure!(
        me.data_dir().join("inventory.db").exists(),
        "the person's inventory went with the package"
    );
    Ok(())
}

fn window_opens(machine: &Sandbox, me: &Operator) -> Result<()> {
    let desk = Desk::new(me.folder())?;
    let mut driver = machine.command(&["WebKitWebDriver"]);
    me.surround(&mut driver);
    desk.seat(&mut driver);
    let window = Window::drive(driver, "/usr/bin/wirewarp-desktop".as_ref())?;
    window.says("Three steps to your own public address", PATIENCE)?;
    window.is_quiet()
}

fn package_file() -> Result<PathBuf> {
    if let Some(path) = env::var_os("WIREWARP_PACKAGE") {
        return Ok(PathBuf::from(path));
    }
    let folder = lab_program()?.with_file_name("bundle").join("deb");
    let found = fs::read_dir(&folder).ok().and_then(|entries| {
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths
            .filter(|path| path.extension().is_some_and(|ending| ending == "deb"))
            .max_by_key(|path| fs::metadata(path).and_then(|facts| facts.modified()).ok())
    });
    found.with_context(|| {
        format!(
            "no package in {}; run `scripts/package --debug`",
            folder.display()
        )
    })
}
