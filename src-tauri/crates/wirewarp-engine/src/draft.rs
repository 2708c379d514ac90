//! What stands against a forward while it is being typed: offline, and quick over tens of thousands of them.

use std::collections::BTreeSet;
use wirewarp_model::{ForwardId, ForwardTarget, Inventory, Name, PortForward};
use wirewarp_plan::check::{Finding, ForwardIndex, check_forward};

use crate::{
    edit::{
        self,
        forward::{NewForward, add, replace},
    },
    error::EngineError,
};

/// An inventory with its ports sorted, so that a question about one more costs next to nothing.
#[derive(Debug, Clone)]
pub struct Drafting {
    inventory: Inventory,
    index: ForwardIndex,
}

impl Drafting {
    /// Sorts the ports of an inventory.
    pub fn new(inventory: &Inventory) -> Self {
        Self {
            index: ForwardIndex::new(inventory),
            inventory: inventory.clone(),
        }
    }

    /// What stands against these forwards of a peer; `own` is the one that is edited. Errors of the draft itself, e.g. a
    /// target that cannot be, are findings or, where there is no forward at all, an error.
    pub fn against(
        &self,
        peer: &Name,
        entries: Vec<NewForward>,
        own: Option<ForwardId>,
    ) -> Result<Vec<Finding>, EngineError> {
        let part = self.part_of(peer, own)?;
        let known: BTreeSet<ForwardId> = part.forwards.iter().map(|forward| forward.id).collect();
        let after = match (own.filter(|own| known.contains(own)), entries.as_slice()) {
            (Some(own), [only]) => replace(&part, own, peer, only.clone())?,
            _ => add(&part, peer, entries)?.0,
        };
        let is_draft = |id: &ForwardId| Some(*id) == own || !known.contains(id);
        let drafts = after.forwards.iter().filter(|forward| is_draft(&forward.id));
        Ok(drafts
            .flat_map(|forward| check_forward(&self.inventory, &self.index, forward))
            .collect())
    }

    /// The peer with what an edit of its forwards needs: the one that is edited, and those whose aliases are taken.
    fn part_of(&self, peer: &Name, own: Option<ForwardId>) -> Result<Inventory, EngineError> {
        let peer = edit::peer(&self.inventory, peer)?;
        let has_alias = |forward: &PortForward| {
            forward.peer == peer.id && matches!(forward.target, ForwardTarget::Lan { .. })
        };
        let matters = |forward: &&PortForward| Some(forward.id) == own || has_alias(forward);
        let mut part = Inventory::empty(self.inventory.id);
        part.peers.push(peer.clone());
        part.forwards = self.inventory.forwards.iter().filter(matters).cloned().collect();
        Ok(part)
    }
}
