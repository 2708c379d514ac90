//! The words of WireWarp as types: what cannot be wrong once it has been parsed.
//!
//! Everything here is pure data and parsing. Text of a person, a file or a host becomes one of these types at the
//! edge; every other crate takes the types.

pub mod alert;
pub mod bundle;
pub mod error;
pub mod figures;
pub mod forward;
pub mod ids;
pub mod inventory;
pub mod key;
pub mod lease;
pub mod name;
pub mod net;
pub mod observed;
pub mod peer;
pub mod polled;
pub mod port;
pub mod protocol;
pub mod proxmox;
pub mod route;
pub mod secret;
pub mod shell;
mod text;
pub mod vps;

pub use error::{ParseError, UserError};
pub use forward::{ForwardTarget, PortForward, PortForwardPorts};
pub use ids::{
    AlertChannelId, AlertId, AlertRuleId, AttachmentId, ForwardId, HostId, InventoryId, OperationId, PeerId,
    PlanId, ProxmoxId, PublicIpId, SilenceId, VpsId,
};
pub use inventory::{Access, Host, Inventory};
pub use key::WgPublicKey;
pub use lease::{Lease, MacAddress};
pub use name::{Label, Name};
pub use net::IfName;
pub use peer::{ManualMode, MtuOrigin, Peer, PeerKind, PeerState};
pub use port::{Port, PortMapping, PortMappings, PortRange};
pub use protocol::{Protocol, Protocols};
pub use proxmox::{Attachment, AttachmentState, GuestKind, Proxmox, ProxmoxLogin};
pub use route::PeerRoute;
pub use secret::Secret;
pub use vps::{PublicIp, PublicIpState, Vps};
