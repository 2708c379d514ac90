//! This machine with a layer on top of its files: what is installed there is seen by nobody else, and gone at the end.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::process::{Output, end, limited, run};

/// dpkg writes to disk with care.
const LONGEST: Duration = Duration::from_mins(3);

/// Lays the layer, says so, and lives as long as it shall be there. What other programs listen at (the screen, the bus)
/// and the tests' own folders are those of the machine; everything else that is written lands in memory.
const LAY: &str = r#"
    set -e
    mount -t tmpfs layer "$1"
    mkdir "$1/upper" "$1/work" "$1/all"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/all"
    for each in /proc /sys /dev /run /tmp /var/tmp; do
        mount --rbind "$each" "$1/all$each"
    done
    echo laid
    exec sleep infinity
"#;

/// The layer. It ends when this is dropped.
pub struct Sandbox {
    keeper: Child,
    root: PathBuf,
}

impl Sandbox {
    /// Lays it at an empty folder.
    pub fn at(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut keeper = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", LAY, "sh"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run unshare")?;
        let mut line = String::new();
        if let Some(out) = keeper.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let root = folder.join("all");
        let sandbox = Self { keeper, root };
        ensure!(
            line.trim() == "laid",
            "no layer could be laid over this machine's files"
        );
        Ok(sandbox)
    }

    /// A program there, not started yet.
    pub fn command(&self, words: &[&str]) -> Command {
        let mount = format!("--mount=/proc/{}/ns/mnt", self.keeper.id());
        let root = format!("--root=/proc/{}/root{}", self.keeper.id(), self.root.display());
        let mut command = Command::new("nsenter");
        command.args([mount.as_str(), root.as_str(), "--wd=/", "--"]);
        command.args(words);
        command
    }

    /// Runs a program there to its end.
    pub fn run(&self, words: &[&str]) -> Result<Output> {
        let command = self.command(&[]);
        let mut line = vec!["nsenter".to_owned()];
        line.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
        line.extend(words.iter().map(|word| (*word).to_owned()));
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        run(limited(LONGEST, &line), b"")
    }

    /// Whether a file is there.
    pub fn has(&self, path: &str) -> Result<bool> {
        Ok(self.run(&["test", "-e", path])?.succeeded())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        end(&mut self.keeper);
    }
}
