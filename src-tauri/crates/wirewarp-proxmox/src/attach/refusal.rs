//! Why nothing is done.

use wirewarp_model::{ParseError, UserError};

use crate::nic::NicIndex;

/// Display is the whole message; [`Refusal::user`] adds code and hints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Edits of somebody else are staged on the node.
    #[error("somebody has edits of the node's network pending; applying ours would apply theirs too:\n{0}")]
    OthersEdits(String),
    /// The bridge's name is taken.
    #[error("{name} is there already and is not WireWarp's: {why}")]
    BridgeTaken {
        /// The name.
        name: String,
        /// What shows it.
        why: &'static str,
    },
    /// Our bridge has another address than the one wanted.
    #[error("the bridge {name} has the address {found}, and {wanted} is needed")]
    BridgeDiffers {
        /// Its name.
        name: String,
        /// What it has.
        found: String,
        /// What is wanted.
        wanted: String,
    },
    /// The guest is a template.
    #[error("the guest is a template: it never runs")]
    Template,
    /// The guest is locked.
    #[error("the guest is locked: {0}")]
    Locked(String),
    /// A change of somebody else waits under a name that is needed.
    #[error("a change of {0} waits for the guest's next start")]
    PendingChange(String),
    /// No interface is free.
    #[error("the guest has as many network interfaces as Proxmox allows")]
    NoFreeNic,
    /// The interface is not there.
    #[error("the guest has no interface {0}")]
    NoSuchNic(NicIndex),
    /// The interface has no hardware address to keep.
    #[error("the interface {0} has no hardware address in the guest's configuration")]
    NoMac(NicIndex),
    /// A value of the guest's configuration cannot be understood, so nothing is changed in it.
    #[error("the guest's configuration cannot be understood: {0}")]
    Unreadable(ParseError),
}

impl Refusal {
    /// A stable identifier.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OthersEdits(_) => "proxmox_others_edits",
            Self::BridgeTaken { .. } => "proxmox_bridge_taken",
            Self::BridgeDiffers { .. } => "proxmox_bridge_differs",
            Self::Template => "proxmox_template",
            Self::Locked(_) => "proxmox_guest_locked",
            Self::PendingChange(_) => "proxmox_pending_change",
            Self::NoFreeNic => "proxmox_no_free_nic",
            Self::NoSuchNic(_) | Self::NoMac(_) => "proxmox_no_such_nic",
            Self::Unreadable(_) => "proxmox_guest_unreadable",
        }
    }

    /// What crosses to the window and to `--json`.
    pub fn user(&self) -> UserError {
        UserError {
            code: self.code().to_owned(),
            message: self.to_string(),
            hints: vec![self.hint().to_owned()],
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::OthersEdits(_) => {
                "Apply or revert them in Proxmox under the node's System, Network; then look at the plan again."
            }
            Self::BridgeTaken { .. } => "Choose another name for the bridge.",
            Self::BridgeDiffers { .. } => {
                "Was its address changed in Proxmox? Give it back there, or detach the guests that are on it and attach them again."
            }
            Self::Template => "Make a guest of it first and choose that one.",
            Self::Locked(_) => "Wait until the backup, snapshot or migration has ended, then try again.",
            Self::PendingChange(_) => {
                "Restart the guest, or revert the change in Proxmox; then look at the plan again."
            }
            Self::NoFreeNic => "Replace one of its interfaces instead of adding one.",
            Self::NoSuchNic(_) | Self::NoMac(_) => {
                "Look at the guest again and choose one of the interfaces it has."
            }
            Self::Unreadable(_) => "Look at the guest's hardware in Proxmox and mend that value.",
        }
    }
}
