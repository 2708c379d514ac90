//! Real shells in the window.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::suite::Case;
use wirewarp_tests::window::{PATIENCE, Role, Theme, Window, key};

use crate::story::{Story, case_with_site};

/// How soon a person should see that Ctrl-C was heard, on a machine that does other things as well.
pub const AT_ONCE: Duration = Duration::from_secs(3);

/// What is on the screen of the terminal that has the focus.
const SCREEN: &str =
    "const pane = document.activeElement?.closest('.xterm') ?? document.querySelector('.xterm');
    return [...pane.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent).join('\\n')";

/// Goes through everything above the screen as Shift and the page keys do, and joins its rows. A row that did not fit
/// goes on in the next.
const EVERYTHING: &str = r#"
    const area = document.querySelector(".xterm-helper-textarea");
    const press = (code) => {
      const event = new KeyboardEvent("keydown", { shiftKey: true, bubbles: true, cancelable: true });
      Object.defineProperty(event, "keyCode", { get: () => code });
      area.dispatchEvent(event);
    };
    const painted = async () => {
      for (let frames = 3; frames > 0; frames -= 1) await new Promise((next) => requestAnimationFrame(next));
    };
    const rows = () => [...document.querySelectorAll(".xterm-rows > div")].map((row) => row.textContent);
    for (let pages = 400; pages > 0; pages -= 1) press(33);
    await painted();
    let all = rows();
    for (let pages = 400; pages > 0; pages -= 1) {
      const last = all[all.length - 1];
      press(34);
      await painted();
      const now = rows();
      const seen = now.lastIndexOf(last);
      if (seen === now.length - 1) break;
      if (seen < 0) return "a page was skipped";
      all = all.concat(now.slice(seen + 1));
    }
    const text = all.join("");
    const wanted = Array.from({ length: given[0] }, (_, index) => index + 1).join(",");
    if (text.includes(wanted)) return "whole";
    let from = 0;
    while (from < wanted.length && text.includes(wanted.slice(0, from + 1000))) from += 1000;
    return `${all.length} rows, whole up to “${wanted.slice(from, from + 40)}”: ${text.slice(0, 200)} ...`;
"#;

pub fn cases() -> Vec<Case> {
    vec![
        case_with_site("a_burst_arrives_in_the_terminal_whole_and_in_order", burst),
        case_with_site("a_flood_leaves_the_window_usable_and_ends_at_ctrl_c", flood),
        case_with_site("the_shell_learns_the_size_of_its_split", sizes),
    ]
}

/// Opens a shell on the VPS, and waits for its prompt.
pub fn open(window: &Window) -> Result<()> {
    window.go("/terminal")?;
    window.press("nyc")?;
    prompt(window, PATIENCE)
}

/// Waits until the shell waits for a command.
pub fn prompt(window: &Window, limit: Duration) -> Result<()> {
    wait_for("the prompt", limit, || {
        let screen = screen(window)?;
        let last = screen.lines().rfind(|line| !line.trim().is_empty());
        Ok(last
            .is_some_and(|line| line.trim_end().ends_with('#'))
            .then_some(()))
    })
    .with_context(|| format!("the screen is {:?}", screen(window)))
}

pub fn screen(window: &Window) -> Result<String> {
    let screen = window.run(SCREEN, &[])?;
    // A space that must not be broken is a space.
    Ok(screen.as_str().unwrap_or_default().replace('\u{a0}', " "))
}

/// Types a line and sends it.
pub fn enter(window: &Window, line: &str) -> Result<()> {
    window.keys(&format!("{line}{}", key::ENTER))
}

fn burst(story: &mut Story) -> Result<()> {
    const LAST: u32 = 200_000;
    let window = story.window()?;
    open(window)?;
    enter(window, &format!("clear; seq -s , 1 {LAST}"))?;
    wait_for("the end of the burst", Duration::from_secs(30), || {
        Ok(screen(window)?.contains("199999,200000").then_some(()))
    })?;
    prompt(window, AT_ONCE)?;
    let found = window.run_async(EVERYTHING, &[json!(LAST)])?;
    ensure!(found == "whole", "{found}");
    // What was typed without waiting arrives in its order as well.
    let letters: String = ('a'..='z').cycle().take(600).collect();
    enter(
        window,
        &format!("echo {letters} | md5sum; echo {letters} > /tmp/typed"),
    )?;
    prompt(window, PATIENCE)?;
    let typed = story.lab.exec("vps1", "cat /tmp/typed")?;
    ensure!(typed.ok()? == letters, "{typed:?}");
    Ok(())
}

fn flood(story: &mut Story) -> Result<()> {
    let window = story.window()?;
    open(window)?;
    enter(window, "yes 0123456789")?;
    wait_for("the flood", PATIENCE, || {
        let lines = screen(window)?;
        Ok((lines.lines().filter(|line| line.trim() == "0123456789").count() > 20).then_some(()))
    })?;
    for theme in Theme::ALL {
        let began = Instant::now();
        window.wear(theme)?;
        let took = began.elapsed();
        ensure!(took < AT_ONCE, "the window took {took:?} for {theme:?}");
    }
    window.run("document.querySelector('.xterm-helper-textarea').focus()", &[])?;
    window.keys(&format!("{}c", key::CONTROL))?;
    prompt(window, AT_ONCE)?;
    enter(window, "echo still-$((40 + 2))")?;
    wait_for("the shell's answer", PATIENCE, || {
        Ok(screen(window)?.contains("still-42").then_some(()))
    })
}

fn sizes(story: &mut Story) -> Result<()> {
    let window = story.window()?;
    open(window)?;
    let whole = columns(window, 1)?;
    window.press("Split to the right")?;
    window.shows(Role::Button, "Close terminal nyc", PATIENCE)?;
    prompt(window, PATIENCE)?;
    let right = columns(window, 2)?;
    window.run("document.querySelector('.xterm-helper-textarea').focus()", &[])?;
    let left = columns(window, 3)?;
    for half in [left, right] {
        ensure!(
            (whole / 2 - 6..=whole / 2).contains(&half),
            "{whole} columns became {left} and {right}"
        );
    }
    window.picture("terminal-split")
}

/// How many columns the shell believes to have.
fn columns(window: &Window, question: u32) -> Result<u32> {
    Ok(size(window, question)?.1)
}

/// How many rows and columns the shell believes to have.
pub fn size(window: &Window, question: u32) -> Result<(u32, u32)> {
    // The answer differs from what is typed, and from the answers before.
    enter(
        window,
        &format!("clear; echo \"[$(({question} * 1000))] $(stty size)\""),
    )?;
    let begins = format!("[{question}000] ");
    wait_for("the size", PATIENCE, || {
        let screen = screen(window)?;
        let mut answers = screen.lines().filter_map(|line| {
            let (rows, columns) = line.trim().strip_prefix(&begins)?.split_once(' ')?;
            Some((rows.parse().ok()?, columns.parse().ok()?))
        });
        Ok(answers.next())
    })
}
