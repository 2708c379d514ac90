//! The last check of each forward.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use wirewarp_engine::CheckReport;
use wirewarp_model::{ForwardId, Inventory};

use crate::{desktop::now, view::CheckResult};

/// Results, by forward.
#[derive(Default)]
pub(crate) struct Checks(Mutex<BTreeMap<ForwardId, Vec<CheckResult>>>);

impl Checks {
    /// Those of forwards that are still there.
    pub(crate) fn of(&self, inventory: &Inventory) -> Vec<CheckResult> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ids: std::collections::BTreeSet<ForwardId> =
            inventory.forwards.iter().map(|forward| forward.id).collect();
        known.retain(|id, _| ids.contains(id));
        known.values().flatten().cloned().collect()
    }

    /// Takes a report in: all parts of a forward are replaced.
    pub(crate) fn take(&self, report: &CheckReport) {
        let mut fresh: BTreeMap<ForwardId, Vec<CheckResult>> = BTreeMap::new();
        let at = now();
        for check in &report.checks {
            fresh.entry(check.id).or_default().push(CheckResult {
                forward: check.id,
                at,
                check: check.clone(),
            });
        }
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(fresh);
    }
}
