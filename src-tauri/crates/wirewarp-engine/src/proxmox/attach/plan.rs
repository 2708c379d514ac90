//! The plan of an attachment: what will be done on the guest's node, in its configuration, and on the hosts.

use std::{collections::BTreeSet, net::Ipv4Addr, sync::Arc};

use uuid::Uuid;
use wirewarp_model::{Attachment, AttachmentId, AttachmentState, Inventory, Label, Peer, Proxmox};
use wirewarp_proxmox::{
    Api,
    attach::{self as decide, Record, Refusal},
    guests::{Guest, GuestState},
    names::Mac,
    nic::NicIndex,
};

use super::{
    AddressChoice, AttachGuest, GuestPlan, NicChoice,
    calls::{Now, look},
    kept::{Kept, KeptAddress, KeptNic},
    target::put_on_bridge,
    words,
};
use crate::{
    Engine,
    edit::{
        self, Proposal,
        forward::{NewForward, TargetSpec},
    },
    error::EngineError,
    preview::Preview,
    progress::Progress,
    proxmox::{in_model, named, see},
};

/// What attaching a guest comes to, over the Proxmox host and all hosts. Nothing of it is recorded yet.
#[derive(Debug, Clone)]
pub struct AttachPlan {
    /// What is done through the API.
    pub guest: GuestPlan,
    /// What is done on the hosts.
    pub preview: Preview,
    pub(super) proposal: Proposal,
    pub(super) proxmox: Proxmox,
    pub(super) attachment: Attachment,
}

impl AttachPlan {
    /// Whether nothing is to be done anywhere.
    pub fn is_empty(&self) -> bool {
        self.guest.steps.is_empty() && self.preview.is_empty() && self.proposal.is_empty()
    }
}

impl Engine {
    /// Plans to bring a guest onto a peer's network and to open ports to it. Nothing is changed.
    pub async fn plan_attach(
        &self,
        request: AttachGuest,
        progress: Arc<dyn Progress>,
    ) -> Result<AttachPlan, EngineError> {
        let inventory = self.inventory().await?;
        let proxmox = named(&inventory, &request.proxmox)?.clone();
        let api = self.proxmoxes.api(&proxmox).await?;
        let guest = self.guest(&proxmox, &api, request.vmid).await?;
        usable(&guest)?;
        let earlier = inventory
            .attachments
            .iter()
            .find(|it| it.proxmox == proxmox.id && it.vmid == request.vmid)
            .cloned();
        same_peer(&inventory, earlier.as_ref(), &request)?;
        let node = guest.guest.node.as_str();
        let (now, with_peer) = tokio::join!(
            look(&api, &guest.guest),
            self.with_peer(&inventory, &proxmox, node, &request, earlier.as_ref(), progress)
        );
        let (now, with_peer) = (self.told(&proxmox, now).await?, with_peer?);
        let mut proposal = with_peer.proposal;
        let mut kept = match &earlier {
            Some(earlier) => Kept::of(earlier)?,
            None => choose(&request, &guest, &now)?,
        };
        if kept.nic != KeptNic::Lan {
            put_on_bridge(&mut proposal.after, &with_peer.peer)?;
        }
        let peer = edit::peer(&proposal.after, &with_peer.peer)?.clone();
        if kept.comment.is_empty() {
            kept.comment = comment(&peer);
        }
        let address = match &earlier {
            Some(earlier) => earlier.address,
            None => {
                self.address(&api, &guest, &proposal.after, &peer, request.nic)
                    .await?
            }
        };
        let wanted = kept.wanted(&peer, address)?;
        let before = earlier.is_some().then_some(&kept.before);
        let decided =
            decide::attach(&wanted, &now.network, &now.settings, before).map_err(|it| refused(&it))?;
        kept.before = decided.record;
        let attachment = Attachment {
            id: earlier
                .as_ref()
                .map_or_else(|| AttachmentId(Uuid::new_v4()), |it| it.id),
            proxmox: proxmox.id,
            node: node.to_owned(),
            kind: in_model(guest.guest.kind),
            vmid: request.vmid,
            label: label(&guest),
            peer: peer.id,
            bridge: (kept.nic != KeptNic::Lan).then(|| peer.gateway_interface()),
            address,
            state: state(earlier.as_ref(), decided.calls.is_empty()),
            record: kept.text(),
        };
        put(&mut proposal.after, attachment.clone());
        let forwards = to_guest(request.forwards, address)?;
        proposal.after = edit::forward::add(&proposal.after, &peer.name, forwards)?
            .0
            .in_order();
        let preview = self.preview(&proposal).await?;
        let plan = GuestPlan {
            proxmox: proxmox.name.clone(),
            node: node.to_owned(),
            kind: attachment.kind,
            vmid: request.vmid,
            name: guest.name.clone(),
            address,
            steps: decided
                .calls
                .iter()
                .map(|call| words::step(call, &guest.guest))
                .collect(),
            changes: words::changes(&decided.calls, Some(&now.settings)),
            notes: notes(&kept, &guest, &peer, address),
        };
        Ok(AttachPlan {
            guest: plan,
            preview,
            proposal,
            proxmox,
            attachment,
        })
    }

