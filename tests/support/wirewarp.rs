//! The real `wirewarp` command, as an operator at the laptop `admin` would type it.
//!
//! ```no_run
//! use wirewarp_tests::lab::Lab;
//! use wirewarp_tests::wirewarp::Operator;
//!
//! fn a_forward_is_added(lab: &Lab) -> anyhow::Result<()> {
//!     let me = Operator::new(lab, "anna")?;
//!     me.add_vps("nyc", "vps1", &[])?;
//!     me.add_peer("attic", "home", &["--vps", "nyc"])?;
//!     me.change(&["port", "add", "attic", "25565", "--proto", "both"])?;
//!     let refused = me.run(&["port", "add", "attic", "0"])?;
//!     anyhow::ensure!(refused.status == 64);
//!     Ok(())
//! }
//! ```

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::lab::process::{Output, run};
use crate::lab::teardown::lab_program;
use crate::lab::{Access, Lab};

/// How long one command may take: the first on a host also installs packages.
const LONGEST: Duration = Duration::from_mins(4);

/// A person with a home directory and an inventory of their own. The same name in the same lab is the same
/// person again, so that each case can make its own value.
#[derive(Clone, Debug)]
pub struct Operator<'lab> {
    lab: &'lab Lab,
    folder: PathBuf,
    program: PathBuf,
    /// Their `/etc/hosts`, if it is another than this machine's.
    hosts: Option<PathBuf>,
}

impl<'lab> Operator<'lab> {
    /// The operator of this name.
    pub fn new(lab: &'lab Lab, name: &str) -> Result<Self> {
        let folder = lab.folder().join("operators").join(name);
        fs::create_dir_all(folder.join("home"))?;
        let program = wirewarp_program()?;
        Ok(Self {
            lab,
            folder,
            program,
            hosts: None,
        })
    }

    /// The same person with these lines in `/etc/hosts`; nobody else sees them.
    pub fn knowing(mut self, lines: &str) -> Result<Self> {
        let path = self.folder.join("hosts");
        fs::write(&path, format!("127.0.0.1 localhost\n{lines}\n"))?;
        self.hosts = Some(path);
        Ok(self)
    }

