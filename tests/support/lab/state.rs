//! What a lab keeps in its folder, so that another process can use it or take it down.
//!
//! A lab's folder is `$WIREWARP_LAB_DIR/<id>`, else `/var/tmp/wirewarp-lab/<id>`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::disk::{DiskState, Layers};
use super::spec::LabSpec;

/// The process whose end ends the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pid: u32,
    /// In clock ticks since the machine started: a process id may be given out again.
    started: u64,
}

impl Owner {
    /// This process.
    pub fn this() -> Self {
        let pid = std::process::id();
        Self {
            pid,
            started: start_of(pid).unwrap_or(0),
        }
    }

    /// Whether it still runs.
    pub fn is_alive(self) -> bool {
        start_of(self.pid) == Some(self.started)
    }
}

/// Field 22 of `/proc/PID/stat`, proc(5); none for a process that is gone or a zombie.
fn start_of(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the name in parentheses, which may itself hold anything.
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    if fields.first() == Some(&"Z") {
        return None;
    }
    fields.get(19)?.parse().ok()
}

/// What is known of a host.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct HostState {
    /// Its process number 1, as this machine numbers it, while it is on.
    pub leader: Option<u32>,
    /// Its disk.
    pub disk: DiskState,
    /// The disk as it was before its first start.
    pub pristine: Layers,
}

/// A guest's network as it was last set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestState {
    /// The bridge of its host that its port is on.
    pub bridge: String,
    /// Its address; none if it has to ask for one.
    pub address: Option<Ipv4Net>,
}

/// The whole lab.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    /// Its id, four characters.
    pub id: String,
    /// Whose end ends it; none for a lab that stays until it is taken down.
    pub owner: Option<Owner>,
    /// What was asked for.
    pub spec: LabSpec,
    /// The hosts, by name.
    pub hosts: BTreeMap<String, HostState>,
    /// The guests that were attached, by name.
    pub guests: BTreeMap<String, GuestState>,
}

impl State {
    /// A new lab.
    pub fn new(spec: LabSpec, owner: Option<Owner>) -> Self {
        let id = Uuid::new_v4().simple().to_string().chars().take(4).collect();
        let names = spec.hosts.iter().map(|host| host.name.clone());
        let hosts = names.map(|name| (name, HostState::default())).collect();
        Self {
            id,
            owner,
            spec,
            hosts,
            guests: BTreeMap::new(),
        }
    }

    /// Where it is kept.
    pub fn folder(&self) -> PathBuf {
        folder(&self.id)
    }

    /// Reads that of the lab with this id.
    pub fn load(id: &str) -> Result<Self> {
        let path = folder(id).join("state.json");
        let text = fs::read_to_string(&path).with_context(|| format!("there is no lab {id}"))?;
        serde_json::from_str(&text).with_context(|| format!("cannot read {}", path.display()))
    }

    /// Writes it so that a reader sees the old one or the new one.
    pub fn save(&self) -> Result<()> {
        let folder = self.folder();
        fs::create_dir_all(&folder)?;
        let next = folder.join("state.json.next");
        fs::write(&next, serde_json::to_vec_pretty(self)?)?;
        fs::rename(next, folder.join("state.json"))?;
        Ok(())
    }
}

/// The folder of the lab with this id.
pub fn folder(id: &str) -> PathBuf {
    labs_dir().join(id)
}

/// The ids of all labs that have a folder.
pub fn ids() -> Vec<String> {
    let Ok(entries) = fs::read_dir(labs_dir()) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("state.json").exists())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

fn labs_dir() -> PathBuf {
    let set = env::var_os("WIREWARP_LAB_DIR").filter(|value| !value.is_empty());
    set.map_or_else(|| Path::new("/var/tmp/wirewarp-lab").to_owned(), PathBuf::from)
}
