//! What there is on a Proxmox host: nodes and guests. Asked for when somebody looks, never kept as truth.

use jiff::Timestamp;
use serde::Serialize;
use std::net::IpAddr;
use wirewarp_model::{GuestKind, Inventory, Name, Proxmox, error::excerpt};
use wirewarp_proxmox::{
    Api, Problem, ProxmoxError, guests,
    guests::{Guest, GuestRef, GuestState},
    names::{NodeName, Vmid},
};

use super::{by_api, in_model, named};
use crate::{Engine, error::EngineError};

/// Nodes and guests of a Proxmox host at one moment.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ProxmoxSight {
    /// When it was asked.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Its nodes, by name; those that are down too.
    pub nodes: Vec<NodeSight>,
    /// Guests of all nodes, by number.
    pub guests: Vec<GuestSight>,
}

/// A node.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NodeSight {
    /// Its name.
    pub name: String,
    /// Whether the cluster sees it.
    pub online: bool,
    /// Seconds since it started.
    pub uptime: Option<u64>,
}

/// A guest.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct GuestSight {
    /// Its number.
    pub vmid: u32,
    /// Virtual machine or container.
    pub kind: GuestKind,
    /// Its name; may be empty.
    pub name: String,
    /// The node that it is on.
    pub node: String,
    /// `running`, `stopped` or `unknown`.
    pub state: &'static str,
    /// Whether it is a template, which never runs.
    pub template: bool,
    /// What holds it, e.g. `backup`.
    pub lock: Option<String>,
    /// Peers that it is attached to.
    pub peers: Vec<Name>,
}

/// One guest with what it takes a question of its own to know.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct GuestAddresses {
    /// When it was asked.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// The guest.
    pub guest: GuestSight,
    /// Its network cards.
    pub nics: Vec<NicSight>,
    /// Its system: what the agent says, else the family that Proxmox was told.
    pub system: Option<String>,
    /// Why addresses are missing, in words; none where they could be asked for.
    pub silent: Option<String>,
}

/// A guest's network card.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NicSight {
    /// `net0`.
    pub key: String,
    /// Its hardware address.
    pub mac: Option<String>,
    /// The bridge that it is on.
    pub bridge: Option<String>,
    /// Its addresses with the lengths of their networks, where the guest tells.
    pub addresses: Vec<String>,
}

impl Engine {
    /// The nodes and guests of a Proxmox host, in two questions.
    pub async fn proxmox_guests(&self, name: &Name) -> Result<ProxmoxSight, EngineError> {
        let inventory = self.inventory().await?;
        let proxmox = named(&inventory, name)?;
        let api = self.proxmoxes.api(proxmox).await?;
        let asked = tokio::try_join!(api.nodes(), api.guests());
        let (nodes, guests) = self.told(proxmox, asked).await?;
        let nodes = nodes.into_iter().map(|node| NodeSight {
            name: node.name.to_string(),
            online: node.online,
            uptime: node.uptime,
        });
        let guests = guests.iter().map(|guest| sight(&inventory, proxmox, guest));
        Ok(ProxmoxSight {
            at: Timestamp::now(),
            nodes: nodes.collect(),
            guests: guests.collect(),
        })
    }

    /// One guest with its network cards and, where it tells, its addresses.
    pub async fn proxmox_guest(&self, name: &Name, vmid: u32) -> Result<GuestAddresses, EngineError> {
        let inventory = self.inventory().await?;
        let proxmox = named(&inventory, name)?;
        let api = self.proxmoxes.api(proxmox).await?;
        let guest = self.guest(proxmox, &api, vmid).await?;
        let config = self.told(proxmox, api.guest_config(&guest.guest).await).await?;
        let nics = config.nics(guest.guest.kind)?;
        let (addresses, silent) = told_by(&api, &guest).await;
        let system = match guest.guest.kind {
            guests::GuestKind::Vm if silent.is_none() => api.agent_os(&guest.guest).await.ok(),
            guests::GuestKind::Vm | guests::GuestKind::Ct => None,
        };
        let system = system
            .map(|os| os.pretty)
            .filter(|pretty| !pretty.is_empty())
            .or_else(|| config.os_type().map(family));
        let nics = nics.iter().map(|(index, nic)| {
            let own = addresses
                .iter()
                .filter(|told| told.mac.is_some() && told.mac == nic.mac());
            NicSight {
                key: index.key(),
                mac: nic.mac().map(|mac| mac.to_string()),
                bridge: nic.bridge().map(excerpt),
                addresses: own
                    .flat_map(|told| {
                        told.addresses
                            .iter()
                            .map(|(address, length)| format!("{address}/{length}"))
                    })
                    .collect(),
            }
        });
        Ok(GuestAddresses {
            at: Timestamp::now(),
            nics: nics.collect(),
            guest: sight(&inventory, proxmox, &guest),
            system,
            silent,
        })
    }

