//! The real desktop program, its window driven by `WebDriver` as a person would use it: by what is written on things.
//!
//! ```no_run
//! use std::time::Duration;
//! use wirewarp_tests::lab::Lab;
//! use wirewarp_tests::window::{Desk, Window};
//! use wirewarp_tests::wirewarp::Operator;
//!
//! fn a_vps_is_looked_at(lab: &Lab) -> anyhow::Result<()> {
//!     let me = Operator::new(lab, "anna")?;
//!     let desk = Desk::new(me.folder())?;
//!     let window = Window::open(&desk, &me)?;
//!     window.follow("Add a VPS")?;
//!     window.fill("Where is it?", "root@203.0.113.10")?;
//!     window.press("Test connection")?;
//!     window.says("Is this 203.0.113.10", Duration::from_secs(20))
//! }
//! ```
//!
//! The program is `$WIREWARP_DESKTOP_BIN`, or what cargo built beside `wirewarp-lab`. It has to have its pages with it:
//! `npm --prefix ui ci && npm --prefix ui run build`, then
//! `cargo build --workspace --bins --features wirewarp-desktop/custom-protocol`.

mod desk;
mod driver;
mod page;
mod picture;

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::lab::process::{must, wait_for};
use crate::lab::teardown::lab_program;
use crate::wirewarp::Operator;

pub use desk::{Desk, start_screen};
pub use page::{Role, key};
pub use picture::{Theme, folder as pictures};

use driver::Driver;

/// How long something may take that needs no host.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How long an apply may take that installs packages.
pub const APPLY: Duration = Duration::from_secs(120);

/// What a page threw, and what it complained of, from the moment on that this is run.
const LISTEN: &str = r#"
    if (window.complaints) return;
    window.complaints = [];
    const note = (kind, what) => window.complaints.push(`${kind}: ${what?.stack ?? what?.message ?? String(what)}`);
    addEventListener("error", (event) => note("error", event.error ?? event.message));
    addEventListener("unhandledrejection", (event) => note("rejection", event.reason));
    const said = console.error;
    console.error = (...words) => { note("console", words.map(String).join(" ")); said(...words); };
"#;

/// The desktop program with its window. It ends when this is dropped.
#[derive(Debug)]
pub struct Window {
    driver: Driver,
    program: u32,
}

impl Window {
    /// Starts the program for a person who sits at a desk, with the inventory that their commands have.
    pub fn open(desk: &Desk, me: &Operator) -> Result<Self> {
        Self::open_with(desk, me, |_| {})
    }

    /// The same after a change to what is around the program, a variable taken away for example.
    pub fn open_with(desk: &Desk, me: &Operator, change: impl Fn(&mut Command)) -> Result<Self> {
        let program = desktop_program()?;
        let mut command = Command::new("WebKitWebDriver");
        let log = File::create(me.folder().join("window.log"))?;
        command.stdout(log.try_clone()?).stderr(log);
        me.surround(&mut command);
        desk.seat(&mut command);
        change(&mut command);
        Self::drive(command, &program)
    }

    /// Has a program driven by the `WebKitWebDriver` that `command` starts, with what that has around it.
    pub fn drive(command: Command, program: &Path) -> Result<Self> {
        let driver = Driver::start(command, program)?;
        let started = driver::children(driver.process())?;
        let found = started.iter().find(|(_, name)| name == "wirewarp-deskto");
        let program = found
            .with_context(|| format!("the program is not among {started:?}"))?
            .0;
        let window = Self { driver, program };
        window.is_there()?;
        Ok(window)
    }

    /// Loads the page again, as F5 does in a browser.
    pub fn reload(&self) -> Result<()> {
        self.driver.reload()?;
        self.is_there()
    }

    /// Kills the program, as `kill -9` does.
    pub fn kill(&self) -> Result<()> {
        must(&["kill", "-KILL", &self.program.to_string()]).map(drop)
    }

    /// Whether the program runs.
    pub fn runs(&self) -> bool {
        driver::runs(self.program)
    }

    /// An error with everything that was thrown since the page was loaded.
    pub fn is_quiet(&self) -> Result<()> {
        let complaints = self.driver.run("return window.complaints", &[])?;
        let broke = self.text()?.contains("This page could not be shown");
        ensure!(
            complaints.as_array().is_some_and(Vec::is_empty) && !broke,
            "the page complains: {complaints}"
        );
        Ok(())
    }

    /// Waits until the program shows its own page.
    fn is_there(&self) -> Result<()> {
        let address = self.driver.run("return location.href", &[])?;
        let address = address.as_str().unwrap_or_default();
        if address.starts_with("http://localhost") {
            bail!(
                "the program looks for its pages at {address}: it was built without the feature custom-protocol"
            );
        }
        wait_for("the window's page", PATIENCE, || {
            let there = "return document.querySelector('main h1') !== null";
            Ok((self.driver.run(there, &[])? == true).then_some(()))
        })?;
        self.driver.run(LISTEN, &[]).map(drop)
    }
}

/// A second start of the program at the same desk: how it ends.
pub fn start_again(desk: &Desk, me: &Operator) -> Result<crate::lab::Output> {
    let program = desktop_program()?.display().to_string();
    let mut command = crate::lab::process::limited(PATIENCE, &[&program]);
    me.surround(&mut command);
    desk.seat(&mut command);
    crate::lab::process::run(command, b"")
}

/// The desktop program that is tried.
pub fn desktop_program() -> Result<PathBuf> {
    if let Some(path) = env::var_os("WIREWARP_DESKTOP_BIN") {
        return Ok(PathBuf::from(path));
    }
    let path = lab_program()?.with_file_name("wirewarp-desktop");
    ensure!(
        path.exists(),
        "the program wirewarp-desktop is not built; run `npm --prefix ui ci`, `npm --prefix ui run build` and \
         `cargo build --workspace --bins --features wirewarp-desktop/custom-protocol`"
    );
    Ok(path)
}