    /// Their home directory, for an `.ssh/config` and files that commands write.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// A folder for what else belongs to them.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The lab that they work on.
    pub fn lab(&self) -> &'lab Lab {
        self.lab
    }

    /// The folder of their inventory.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A command of theirs that is not started yet, to be killed for example. Secrets are in the vault: there is
    /// neither keychain nor ssh-agent.
    pub fn command(&self, words: &[&str]) -> Command {
        self.command_at("admin", words)
    }

    /// The same at another node: `wirewarp check` as the player, `peer add --local` in a plain namespace.
    pub fn command_at(&self, node: &str, words: &[&str]) -> Command {
        let program = self.program.display().to_string();
        self.program_at(node, &[&[program.as_str()], words].concat())
    }

    /// Another program at a node, a shell for example, with the variables that their commands have.
    pub fn program_at(&self, node: &str, line: &[&str]) -> Command {
        let hosts = self.hosts.as_ref().map(|path| path.display().to_string());
        let mut words = vec![];
        if let Some(hosts) = &hosts {
            let bind = "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"";
            words.extend(["unshare", "--mount", "sh", "-c", bind, "sh", hosts.as_str()]);
        }
        words.extend(line);
        let mut command = self.lab.nets().command(node, LONGEST, &words);
        self.surround(&mut command);
        command
    }

    /// Gives a program the variables that their commands have. Secrets are in the vault.
    pub fn surround(&self, command: &mut Command) {
        command
            .env("HOME", self.home())
            .env("WIREWARP_DATA_DIR", self.data_dir())
            .env("WIREWARP_VAULT_PASSPHRASE", "correct horse")
            .env("NO_COLOR", "1")
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("SSH_AUTH_SOCK");
    }

    /// Runs a command as typed, with nobody to ask, and says how it ended.
    pub fn run(&self, words: &[&str]) -> Result<Output> {
        self.run_with(words, "")
    }

    /// The same with these lines on standard input.
    pub fn run_with(&self, words: &[&str], input: &str) -> Result<Output> {
        run(self.command(words), input.as_bytes())
    }

    /// Runs a command that must succeed; its standard output as text.
    pub fn ok(&self, words: &[&str]) -> Result<String> {
        let output = self.run(words)?;
        Ok(output.ok()?.to_owned())
    }

    /// Runs a command that must succeed with `--json`; what it printed.
    pub fn json(&self, words: &[&str]) -> Result<Value> {
        self.run(&[words, &["--json"]].concat())?.json()
    }

    /// Makes a change that must be applied: with `--yes --json`; what it printed.
    pub fn change(&self, words: &[&str]) -> Result<Value> {
        self.json(&[words, &["--yes"]].concat())
    }

    /// Runs a change that must be refused: ends with this status, and says all of these words.
    pub fn refused(&self, status: i32, words: &[&str], says: &[&str]) -> Result<String> {
        let output = self.run(&[words, &["--yes"]].concat())?;
        let said = format!("{}{}", output.stdout, output.stderr);
        ensure!(output.status == status, "not refused with {status}: {output:?}");
        for word in says {
            ensure!(said.contains(word), "it does not say {word:?}: {said}");
        }
        Ok(said)
    }

    /// `vps add NAME --host ... --yes` for a host of the lab, with what its login needs and its key trusted by
    /// fingerprint.
    pub fn add_vps(&self, name: &str, host: &str, more: &[&str]) -> Result<Value> {
        self.add("vps", name, host, more)
    }

    /// `peer add NAME --host ... --yes` for a host of the lab.
    pub fn add_peer(&self, name: &str, host: &str, more: &[&str]) -> Result<Value> {
        self.add("peer", name, host, more)
    }

    fn add(&self, what: &str, name: &str, host: &str, more: &[&str]) -> Result<Value> {
        let Login { words, input } = self.login(host)?;
        let mut line = vec![what, "add", name];
        line.extend(words.iter().map(String::as_str));
        line.extend(more);
        line.extend(["--yes", "--json"]);
        self.run_with(&line, &input)?.json()
    }

    /// The SSH options for a host of the lab.
    pub fn login(&self, host: &str) -> Result<Login> {
        let Access {
            address,
            port,
            user,
            key,
            password,
        } = self.lab.access(host)?;
        let mut words = vec!["--host".to_owned(), format!("{user}@{address}")];
        if port != 22 {
            words.extend(["--port".to_owned(), port.to_string()]);
        }
        words.extend(["--trust".to_owned(), self.fingerprint(host)?]);
        let mut input = String::new();
        let mut secret = |option: &str| {
            words.push(option.to_owned());
            input.push_str(password.as_deref().unwrap_or_default());
            input.push('\n');
        };
        if key.is_none() {
            secret("--password-stdin");
        }
        if user != "root" && password.is_some() {
            secret("--sudo-password-stdin");
        }
        if let Some(key) = key {
            words.extend(["--key".to_owned(), key.display().to_string()]);
        }
        Ok(Login { words, input })
    }

    /// The fingerprint of a host's Ed25519 key, `SHA256:...`, read from its own disk as on a provider's console.
    pub fn fingerprint(&self, host: &str) -> Result<String> {
        let said = self
            .lab
            .exec(host, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")?;
        let word = said.ok()?.split(' ').nth(1).map(str::to_owned);
        word.with_context(|| format!("no fingerprint in {said:?}"))
    }
}

/// How to get into a host, for `vps add` and `peer add`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The options.
    pub words: Vec<String>,
    /// What standard input has to hold: SSH's password first, then sudo's.
    pub input: String,
}

/// The `wirewarp` program: `$WIREWARP_BIN`, or what cargo built beside `wirewarp-lab`.
pub fn wirewarp_program() -> Result<PathBuf> {
    if let Some(path) = env::var_os("WIREWARP_BIN") {
        return Ok(PathBuf::from(path));
    }
    let path = lab_program()?.with_file_name("wirewarp");
    ensure!(
        path.exists(),
        "the program wirewarp is not built; run `cargo build -p wirewarp-cli`"
    );
    Ok(path)
}
