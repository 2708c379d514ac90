//! The window's terminal: how much it takes in, next to xterm.js by itself in the same web view, and how long a key takes
//! to come back, next to ssh.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::window::{Desk, PATIENCE, Window, key};

use super::Row;
use crate::clock::Times;
use crate::report::{Measured, Target, duration, project};
use crate::ssh::Ssh;
use crate::stage::Stage;

pub const ROW: Row = Row {
    name: "terminal",
    about: "the window's terminal, against xterm.js alone and against ssh",
    run,
};

const MEASURE: &str = include_str!("terminal.js");
const HOST: &str = "vps1";
/// What is printed: this line, so many times in a part, and so many parts.
const LINE: &str = "drwxr-xr-x  2 root root   4096 Nov 22 21:09 \u{1b}[01;34msome folder\u{1b}[0m of a host";
const LINES: usize = 4_000;
const PARTS: usize = 40;
const LONGEST: Duration = Duration::from_secs(120);

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    stage.boot(&[HOST])?;
    let me = stage.operator("typist")?;
    me.add_vps("nyc", HOST, &[])?;
    let desk = Desk::new(me.folder())?;
    let window = Window::open(&desk, &me)?;
    let throughput = throughput(stage, &window)?;
    let echo = echo(stage, &window)?;
    stage.switch_off(&[HOST])?;
    Ok(vec![throughput, echo])
}

fn throughput(stage: &Stage, window: &Window) -> Result<Measured> {
    // What a terminal of a host makes of a line's end.
    let part = format!("{LINE}\r\n").repeat(LINES);
    #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
    let megabytes = (part.len() * PARTS) as f64 / 1e6;
    let all = format!("yes '{LINE}' | head -n {} > /tmp/all", LINES * PARTS);
    stage.lab.ssh(HOST, &all)?.ok()?;
    let library = std::fs::read_to_string(project().join("ui/node_modules/@xterm/xterm/lib/xterm.js"))?;
    let script = format!(
        "const module = {{ exports: {{}} }}; const exports = module.exports;\n{library}\n;\
         window.XtermAlone = module.exports.Terminal;"
    );
    window.run(&script, &[])?;
    window.go("/terminal?host=nyc")?;
    wait_for("the shell's prompt", PATIENCE, || {
        let prompt = "return document.querySelector('.xterm-rows')?.textContent.includes('#') ?? false";
        Ok((window.run(prompt, &[])? == true).then_some(()))
    })?;
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    for round in 0..stage.rounds(5) {
        // The word is not in what is typed, only in what it prints.
        window.keys(&format!("clear; cat /tmp/all; echo all-$(({round}+700))-there"))?;
        window.run(
            MEASURE,
            &[json!("until"), json!(format!("all-{}-there", round + 700))],
        )?;
        window.keys(key::ENTER)?;
        ours.push(figure(window)?);
        window.run(MEASURE, &[json!("parse"), json!(part), json!(PARTS)])?;
        theirs.push(figure(window)?);
    }
    let what = "what the terminal takes in from a host";
    let mut measured = Measured::quicker(what, "xterm.js alone", Target::AtLeast(0.8), &ours, &theirs);
    measured.unit = "x";
    Ok(measured.seen(format!(
        "{:.1} MB/s to {:.1} MB/s",
        megabytes / ours.median(),
        megabytes / theirs.median()
    )))
}

/// The figure that the script in the page leaves, milliseconds made a time.
fn figure(window: &Window) -> Result<Duration> {
    let figure = answer(window)?;
    let took = figure.as_f64().with_context(|| format!("no time: {figure}"))?;
    Ok(Duration::from_secs_f64(took / 1e3))
}

fn answer(window: &Window) -> Result<Value> {
    wait_for("the page's figure", LONGEST, || {
        let figure = window.run("return window.figure ?? null", &[])?;
        Ok((!figure.is_null()).then_some(figure))
    })
}

fn echo(stage: &Stage, window: &Window) -> Result<Measured> {
    let times = stage.rounds(150);
    window.run(MEASURE, &[json!("echo"), json!("nyc"), json!(times)])?;
    let each = answer(window)?;
    let Some(each) = each.as_array() else {
        bail!("the window could not measure: {each}");
    };
    let ours: Times = each.iter().filter_map(Value::as_f64).map(|ms| ms / 1e3).collect();
    let theirs = bare(&Ssh::to(stage.lab, HOST)?, times)?;
    let more = (ours.median() - theirs.median()) * 1e3;
    let seen = format!("{} to {}", duration(ours.median()), duration(theirs.median()));
    let what = "a key's way to a host and back, more than by ssh";
    Ok(Measured::figure(what, Target::AtMost(3.0), more, "ms")
        .against("ssh -tt")
        .seen(seen))
}

/// The same through ssh(1).
fn bare(ssh: &Ssh, times: usize) -> Result<Times> {
    let mut child = Command::new("ssh")
        .args(ssh.options())
        .args(["-tt", &ssh.target, "exec cat >/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot run ssh")?;
    let (mut keys, mut screen) = (
        child.stdin.take().context("no input")?,
        child.stdout.take().context("no output")?,
    );
    std::thread::sleep(Duration::from_millis(1500));
    let mut taken = Times::default();
    let mut back = [0; 64];
    for _ in 0..times {
        let began = Instant::now();
        keys.write_all(b"x")?;
        keys.flush()?;
        if screen.read(&mut back)? == 0 {
            bail!("ssh ended");
        }
        taken.push(began.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(keys);
    wirewarp_tests::lab::process::end(&mut child);
    Ok(taken)
}
