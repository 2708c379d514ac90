//! A screen whose picture lies in a file, so that what a program shows is seen without asking it.

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::process::end;
use wirewarp_tests::window::start_screen;

/// Of the rows of the picture every so many are looked at: text is higher than that.
const STEP: usize = 3;
/// What is there when most of it is there may still have a clock that counts, or a mark that turns.
const MOST: f64 = 0.9;
/// A picture that has not changed for so long is the last.
const STILL: Duration = Duration::from_millis(2500);
const LONGEST: Duration = Duration::from_secs(30);

/// One picture: a colour of four bytes for each point that is looked at.
type Picture = Vec<[u8; 4]>;

/// Xvfb. It ends when this is dropped.
pub struct Screen {
    server: Child,
    display: String,
    file: File,
    form: Form,
}

/// Where the points are in the file, by its head (X11's `XWDFile.h`: words of 32 bits, the highest byte first).
struct Form {
    begin: u64,
    width: usize,
    height: usize,
    row: u64,
}

impl Screen {
    /// Starts one with its file in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (server, display) = start_screen(Some(folder))?;
        let file = File::open(folder.join("Xvfb_screen0"))?;
        let form = Form::of(&file)?;
        Ok(Self {
            server,
            display,
            file,
            form,
        })
    }

    /// Its name for programs.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Watches until nothing changes any more: how long after `began` most of what is there in the end was there.
    /// What counts is what is drawn, not the ground that it is drawn on.
    pub fn watch(&self, began: Instant) -> Result<Duration> {
        let mut seen: Vec<(Duration, Picture)> = Vec::new();
        let mut changed = Duration::ZERO;
        loop {
            let picture = self.picture()?;
            let now = began.elapsed();
            if seen.last().is_none_or(|(_, last)| *last != picture) {
                seen.push((now, picture));
                changed = now;
            }
            if seen.len() > 2 && now.saturating_sub(changed) > STILL {
                break;
            }
            ensure!(now < LONGEST, "the picture does not come to rest");
            thread::sleep(Duration::from_millis(4));
        }
        let (_, last) = seen.last().context("no picture")?;
        let ground = ground(last);
        let drawn: Vec<usize> = (0..last.len()).filter(|at| last[*at] != ground).collect();
        ensure!(drawn.len() > 200, "the window stays empty");
        let there = |picture: &Picture| {
            let same = drawn.iter().filter(|at| picture[**at] == last[**at]).count();
            #[expect(clippy::cast_precision_loss, reason = "some thousands")]
            let share = same as f64 / drawn.len() as f64;
            share >= MOST
        };
        let first = seen.iter().find(|(_, picture)| there(picture));
        first.map(|(at, _)| *at).context("the last picture is not there")
    }

    fn picture(&self) -> Result<Picture> {
        let mut points = Vec::with_capacity(self.form.width * self.form.height / STEP);
        let mut row = vec![0; self.form.width * 4];
        for y in (0..self.form.height).step_by(STEP) {
            self.file
                .read_exact_at(&mut row, self.form.begin + self.form.row * y as u64)?;
            points.extend(row.as_chunks::<4>().0.iter().copied());
        }
        Ok(points)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        end(&mut self.server);
    }
}

impl Form {
    fn of(file: &File) -> Result<Self> {
        let mut head = [0; 100];
        file.read_exact_at(&mut head, 0)?;
        let word = |index: usize| {
            let bytes = [0, 1, 2, 3].map(|byte| head[index * 4 + byte]);
            u32::from_be_bytes(bytes)
        };
        ensure!(word(11) == 32, "the screen has {} bits a point", word(11));
        // After the head comes its name, which counts with it, and a map of colours, 12 bytes each.
        Ok(Self {
            begin: u64::from(word(0) + word(19) * 12),
            width: word(4) as usize,
            height: word(5) as usize,
            row: u64::from(word(12)),
        })
    }
}

/// The colour that most points have.
fn ground(picture: &Picture) -> [u8; 4] {
    let mut counts: HashMap<[u8; 4], usize> = HashMap::new();
    for point in picture {
        *counts.entry(*point).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or([0; 4], |(colour, _)| colour)
}
