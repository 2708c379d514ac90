//! Plans that were shown, kept while they are among the newest.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use wirewarp_engine::{
    FileDiff, HostPreview, Preview,
    edit::Proposal,
    proxmox::{AttachGuest, AttachPlan, DetachPlan, GuestPlan},
};
use wirewarp_model::{Name, PlanId, Secret};

use crate::{
    errors::{Answered, error},
    view::{FileChange, FileSummary, PlanHost, PlanKind, PlanView, Unreached},
    words,
};

/// Plans that are kept.
const MOST: usize = 50;

/// A plan with what it takes to record it.
pub(crate) struct KeptPlan {
    pub(crate) preview: Preview,
    action: &'static str,
    /// What is to be recorded first; none for what is in the inventory already.
    pub(crate) proposal: Option<Proposal>,
    /// The private key of a manual peer, made with this plan.
    pub(crate) key: Option<(Name, Secret)>,
    /// What is done besides, through the API of Proxmox.
    pub(crate) guest: Option<GuestWork>,
    recorded: AtomicBool,
}

/// A plan for a guest of Proxmox, which records and carries out everything itself.
pub(crate) enum GuestWork {
    /// It is attached; with the request, to plan the same again.
    Attach(Box<AttachPlan>, Box<AttachGuest>),
    /// It is detached.
    Detach(Box<DetachPlan>),
}

impl GuestWork {
    fn preview(&self) -> &Preview {
        match self {
            Self::Attach(plan, _) => &plan.preview,
            Self::Detach(plan) => &plan.preview,
        }
    }

    /// What is done through the API.
    pub(crate) fn plan(&self) -> &GuestPlan {
        match self {
            Self::Attach(plan, _) => &plan.guest,
            Self::Detach(plan) => &plan.guest,
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Attach(plan, _) => plan.is_empty(),
            Self::Detach(_) => false,
        }
    }
}

/// The newest plans.
#[derive(Default)]
pub(crate) struct Plans(Mutex<VecDeque<Arc<KeptPlan>>>);

impl Plans {
    /// Keeps a plan; the oldest goes.
    pub(crate) fn keep(&self, plan: KeptPlan) -> Arc<KeptPlan> {
        let plan = Arc::new(plan);
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.push_back(plan.clone());
        if plans.len() > MOST {
            plans.pop_front();
        }
        plan
    }

    /// The plan with this identifier.
    pub(crate) fn get(&self, id: PlanId) -> Answered<Arc<KeptPlan>> {
        let plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = plans.iter().find(|plan| plan.preview.id == id).cloned();
        found.ok_or_else(|| {
            let message = "This plan is too old to be carried out.";
            error(
                "plan_gone",
                message,
                &["Make it again; hosts may have changed since"],
            )
        })
    }
}

impl KeptPlan {
    /// A change that is not recorded yet.
    pub(crate) fn of_change(preview: Preview, proposal: Proposal, key: Option<(Name, Secret)>) -> Self {
        Self {
            preview,
            action: proposal.action,
            proposal: Some(proposal),
            key,
            guest: None,
            recorded: AtomicBool::new(false),
        }
    }

    /// A guest that is attached or detached. There is nothing to record by itself.
    pub(crate) fn of_guest(work: GuestWork) -> Self {
        let action = match work {
            GuestWork::Attach(..) => "guest.attach",
            GuestWork::Detach(_) => "guest.detach",
        };
        let preview = work.preview().clone();
        Self {
            guest: Some(work),
            ..Self::of_recorded(preview, action)
        }
    }

    /// A plan for what is recorded already.
    pub(crate) fn of_recorded(preview: Preview, action: &'static str) -> Self {
        Self {
            preview,
            action,
            proposal: None,
            key: None,
            guest: None,
            recorded: AtomicBool::new(true),
        }
    }

    /// Whether it is left to the caller to record it: true once.
    pub(crate) fn begin_recording(&self) -> bool {
        !self.recorded.swap(true, Ordering::AcqRel)
    }

    /// It could not be recorded after all.
    pub(crate) fn not_recorded(&self) {
        self.recorded.store(false, Ordering::Release);
    }

    /// What it is for.
    pub(crate) fn action(&self) -> &'static str {
        self.action
    }

    /// Names of the Proxmox host and of the hosts that it changes, and of those it could not look at.
    pub(crate) fn names(&self) -> Vec<Name> {
        let proxmox = self.guest.iter().map(|work| work.plan().proxmox.clone());
        let changed = self.preview.hosts().map(|host| host.name.clone());
        proxmox
            .chain(changed)
            .chain(self.preview.unreached().map(|(name, _)| name.clone()))
            .collect()
    }

    /// As it is shown.
    pub(crate) fn view(&self) -> PlanView {
        let mut hosts: Vec<PlanHost> = self.preview.all().map(host).collect();
        hosts.sort_by_key(|host| host.kind == PlanKind::Nothing);
        let unreached = |(name, error): (&Name, &wirewarp_engine::EngineError)| Unreached {
            name: name.clone(),
            error: words::error(error.to_user()),
        };
        PlanView {
            id: self.preview.id,
            action: self.action.to_owned(),
            empty: self
                .guest
                .as_ref()
                .map_or(self.preview.is_empty(), GuestWork::is_empty),
            guest: self.guest.as_ref().map(|work| work.plan().clone()),
            changes_inventory: self
                .proposal
                .as_ref()
                .is_some_and(|proposal| !proposal.is_empty()),
            recorded: self.recorded.load(Ordering::Acquire),
            hosts,
            unreached: self.preview.unreached().map(unreached).collect(),
            manual_peer: self.key.as_ref().map(|(name, _)| name.clone()),
        }
    }

    /// The differences of every file of a host.
    pub(crate) fn files(&self, name: &str) -> Answered<Vec<FileDiff>> {
        let same = |host: &&HostPreview| host.name.as_str().eq_ignore_ascii_case(name);
        let found = self.preview.all().find(same);
        found.map(|host| host.plan.diffs.clone()).ok_or_else(|| {
            let known: Vec<&str> = self.preview.all().map(|host| host.name.as_str()).collect();
            let hint = format!("There is: {}", known.join(", "));
            error("not_found", "This plan has no host of that name.", &[&hint])
        })
    }
}

fn host(host: &HostPreview) -> PlanHost {
    let plan = &host.plan;
    let kind = match (plan.is_empty(), plan.generation, plan.base) {
        (true, ..) => PlanKind::Nothing,
        (_, 0, _) => PlanKind::Remove,
        (_, _, 0) => PlanKind::SetUp,
        _ => PlanKind::Change,
    };
    PlanHost {
        name: host.name.clone(),
        system: host.system.clone(),
        kind,
        base: plan.base,
        generation: plan.generation,
        changes: plan.changes.clone(),
        packages: plan.packages.clone(),
        steps: plan.steps.clone(),
        findings: words::findings(plan.findings.clone()),
        files: plan.diffs.iter().map(file).collect(),
    }
}

fn file(diff: &FileDiff) -> FileSummary {
    let change = match (&diff.before, &diff.after) {
        (None, _) => FileChange::Added,
        (_, None) => FileChange::Removed,
        _ => FileChange::Changed,
    };
    let count = |sign: char, header: &str| {
        let lines = diff.unified.lines();
        lines
            .filter(|line| line.starts_with(sign) && !line.starts_with(header))
            .count()
    };
    FileSummary {
        path: diff.path.clone(),
        change,
        added: count('+', "+++ "),
        removed: count('-', "--- "),
    }
}
