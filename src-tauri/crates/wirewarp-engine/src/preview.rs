//! From a change to a plan: look at the hosts that it concerns, plan each, refuse what must be refused.

use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use uuid::Uuid;
use wirewarp_model::{Host, HostId, Inventory, Name, PlanId, UserError};
use wirewarp_plan::{
    check::{Finding, Severity, Sightings, Subject, check},
    plan::{self, Against, HostPlan},
    render::desired,
};

use crate::{Engine, edit::Proposal, error::EngineError};

/// Name of the action that goes back to an earlier generation.
pub(crate) const ROLLBACK: &str = "rollback";

/// A plan over one or more hosts: immutable, made against what was seen just now.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Its identifier.
    pub id: PlanId,
    pub(crate) inventory: Inventory,
    pub(crate) seen: Sightings,
    pub(crate) hosts: Vec<HostPreview>,
    pub(crate) unreached: Vec<(Name, Arc<EngineError>)>,
    pub(crate) action: &'static str,
    pub(crate) remove_packages: bool,
}

/// The plan of one host.
#[derive(Debug, Clone, Serialize)]
pub struct HostPreview {
    /// The host.
    pub host: HostId,
    /// What it is called.
    pub name: Name,
    /// Its operating system, e.g. `Debian GNU/Linux 12 (bookworm)`.
    pub system: String,
    /// What is to be done.
    pub plan: HostPlan,
}

/// A plan as `--json` shows it: without the bundles, which can be megabytes.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Its identifier.
    pub id: PlanId,
    /// Whether nothing is to be done.
    pub empty: bool,
    /// Each host.
    pub hosts: Vec<HostSummary>,
    /// Hosts that could not be looked at, with why.
    pub unreached: BTreeMap<Name, UserError>,
}

/// One host of a [`Summary`].
#[derive(Debug, Clone, Serialize)]
pub struct HostSummary {
    /// The host.
    pub host: HostId,
    /// What it is called.
    pub name: Name,
    /// The generation that the plan was made against.
    pub base: u64,
    /// The generation to be; 0 takes everything away.
    pub generation: u64,
    /// What changes, in words.
    pub changes: Vec<String>,
    /// Packages to be installed.
    pub packages: Vec<String>,
    /// What is wrong, in the way, or good to know.
    pub findings: Vec<Finding>,
    /// Files that differ.
    pub files: Vec<String>,
}

impl Preview {
    /// Whether nothing is to be done on any host.
    pub fn is_empty(&self) -> bool {
        self.hosts.iter().all(|host| host.plan.is_empty())
    }

    /// Hosts on which something is to be done.
    pub fn hosts(&self) -> impl Iterator<Item = &HostPreview> {
        self.hosts.iter().filter(|host| !host.plan.is_empty())
    }

    /// Every host that was looked at.
    pub fn all(&self) -> impl Iterator<Item = &HostPreview> {
        self.hosts.iter()
    }

    /// Hosts that could not be looked at, with why. They are left as they are, for a later apply.
    pub fn unreached(&self) -> impl Iterator<Item = (&Name, &EngineError)> {
        self.unreached.iter().map(|(name, error)| (name, error.as_ref()))
    }

    /// The same as one error; none if every host was looked at.
    pub fn unreached_error(&self) -> Option<EngineError> {
        (!self.unreached.is_empty()).then(|| several(&self.unreached))
    }

    /// Whether it goes back to an earlier generation, whatever the inventory says.
    pub(crate) fn is_rollback(&self) -> bool {
        self.action == ROLLBACK
    }

    /// What `--json` shows.
    pub fn summary(&self) -> Summary {
        let host = |host: &HostPreview| HostSummary {
            host: host.host,
            name: host.name.clone(),
            base: host.plan.base,
            generation: host.plan.generation,
            changes: host.plan.changes.clone(),
            packages: host.plan.packages.clone(),
            findings: host.plan.findings.clone(),
            files: host.plan.diffs.iter().map(|diff| diff.path.clone()).collect(),
        };
        let unreached = |(name, error): (&Name, &EngineError)| (name.clone(), error.to_user());
        Summary {
            unreached: self.unreached().map(unreached).collect(),
            id: self.id,
            empty: self.is_empty(),
            hosts: self.hosts.iter().map(host).collect(),
        }
    }
}

