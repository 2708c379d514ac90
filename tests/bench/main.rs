//! `scripts/bench`: how quick it is, row by row, each against its competitor in the same run.
//!
//! The process that is started makes a lab, starts itself again in the namespace `admin`, and takes the lab down when
//! that is over. What is compared runs in turns (A B A B), so that whatever else the machine does hits both; what counts
//! is the ratio of the medians. Everything runs on one machine: absolute times say little about real hosts.
#![expect(clippy::print_stdout, reason = "this is a command")]

mod ansible;
mod busy;
mod clock;
mod crowd;
mod engine;
mod inside;
mod inventory;
mod report;
mod rows;
mod screen;
mod ssh;
mod stage;

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use wirewarp_tests::lab::{Lab, image};

use report::Measured;
use rows::{ROWS, Row};
use stage::Stage;

/// Names the lab to the process inside.
const LAB: &str = "WIREWARP_BENCH_LAB";

#[expect(
    clippy::struct_excessive_bools,
    reason = "they are what can be typed, not states"
)]
/// Measures `WireWarp` against what else would do the job.
#[derive(Debug, Parser)]
#[command(name = "scripts/bench")]
struct Args {
    /// Rows to measure; all if none is named.
    #[arg(value_name = "ROW")]
    rows: Vec<String>,
    /// Fewer repetitions: minutes instead of a quarter of an hour, and noisier.
    #[arg(long)]
    quick: bool,
    /// Put the table into the README.
    #[arg(long)]
    write_readme: bool,
    /// List the rows.
    #[arg(long)]
    list: bool,
    /// Where the figures go as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// cargo passes it to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
    /// A small program that runs in a namespace of the lab, with its arguments.
    #[arg(long, hide = true, num_args = 1.., value_name = "PROGRAM", exclusive = true)]
    inside: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<ExitCode> {
    if let Some((program, rest)) = args.inside.split_first() {
        inside::run(program, rest)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.list {
        for row in ROWS {
            println!("{:<14} {}", row.name, row.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let rows = chosen(&args.rows)?;
    match env::var(LAB) {
        Ok(id) => measure(&id, &rows, args),
        Err(_) => in_a_lab(),
    }
}

fn chosen(names: &[String]) -> Result<Vec<&'static Row>> {
    let known: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
    for name in names {
        ensure!(
            known.contains(&name.as_str()),
            "there is no row {name}; there are {}",
            known.join(", ")
        );
    }
    let wanted = |row: &&Row| names.is_empty() || names.iter().any(|name| name == row.name);
    Ok(ROWS.iter().filter(wanted).collect())
}

/// Makes the lab and has another process measure inside.
fn in_a_lab() -> Result<ExitCode> {
    let lab = Lab::wire(stage::hosts())?;
    let home = lab.folder().join("home");
    std::fs::create_dir_all(&home)?;
    let status = Command::new("nsenter")
        .arg(format!("--net=/run/netns/{}", lab.nets().name("admin")))
        .arg("--")
        .arg(env::current_exe()?)
        .args(env::args_os().skip(1))
        .env(LAB, lab.id())
        // Its home is another one, and the images are not in there.
        .env("WIREWARP_LAB_CACHE", image::cache_dir())
        .envs(stage::environment(&home))
        .status()
        .context("cannot run nsenter")?;
    lab.down()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Measures in the namespace `admin`. A row that fails does not keep the others from being measured.
fn measure(lab: &str, rows: &[&Row], args: &Args) -> Result<ExitCode> {
    let lab = Lab::existing(lab)?;
    let stage = Stage::new(&lab, args.quick)?;
    let (mut measured, mut failed): (Vec<Measured>, Vec<&str>) = (Vec::new(), Vec::new());
    for row in rows {
        stage::say(&format!("{}: {}", row.name, row.about));
        match (row.run)(&stage) {
            Ok(results) => {
                for result in &results {
                    println!("    {}", result.line());
                }
                measured.extend(results);
            }
            Err(error) => {
                eprintln!("{} could not be measured: {error:?}", row.name);
                failed.push(row.name);
            }
        }
    }
    report::finish(&measured, args.json.as_deref(), args.quick, args.write_readme)?;
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("not measured: {}", failed.join(", "))
}
