//! What an attachment keeps beside the columns of its table: what was wanted, and what was there before.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use wirewarp_model::{Attachment, GuestKind, Peer};
use wirewarp_plan::render::RESOLVERS;
use wirewarp_proxmox::{
    attach::{AddressWish, NicWish, Record, Wanted},
    inside::{Card, Route, System},
    names::Mac,
    network::NewBridge,
    nic::{Nic, NicIndex},
};

use crate::{error::EngineError, proxmox::by_api};

/// The JSON of [`Attachment::record`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub nic: KeptNic,
    pub address: KeptAddress,
    /// What the guest runs, where its agent sets the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
    /// What the bridge is marked with; it stays when the peer gets another name.
    pub comment: String,
    pub before: Record,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeptNic {
    New(String),
    Replace(u8),
    Lan,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeptAddress {
    Dhcp,
    Config,
    Agent,
    ByHand,
}

impl Kept {
    pub fn of(attachment: &Attachment) -> Result<Self, EngineError> {
        serde_json::from_str(&attachment.record).map_err(|error| {
            let message = format!("What was kept of “{}” cannot be read: {error}", attachment.label);
            EngineError::refused(
                "attachment_unreadable",
                message,
                &["Was the inventory written by a newer version?"],
            )
        })
    }

    /// As it is written down.
    pub fn text(&self) -> String {
        // Maps with texts as keys, and no floats: it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What is wanted of the guest, as the planner takes it.
    pub fn wanted(&self, peer: &Peer, address: Ipv4Addr) -> Result<Wanted, EngineError> {
        let nic = match &self.nic {
            KeptNic::New(mac) => NicWish::New { mac: mac.parse()? },
            KeptNic::Replace(index) => NicWish::Replace {
                index: NicIndex::new(*index).ok_or_else(|| no_such_card(*index))?,
            },
            KeptNic::Lan => NicWish::KeepOnLan,
        };
        let net = |address| on_network(peer, address);
        let address = match self.address {
            KeptAddress::Dhcp => AddressWish::Dhcp,
            KeptAddress::Config => AddressWish::Fixed {
                address: net(address),
                gateway: Some(peer.gateway()),
            },
            KeptAddress::Agent | KeptAddress::ByHand => AddressWish::Untouched,
        };
        let bridge = NewBridge {
            name: peer.gateway_interface().as_str().parse()?,
            address: net(peer.gateway()),
            comment: self.comment.clone(),
        };
        Ok(Wanted { bridge, nic, address })
    }

    /// The hardware address of the guest's card on the bridge; none on the LAN.
    pub fn mac(&self, kind: GuestKind) -> Option<Mac> {
        self.before.settings.iter().find_map(|(name, touched)| {
            NicIndex::of_key(name)?;
            Nic::parse(by_api(kind), &touched.after).ok()?.mac()
        })
    }

    /// The card as the guest's agent sets it; none where somebody else does.
    pub fn card(&self, kind: GuestKind, address: Ipv4Addr, peer: &Peer) -> Option<Card> {
        let mac = self.mac(kind).filter(|_| self.address == KeptAddress::Agent)?;
        Some(Card {
            mac,
            address: on_network(peer, address),
            gateway: peer.gateway(),
            route: match self.nic {
                KeptNic::Replace(_) => Route::Default,
                KeptNic::New(_) | KeptNic::Lan => Route::Answers,
            },
            mtu: peer.mtu,
            resolvers: RESOLVERS.to_vec(),
        })
    }
}

fn on_network(peer: &Peer, address: Ipv4Addr) -> Ipv4Net {
    Ipv4Net::new(address, peer.vm_network.prefix_len()).unwrap_or(peer.vm_network)
}

pub(super) fn no_such_card(index: u8) -> EngineError {
    let message = format!("The guest has no network card net{index}.");
    EngineError::refused(
        "proxmox_no_such_nic",
        message,
        &["See its cards: wirewarp proxmox guest NAME NUMBER"],
    )
}
