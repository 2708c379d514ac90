//! The lines of a file from its end, without reading what is before.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

/// Read at once, in bytes.
const CHUNK: u64 = 64 * 1024;

/// A longer line is no line of ours, in bytes; it is passed over without being kept.
const LONGEST: usize = 1024 * 1024;

/// Lines of a file, last first.
pub(super) struct LinesBackwards {
    file: File,
    /// Bytes before this one have yet to be read.
    at: u64,
    /// The beginning of what was read and not yet given: complete lines but for the first.
    kept: Vec<u8>,
    /// Whether `kept` ends within a line that is too long.
    too_long: bool,
}

impl LinesBackwards {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let at = file.seek(SeekFrom::End(0))?;
        let (kept, too_long) = (Vec::new(), false);
        Ok(Self {
            file,
            at,
            kept,
            too_long,
        })
    }

    fn read_before(&mut self) -> io::Result<()> {
        let count = CHUNK.min(self.at);
        self.at -= count;
        self.file.seek(SeekFrom::Start(self.at))?;
        let mut chunk = Vec::with_capacity(usize::try_from(count).unwrap_or(0) + self.kept.len());
        // Shorter than asked for if somebody cut the file meanwhile.
        (&mut self.file).take(count).read_to_end(&mut chunk)?;
        chunk.append(&mut self.kept);
        self.kept = chunk;
        Ok(())
    }

    /// The line before; an error ends the file.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.kept.iter().rposition(|byte| *byte == b'\n') {
                let line = self.kept.split_off(end + 1);
                self.kept.truncate(end);
                if std::mem::take(&mut self.too_long) {
                    return Ok(Some(Vec::new()));
                }
                return Ok(Some(line));
            }
            if self.kept.len() > LONGEST {
                self.kept.clear();
                self.too_long = true;
            }
            if self.at == 0 {
                let rest = std::mem::take(&mut self.kept);
                return Ok((!rest.is_empty()).then_some(rest));
            }
            self.read_before()?;
        }
    }
}

impl Iterator for LinesBackwards {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.line().ok().flatten()
    }
}
