//! A plan as it is shown.

use serde::Serialize;
use ts_rs::TS;
use wirewarp_engine::{Finding, proxmox::GuestPlan};
use wirewarp_model::{Name, PlanId, UserError};

/// A plan over one or more hosts. It stays in the program, under its identifier, while it is one of the newest 50.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlanView {
    /// Its identifier.
    pub id: PlanId,
    /// The change it is part of, e.g. `port.add`; `apply` for what was recorded earlier.
    pub action: String,
    /// Whether nothing is to be done on any host that was looked at.
    pub empty: bool,
    /// Whether the inventory differs once it is recorded. False and `empty`: it is like that already.
    pub changes_inventory: bool,
    /// Whether the inventory has it already.
    pub recorded: bool,
    /// What is done to a guest and its node through the API of Proxmox, before and after what is done on the hosts; it is
    /// carried out at once or not at all, never kept for later.
    pub guest: Option<GuestPlan>,
    /// Each host that was looked at, those with nothing to do last.
    pub hosts: Vec<PlanHost>,
    /// Hosts that could not be looked at. They are left as they are, for a later apply.
    pub unreached: Vec<Unreached>,
    /// The manual peer for which `client_config` gives a configuration once it is applied.
    pub manual_peer: Option<Name>,
}

/// The plan of one host.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlanHost {
    /// Its name.
    pub name: Name,
    /// Its operating system, e.g. `Debian GNU/Linux 12 (bookworm)`.
    pub system: String,
    /// What kind of plan it is.
    pub kind: PlanKind,
    /// The generation that the plan was made against; 0 for none.
    pub base: u64,
    /// The generation to be.
    pub generation: u64,
    /// What changes, in words.
    pub changes: Vec<String>,
    /// Packages to be installed.
    pub packages: Vec<String>,
    /// What the host will do, in order.
    pub steps: Vec<String>,
    /// What is wrong, in the way, or good to know; the worst first.
    pub findings: Vec<Finding>,
    /// Files that differ; their diffs are given by `plan_files`.
    pub files: Vec<FileSummary>,
}

/// What an apply is for a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// Nothing is to be done.
    Nothing,
    /// It is set up for the first time.
    SetUp,
    /// It is changed.
    Change,
    /// Everything of WireWarp is taken away.
    Remove,
}

/// A file that differs.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FileSummary {
    /// Path below the generation's folder.
    pub path: String,
    /// How.
    pub change: FileChange,
    /// Lines that come.
    pub added: usize,
    /// Lines that go.
    pub removed: usize,
}

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileChange {
    /// It is new.
    Added,
    /// It is another one.
    Changed,
    /// It goes.
    Removed,
}

/// A host that could not be looked at.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Unreached {
    /// Its name.
    pub name: Name,
    /// Why.
    pub error: UserError,
}

/// What is recorded and not applied, told without a look at any host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct Pending {
    /// Hosts that an apply would change, by name.
    pub hosts: Vec<PendingHost>,
}

/// A host that an apply would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PendingHost {
    /// Its name.
    pub name: Name,
    /// Why.
    pub why: PendingWhy,
}

/// Why a host is not as the inventory wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PendingWhy {
    /// It was never set up.
    New,
    /// What is wanted has changed since.
    Changed,
    /// At the last look what was applied was not in force there: the host was reinstalled, or has gone back.
    Lost,
    /// It was removed from the inventory, and is to be left as it was found.
    Leaving,
}
