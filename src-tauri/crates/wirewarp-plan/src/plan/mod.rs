//! What an apply would do: no choice is left in it.

mod changes;
mod diff;
mod drift;
mod flush;
mod leaving;
mod packages;

pub use diff::{FileDiff, unified};
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
    /// Where the live machine differs from its generation: put right by loading.
    pub repairs: Vec<String>,
    /// What is wrong or in the way.
    pub findings: Vec<Finding>,
    /// What will be done, in order.
    pub steps: Vec<String>,
    /// Whether the record of the inventory on the machine is behind though nothing in force changes (a label, say).
    pub record_stale: bool,
    /// The VPS's machine by way of which alone it is reached, where that way goes with what is taken away.
    pub leaves_by: Option<HostId>,
}

impl HostPlan {
    /// A plan with nothing in it.
    fn empty(host: HostId) -> Self {
        Self {
            host,
            base: 0,
            generation: 0,
            bundle: Bundle::default(),
            packages: vec![],
            keys: vec![],
            flush: vec![],
            changes: vec![],
            diffs: vec![],
            repairs: vec![],
            findings: vec![],
            steps: vec![],
            record_stale: false,
            leaves_by: None,
        }
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.generation == self.base
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
    let before = last_manifest(against);
    let (base, highest) = generations(against, before.as_ref());
    let sshd_ports = against.observed.map_or(&[][..], |seen| &seen.sshd_ports);
    let context = Context {
        inventory,
        host,
        generation: base.max(1),
        program: against.program,
        sshd_ports,
    };
    // As if it were the generation in force: what differs then differs for its content.
    let (mut bundle, mut manifest) = render::parts(&context)?;
    let repairs = live_drift(against);
    // What drifted is put right by a new generation of the same content: one way for every change of a host.
    let unchanged = base > 0
        && repairs.is_empty()
        && !is_foreign(&manifest, against)
        && in_force(&manifest, before.as_ref(), against);
    let was = before.map(|manifest| manifest.desired_for(host));
    let was = was.as_ref();
    let mut plan = HostPlan {
        host,
        base,
        generation: if unchanged { base } else { highest.max(base) + 1 },
        keys: bundle.keys.clone(),
        repairs,
        findings,
        record_stale: unchanged && was != Some(&manifest.desired),
        ..HostPlan::empty(host)
    };
    if !unchanged {
        plan.packages = against
            .observed
            .map_or(vec![], |seen| packages(inventory, host, seen));
        plan.flush = flush::flush(was, Some(&manifest.desired), host);
        plan.changes = changes::changes(was, Some(&manifest.desired), host);
        plan.changes
            .extend(plan.repairs.iter().map(|drift| format!("put right: {drift}")));
        plan.diffs = diff::diffs(against.last.filter(|_| base > 0), Some(&bundle));
        manifest::renumber(&mut bundle, &mut manifest, plan.generation);
    }
    manifest::write(&mut bundle, manifest);
    plan.bundle = bundle;
    plan.steps = steps(&plan);
    Ok(plan)
}

/// The plan that takes everything of ours off `host`.
pub fn removal(host: HostId, against: Against, findings: Vec<Finding>) -> HostPlan {
    let before = last_manifest(against);
    let was = before.as_ref().map(|manifest| &manifest.desired);
    let mut plan = HostPlan {
        base: generations(against, before.as_ref()).0,
        flush: flush::flush(was, None, host),
        changes: changes::changes(was, None, host),
        diffs: diff::diffs(against.last, None),
        findings,
        ..HostPlan::empty(host)
    };
    plan.steps = steps(&plan);
    plan
}

/// The generation in force and the highest that has a folder: what the machine says, else what was last applied.
fn generations(against: Against, last: Option<&Manifest>) -> (u64, u64) {
    if let Some(seen) = against.observed {
        return seen
            .ours
            .as_ref()
            .map_or((0, 0), |ours| (ours.generation, ours.highest_generation));
    }
    let last = last.map_or(0, |manifest| manifest.generation);
    (last, last)
}

/// The manifest of what was last applied, or the one on the machine, if it was brought home whole; none if nothing of ours
/// is in force there.
fn last_manifest(against: Against) -> Option<Manifest> {
    let is_clean = |seen: &Observed| seen.ours.as_ref().is_none_or(|ours| ours.generation == 0);
    if against.observed.is_some_and(is_clean) {
        return None;
    }
    let seen = || render::read_manifest(against.observed?.ours.as_ref()?.manifest.as_deref()?);
    against.last.and_then(manifest::of).or_else(seen)
}

/// Whether the machine's manifest says that it belongs to another inventory, from which it is being taken over.
fn is_foreign(wanted: &Manifest, against: Against) -> bool {
    let text = against
        .observed
        .and_then(|seen| seen.ours.as_ref()?.manifest.as_deref());
    let there = text.and_then(manifest::read_head);
    there.is_some_and(|there| (there.inventory, there.host) != (wanted.inventory, wanted.host))
}

fn live_drift(against: Against) -> Vec<String> {
    let ours = against.observed.and_then(|seen| seen.ours.as_ref());
    ours.map_or(vec![], |ours| ours.drift.clone())
}

/// Whether the files in force are these. The manifest is left out: it holds the program's version and labels.
fn in_force(wanted: &Manifest, last: Option<&Manifest>, against: Against) -> bool {
    let seen = against
        .observed
        .and_then(|seen| seen.ours.as_ref())
        .map(|ours| &ours.digests);
    let there = seen
        .filter(|digests| !digests.is_empty())
        .or(last.map(|manifest| &manifest.digests));
    let is_file = |path: &str| path != manifest::NAME && !path.starts_with("installed/");
    there.is_some_and(|there| {
        there
            .iter()
            .filter(|(path, _)| is_file(path))
            .eq(wanted.digests.iter())
    })
}

/// What the machine will do, in order.
fn steps(plan: &HostPlan) -> Vec<String> {
    if plan.is_empty() {
        return vec![];
    }
    if plan.leaves_by.is_some() {
        return leaving::in_order(plan);
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
        (generation, _) => steps.push(format!("write generation {generation} and load it")),
    }
    if !plan.flush.is_empty() {
        steps.push(format!("forget the flows of {}", flush::in_words(&plan.flush)));
    }
    steps.push("confirm over a new connection".to_owned());
    steps
}
