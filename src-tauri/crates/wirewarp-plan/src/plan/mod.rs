//! What an apply would do: no choice is left in it.

mod changes;
mod diff;
mod drift;
mod flush;
mod packages;

pub use diff::FileDiff;
pub use drift::{Drift, FileDrift, FileState, drift};
pub use packages::{missing_tools, packages};

use serde::{Deserialize, Serialize};
use wirewarp_model::{
    HostId, IfName, Inventory,
    bundle::{Bundle, FlowFlush},
    observed::Observed,
};

use crate::{
    check::{Finding, Severity},
    render::{self, Context, Manifest, RenderError, manifest},
};

/// What one machine is to become, immutable once computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostPlan {
    /// The machine.
    pub host: HostId,
    /// The generation that it was made against; 0 for none. The machine refuses if it has another.
    pub base: u64,
    /// The generation to be: `base` if there is nothing to do, 0 for removal.
    pub generation: u64,
    /// Every file of it.
    pub bundle: Bundle,
    /// Packages to install first, as the machine's package manager names them.
    pub packages: Vec<String>,
    /// Tunnels whose private key is made on the machine if it is missing.
    pub keys: Vec<IfName>,
    /// Flows to forget, so that they take their new way.
    pub flush: Vec<FlowFlush>,
    /// What changes, in words.
    pub changes: Vec<String>,
    /// What changes, in text.
    pub diffs: Vec<FileDiff>,
    /// What of the live machine is put right without a change of files.
    pub repairs: Vec<String>,
    /// What is wrong or in the way.
    pub findings: Vec<Finding>,
    /// What will be done, in order.
    pub steps: Vec<String>,
    /// Whether the record of the inventory on the machine is behind though nothing in force changes (a label, say).
    pub record_stale: bool,
}

impl HostPlan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.generation == self.base && self.generation != 0 && self.repairs.is_empty()
            || self.generation == 0 && self.base == 0
    }

    /// Whether a finding forbids to apply it.
    pub fn is_blocked(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }
}

/// What a plan is made against.
#[derive(Debug, Clone, Copy, Default)]
pub struct Against<'a> {
    /// The machine as it was just seen.
    pub observed: Option<&'a Observed>,
    /// What was last applied, from the store or rebuilt from the machine's files.
    pub last: Option<&'a Bundle>,
    /// The version of this program.
    pub program: &'a str,
}

/// The plan that brings `host` to the inventory. `findings` are those of [`crate::check`] that concern it.
pub fn plan(
    inventory: &Inventory,
    host: HostId,
    against: Against,
    findings: Vec<Finding>,
) -> Result<HostPlan, RenderError> {
    let (base, highest) = generations(against);
    let sshd_ports = against.observed.map_or(&[][..], |seen| &seen.sshd_ports);
    let context = Context {
        inventory,
        host,
        generation: base.max(1),
        program: against.program,
        sshd_ports,
    };
    // As if it were the generation in force: what differs then differs for its content.
    let same = render::bundle(&context)?;
    let before = against
        .last
        .and_then(manifest::of)
        .or_else(|| seen_manifest(against));
    let repairs = against
        .observed
        .and_then(|seen| seen.ours.as_ref())
        .map_or(vec![], |ours| ours.drift.clone());
    let unchanged = base > 0 && in_force(&same, against);
    let after = manifest::of(&same);
    let record_stale = unchanged && before.as_ref().map(|m| &m.desired) != after.as_ref().map(|m| &m.desired);
    let desired = after.as_ref().map(|manifest| &manifest.desired);
    let was = before
        .as_ref()
        .filter(|_| base > 0)
        .map(|manifest| &manifest.desired);
    let mut plan = HostPlan {
        host,
        base,
        generation: base,
        packages: against.observed.map_or(vec![], packages),
        keys: same.keys.clone(),
        flush: flush::flush(was, desired, host),
        changes: changes::changes(was, desired, host),
        diffs: diff::diffs(against.last.filter(|_| base > 0), Some(&same)),
        repairs,
        findings,
        steps: vec![],
        record_stale,
        bundle: same,
    };
    if unchanged {
        plan.flush.clear();
        plan.changes.clear();
        plan.diffs.clear();
        plan.packages.clear();
    } else {
        plan.generation = highest.max(base) + 1;
        plan.bundle = render::bundle(&Context {
            generation: plan.generation,
            ..context
        })?;
    }
    plan.steps = steps(&plan);
    Ok(plan)
}

