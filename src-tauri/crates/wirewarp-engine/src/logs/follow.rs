//! Lines as they are written.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use super::{LogLine, LogQuery, files, folder};

/// At most so much of a file is taken at once, in bytes.
const MOST: u64 = 8 * 1024 * 1024;

/// Follows the files of a log, also into the next day.
#[derive(Debug)]
pub struct Follow {
    folder: PathBuf,
    /// How far each was read, in bytes.
    read: BTreeMap<PathBuf, u64>,
}

impl Follow {
    /// Follows from now on.
    pub fn begin(data_dir: &Path) -> Self {
        let folder = folder(data_dir);
        let length = |path: PathBuf| {
            let bytes = path.metadata().map_or(0, |file| file.len());
            (path, bytes)
        };
        let read = files(&folder).into_iter().map(length).collect();
        Self { folder, read }
    }

    /// What was written since the last time and fits, oldest first.
    pub fn next(&mut self, query: &LogQuery) -> Vec<LogLine> {
        let mut found = Vec::new();
        for path in files(&self.folder) {
            let at = self.read.entry(path.clone()).or_insert(0);
            let Ok(new) = whole_lines(&path, *at) else {
                continue;
            };
            *at += new.len() as u64;
            found.extend(new.split(|byte| *byte == b'\n').filter_map(LogLine::parse));
        }
        found.retain(|line| query.fits(line));
        found.sort_by_key(|line| line.at);
        found
    }
}

/// What is in the file after `at`, up to the last end of a line.
fn whole_lines(path: &Path, at: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(at))?;
    let mut new = Vec::new();
    file.take(MOST).read_to_end(&mut new)?;
    let whole = new
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    // A line that fills everything never ends: it is passed over.
    if whole > 0 || (new.len() as u64) < MOST {
        new.truncate(whole);
    }
    Ok(new)
}
