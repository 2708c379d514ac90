//! Pictures of pages.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Role, Window};
use crate::lab::teardown::lab_program;

/// Waits for a few frames.
const PAINTED: &str = "
    await document.fonts.ready;
    for (let frames = 6; frames > 0; frames -= 1) await new Promise((next) => requestAnimationFrame(next));
    return null;
";
/// How often a page that moves on its own is waited for.
const TRIES: usize = 10;

/// The window's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Made for a second screen.
    Dark,
    /// For daylight.
    Light,
}

impl Theme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Dark, Self::Light];

    /// The word for a file's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

/// Where pictures are kept: `window-pictures` beside the folder of the programs, `target/window-pictures` as a rule.
pub fn folder() -> Result<PathBuf> {
    let programs = lab_program()?;
    let target = programs
        .ancestors()
        .nth(2)
        .context("the programs lie in a folder")?;
    let folder = target.join("window-pictures");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

impl Window {
    /// Takes a picture of what is shown, once that is at rest and two pictures of it are the same: what is painted comes
    /// a few frames after what the page says.
    pub fn picture(&self, name: &str) -> Result<()> {
        self.settles()?;
        self.driver.run_async(PAINTED, &[])?;
        let mut last = self.driver.picture()?;
        for _ in 0..TRIES {
            self.driver.run_async(PAINTED, &[])?;
            let next = self.driver.picture()?;
            if next == last {
                break;
            }
            last = next;
        }
        keep(name, &last)
    }

    /// Takes a picture, whatever goes on.
    pub fn picture_now(&self, name: &str) -> Result<()> {
        keep(name, &self.driver.picture()?)
    }

    /// Switches the colours by the button that is there for it.
    pub fn wear(&self, theme: Theme) -> Result<()> {
        let switch = match theme {
            Theme::Dark => "Switch to dark colours",
            Theme::Light => "Switch to light colours",
        };
        if self.has(Role::Button, switch)? {
            self.press(switch)?;
        }
        Ok(())
    }
}

fn keep(name: &str, base64: &str) -> Result<()> {
    fs::write(folder()?.join(format!("{name}.png")), STANDARD.decode(base64)?)?;
    Ok(())
}
