//! The least Ansible playbook that puts rules in force: copies, validates, reloads.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::ssh::Ssh;
use crate::stage::{BUSY, Stage, must};

/// Where `scripts/bench` has put ansible-core.
const PLACE: &str = "WIREWARP_BENCH_ANSIBLE";

const PLAYBOOK: &str = "\
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        src: rules.nft
        dest: /etc/rules.nft
        mode: '0600'
        validate: nft -c -f %s
      notify: reload
  handlers:
    - name: reload
      ansible.builtin.command: nft -f /etc/rules.nft
";

/// A folder with the playbook, made ready for one host.
pub struct Ansible {
    program: PathBuf,
    folder: PathBuf,
}

impl Ansible {
    /// Writes the playbook down and gives the busy host a Python.
    pub fn for_busy(stage: &Stage, ssh: &Ssh) -> Result<Self> {
        let place = env::var_os(PLACE).with_context(|| format!("{PLACE} is not set; run scripts/bench"))?;
        let folder = stage.lab.folder().join("ansible");
        fs::create_dir_all(&folder)?;
        let options: Vec<String> = ssh.options().split_off(2);
        let (user, address) = ssh.target.split_once('@').context("no user")?;
        let inventory = format!(
            "{address} ansible_user={user} ansible_ssh_private_key_file={} \
             ansible_python_interpreter=/usr/bin/python3 ansible_ssh_common_args='{}'\n",
            ssh.key,
            options.join(" ")
        );
        fs::write(folder.join("hosts"), inventory)?;
        fs::write(
            folder.join("ansible.cfg"),
            "[defaults]\n[connection]\npipelining = True\n",
        )?;
        fs::write(folder.join("playbook.yml"), PLAYBOOK)?;
        let python = "apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
             --no-install-recommends install python3";
        stage.lab.exec(BUSY, python)?.ok()?;
        let program = PathBuf::from(place).join("bin/ansible-playbook");
        Ok(Self { program, folder })
    }

    /// The command that puts these rules in force.
    pub fn apply(&self, rules: &str) -> Result<Command> {
        fs::write(self.folder.join("rules.nft"), rules)?;
        let mut command = Command::new(&self.program);
        command
            .args(["-i", "hosts", "playbook.yml"])
            .current_dir(&self.folder);
        Ok(command)
    }

    /// Runs it; an error unless it changed the rules.
    pub fn must_change(&self, rules: &str) -> Result<()> {
        let said = must(self.apply(rules)?, "")?;
        anyhow::ensure!(
            said.stdout.contains("changed=2"),
            "the playbook changed nothing: {}",
            said.stdout
        );
        Ok(())
    }
}
