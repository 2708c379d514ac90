//! How long the window takes to be there and how much memory it holds, next to a Tauri window with nothing in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use wirewarp_tests::lab::process::{end, must};
use wirewarp_tests::window::{Desk, desktop_program};
use wirewarp_tests::wirewarp::Operator;

use super::Row;
use crate::clock::{Times, in_turns};
use crate::crowd;
use crate::report::{Measured, Target};
use crate::screen::Screen;
use crate::stage::Stage;

pub const ROW: Row = Row {
    name: "start",
    about: "the window's start and memory, against an empty Tauri window",
    run,
};

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let me = stage.operator("starter")?;
    crowd::record(&me.data_dir(), crowd::Size::Home)?;
    let around = Around {
        desk: Desk::new(me.folder())?,
        screen: Screen::new(&me.folder().join("screen"))?,
        me,
    };
    let ours = desktop_program()?;
    let empty = ours.with_file_name("examples").join("empty-window");
    let (mut our_memory, mut their_memory) = (Vec::new(), Vec::new());
    let [our_times, their_times] = in_turns(
        stage.rounds(9),
        [
            Box::new(|_| around.start(&ours, &mut our_memory)),
            Box::new(|_| around.start(&empty, &mut their_memory)),
        ],
    )?;
    let against = "an empty Tauri window";
    let memory = |all: &[f64]| all.iter().copied().collect::<Times>().median();
    let (ours, theirs) = (memory(&our_memory), memory(&their_memory));
    Ok(vec![
        Measured::ratio(
            "start to the first useful paint",
            against,
            Target::AtMost(1.2),
            &our_times,
            &their_times,
        ),
        Measured::figure(
            "memory of the window (PSS)",
            Target::AtMost(1.25),
            ours / theirs,
            "x",
        )
        .against(against)
        .seen(format!("{ours:.0} MB to {theirs:.0} MB")),
    ])
}

struct Around<'lab> {
    me: Operator<'lab>,
    desk: Desk,
    screen: Screen,
}

impl Around<'_> {
    /// Starts a program, and ends it when its window has come to rest.
    fn start(&self, program: &Path, memory: &mut Vec<f64>) -> Result<Duration> {
        let mut command = Command::new(program);
        self.me.surround(&mut command);
        self.desk.seat(&mut command);
        command
            .env("DISPLAY", self.screen.display())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let began = Instant::now();
        let mut program = Started(command.spawn().context("cannot start the window")?);
        let took = self.screen.watch(began)?;
        memory.push(megabytes(program.0.id())?);
        program.end();
        Ok(took)
    }
}

struct Started(Child);

impl Started {
    fn end(&mut self) {
        end(&mut self.0);
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.end();
    }
}

/// Proportional set size of a process and of all that it has started (proc(5), `smaps_rollup`).
fn megabytes(process: u32) -> Result<f64> {
    let all = must(&["ps", "-e", "-o", "pid=,ppid="])?;
    let pairs: Vec<(u32, u32)> = all
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace().map(str::parse);
            Some((words.next()?.ok()?, words.next()?.ok()?))
        })
        .collect();
    let mut family = BTreeSet::from([process]);
    while let Some((child, _)) = pairs
        .iter()
        .find(|(child, parent)| family.contains(parent) && !family.contains(child))
    {
        family.insert(*child);
    }
    let mut kilobytes = 0.0;
    for member in family {
        let path = PathBuf::from(format!("/proc/{member}/smaps_rollup"));
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let figure = line.and_then(|rest| rest.split_whitespace().next());
        kilobytes += figure
            .and_then(|word| word.parse::<f64>().ok())
            .context("no Pss in smaps_rollup")?;
    }
    Ok(kilobytes / 1024.0)
}
