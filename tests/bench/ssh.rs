//! OpenSSH as its users run it: one new connection for each command.

use std::process::Command;

use anyhow::{Context, Result};
use wirewarp_tests::lab::Lab;

/// The way to one host.
#[derive(Clone, Debug)]
pub struct Ssh {
    pub key: String,
    pub target: String,
    known_hosts: String,
}

impl Ssh {
    /// To a host of the lab, its key known beforehand.
    pub fn to(lab: &Lab, host: &str) -> Result<Self> {
        let access = lab.access(host)?;
        let key = lab
            .exec(host, "cat /etc/ssh/ssh_host_ed25519_key.pub")?
            .ok()?
            .to_owned();
        let known_hosts = lab.folder().join(format!("known-{host}"));
        std::fs::write(&known_hosts, format!("{} {key}\n", access.address))?;
        Ok(Self {
            key: access.key.context("the host takes no key")?.display().to_string(),
            target: format!("{}@{}", access.user, access.address),
            known_hosts: known_hosts.display().to_string(),
        })
    }

    /// The options that make it find its key and the host's without asking.
    pub fn options(&self) -> Vec<String> {
        vec![
            "-i".into(),
            self.key.clone(),
            "-oBatchMode=yes".into(),
            "-oIdentitiesOnly=yes".into(),
            format!("-oUserKnownHostsFile={}", self.known_hosts),
        ]
    }

    /// Runs a script over a new connection.
    pub fn command(&self, script: &str) -> Command {
        let mut command = Command::new("ssh");
        command.args(self.options()).arg(&self.target).arg(script);
        command
    }
}
