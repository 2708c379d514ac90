//! Getting at hosts: by SSH as the operator does, or from within as only a lab can.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Lab;
use super::process::{DEFAULT_LIMIT, Output, limited, run, wait_for};
use super::state::State;
use super::teardown::lab_program;

/// What an operator in the namespace `admin` needs to know to get into a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Where it is reached.
    pub address: Ipv4Addr,
    /// The port of its sshd.
    pub port: u16,
    /// Whom to log in as.
    pub user: String,
    /// The private key, where one opens the door.
    pub key: Option<PathBuf>,
    /// The user's password, for SSH where there is no key, and for sudo where that asks.
    pub password: Option<String>,
}

impl Lab {
    /// How an operator gets into a host.
    pub fn access(&self, host: &str) -> Result<Access> {
        let spec = self.host(host)?;
        Ok(Access {
            address: spec.place.reached_at(),
            port: spec.ssh_port,
            user: spec.login.user().to_owned(),
            key: spec.login.by_key().then(|| self.key()),
            password: spec.login.password().map(str::to_owned),
        })
    }

    /// Runs a script on a host by SSH from the namespace `admin`, as the user that the host's login names.
    /// The host's key is not checked. For logins by key only.
    pub fn ssh(&self, host: &str, script: &str) -> Result<Output> {
        let Access {
            address,
            port,
            user,
            key,
            ..
        } = self.access(host)?;
        let key = key
            .with_context(|| format!("{host} takes no key; use exec"))?
            .display()
            .to_string();
        let port = port.to_string();
        let target = format!("{user}@{address}");
        let mut words = vec!["ssh", "-i", &key, "-p", &port];
        for option in [
            "BatchMode=yes",
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
            "ConnectTimeout=10",
            "ServerAliveInterval=5",
        ] {
            words.extend(["-o", option]);
        }
        words.extend([target.as_str(), script]);
        run(self.nets().command("admin", DEFAULT_LIMIT, &words), b"")
    }

    /// Runs a script as root inside a host, without its network having any part in it.
    pub fn exec(&self, host: &str, script: &str) -> Result<Output> {
        run(self.inside(host, &["sh", "-c", script])?, b"")
    }

    /// A command that runs as root inside a host, for at most three minutes.
    pub fn inside(&self, host: &str, words: &[&str]) -> Result<Command> {
        let mut command = limited(DEFAULT_LIMIT, &[]);
        command.args(self.entry(host)?).args(words);
        Ok(command)
    }

    /// The words before a command that make it run as root inside a host: in all its namespaces, but not in its
    /// control groups.
    pub fn entry(&self, host: &str) -> Result<Vec<String>> {
        entry(&self.state(), host)
    }

    /// Runs a command of this machine in the namespace of a node, such as `player` or `admin`.
    pub fn exec_in(&self, node: &str, words: &[&str]) -> Result<Output> {
        run(self.command_in(node, words), b"")
    }

    /// A command of this machine that will run in the namespace of a node, for at most three minutes.
    pub fn command_in(&self, node: &str, words: &[&str]) -> Command {
        self.nets().command(node, DEFAULT_LIMIT, words)
    }

    /// Waits until a host's sshd answers the operator and its units have settled, whether all of them well or not.
    pub fn wait_until_ready(&self, host: &str) -> Result<()> {
        self.wait_for_ssh(host)?;
        let settled = self.exec(host, "timeout 60 systemctl is-system-running --wait || true")?;
        settled.ok().map(drop)
    }

    /// Waits until a host's sshd answers the operator.
    pub fn wait_for_ssh(&self, host: &str) -> Result<()> {
        let Access { address, port, .. } = self.access(host)?;
        let program = lab_program()?.display().to_string();
        let (address, port) = (address.to_string(), port.to_string());
        let words = [
            program.as_str(),
            "wait-tcp",
            &address,
            &port,
            "--greeting",
            "SSH-",
            "--seconds",
            "90",
        ];
        let waited = self.exec_in("admin", &words)?;
        let console = self.console(host);
        waited
            .ok()
            .map(drop)
            .with_context(|| format!("{host} does not answer; its console is {}", console.display()))
    }

    /// A host's id of this boot, which changes with each.
    pub fn boot_id(&self, host: &str) -> Result<String> {
        let output = self.exec(host, "cat /proc/sys/kernel/random/boot_id")?;
        Ok(output.ok()?.to_owned())
    }

    /// The last warnings in the journals of the hosts that are on, for a person who looks for the cause of a failure.
    pub fn complaints(&self) -> String {
        let hosts = self.spec().hosts.iter().map(|host| host.name.as_str());
        let journal = "journalctl --boot --priority=warning --no-pager --lines=15 --output=short-precise";
        hosts
            .filter_map(|host| {
                let said = self.exec(host, journal).ok()?.stdout;
                let empty = said.trim().is_empty() || said.contains("No entries");
                (!empty).then(|| format!("--- journal of {host}\n{said}"))
            })
            .collect()
    }

    /// Asks again until a script inside a host succeeds.
    pub fn wait_until(&self, host: &str, script: &str, limit: Duration) -> Result<()> {
        wait_for(&format!("`{script}` on {host}"), limit, || {
            Ok(self.exec(host, script)?.succeeded().then_some(()))
        })
    }
}

/// As [`Lab::entry`], in a lab that stands as `state` says.
pub(super) fn entry(state: &State, host: &str) -> Result<Vec<String>> {
    let leader = state.hosts.get(host).and_then(|state| state.leader);
    let leader = leader.with_context(|| format!("{host} is off"))?;
    let words = format!(
        "nsenter --target {leader} --mount --uts --ipc --net --pid --root --wd -- \
         env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8"
    );
    Ok(words.split(' ').map(String::from).collect())
}
