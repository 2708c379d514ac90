//! Which programs have the inventory open. Each holds a lock on a file of its own, which the operating system lets go
//! when the program ends, however it ends. Process numbers would not do: they are used again, and only Linux tells when
//! a process of another program began without code of our own that is unsafe.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// One program (or one part of it) that has the inventory open.
#[derive(Debug)]
pub(crate) struct Session {
    id: Uuid,
    inventory: PathBuf,
    /// Holds the lock.
    _file: File,
}

impl Session {
    /// Begins a session on this inventory, and takes away what ended sessions left. Also says whether there was one
    /// that did not end by itself.
    pub fn begin(inventory: &Path) -> io::Result<(Self, bool)> {
        let unclean = clear_ended(inventory)?;
        let id = Uuid::new_v4();
        let path = file_of(inventory, id);
        // It gets its name once it is locked: until then others would take it for one that ended. Until then it has one
        // that no other program uses, so that many can begin at once, and one that is killed here is in nobody's way.
        let unnamed = beside(inventory, &format!("opening-{id}"));
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unnamed)?;
        file.lock()?;
        std::fs::rename(&unnamed, &path)?;
        let inventory = inventory.to_owned();
        let session = Self {
            id,
            inventory,
            _file: file,
        };
        Ok((session, unclean))
    }

    /// Names it to other sessions.
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Whether the session of this name goes on.
    pub fn is_alive(&self, id: &str) -> bool {
        let Ok(id) = Uuid::parse_str(id) else { return false };
        id == self.id || is_held(&file_of(&self.inventory, id))
    }
}

impl Session {
    /// Says that the program ends in good order. For one whose last part is not dropped, such as a window's.
    pub fn end(&self) {
        // A file that stays is taken away by the next session, which then checks the inventory.
        let _ = std::fs::remove_file(file_of(&self.inventory, self.id));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A file that stays is taken away by the next session, which then checks the inventory.
        if !std::thread::panicking() {
            let _ = std::fs::remove_file(file_of(&self.inventory, self.id));
        }
    }
}

fn file_of(inventory: &Path, id: Uuid) -> PathBuf {
    beside(inventory, &format!("session-{id}"))
}

/// A file next to the inventory, called like it with this ending.
fn beside(inventory: &Path, ending: &str) -> PathBuf {
    let mut name = inventory.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}

/// Whether somebody holds the lock. Asked with a shared lock, so that two who ask do not take each other for its holder.
fn is_held(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn clear_ended(inventory: &Path) -> io::Result<bool> {
    let folder = inventory.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Some(name) = inventory.file_name().and_then(|name| name.to_str()) else {
        return Ok(false);
    };
    let prefix = format!("{name}.session-");
    let mut found = false;
    for entry in std::fs::read_dir(folder.unwrap_or(Path::new(".")))? {
        let entry = entry?;
        let is_session = entry.file_name().to_str().is_some_and(|name| {
            let id = name.strip_prefix(&prefix);
            id.is_some_and(|id| Uuid::parse_str(id).is_ok())
        });
        if is_session && !is_held(&entry.path()) {
            // Another program that begins now may have been quicker.
            found |= std::fs::remove_file(entry.path()).is_ok();
        }
    }
    Ok(found)
}