/// The plan that takes everything of ours off `host`.
pub fn removal(host: HostId, against: Against, findings: Vec<Finding>) -> HostPlan {
    let (base, _) = generations(against);
    let before = against
        .last
        .and_then(manifest::of)
        .or_else(|| seen_manifest(against));
    let was = before.as_ref().map(|manifest| &manifest.desired);
    let mut plan = HostPlan {
        host,
        base,
        generation: 0,
        bundle: render::removal(),
        packages: vec![],
        keys: vec![],
        flush: flush::flush(was, None, host),
        changes: changes::changes(was, None, host),
        diffs: diff::diffs(against.last, None),
        repairs: vec![],
        findings,
        steps: vec![],
        record_stale: false,
    };
    plan.steps = steps(&plan);
    plan
}

/// The generation in force and the highest that has a folder: what the machine says, else what was last applied.
fn generations(against: Against) -> (u64, u64) {
    if let Some(seen) = against.observed {
        return seen
            .ours
            .as_ref()
            .map_or((0, 0), |ours| (ours.generation, ours.highest_generation));
    }
    let last = against
        .last
        .and_then(manifest::of)
        .map_or(0, |manifest| manifest.generation);
    (last, last)
}

fn seen_manifest(against: Against) -> Option<Manifest> {
    render::read_manifest(against.observed?.ours.as_ref()?.manifest.as_deref()?)
}

/// Whether the files in force are these. The manifest is left out: it holds the program's version and labels.
fn in_force(bundle: &Bundle, against: Against) -> bool {
    let seen = against
        .observed
        .and_then(|seen| seen.ours.as_ref())
        .map(|ours| &ours.digests);
    let last = against
        .last
        .and_then(manifest::of)
        .map(|manifest| manifest.digests);
    let Some(there) = seen.filter(|digests| !digests.is_empty()).or(last.as_ref()) else {
        return false;
    };
    let others = |path: &&String| path.as_str() != manifest::NAME;
    let mine = bundle.files.keys().filter(others);
    let theirs = there
        .keys()
        .filter(others)
        .filter(|path| !path.starts_with("installed/"));
    mine.eq(theirs)
        && bundle
            .files
            .iter()
            .filter(|(path, _)| others(path))
            .all(|(path, file)| {
                there
                    .get(path)
                    .is_some_and(|digest| *digest == manifest::digest(&file.text))
            })
}

/// What the machine will do, in order.
fn steps(plan: &HostPlan) -> Vec<String> {
    if plan.is_empty() {
        return vec![];
    }
    let mut steps = vec![];
    if !plan.packages.is_empty() {
        steps.push(format!("install {}", plan.packages.join(", ")));
    }
    if plan.generation > 0 {
        steps.extend(
            plan.keys
                .iter()
                .map(|tunnel| format!("make the key of {tunnel} if it has none")),
        );
    }
    steps.push("arm the rollback".to_owned());
    match (plan.generation, plan.base) {
        (0, base) => steps.push(format!("take away everything of generation {base}")),
        (generation, base) if generation == base => steps.push(format!("load generation {base} again")),
        (generation, _) => steps.push(format!("write generation {generation} and load it")),
    }
    if !plan.flush.is_empty() {
        steps.push(format!("forget the flows of {}", flush::in_words(&plan.flush)));
    }
    steps.push("confirm over a new connection".to_owned());
    steps
}
