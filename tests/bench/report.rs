//! What was measured, as a line, a table and JSON.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::clock::Times;

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "figure")]
pub enum Target {
    /// No more than this.
    AtMost(f64),
    /// Less than this.
    Below(f64),
    /// No less than this.
    AtLeast(f64),
    /// Told for information.
    None,
}

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// What was done.
    pub what: String,
    /// What it is compared with; empty for nothing.
    pub against: String,
    /// What the figure should be.
    pub target: Target,
    /// The figure: a ratio, or a number of `unit`.
    pub figure: f64,
    /// `x` for a ratio.
    pub unit: &'static str,
    /// What the figure was made of, for people.
    pub seen: String,
    /// Single times in seconds, by name.
    pub times: BTreeMap<String, Vec<f64>>,
}

impl Measured {
    /// A figure by itself.
    pub fn figure(what: &str, target: Target, figure: f64, unit: &'static str) -> Self {
        Self {
            what: what.to_owned(),
            against: String::new(),
            target,
            figure,
            unit,
            seen: String::new(),
            times: BTreeMap::new(),
        }
    }

    /// How many times as long `ours` takes as `theirs`.
    pub fn ratio(what: &str, against: &str, target: Target, ours: &Times, theirs: &Times) -> Self {
        let (us, them) = (ours.median(), theirs.median());
        let mut measured = Self::figure(what, target, us / them, "x").against(against);
        measured.seen = format!("{} to {}", duration(us), duration(them));
        measured.times = BTreeMap::from([
            ("ours".to_owned(), ours.all().to_vec()),
            ("theirs".to_owned(), theirs.all().to_vec()),
        ]);
        measured
    }

    /// How many times as quick `ours` is as `theirs`.
    pub fn quicker(what: &str, against: &str, target: Target, ours: &Times, theirs: &Times) -> Self {
        let figure = theirs.median() / ours.median();
        let mut measured = Self::ratio(what, against, target, ours, theirs);
        measured.figure = figure;
        measured.unit = "x quicker";
        measured
    }

    /// The same, compared with this.
    #[must_use]
    pub fn against(mut self, against: &str) -> Self {
        against.clone_into(&mut self.against);
        self
    }

    /// The same, with what the figure was made of.
    #[must_use]
    pub fn seen(mut self, seen: String) -> Self {
        self.seen = seen;
        self
    }

    /// Whether it is what it should be; a figure without a target is.
    pub fn reached(&self) -> bool {
        match self.target {
            Target::AtMost(most) => self.figure <= most,
            Target::Below(limit) => self.figure < limit,
            Target::AtLeast(least) => self.figure >= least,
            Target::None => true,
        }
    }

    /// For a reader who waits.
    pub fn line(&self) -> String {
        let against = if self.against.is_empty() { "" } else { " / " };
        let [target, figure, verdict] = [self.target_text(), self.figure_text(), self.verdict().to_owned()];
        format!(
            "{}{against}{}: {figure} (target {target}) {verdict}",
            self.what, self.against
        )
    }

    fn figure_text(&self) -> String {
        let seen = if self.seen.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.seen)
        };
        format!("{}{}{seen}", number(self.figure), self.unit_text())
    }

    fn target_text(&self) -> String {
        let unit = self.unit_text();
        match self.target {
            Target::AtMost(0.0) => "none".to_owned(),
            Target::AtMost(most) => format!("at most {}{unit}", number(most)),
            Target::Below(limit) => format!("under {}{unit}", number(limit)),
            Target::AtLeast(least) => format!("at least {}{unit}", number(least)),
            Target::None => "-".to_owned(),
        }
    }

    fn unit_text(&self) -> String {
        if self.unit.starts_with('x') || self.unit.is_empty() {
            self.unit.to_owned()
        } else {
            format!(" {}", self.unit)
        }
    }

    fn verdict(&self) -> &'static str {
        match self.target {
            Target::None => "",
            Target::AtMost(_) | Target::Below(_) | Target::AtLeast(_) if self.reached() => "reached",
            Target::AtMost(_) | Target::Below(_) | Target::AtLeast(_) => "below target",
        }
    }
}

/// A time in the unit that suits it.
pub fn duration(seconds: f64) -> String {
    if seconds < 0.001 {
        format!("{:.1} us", seconds * 1e6)
    } else if seconds < 0.1 {
        format!("{:.1} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}

/// Three digits are enough; a whole number stays one.
fn number(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() < 0.095 {
        format!("{value:.3}")
    } else {
        format!("{value:.2}")
    }
}

/// Prints the table, writes the JSON and, if asked, the README.
#[expect(clippy::print_stdout, reason = "this is a command")]
pub fn finish(measured: &[Measured], json: Option<&Path>, quick: bool, write_readme: bool) -> Result<()> {
    let table = table(measured);
    println!("\n{table}");
    let place = json.map_or_else(default_place, Path::to_path_buf);
    fs::write(
        &place,
        serde_json::to_string_pretty(&serde_json::json!({
            "quick": quick,
            "processors": processors(),
            "measured": measured,
        }))?,
    )
    .with_context(|| format!("cannot write {}", place.display()))?;
    println!("Figures: {}", place.display());
    let missed = measured.iter().filter(|one| !one.reached()).count();
    println!("{} of {} reached", measured.len() - missed, measured.len());
    if write_readme {
        ensure!(
            !measured.is_empty(),
            "nothing was measured; the README stays as it is"
        );
        put_into_readme(&table)?;
    }
    Ok(())
}

fn table(measured: &[Measured]) -> String {
    let mut text = "| what | against | to reach | measured | |\n|---|---|---|---|---|\n".to_owned();
    for one in measured {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            one.what,
            one.against,
            one.target_text(),
            one.figure_text(),
            one.verdict()
        );
    }
    text
}

fn default_place() -> PathBuf {
    project().join("target/bench.json")
}

/// The top of the project.
pub fn project() -> PathBuf {
    env::var_os("WIREWARP_BENCH_ROOT").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(0, usize::from)
}

/// What stands between the heading `## Speed` and the next one is the benchmark's.
fn put_into_readme(table: &str) -> Result<()> {
    const BEGIN: &str = "<!-- scripts/bench: from here -->";
    const END: &str = "<!-- scripts/bench: to here -->";
    let path = project().join("README.md");
    let text = fs::read_to_string(&path)?;
    let (before, rest) = text
        .split_once(BEGIN)
        .with_context(|| format!("{} has no line {BEGIN}", path.display()))?;
    let (_, after) = rest
        .split_once(END)
        .with_context(|| format!("{} has no line {END}", path.display()))?;
    fs::write(&path, format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))?;
    Ok(())
}