    /// A guest by its number, wherever it is now.
    pub(crate) async fn guest(&self, proxmox: &Proxmox, api: &Api, vmid: u32) -> Result<Guest, EngineError> {
        let wanted = Vmid::try_from(vmid)?;
        let guests = self.told(proxmox, api.guests().await).await?;
        let known: Vec<String> = guests
            .iter()
            .filter(|guest| !guest.template)
            .take(20)
            .map(|guest| format!("{} {}", guest.guest.vmid, guest.name))
            .collect();
        let found = guests.into_iter().find(|guest| guest.guest.vmid == wanted);
        found.ok_or_else(|| {
            EngineError::not_found("guest", &vmid.to_string(), known.iter().map(String::as_str))
        })
    }

    /// Passes an answer on. After one that says that the sign-in is over, the next question signs in anew.
    pub(crate) async fn told<T>(
        &self,
        proxmox: &Proxmox,
        answer: Result<T, ProxmoxError>,
    ) -> Result<T, EngineError> {
        if let Err(error) = &answer
            && matches!(error.problem(), Problem::SessionExpired(_))
        {
            self.proxmoxes.forget(proxmox.id).await;
        }
        Ok(answer?)
    }
}

fn sight(inventory: &Inventory, proxmox: &Proxmox, guest: &Guest) -> GuestSight {
    let vmid = guest.guest.vmid.get();
    let attached = inventory
        .attachments
        .iter()
        .filter(|it| it.proxmox == proxmox.id && it.vmid == vmid);
    GuestSight {
        vmid,
        kind: in_model(guest.guest.kind),
        name: guest.name.clone(),
        node: guest.guest.node.to_string(),
        state: match guest.state {
            GuestState::Running => "running",
            GuestState::Stopped => "stopped",
            GuestState::Unknown => "unknown",
        },
        template: guest.template,
        lock: guest.lock.clone(),
        peers: attached
            .filter_map(|it| inventory.peer(it.peer).map(|peer| peer.name.clone()))
            .collect(),
    }
}

/// What a guest tells of its interfaces, or why it does not; that alone fails nothing.
async fn told_by(api: &Api, guest: &Guest) -> (Vec<wirewarp_proxmox::agent::GuestInterface>, Option<String>) {
    if guest.state == GuestState::Stopped {
        return (vec![], Some("the guest does not run".to_owned()));
    }
    match addresses(api, guest).await {
        Ok(addresses) => (addresses, None),
        Err(error) => (vec![], Some(error.problem().to_string())),
    }
}

/// A family of systems as people call it: `ostype` of qm.conf(5). Those of containers read well as they are.
fn family(os_type: &str) -> String {
    match os_type {
        "l24" | "l26" => "Linux".to_owned(),
        "win11" => "Windows 11, 2022 or 2025".to_owned(),
        "win10" => "Windows 10, 2016 or 2019".to_owned(),
        "win8" => "Windows 8 or 2012".to_owned(),
        "win7" => "Windows 7 or 2008 R2".to_owned(),
        "wxp" | "w2k" | "w2k3" | "w2k8" | "wvista" => "an old Windows".to_owned(),
        "other" => "not told".to_owned(),
        other => excerpt(other),
    }
}

/// What a guest tells of its interfaces: a container's node looks itself, a machine needs its agent.
pub(super) async fn addresses(
    api: &Api,
    guest: &Guest,
) -> Result<Vec<wirewarp_proxmox::agent::GuestInterface>, ProxmoxError> {
    match guest.guest.kind {
        guests::GuestKind::Vm => api.agent_interfaces(&guest.guest).await,
        guests::GuestKind::Ct => api.container_interfaces(&guest.guest).await,
    }
}

/// The first address of IPv4 on an interface with this hardware address that is not one of its own making.
pub(super) fn lan_address(
    interfaces: &[wirewarp_proxmox::agent::GuestInterface],
) -> Option<std::net::Ipv4Addr> {
    let addresses = interfaces.iter().flat_map(|interface| &interface.addresses);
    addresses
        .filter_map(|(address, _)| match address {
            IpAddr::V4(address) => Some(*address),
            IpAddr::V6(_) => None,
        })
        .find(|address| !address.is_loopback() && !address.is_link_local())
}

/// The reference to a guest that was recorded.
pub(super) fn recorded(node: &str, kind: GuestKind, vmid: u32) -> Result<GuestRef, EngineError> {
    let node: NodeName = node.parse()?;
    Ok(GuestRef {
        node,
        kind: by_api(kind),
        vmid: Vmid::try_from(vmid)?,
    })
}
