//! Where a secret must not be: arguments of processes, files of the inventory but the vault, output.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Result, anyhow, ensure};
use wirewarp_tests::lab::process::Output;

/// Looks at the arguments of every process of this machine, those of the hosts included, until it is asked.
pub struct Watch {
    stop: Arc<AtomicBool>,
    watcher: JoinHandle<Vec<String>>,
}

impl Watch {
    /// Begins to look for a secret.
    pub fn begin(secret: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, secret) = (Arc::clone(&stop), secret.to_owned());
        let watcher = thread::spawn(move || {
            let mut found = Vec::new();
            while !stopped.load(Ordering::Relaxed) && found.is_empty() {
                found.extend(arguments().into_iter().filter(|line| line.contains(&secret)));
            }
            found
        });
        Self { stop, watcher }
    }

    /// Ends; an error if the secret was seen.
    pub fn end(self) -> Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        let found = self.watcher.join().map_err(|_| anyhow!("the watcher panicked"))?;
        ensure!(
            found.is_empty(),
            "a secret stood in the arguments of a process: {found:?}"
        );
        Ok(())
    }
}

fn arguments() -> Vec<String> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
        .collect()
}

/// Fails if the secret is readable in any file of a folder, or in what a command said.
pub fn nowhere(secret: &str, folder: &Path, outputs: &[&Output]) -> Result<()> {
    for output in outputs {
        ensure!(
            !output.stdout.contains(secret) && !output.stderr.contains(secret),
            "it was printed"
        );
    }
    let mut folders = vec![folder.to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path)?;
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            ensure!(!found, "it stands in {}", path.display());
            files += 1;
        }
    }
    ensure!(files > 0, "there was no file to look into");
    Ok(())
}
