//! A machine that is cleaned while the tunnel that goes with it is the only way to it.

use wirewarp_model::{HostId, Name};

use super::{HostPlan, steps};
use crate::check::{Finding, Subject};

impl HostPlan {
    /// The same removal for a machine, called `name`, that is reached through its tunnel alone, by way of the VPS `vps`,
    /// whose machine is `by`. Nobody can confirm it, and the plan says so.
    #[must_use]
    pub fn leaving_by(mut self, name: &Name, vps: &Name, by: HostId) -> Self {
        let message = format!(
            "“{name}” is reached through its tunnel by way of “{vps}” alone, and that goes with the rest: the \
             clean-up cannot be confirmed over a new connection, and nothing of it comes back by itself."
        );
        let finding = Finding::warning("unconfirmed", Subject::Host(self.host), message).hint(format!(
            "It is handed over whole, and goes on without a connection. “{vps}” lets the peer go once it has begun."
        ));
        self.findings.push(finding);
        self.leaves_by = Some(by);
        self.steps = steps(&self);
        self
    }
}

/// What such a machine will do, in order.
pub(super) fn in_order(plan: &HostPlan) -> Vec<String> {
    vec![
        "hand the whole clean-up over and hear that it has begun".to_owned(),
        format!(
            "take away everything of generation {}, with nobody watching",
            plan.base
        ),
    ]
}
