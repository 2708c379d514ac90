//! Somebody who types commands on this machine, with an inventory and a vault of their own.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "what is not as expected fails the test"
)]

use std::{
    cell::RefCell,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    lab::process::{Output, limited, run},
    wirewarp::wirewarp_program,
};

/// How long one command may take; the slowest waits for an answer that never comes.
const LONGEST: Duration = Duration::from_secs(40);

/// Opens the vault.
pub const PASSPHRASE: &str = "correct horse";

/// A home directory with an inventory. Whatever it prints is searched for the secrets that it was given.
pub struct Laptop {
    home: TempDir,
    program: PathBuf,
    secrets: RefCell<Vec<String>>,
}

impl Default for Laptop {
    fn default() -> Self {
        Self::new()
    }
}

impl Laptop {
    /// A new one, with nothing in it.
    pub fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            program: wirewarp_program().unwrap(),
            secrets: RefCell::default(),
        }
    }

    /// The folder of the inventory.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Runs a command with these lines on standard input, all of them secret.
    pub fn run(&self, words: &[String], lines: &[&str]) -> Output {
        self.run_with(words, lines, &[("WIREWARP_VAULT_PASSPHRASE", PASSPHRASE)])
    }

    /// The same with these variables alone.
    pub fn run_with(&self, words: &[String], lines: &[&str], variables: &[(&str, &str)]) -> Output {
        self.secrets
            .borrow_mut()
            .extend(lines.iter().map(|line| secret(line)));
        let program = self.program.display().to_string();
        let line: Vec<&str> = std::iter::once(program.as_str())
            .chain(words.iter().map(String::as_str))
            .collect();
        let mut command = limited(LONGEST, &line);
        self.surround(&mut command).envs(variables.iter().copied());
        let input: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        let output = run(command, input.as_bytes()).unwrap();
        self.tells_no_secret(&output);
        output
    }

    /// Types a command at a terminal, and at each of these prompts a line; everything that the screen showed.
    pub fn at_terminal(&self, words: &[String], dialogue: &[(&str, &str)]) -> String {
        let line = format!("{} {}", self.program.display(), words.join(" "));
        // script(1) gives it a terminal.
        let mut command = limited(LONGEST, &["script", "-qfec", &line, "/dev/null"]);
        self.surround(&mut command)
            .env("WIREWARP_VAULT_PASSPHRASE", PASSPHRASE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut shown = String::new();
        let mut read = |until: Option<&str>| {
            let mut new = String::new();
            let mut bytes = [0; 4096];
            while until.is_none_or(|prompt| !new.contains(prompt)) {
                let count = screen.read(&mut bytes).unwrap();
                if count == 0 {
                    break;
                }
                new.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
            new
        };
        for (prompt, answer) in dialogue {
            let new = read(Some(prompt));
            assert!(new.contains(prompt), "it does not ask {prompt:?}: {shown}{new}");
            shown.push_str(&new);
            // The screen stops showing what is typed a moment after the prompt; nobody types quicker.
            thread::sleep(Duration::from_millis(500));
            keys.write_all(format!("{answer}\n").as_bytes()).unwrap();
        }
        shown.push_str(&read(None));
        assert!(child.wait().unwrap().success(), "{shown}");
        shown
    }

    fn surround<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.home.path())
            .env("WIREWARP_DATA_DIR", self.data())
            .env("NO_COLOR", "1")
    }

    /// Runs a command that has to succeed; what it printed.
    pub fn ok(&self, words: &[String], lines: &[&str]) -> String {
        self.run(words, lines).ok().unwrap().to_owned()
    }

    /// The same with `--json`.
    pub fn json(&self, words: &[String], lines: &[&str]) -> Value {
        self.run(&as_json(words), lines).json().unwrap()
    }

    /// Runs a command that has to fail with status 1; code, message and hints.
    pub fn error(&self, words: &[String], lines: &[&str]) -> Failed {
        let output = self.run(&as_json(words), lines);
        assert_eq!(output.status, 1, "{output:?}");
        let said: Value = serde_json::from_str(&output.stdout).unwrap();
        let error = &said["error"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Failed {
            code: text(&error["code"]),
            message: text(&error["message"]),
            hints: error["hints"].as_array().unwrap().iter().map(text).collect(),
        }
    }

    /// Runs a command that has to be refused as wrong usage; what it said.
    pub fn usage(&self, words: &[String], lines: &[&str]) -> String {
        let output = self.run(words, lines);
        assert_eq!(output.status, 64, "{output:?}");
        output.stderr
    }

    /// Fails if a file of the inventory, the vault included, has one of the secrets in it, or one of `more`.
    pub fn keeps_no_secret_in_clear(&self, more: &[&str]) {
        let secrets = self.secrets.borrow();
        let all: Vec<&str> = secrets
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied())
            .collect();
        let files = files(&self.data());
        assert!(!files.is_empty(), "there is no inventory");
        for file in files {
            let bytes = fs::read(&file).unwrap();
            for secret in &all {
                let there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!there, "{} has a secret in it", file.display());
            }
        }
    }

    fn tells_no_secret(&self, output: &Output) {
        for secret in self.secrets.borrow().iter().filter(|secret| secret.len() >= 8) {
            let told = output.stdout.contains(secret) || output.stderr.contains(secret);
            assert!(!told, "a secret is told: {output:?}");
        }
    }
}

/// What a failed command says.
#[derive(Debug)]
pub struct Failed {
    /// For programs.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

impl Failed {
    /// Fails unless it has this code, says these words, and says what to do.
    pub fn says(&self, code: &str, words: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.hints.is_empty(), "it does not say what to do: {self:?}");
        let all = format!("{}\n{}", self.message, self.hints.join("\n"));
        for word in words {
            assert!(all.contains(word), "it does not say {word:?}: {self:?}");
        }
    }
}

/// The part of a line that nobody may see: of a token what follows its name.
fn secret(line: &str) -> String {
    line.split_once('=').map_or(line, |(_, secret)| secret).to_owned()
}

fn as_json(words: &[String]) -> Vec<String> {
    words.iter().cloned().chain(["--json".to_owned()]).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
