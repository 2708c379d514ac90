//! What a test, or somebody else in the Proxmox window, does to the cluster.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::cluster::{Cluster, Guest, Kind, Node, Reach};
use super::config::Config;
use super::effects::Ran;
use super::inside::{Executed, Inside};
use super::interfaces::Interfaces;
use super::login::{Token, User};
use super::rights::Grant;
use super::task::TaskFault;

/// Nodes and guests.
impl Cluster {
    /// Adds a node. The first one is the one that is asked.
    pub fn add_node(&mut self, name: &str, address: &str, interfaces: &str) {
        if self.local.is_empty() {
            name.clone_into(&mut self.local);
        }
        let node = Node {
            interfaces: interfaces.to_owned(),
            staged: None,
            active: Interfaces::parse(interfaces).all_auto(),
            reach: Reach::Up,
            address: address.to_owned(),
            booted: self.clock.seconds().saturating_sub(3600),
            name_servers: vec!["192.168.1.1".to_owned()],
            certificates: Value::Null,
            fingerprint: String::new(),
        };
        self.nodes.insert(name.to_owned(), node);
    }

    /// Gives the cluster a name: more than one node has one.
    pub fn name_cluster(&mut self, name: &str) {
        self.name = Some(name.to_owned());
    }

    /// The address that a node is told to have.
    pub fn set_address(&mut self, node: &str, address: &str) {
        if let Some(node) = self.nodes.get_mut(node) {
            address.clone_into(&mut node.address);
        }
    }

    /// Adds a guest, stopped, with the text of its configuration.
    pub fn add_guest(&mut self, vmid: u32, kind: Kind, node: &str, config: &str) {
        let guest = Guest {
            kind,
            node: node.to_owned(),
            config: Config::parse(config),
            running: None,
            pid: 1000 + vmid,
            inside: Inside::default(),
        };
        self.guests.insert(vmid, guest);
    }

    /// Starts a guest.
    pub fn run_guest(&mut self, vmid: u32) -> Result<()> {
        self.start_guest(vmid).map_err(anyhow::Error::msg)
    }

    /// Changes a guest; nothing where it is not there.
    fn edit(&mut self, vmid: u32, edit: impl FnOnce(&mut Guest)) {
        if let Some(guest) = self.guests.get_mut(&vmid) {
            edit(guest);
        }
    }

    /// Writes a key into a guest's configuration, or takes it out, as `qm set` on the node would.
    pub fn set_guest_key(&mut self, vmid: u32, key: &str, value: Option<&str>) {
        self.edit(vmid, |guest| guest.config.set(key, value));
    }

    /// Writes a guest's notes.
    pub fn describe_guest(&mut self, vmid: u32, notes: &str) {
        self.edit(vmid, |guest| guest.config.set_description(notes));
    }

    /// Locks a guest as a backup does; `None` unlocks it.
    pub fn lock_guest(&mut self, vmid: u32, lock: Option<&str>) {
        self.set_guest_key(vmid, "lock", lock);
    }

    /// Moves a guest to another node.
    pub fn migrate_guest(&mut self, vmid: u32, node: &str) {
        self.edit(vmid, |guest| node.clone_into(&mut guest.node));
    }

    /// Has the next hot-plug of a NIC of a running guest fail.
    pub fn spoil_hotplug(&mut self, vmid: u32) {
        self.bad_plugs.insert(vmid);
    }

    /// Deletes a guest.
    pub fn delete_guest(&mut self, vmid: u32) {
        self.guests.remove(&vmid);
    }

    /// Says whether a node can be asked.
    pub fn set_reach(&mut self, node: &str, reach: Reach) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.reach = reach;
        }
    }

    /// The name servers that guests get from a node.
    pub fn set_name_servers(&mut self, node: &str, servers: &[&str]) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.name_servers = servers.iter().map(|server| (*server).to_owned()).collect();
        }
    }

    /// Reboots a node: its tasks are cut off, what was staged is in force afterwards (`pvenetcommit` does that while it
    /// boots), guests with `onboot` run again and the others do not.
    pub fn reboot_node(&mut self, name: &str) -> Result<()> {
        self.drop_tasks(name);
        let here =
            |(vmid, guest): (&u32, &Guest)| (guest.node == name && guest.running.is_some()).then_some(*vmid);
        let ran: Vec<u32> = self.guests.iter().filter_map(here).collect();
        for vmid in &ran {
            self.edit(*vmid, |guest| {
                guest.running = None;
                guest.inside.stopped();
            });
        }
        self.apply_network(name, false).map_err(anyhow::Error::msg)?;
        let now = self.clock.seconds();
        self.nodes.get_mut(name).context("no such node")?.booted = now;
        for vmid in ran {
            let onboot = self
                .guests
                .get(&vmid)
                .and_then(|guest| guest.config.values.get("onboot"));
            if onboot.is_some_and(|value| value == "1") {
                self.run_guest(vmid)?;
            }
        }
        Ok(())
    }

    /// Stages a file for a node, as somebody else does in the Proxmox window.
    pub fn stage_interfaces(&mut self, node: &str, text: &str) {
        let now = self.clock.seconds();
        if let Some(node) = self.nodes.get_mut(node) {
            node.staged = Some((text.to_owned(), now));
        }
    }

    /// Throws away what is staged on a node, as somebody else does in the Proxmox window.
    pub fn revert_interfaces(&mut self, node: &str) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.staged = None;
        }
    }

    /// Writes a node's file and makes its network what it says, as somebody does in a shell.
    pub fn write_interfaces(&mut self, node: &str, text: &str) -> Result<()> {
        let known = self.nodes.get_mut(node).context("no such node")?;
        text.clone_into(&mut known.interfaces);
        self.apply_network(node, false).map_err(anyhow::Error::msg)
    }
}

