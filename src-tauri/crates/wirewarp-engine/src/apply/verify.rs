//! After an apply: what is there must be what was planned.

use wirewarp_model::observed::Observed;
use wirewarp_plan::plan::{HostPlan, drift};

/// Where what is there is not what was planned, a line each.
pub(super) fn differences(planned: &HostPlan, seen: &Observed) -> Vec<String> {
    let generation = seen.ours.as_ref().map_or(0, |ours| ours.generation);
    if generation != planned.generation {
        return vec![format!(
            "generation {generation} is in force, not {}",
            planned.generation
        )];
    }
    if planned.generation == 0 {
        return vec![];
    }
    let drift = drift(&planned.bundle, Some(&planned.bundle), seen);
    let files = drift
        .files
        .iter()
        .map(|file| format!("{} is not as it was written", file.path));
    files.chain(drift.live.iter().cloned()).collect()
}