    /// The guest's address: a free one of the VM network, or the one that it has on the LAN.
    async fn address(
        &self,
        api: &Api,
        guest: &Guest,
        inventory: &Inventory,
        peer: &Peer,
        nic: NicChoice,
    ) -> Result<Ipv4Addr, EngineError> {
        match nic {
            NicChoice::KeepOnLan(Some(address)) => Ok(address),
            NicChoice::KeepOnLan(None) => {
                let told = see::addresses(api, guest).await;
                let unknown = || {
                    EngineError::refused(
                        "proxmox_address_unknown",
                        format!(
                            "{} {} does not tell its address on the LAN.",
                            in_model(guest.guest.kind),
                            guest.guest.vmid
                        ),
                        &[
                            "Say it: --lan-address ADDRESS",
                            "Or install and enable the guest agent in it",
                        ],
                    )
                };
                see::lan_address(&told.map_err(|_| unknown())?).ok_or_else(unknown)
            }
            NicChoice::New | NicChoice::Replace(_) => free_address(inventory, peer),
        }
    }
}

/// What was asked for, as it is kept.
fn choose(request: &AttachGuest, guest: &Guest, now: &Now) -> Result<Kept, EngineError> {
    let nics: Vec<NicIndex> = now
        .settings
        .values
        .keys()
        .filter_map(|name| NicIndex::of_key(name))
        .collect();
    let nic = match request.nic {
        NicChoice::New => KeptNic::New(new_mac().to_string()),
        NicChoice::Replace(Some(index)) => KeptNic::Replace(index),
        NicChoice::Replace(None) => KeptNic::Replace(only_card(&nics)?),
        NicChoice::KeepOnLan(_) => KeptNic::Lan,
    };
    let by_config =
        guest.guest.kind == wirewarp_proxmox::guests::GuestKind::Ct || now.settings.has_cloud_init();
    let address = match request.address {
        _ if nic == KeptNic::Lan => KeptAddress::ByHand,
        AddressChoice::Auto if by_config => KeptAddress::Config,
        AddressChoice::Auto | AddressChoice::Dhcp => KeptAddress::Dhcp,
        AddressChoice::Config if !by_config => {
            return Err(EngineError::refused(
                "proxmox_no_address_config",
                "Proxmox gives a machine its address only by cloud-init, and this one has no cloud-init drive.",
                &[
                    "Use DHCP: --address dhcp",
                    "Or set it in the guest: --address by-hand",
                ],
            ));
        }
        AddressChoice::Config => KeptAddress::Config,
        AddressChoice::ByHand => KeptAddress::ByHand,
    };
    Ok(Kept {
        nic,
        address,
        comment: String::new(),
        before: Record {
            bridge: None,
            settings: std::collections::BTreeMap::new(),
            cloud_init: false,
        },
    })
}

fn usable(guest: &Guest) -> Result<(), EngineError> {
    if guest.template {
        return Err(refused(&Refusal::Template));
    }
    if let Some(lock) = &guest.lock {
        return Err(refused(&Refusal::Locked(lock.clone())));
    }
    if guest.state == GuestState::Unknown {
        let message = format!("The node “{}” of this guest does not answer.", guest.guest.node);
        return Err(EngineError::refused(
            "proxmox_node_down",
            message,
            &["Switch it on, and wait until Proxmox shows it green; then try again"],
        ));
    }
    Ok(())
}

/// A guest has one way in: who wants another peer for it detaches it first.
fn same_peer(
    inventory: &Inventory,
    earlier: Option<&Attachment>,
    request: &AttachGuest,
) -> Result<(), EngineError> {
    let Some((earlier, wanted)) = earlier.zip(request.peer.as_ref()) else {
        return Ok(());
    };
    match inventory.peer(earlier.peer) {
        Some(peer) if !peer.name.is(wanted) => Err(EngineError::refused(
            "proxmox_attached",
            format!(
                "{} {} is attached to “{}” already.",
                earlier.kind, earlier.vmid, peer.name
            ),
            &[&format!(
                "Detach it first: wirewarp proxmox detach {} {}",
                request.proxmox, earlier.vmid
            )],
        )),
        _ => Ok(()),
    }
}

fn only_card(nics: &[NicIndex]) -> Result<u8, EngineError> {
    match nics {
        [only] => Ok(only.get()),
        [] => Err(EngineError::refused(
            "proxmox_no_such_nic",
            "The guest has no network card to replace.",
            &["Give it one more: --nic new"],
        )),
        several => {
            let names: Vec<String> = several.iter().map(|index| index.key()).collect();
            Err(EngineError::refused(
                "proxmox_which_nic",
                format!("The guest has several network cards: {}.", names.join(", ")),
                &[&format!(
                    "Say which leaves its network: --nic replace:{}",
                    names[0]
                )],
            ))
        }
    }
}