/// Who may what.
impl Cluster {
    /// Adds a user.
    pub fn add_user(&mut self, name: &str, password: &str) {
        let user = User {
            password: password.to_owned(),
            ..User::default()
        };
        self.access.users.insert(name.to_owned(), user);
    }

    /// Gives a user a second factor.
    pub fn set_totp(&mut self, user: &str, secret: &[u8]) {
        if let Some(user) = self.access.users.get_mut(user) {
            user.totp = Some(secret.to_vec());
        }
    }

    /// Gives a user another password.
    pub fn set_password(&mut self, user: &str, password: &str) {
        if let Some(user) = self.access.users.get_mut(user) {
            password.clone_into(&mut user.password);
        }
    }

    /// Makes a role with these rights.
    pub fn add_role(&mut self, name: &str, rights: &[&str]) {
        let rights = rights.iter().map(|right| (*right).to_owned()).collect();
        self.access.roles.insert(name.to_owned(), rights);
    }

    /// Lets `holder`, a user or a token, do `rights` on `path` and below.
    pub fn grant(&mut self, holder: &str, path: &str, rights: &[&str]) {
        let role = format!("Role-{}", self.access.roles.len());
        let rights = rights.iter().map(|right| (*right).to_owned()).collect();
        self.access.roles.insert(role.clone(), rights);
        self.access.grants.push(Grant {
            path: path.to_owned(),
            holder: holder.to_owned(),
            role,
            propagate: true,
        });
    }

    /// Takes everything back that `holder` was granted.
    pub fn withdraw(&mut self, holder: &str) {
        self.access.grants.retain(|grant| grant.holder != holder);
    }

    /// Adds a token and gives what stands behind `PVEAPIToken=`.
    pub fn add_token(&mut self, user: &str, name: &str, privilege_separation: bool) -> Result<String> {
        let secret = uuid::Uuid::new_v4().to_string();
        let token = Token {
            secret: secret.clone(),
            privilege_separation,
        };
        let known = self.access.users.get_mut(user).context("no such user")?;
        known.tokens.insert(name.to_owned(), token);
        Ok(format!("{user}!{name}={secret}"))
    }

    /// The tokens of a user, each as it stands behind `PVEAPIToken=`.
    pub fn tokens_of(&self, user: &str) -> Vec<String> {
        let known = self.access.users.get(user).into_iter();
        known
            .flat_map(|known| &known.tokens)
            .map(|(name, token)| format!("{user}!{name}={}", token.secret))
            .collect()
    }

    /// Revokes a token.
    pub fn revoke_token(&mut self, user: &str, name: &str) {
        if let Some(user) = self.access.users.get_mut(user) {
            user.tokens.remove(name);
        }
    }
}

/// Time and tasks.
impl Cluster {
    /// Lets time pass for the server.
    pub fn advance(&mut self, time: Duration) {
        self.clock.advance(time);
        self.settle();
    }

    /// How long tasks take from now on.
    pub fn set_task_time(&mut self, time: Duration) {
        self.task_time = time;
    }

    /// What becomes of the next task of `kind` (`srvreload`, `qmconfig`).
    pub fn spoil_task(&mut self, kind: &str, fault: TaskFault) {
        self.task_faults.push((kind.to_owned(), fault));
    }

    /// MACs for the next NICs that are given none.
    pub fn set_macs(&mut self, macs: &[&str]) {
        self.macs = macs.iter().map(|mac| (*mac).to_owned()).collect();
    }
}

/// The inside of guests.
impl Cluster {
    /// Whether a guest's agent answers.
    pub fn set_agent(&mut self, vmid: u32, answers: bool) {
        self.edit(vmid, |guest| guest.inside.agent = answers);
    }

    /// What a guest says of its system, as `guest-get-osinfo` answers.
    pub fn set_os(&mut self, vmid: u32, os: Value) {
        self.edit(vmid, |guest| guest.inside.os = os);
    }

    /// A guest's agent does not obey this command any more, as `--block-rpcs` of qemu-ga(8) makes it.
    pub fn block_agent(&mut self, vmid: u32, command: &str) {
        self.edit(vmid, |guest| {
            guest.inside.commands.retain(|known| known != command);
        });
    }

    /// Gives a NIC of a guest an address inside the guest.
    pub fn add_address(&mut self, vmid: u32, index: u32, address: IpAddr, length: u8) {
        self.edit(vmid, |guest| {
            if let Some(nic) = guest.nics(vmid).iter().find(|nic| nic.index == index) {
                guest.inside.add_address(&nic.mac, address, length);
            }
        });
    }

    /// What programs leave behind whose arguments begin with `start`.
    pub fn add_program(&mut self, vmid: u32, start: &[&str], ran: Ran) {
        self.edit(vmid, |guest| guest.inside.add_program(start, ran));
    }

    /// What was run in a guest through its agent.
    pub fn executed(&self, vmid: u32) -> Vec<Executed> {
        self.guests
            .get(&vmid)
            .map(|guest| guest.inside.executed.clone())
            .unwrap_or_default()
    }

    /// A file of a guest that was written through its agent.
    pub fn guest_file(&self, vmid: u32, name: &str) -> Option<Vec<u8>> {
        self.guests.get(&vmid)?.inside.files.get(name).cloned()
    }
}
