//! Guests of all nodes, and how one of them stands.

use serde::Deserialize;
use serde_json::Value;
use wirewarp_model::error::{excerpt, excerpt_of};

use crate::{
    Api, ProxmoxError,
    answer::is_true,
    names::{NodeName, Vmid},
};

/// Whether a guest is a machine or a container; the API has a branch for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestKind {
    /// A virtual machine.
    Vm,
    /// A container.
    Ct,
}

/// What says which guest is meant. The node is a part of it: a guest that moved is asked under its new one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuestRef {
    /// The node that it is on.
    pub node: NodeName,
    /// What it is.
    pub kind: GuestKind,
    /// Its number.
    pub vmid: Vmid,
}

/// A guest in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Which one.
    pub guest: GuestRef,
    /// Its name, printable, at most 100 characters; empty if it is not told.
    pub name: String,
    /// How it stands.
    pub state: GuestState,
    /// A template cannot be started and has no use for a NIC.
    pub template: bool,
    /// What holds it, e.g. `backup`.
    pub lock: Option<String>,
}

/// How a guest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestState {
    /// It runs.
    Running,
    /// It does not.
    Stopped,
    /// Its node does not tell, mostly because it is down.
    Unknown,
}

/// How one guest stands, asked for by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestStatus {
    /// How it stands.
    pub state: GuestState,
    /// What holds it, e.g. `backup`.
    pub lock: Option<String>,
    /// Whether the agent is switched on in its configuration; containers have none.
    pub agent: bool,
    /// Seconds since it started.
    pub uptime: u64,
}

impl GuestKind {
    /// Its branch of the API.
    pub fn branch(self) -> &'static str {
        match self {
            Self::Vm => "qemu",
            Self::Ct => "lxc",
        }
    }
}

impl GuestRef {
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/nodes/{}/{}/{}/{rest}", self.node, self.kind.branch(), self.vmid)
    }
}

impl Api {
    /// The guests of all nodes, by number, in one call. Guests that the one who asks may not see are missing.
    ///
    /// By hand: entries of other kinds, and kinds that are newer than an enumeration, must not fail the list.
    pub async fn guests(&self) -> Result<Vec<Guest>, ProxmoxError> {
        let path = "/cluster/resources";
        let entries: Vec<Value> = self.read(path, &[("type", "vm")]).await?;
        let mut guests: Vec<Guest> = entries.into_iter().filter_map(guest).collect();
        guests.sort_by_key(|guest| guest.guest.vmid);
        Ok(guests)
    }

    /// How a guest stands.
    ///
    /// By hand: of some forty typed fields four are used, and any of the others could fail it.
    pub async fn guest_status(&self, guest: &GuestRef) -> Result<GuestStatus, ProxmoxError> {
        let status: Current = self.read(&guest.path("status/current"), &[]).await?;
        Ok(GuestStatus {
            state: state(&status.status),
            lock: status.lock.as_deref().map(excerpt),
            agent: is_true(&status.agent),
            uptime: status.uptime.as_u64().unwrap_or(0),
        })
    }
}

#[derive(Deserialize)]
struct Current {
    status: String,
    #[serde(default)]
    lock: Option<String>,
    #[serde(default)]
    agent: Value,
    #[serde(default)]
    uptime: Value,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    node: NodeName,
    vmid: Vmid,
    #[serde(default)]
    name: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    template: Value,
    #[serde(default)]
    lock: Option<String>,
}

/// Nothing for entries of other kinds and for those that no guest can have.
fn guest(value: Value) -> Option<Guest> {
    let entry: Entry = serde_json::from_value(value).ok()?;
    let kind = match entry.kind.as_str() {
        "qemu" => GuestKind::Vm,
        "lxc" => GuestKind::Ct,
        _ => return None,
    };
    Some(Guest {
        guest: GuestRef {
            node: entry.node,
            kind,
            vmid: entry.vmid,
        },
        name: excerpt_of(&entry.name, 100),
        state: state(&entry.status),
        template: is_true(&entry.template),
        lock: entry.lock.as_deref().filter(|lock| !lock.is_empty()).map(excerpt),
    })
}

fn state(text: &str) -> GuestState {
    match text {
        "running" | "paused" | "suspended" | "prelaunch" => GuestState::Running,
        "stopped" => GuestState::Stopped,
        _ => GuestState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_of_other_kinds_and_odd_ones_are_left_out() {
        let read = |value: Value| guest(value);
        assert!(read(json!({"type": "node", "node": "pve1"})).is_none());
        assert!(read(json!({"type": "qemu", "node": "../x", "vmid": 100})).is_none());
        assert!(read(json!({"type": "qemu", "node": "pve1", "vmid": 7})).is_none());
        assert!(read(json!("qemu")).is_none());
        let one =
            read(json!({"type": "lxc", "node": "b", "vmid": 101, "name": "a\u{1b}[1m", "status": "stopped"}));
        let one = one.expect("it is a guest");
        assert_eq!(
            (one.guest.kind, one.state, one.template),
            (GuestKind::Ct, GuestState::Stopped, false)
        );
        assert!(!one.name.contains('\u{1b}'));
    }
}
