//! The window over an inventory of a whole provider: what its first page loads, and how long a page takes to change.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use wirewarp_tests::lab::process::{limited, run as run_to_end, wait_for};
use wirewarp_tests::window::{Desk, PATIENCE, Window};

use super::Row;
use crate::clock::Times;
use crate::crowd;
use crate::report::{Measured, Target, duration, project};
use crate::stage::Stage;

pub const ROW: Row = Row {
    name: "pages",
    about: "changing pages with 1,000 VPSes, 5,000 peers, 50,000 forwards; the size of the first page",
    run,
};

/// The pages of the sidebar that show what there is, by their addresses.
const PAGES: [&str; 5] = ["/vpses", "/peers", "/forwards", "/activity", "/"];
/// How long 50,000 forwards may take to be read for the first time.
const LONGEST: Duration = Duration::from_secs(30);

/// Goes to a page by its link and notes, in milliseconds, when it has been drawn with what it shows. The second frame
/// after the page is there begins only when the first has been handed over to be drawn.
const GO: &str = r#"
    const to = arguments[0];
    window.changed = undefined;
    const link = [...document.querySelectorAll("nav a")].find((one) => one.getAttribute("href") === to);
    const before = document.querySelector("main").firstElementChild;
    const began = performance.now();
    link.click();
    const look = () => {
        const main = document.querySelector("main");
        const there = location.pathname === to && main.querySelector("h1") && main.firstElementChild !== before
            && !main.querySelector(".skeleton");
        if (!there) return requestAnimationFrame(look);
        requestAnimationFrame(() => requestAnimationFrame(() => { window.changed = performance.now() - began; }));
    };
    requestAnimationFrame(look);
"#;

/// What the page itself names, and what was named by it for its first page: scripts to come are announced by links.
const LOADED: &str = r#"
    const named = document.querySelectorAll("script[src], link[rel=modulepreload], link[rel=stylesheet]");
    const paths = [...named].map((one) => new URL(one.src || one.href, location.href).pathname);
    return [...new Set(paths)].filter((path) => /^\/assets\/.*\.(js|css)$/.test(path));
"#;

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let me = stage.operator("provider")?;
    crowd::record(&me.data_dir(), crowd::Size::Provider)?;
    let desk = Desk::new(me.folder())?;
    let window = Window::open(&desk, &me)?;
    window.settles()?;
    let size = first_page(&window)?;
    let first = PAGES.map(|page| go(&window, page));
    let first = first.into_iter().collect::<Result<Vec<_>>>()?;
    let mut slowest = ("", Times::default());
    for page in PAGES {
        let mut times = Times::default();
        for _ in 0..stage.rounds(9) {
            // From the page that has least, so that each change draws the whole of the one it leads to.
            go(&window, "/settings")?;
            times.push(go(&window, page)?);
        }
        if slowest.0.is_empty() || times.median() > slowest.1.median() {
            slowest = (page, times);
        }
    }
    let slowest_first = first.iter().max().copied().unwrap_or_default();
    let what = "changing to the slowest page with 1,000 VPSes, 5,000 peers, 50,000 forwards";
    let seen = format!(
        "{}; for the first time, with everything read, {}",
        slowest.0,
        duration(slowest_first.as_secs_f64())
    );
    Ok(vec![
        Measured::figure(
            what,
            Target::Below(100.0),
            (slowest.1.median() * 1e3).round(),
            "ms",
        )
        .seen(seen),
        Measured::figure(
            "scripts and styles of the first page, compressed by gzip",
            Target::Below(250.0),
            size,
            "kB",
        ),
    ])
}

fn go(window: &Window, page: &str) -> Result<Duration> {
    window.run(GO, &[json!(page)])?;
    let took = wait_for(page, LONGEST, || {
        Ok(window.run("return window.changed ?? null", &[])?.as_f64())
    })?;
    Ok(Duration::from_secs_f64(took / 1e3))
}

/// What the window has loaded, in kB.
fn first_page(window: &Window) -> Result<f64> {
    let loaded = wait_for("the first page's scripts", PATIENCE, || {
        let loaded = window.run(LOADED, &[])?;
        Ok(loaded.as_array().filter(|all| !all.is_empty()).cloned())
    })?;
    let mut bytes = 0.0;
    for path in loaded.iter().filter_map(Value::as_str) {
        let file = project().join("ui/dist").join(path.trim_start_matches('/'));
        bytes += compressed(&file)?;
    }
    Ok((bytes / 1000.0).round())
}

fn compressed(file: &Path) -> Result<f64> {
    let script = format!("gzip --best --stdout '{}' | wc -c", file.display());
    let output = run_to_end(limited(PATIENCE, &["sh", "-c", &script]), b"")?;
    output.ok()?.trim().parse().context("wc gave no number")
}