impl Engine {
    /// Plans a change: looks at the hosts that it concerns and refuses what must not be done. Nothing is recorded yet.
    pub async fn preview(&self, proposal: &Proposal) -> Result<Preview, EngineError> {
        none_reached(self.preview_reachable(proposal).await?)
    }

    /// The same also where none of the hosts can be looked at: then there is nothing to apply yet, but it can be recorded.
    pub async fn preview_reachable(&self, proposal: &Proposal) -> Result<Preview, EngineError> {
        let hosts = concerned(proposal);
        let (seen, action) = (proposal.observed.clone(), proposal.action);
        let mut preview = self.plan_reachable(&proposal.after, &hosts, seen, action).await?;
        preview.remove_packages = proposal.remove_packages;
        Ok(preview)
    }

    /// Plans the named hosts (all if none is named) as the inventory wants them.
    pub async fn preview_named(&self, names: &[Name]) -> Result<Preview, EngineError> {
        let inventory = self.inventory().await?;
        let hosts = hosts_named(&inventory, names)?;
        self.plan_hosts(&inventory, &hosts, Sightings::new(), "apply")
            .await
    }

    /// Checks what can be checked without a look at any host.
    pub fn check_offline(&self, inventory: &Inventory) -> Result<(), EngineError> {
        refuse(&check(inventory, &Sightings::new()))
    }

    pub(crate) async fn plan_hosts(
        &self,
        inventory: &Inventory,
        hosts: &BTreeSet<HostId>,
        seen: Sightings,
        action: &'static str,
    ) -> Result<Preview, EngineError> {
        none_reached(self.plan_reachable(inventory, hosts, seen, action).await?)
    }

    async fn plan_reachable(
        &self,
        inventory: &Inventory,
        hosts: &BTreeSet<HostId>,
        seen: Sightings,
        action: &'static str,
    ) -> Result<Preview, EngineError> {
        refuse(&check(inventory, &Sightings::new()))?;
        let missing: Vec<HostId> = hosts
            .iter()
            .copied()
            .filter(|host| !seen.contains_key(host))
            .collect();
        let mut seen = seen;
        let mut unreached = Vec::new();
        for (host, observed) in self.look_at_all(inventory, &missing).await {
            match observed {
                Ok(observed) => drop(seen.insert(host, observed)),
                Err(error) => unreached.extend(
                    inventory
                        .host(host)
                        .map(|host| (host.name.clone(), Arc::new(error))),
                ),
            }
        }
        // Where somebody may be in between, that is the answer.
        if unreached.iter().any(|(_, error)| error.is_distrust()) {
            return Err(several(&unreached));
        }
        let planned = self.plan_seen(inventory, hosts, &seen).await?;
        let id = PlanId(Uuid::new_v4());
        let preview = Preview {
            id,
            inventory: inventory.clone(),
            seen,
            hosts: planned,
            unreached,
            action,
            remove_packages: false,
        };
        self.store.save_plan(id, &preview.summary()).await?;
        Ok(preview)
    }

    /// The pure part: plans from what was seen.
    pub(crate) async fn plan_seen(
        &self,
        inventory: &Inventory,
        hosts: &BTreeSet<HostId>,
        seen: &Sightings,
    ) -> Result<Vec<HostPreview>, EngineError> {
        let findings = check(inventory, seen);
        refuse(&findings)?;
        let mut planned = Vec::new();
        for host in hosts.iter().filter_map(|id| inventory.host(*id)) {
            let Some(observed) = seen.get(&host.id) else {
                continue;
            };
            let last = self.store.last_applied(host.id).await?;
            let bundle = last.as_ref().map(|applied| &applied.bundle);
            let against = Against {
                observed: Some(observed),
                last: bundle,
                program: env!("CARGO_PKG_VERSION"),
            };
            let own = findings
                .iter()
                .filter(|finding| concerns(inventory, finding, host.id))
                .cloned()
                .collect();
            let plan = if inventory.is_leaving(host.id) {
                self.removal(inventory, host, against, own).await
            } else {
                plan::plan(inventory, host.id, against, own)?
            };
            let system = observed.os.pretty.clone();
            planned.push(HostPreview {
                host: host.id,
                name: host.name.clone(),
                system,
                plan,
            });
        }
        Ok(planned)
    }

