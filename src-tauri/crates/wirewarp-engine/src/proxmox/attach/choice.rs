//! From what a person asked for, and what the guest has, to what is wanted of it; and what is good to know of that.

use std::{collections::BTreeMap, net::Ipv4Addr};

use wirewarp_model::{Attachment, Inventory, Peer};
use wirewarp_plan::render::RESOLVERS;
use wirewarp_proxmox::{
    attach::{Record, Refusal},
    guests::{Guest, GuestKind, GuestState},
    names::Mac,
    nic::NicIndex,
};

use super::{
    AddressChoice, AttachGuest, NicChoice,
    calls::Now,
    kept::{Kept, KeptAddress, KeptNic},
    plan::refused,
};
use crate::error::EngineError;

/// What was asked for, as it is kept.
pub(super) fn choose(request: &AttachGuest, guest: &Guest, now: &Now) -> Result<Kept, EngineError> {
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
    let by_config = guest.guest.kind == GuestKind::Ct || now.settings.has_cloud_init();
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
        AddressChoice::Agent if guest.guest.kind == GuestKind::Ct => {
            return Err(EngineError::refused(
                "proxmox_no_agent",
                "A container has no guest agent: its configuration in Proxmox gives it the address.",
                &["Leave --address out, or use --address config"],
            ));
        }
        AddressChoice::Agent => KeptAddress::Agent,
        AddressChoice::ByHand => KeptAddress::ByHand,
    };
    Ok(Kept {
        nic,
        address,
        system: None,
        comment: String::new(),
        before: Record {
            bridge: None,
            settings: BTreeMap::new(),
            cloud_init: false,
        },
    })
}

pub(super) fn usable(guest: &Guest) -> Result<(), EngineError> {
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
pub(super) fn same_peer(
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

/// What is good to know before it is done.
pub(super) fn notes(kept: &Kept, guest: &Guest, peer: &Peer, address: Ipv4Addr) -> Vec<String> {
    let mut notes = Vec::new();
    match &kept.nic {
        KeptNic::Lan => notes.push(
            "The guest stays on the LAN and nothing of it is changed; its server sees the node's address instead of the players'."
                .to_owned(),
        ),
        KeptNic::Replace(index) => notes.push(format!(
            "net{index} leaves the network it is on: the LAN reaches the guest no more, nor the guest the LAN, until it is detached."
        )),
        KeptNic::New(_) if kept.address == KeptAddress::Agent => notes.push(format!(
            "The guest keeps the network it is on and the way out that it has; what it sends from {address}, such as answers to \
             players, leaves by the tunnel. A UDP server that listens on all addresses may answer from another one: let it \
             listen on {address}, or replace the old card."
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
        KeptAddress::Config if guest.guest.kind == GuestKind::Vm => notes.push(format!(
            "cloud-init gives the guest {address}/{length} when it starts next."
        )),
        KeptAddress::Agent if matches!(kept.nic, KeptNic::Replace(_)) => {
            let [first, second] = RESOLVERS;
            notes.push(format!(
                "It asks {first} and {second} for names where it takes name servers from its network (NetworkManager, \
                 systemd-resolved, resolvconf, Windows); else those in its /etc/resolv.conf stay."
            ));
        }
        KeptAddress::ByHand if kept.nic != KeptNic::Lan => notes.push(format!(
            "In the guest, give the card {address}/{length} with the gateway {gateway}."
        )),
        KeptAddress::Config | KeptAddress::Agent | KeptAddress::ByHand => {}
    }
    notes
}