/// A hardware address in the block that Proxmox uses for guests, `BC:24:11`.
fn new_mac() -> Mac {
    let [a, b, c, _] = rand::random::<u32>().to_be_bytes();
    Mac::new([0xbc, 0x24, 0x11, a, b, c])
}

fn comment(peer: &Peer) -> String {
    let id = peer.id.to_string();
    format!("WireWarp peer {}", id.split('-').next().unwrap_or_default())
}

/// The first address for a VM, of the lower half of the network, that nobody has; the upper half stands for machines of
/// the LAN.
fn free_address(inventory: &Inventory, peer: &Peer) -> Result<Ipv4Addr, EngineError> {
    let by_guests = inventory.attachments_of(peer.id).map(|it| it.address);
    let by_forwards = inventory
        .forwards_of(peer.id)
        .filter_map(|forward| match forward.target {
            wirewarp_model::ForwardTarget::Vm { address } => Some(address),
            wirewarp_model::ForwardTarget::Peer | wirewarp_model::ForwardTarget::Lan { .. } => None,
        });
    let taken: BTreeSet<Ipv4Addr> = by_guests.chain(by_forwards).collect();
    let half = usize::try_from(1u64 << (31 - u32::from(peer.vm_network.prefix_len()))).unwrap_or(usize::MAX);
    let mut free = peer.vm_network.hosts().take(half.saturating_sub(1)).skip(1);
    free.find(|address| !taken.contains(address)).ok_or_else(|| {
        EngineError::refused(
            "nothing_free",
            format!(
                "The VM network {} of “{}” has no address left.",
                peer.vm_network, peer.name
            ),
            &["Detach a guest, or attach this one to another peer: --peer NAME"],
        )
    })
}

fn to_guest(forwards: Vec<NewForward>, address: Ipv4Addr) -> Result<Vec<NewForward>, EngineError> {
    forwards
        .into_iter()
        .map(|forward| match forward.target {
            None => Ok(NewForward {
                target: Some(TargetSpec::Address(address)),
                ..forward
            }),
            Some(_) => Err(EngineError::refused(
                "bad_input",
                "The ports of an attachment go to its guest.",
                &["Leave the target out"],
            )),
        })
        .collect()
}

/// The guest's name in a line; what cannot stand in one is left out.
fn label(guest: &Guest) -> Label {
    let name: String = guest.name.chars().take(Label::MOST).collect();
    let fallback = || format!("{}", guest.guest.vmid).parse().unwrap_or_default();
    name.parse()
        .ok()
        .filter(|label: &Label| !label.as_str().is_empty())
        .unwrap_or_else(fallback)
}

fn state(earlier: Option<&Attachment>, nothing_to_do: bool) -> AttachmentState {
    match earlier {
        Some(earlier) if nothing_to_do && earlier.state == AttachmentState::Attached => {
            AttachmentState::Attached
        }
        _ => AttachmentState::Attaching,
    }
}

pub(super) fn put(inventory: &mut Inventory, attachment: Attachment) {
    match inventory
        .attachments
        .iter_mut()
        .find(|known| known.id == attachment.id)
    {
        Some(known) => *known = attachment,
        None => inventory.attachments.push(attachment),
    }
}

pub(super) fn refused(refusal: &Refusal) -> EngineError {
    let user = refusal.user();
    EngineError::Refused {
        code: user.code,
        message: user.message,
        hints: user.hints,
    }
}

fn notes(kept: &Kept, guest: &Guest, peer: &Peer, address: Ipv4Addr) -> Vec<String> {
    let mut notes = Vec::new();
    match &kept.nic {
        KeptNic::Lan => notes.push(
            "The guest stays on the LAN and nothing of it is changed; its server sees the node's address instead of the players'."
                .to_owned(),
        ),
        KeptNic::Replace(index) => notes.push(format!(
            "net{index} leaves the network it is on: the LAN reaches the guest no more, nor the guest the LAN, until it is detached."
        )),
        KeptNic::New(_) => notes.push(
            "The guest keeps the network it is on. Its own traffic, and answers to players, take the way out that it prefers: \
             where that is the LAN's router, let it prefer the new card, or replace the old one."
                .to_owned(),
        ),
    }
    let gateway = peer.gateway();
    let length = peer.vm_network.prefix_len();
    match kept.address {
        KeptAddress::Dhcp => notes.push(format!(
            "The node gives the card {address} by DHCP; a guest that runs asks when it starts next, or when its network is restarted."
        )),
        KeptAddress::Config if guest.guest.kind == wirewarp_proxmox::guests::GuestKind::Vm => notes.push(format!(
            "cloud-init gives the guest {address}/{length} when it starts next."
        )),
        KeptAddress::ByHand if kept.nic != KeptNic::Lan => notes.push(format!(
            "In the guest, give the card {address}/{length} with the gateway {gateway}."
        )),
        KeptAddress::Config | KeptAddress::ByHand => {}
    }
    notes
}