    /// A machine that is reached only by what is taken away from it leaves in another way.
    async fn removal(
        &self,
        inventory: &Inventory,
        host: &Host,
        against: Against<'_>,
        findings: Vec<Finding>,
    ) -> HostPlan {
        let plan = plan::removal(host.id, against, findings);
        let by = self.hosts.way_of(host.id).await;
        match by.and_then(|by| inventory.host(by)) {
            Some(vps) if !plan.is_empty() => plan.leaving_by(&host.name, &vps.name, vps.id),
            _ => plan,
        }
    }
}

fn several(unreached: &[(Name, Arc<EngineError>)]) -> EngineError {
    EngineError::Several(unreached.iter().map(|(_, error)| error.clone()).collect())
}

/// Where nothing can be done at all, the reason is the answer.
fn none_reached(preview: Preview) -> Result<Preview, EngineError> {
    if preview.hosts.is_empty() && !preview.unreached.is_empty() {
        return Err(several(&preview.unreached));
    }
    Ok(preview)
}

/// Whether a finding is told with the plan of this host. What is about a peer or a forward is told with its VPS.
fn concerns(inventory: &Inventory, finding: &Finding, host: HostId) -> bool {
    let vps_of = |peer| {
        inventory
            .peer(peer)
            .and_then(|peer| inventory.vps(peer.vps))
            .map(|vps| vps.host)
    };
    let about = match finding.subject {
        Subject::Host(id) => Some(id),
        Subject::Vps(id) => inventory.vps(id).map(|vps| vps.host),
        Subject::Peer(id) => vps_of(id),
        Subject::Forward(id) => inventory.forward(id).and_then(|forward| vps_of(forward.peer)),
    };
    about == Some(host)
}

/// Hosts on which the change makes a difference: those whose files are to differ, come or go. A machine that is
/// taken over comes alone: the others of its inventory are taken over by themselves.
fn concerned(proposal: &Proposal) -> BTreeSet<HostId> {
    if let Some(host) = proposal.taken_over {
        return BTreeSet::from([host]);
    }
    let hosts = proposal.after.hosts.iter().map(|host| host.id);
    let differs = |id: &HostId| desired(&proposal.before, *id) != desired(&proposal.after, *id);
    hosts.filter(differs).collect()
}

/// Fails if there is an error among the findings.
fn refuse(findings: &[Finding]) -> Result<(), EngineError> {
    let errors: Vec<Finding> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .cloned()
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(EngineError::Findings(errors))
    }
}

/// The machines behind these names; all if there is none.
pub(crate) fn hosts_named<C: FromIterator<HostId>>(
    inventory: &Inventory,
    names: &[Name],
) -> Result<C, EngineError> {
    if names.is_empty() {
        return Ok(inventory.hosts.iter().map(|host| host.id).collect());
    }
    let id = |name| Ok(host_named(inventory, name)?.id);
    names.iter().map(id).collect()
}

/// The machine behind a name.
pub(crate) fn host_named<'a>(inventory: &'a Inventory, name: &Name) -> Result<&'a Host, EngineError> {
    if let Some(host) = inventory.host_named(name) {
        return Ok(host);
    }
    if inventory.peer_named(name).is_some() {
        let message = format!("“{name}” is a manual peer: there is no host of it to look at.");
        return Err(EngineError::refused(
            "manual_peer",
            message,
            &["Name its VPS instead."],
        ));
    }
    let known = inventory.hosts.iter().map(|host| host.name.as_str());
    Err(EngineError::not_found("host", name.as_str(), known))
}
