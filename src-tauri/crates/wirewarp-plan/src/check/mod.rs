//! What is wrong with the desired state, or stands in its way on a host. Said before anything is touched.

mod finding;
mod guarded;
mod leases;
mod networks;
mod others;
mod ports;
mod routes;
mod support;
mod targets;

pub use finding::{Finding, Severity, Subject};
pub use guarded::served_on;
pub use leases::{Mislease, mislease};
pub use ports::{Conflict, ForwardIndex};
pub use routes::{Misroute, misroute};
pub(crate) use targets::is_upper_half;

use std::collections::BTreeMap;
use wirewarp_model::{HostId, Inventory, PortForward, observed::Observed};

/// Looks at every machine by which the inventory knows it.
pub type Sightings = BTreeMap<HostId, Observed>;

/// Everything that can be said about the inventory, worst first. Machines that were not looked at are left out of what
/// needs a look.
pub fn check(inventory: &Inventory, seen: &Sightings) -> Vec<Finding> {
    let mut findings = ports::conflicts(inventory);
    findings.extend(guarded::protected(inventory, seen));
    findings.extend(guarded::served(inventory, seen));
    findings.extend(targets::targets(inventory));
    findings.extend(leases::leases(inventory));
    findings.extend(networks::collisions(inventory, seen));
    findings.extend(routes::routes(inventory, seen));
    for (host, observed) in seen {
        findings.extend(check_host(inventory, *host, observed));
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// What stands against one forward of `inventory`: its ports, what they would cut off, its target. Nobody is looked at,
/// and of other forwards only `index` is asked, which may hold this one already.
pub fn check_forward(inventory: &Inventory, index: &ForwardIndex, forward: &PortForward) -> Vec<Finding> {
    let mut findings = ports::conflicts_of(inventory, index, forward);
    findings.extend(guarded::protected_from(inventory, forward));
    findings.extend(targets::target(inventory, forward));
    findings
}

/// What a machine itself is: whether it can take part, and what on it stands in the way.
pub fn check_host(inventory: &Inventory, host: HostId, observed: &Observed) -> Vec<Finding> {
    let mut findings = support::support(inventory, host, observed);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return findings;
    }
    findings.extend(others::others(inventory, host, observed));
    findings
}
