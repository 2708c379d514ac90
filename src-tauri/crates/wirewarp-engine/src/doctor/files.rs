//! The data folder: whose it is, whether there is room, and what became of the history.

use std::{fs::File, io::Read as _, path::Path};

use super::{Diagnosis, Verdict};

/// With less room than this, in bytes, a copy before a migration may not fit.
#[cfg(unix)]
const ROOM: u64 = 100 * 1024 * 1024;

/// More than this is more than a history of 200 hosts takes in a year, in bytes.
const HISTORY_MOST: u64 = 1_000_000_000;

pub(super) fn examine(data_dir: &Path) -> Vec<Diagnosis> {
    let mut checks = vec![writable(data_dir)];
    #[cfg(unix)]
    checks.extend(owners_alone(data_dir));
    #[cfg(unix)]
    checks.extend(room(data_dir));
    checks.extend(history(&data_dir.join("history.db")));
    checks
}

fn writable(data_dir: &Path) -> Diagnosis {
    let place = data_dir.display().to_string();
    if !data_dir.exists() {
        return Diagnosis::good(
            "folder",
            format!("{place} is not there yet; it is made when it is needed"),
        );
    }
    match tempfile::NamedTempFile::new_in(data_dir) {
        Ok(_) => Diagnosis::good("folder", format!("{place} can be written to")),
        Err(error) => Diagnosis::new(
            "folder",
            Verdict::Bad,
            format!("{place} cannot be written to: {error}"),
            &["Make the folder yours, make room on its disk, or take another folder."],
        ),
    }
}

/// Files that others can read.
#[cfg(unix)]
fn owners_alone(data_dir: &Path) -> Option<Diagnosis> {
    use std::os::unix::fs::PermissionsExt as _;
    let open = ["inventory.db", "history.db", "vault"]
        .into_iter()
        .filter(|name| {
            let mode = data_dir
                .join(name)
                .metadata()
                .map_or(0, |file| file.permissions().mode());
            mode & 0o077 != 0
        });
    let open: Vec<_> = open.collect();
    if open.is_empty() {
        return None;
    }
    let message = format!("Others on this machine can read {}.", open.join(" and "));
    let hint = format!("chmod 600 {}", data_dir.join(open[0]).display());
    Some(Diagnosis::new("permissions", Verdict::Warning, message, &[&hint]))
}

#[cfg(unix)]
fn room(data_dir: &Path) -> Option<Diagnosis> {
    let there = data_dir.ancestors().find(|folder| folder.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let message = format!("{} MB free", free / 1_000_000);
    if free >= ROOM {
        return Some(Diagnosis::good("disk", message));
    }
    let hints = ["Make room on this machine's disk: what is applied is written down first."];
    Some(Diagnosis::new("disk", Verdict::Bad, message, &hints))
}

/// Not opened as a history: that would put a damaged file aside.
fn history(path: &Path) -> Option<Diagnosis> {
    let bytes = path.metadata().ok()?.len();
    let mut head = [0; 16];
    let is_sqlite = File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
        // https://www.sqlite.org/fileformat.html, 1.3
        && &head == b"SQLite format 3\0";
    let size = format!("{} MB", bytes.div_ceil(1_000_000));
    Some(if bytes > 0 && !is_sqlite {
        let hints = [
            "The next `wirewarp monitor` puts it aside and begins a new one; nothing but charts depends on it.",
        ];
        Diagnosis::new("history", Verdict::Bad, "history.db is no database.", &hints)
    } else if bytes > HISTORY_MOST {
        let hints =
            ["`wirewarp monitor` makes it smaller by and by; charts alone are lost if you move it away."];
        Diagnosis::new(
            "history",
            Verdict::Warning,
            format!("history.db has {size}."),
            &hints,
        )
    } else {
        Diagnosis::good("history", size)
    })
}
