//! Identifiers. Random, unique over all inventories, and never reused.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

use crate::ParseError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $field:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(as = "String"))]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;
            fn from_str(text: &str) -> Result<Self, ParseError> {
                Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| ParseError::new($field, format!("“{}” is not an identifier", crate::error::excerpt(text))))
            }
        }
    };
}

id!(
    /// One inventory file. Written into every manifest, so that a host can tell who applied last.
    InventoryId, "inventory id"
);
id!(
    /// A machine that is managed over SSH: a VPS, or a machine at home with one or more tunnels.
    HostId, "host id"
);
id!(
    /// A VPS.
    VpsId, "VPS id"
);
id!(
    /// An address of an IP pool.
    PublicIpId, "public IP id"
);
id!(
    /// A peer.
    PeerId, "peer id"
);
id!(
    /// A port forward.
    ForwardId, "forward id"
);
id!(
    /// A Proxmox host or cluster that is signed in to.
    ProxmoxId, "Proxmox id"
);
id!(
    /// A guest that was attached.
    AttachmentId, "attachment id"
);
id!(
    /// A computed, immutable plan.
    PlanId, "plan id"
);
id!(
    /// One apply, with its steps and outcome.
    OperationId, "operation id"
);
id!(
    /// A rule of when to be told.
    AlertRuleId, "rule id"
);
id!(
    /// A way to be told.
    AlertChannelId, "channel id"
);
id!(
    /// One time that a rule's condition held.
    AlertId, "alert id"
);
id!(
    /// A time of not being told.
    SilenceId, "silence id"
);
