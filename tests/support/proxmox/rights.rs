//! Privileges and who holds them.

use std::collections::{BTreeMap, BTreeSet};

use super::Version;

/// A set of privileges.
pub(super) type Rights = BTreeSet<String>;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Who {
    /// `name@realm`.
    pub user: String,
    /// The name of the token, where it is one that asks.
    pub token: Option<String>,
}

/// One entry of the access list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub path: String,
    /// A user or a whole token id.
    pub holder: String,
    pub role: String,
    pub propagate: bool,
}

/// Privileges by the part of the API that they are for, as a login's answer groups them.
const GROUPS: &[(&str, &[&str])] = &[
    ("access", &["User.Modify", "Group.Allocate", "Permissions.Modify"]),
    (
        "dc",
        &["SDN.Allocate", "SDN.Audit", "SDN.Use", "Sys.Audit", "Sys.Modify"],
    ),
    (
        "mapping",
        &[
            "Mapping.Audit",
            "Mapping.Modify",
            "Mapping.Use",
            "Permissions.Modify",
        ],
    ),
    (
        "nodes",
        &[
            "Permissions.Modify",
            "Sys.AccessNetwork",
            "Sys.Audit",
            "Sys.Console",
            "Sys.Incoming",
            "Sys.Modify",
            "Sys.PowerMgmt",
            "Sys.Syslog",
        ],
    ),
    (
        "sdn",
        &["Permissions.Modify", "SDN.Allocate", "SDN.Audit", "SDN.Use"],
    ),
    (
        "storage",
        &[
            "Datastore.Allocate",
            "Datastore.AllocateSpace",
            "Datastore.AllocateTemplate",
            "Datastore.Audit",
            "Permissions.Modify",
        ],
    ),
    (
        "vms",
        &[
            "Permissions.Modify",
            "VM.Allocate",
            "VM.Audit",
            "VM.Backup",
            "VM.Clone",
            "VM.Config.CDROM",
            "VM.Config.CPU",
            "VM.Config.Cloudinit",
            "VM.Config.Disk",
            "VM.Config.HWType",
            "VM.Config.Memory",
            "VM.Config.Network",
            "VM.Config.Options",
            "VM.Console",
            "VM.Migrate",
            "VM.PowerMgmt",
            "VM.Snapshot",
            "VM.Snapshot.Rollback",
        ],
    ),
];

/// Privileges over guests that 9.x has and 8.x has not.
const NEW: &[&str] = &[
    "VM.GuestAgent.Audit",
    "VM.GuestAgent.FileRead",
    "VM.GuestAgent.FileSystemMgmt",
    "VM.GuestAgent.FileWrite",
    "VM.GuestAgent.Unrestricted",
    "VM.Replicate",
];

/// The one over a guest's agent that 8.x has instead.
const OLD: &[&str] = &["VM.Monitor"];

/// Privileges of no group.
const ALONE: &[&str] = &[
    "Pool.Allocate",
    "Pool.Audit",
    "Realm.Allocate",
    "Realm.AllocateUser",
];

/// The privileges of `version` by group.
pub(super) fn groups(version: Version) -> BTreeMap<&'static str, Rights> {
    let more = match version {
        Version::V8 => OLD,
        Version::V9 => NEW,
    };
    let of = |(name, rights): &(&'static str, &[&str])| {
        let beyond = if *name == "vms" { more } else { &[] };
        let all = rights.iter().chain(beyond).map(|right| (*right).to_owned());
        (*name, all.collect())
    };
    GROUPS.iter().map(of).collect()
}

/// Every privilege of `version`.
pub(super) fn all(version: Version) -> Rights {
    let alone = ALONE.iter().map(|right| (*right).to_owned());
    groups(version).into_values().flatten().chain(alone).collect()
}

impl Who {
    /// As access lists and UPIDs name it.
    pub fn id(&self) -> String {
        match &self.token {
            Some(token) => format!("{}!{token}", self.user),
            None => self.user.clone(),
        }
    }
}

/// What `holder` was granted on `path`: the grant on the longest path above it counts.
pub(super) fn granted(
    grants: &[Grant],
    roles: &BTreeMap<String, Rights>,
    holder: &str,
    path: &str,
) -> Rights {
    let mine = |grant: &&Grant| grant.holder == holder && covers(grant, path);
    let Some(deepest) = grants.iter().filter(mine).map(|grant| grant.path.len()).max() else {
        return Rights::new();
    };
    grants
        .iter()
        .filter(mine)
        .filter(|grant| grant.path.len() == deepest)
        .filter_map(|grant| roles.get(&grant.role))
        .flatten()
        .cloned()
        .collect()
}

fn covers(grant: &Grant, path: &str) -> bool {
    if grant.path == path {
        return true;
    }
    let above = grant.path == "/"
        || path
            .strip_prefix(&grant.path)
            .is_some_and(|rest| rest.starts_with('/'));
    grant.propagate && above
}
