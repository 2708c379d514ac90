//! The address of one network card, set inside of a running machine by its agent.
//!
//! What runs there is constant text (`linux/*.sh`, `windows.ps1`), to which the values come as arguments or as lines of its
//! input, never as a part of it. It writes one configuration of our own, for whatever looks after the machine's network, and
//! takes that away again; nobody else's is changed. What it says is a guest's word, of which a closed list is understood.

mod program;
#[cfg(test)]
mod tests;

use std::{net::Ipv4Addr, time::Duration};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::{
    Api, Problem, ProxmoxError,
    agent::{GuestInterface, OsInfo},
    guests::GuestRef,
    names::Mac,
};
use program::{Action, heard, program};

/// How long the guest may take: a card that has to appear, a keeper that has to take it, each bounded in the scripts.
const PATIENCE: Duration = Duration::from_mins(2);

/// Which of the two programs a guest understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// A Linux, of whatever family.
    Linux,
    /// Windows 8 or Server 2012 and later, which have PowerShell's network commands.
    Windows,
}

/// Who looks after a guest's network, and keeps our configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// `NetworkManager`, with a connection of ours.
    NetworkManager,
    /// `systemd-networkd`, with a file of ours; netplan's too.
    Networkd,
    /// Debian's ifupdown, with a file of ours.
    Ifupdown,
    /// Windows itself, with a note of ours in its registry.
    Windows,
}

/// A card and what it is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// By which it is found: its name may change.
    pub mac: Mac,
    /// The address with the length of its network.
    pub address: Ipv4Net,
    /// The way out of that network.
    pub gateway: Ipv4Addr,
    /// What takes that way.
    pub route: Route,
    /// Most bytes of a packet, IP header included.
    pub mtu: u16,
    /// Who finds names for it; only with [`Route::Default`].
    pub resolvers: Vec<Ipv4Addr>,
}

/// What leaves by the card's gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Everything: the card is the guest's way out.
    Default,
    /// What is sent from the card's address, such as answers; the guest keeps the way out that it has.
    Answers,
}

/// Why a guest does not take an address. Display is a clause for the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// Another system, or one without iproute2.
    #[error("it is neither Windows nor a Linux with ip(8)")]
    System,
    /// The agent has been given fewer rights.
    #[error("its agent does not run as root")]
    Root,
    /// There is none with the hardware address.
    #[error("it shows no network card with this hardware address")]
    Card,
    /// An address on it would not do anything.
    #[error("inside of it, that network card belongs to a bridge or a bond")]
    Joined,
    /// Nobody that we know.
    #[error("neither NetworkManager nor systemd-networkd nor Debian's ifupdown looks after its network")]
    Nobody,
    /// A file of ours would not be read.
    #[error("its /etc/network/interfaces does not read the files in /etc/network/interfaces.d")]
    Interfaces,
    /// Nothing can be kept.
    #[error("its /etc cannot be written to")]
    ReadOnly,
    /// Somebody has set another address by hand, which would be lost.
    #[error("somebody has set that network card's address by hand")]
    Static,
    /// It was tried; what was written is taken away again.
    #[error("it did not take the address, and what was written for it was taken away again")]
    NotTaken,
    /// Anything else; printable.
    #[error("what was run in it did not say how that went: {0}")]
    Odd(String),
}

impl System {
    /// What the agent's answer says.
    pub fn of(os: &OsInfo) -> Self {
        // What is neither is found out by the program for Linux.
        if os.id == "mswindows" {
            Self::Windows
        } else {
            Self::Linux
        }
    }
}

impl Card {
    /// Whether the guest tells that the card has the address.
    pub fn is_set(&self, told: &[GuestInterface]) -> bool {
        let address = (self.address.addr().into(), self.address.prefix_len());
        let own = told.iter().filter(|interface| interface.mac == Some(self.mac));
        own.flat_map(|interface| &interface.addresses)
            .any(|known| *known == address)
    }
}

impl Api {
    /// Who in the guest would take the address. Changes nothing; the card need not be there yet.
    ///
    /// Fails with [`Problem::NotInGuest`] where nobody would, and as [`Api::agent_exec`].
    pub async fn who_sets_address(
        &self,
        guest: &GuestRef,
        system: System,
        card: &Card,
    ) -> Result<Keeper, ProxmoxError> {
        self.run_inside(guest, system, Action::Look, card).await
    }

    /// Gives the card the address, and waits until it has it. Doing that again is no harm. What failed leaves nothing behind.
    pub async fn set_address_inside(
        &self,
        guest: &GuestRef,
        system: System,
        card: &Card,
    ) -> Result<Keeper, ProxmoxError> {
        self.run_inside(guest, system, Action::Set, card).await
    }

    /// Takes away what [`Api::set_address_inside`] has written, if it has; what was there before is in force again.
    pub async fn clear_address_inside(
        &self,
        guest: &GuestRef,
        system: System,
        card: &Card,
    ) -> Result<(), ProxmoxError> {
        let program = program(system, Action::Clear, card);
        let ran = self
            .agent_exec(guest, &program.command(), &program.input, PATIENCE)
            .await?;
        program::cleared(&ran).map_err(|denial| self.error(Problem::NotInGuest(denial)))
    }

    async fn run_inside(
        &self,
        guest: &GuestRef,
        system: System,
        action: Action,
        card: &Card,
    ) -> Result<Keeper, ProxmoxError> {
        let program = program(system, action, card);
        let ran = self
            .agent_exec(guest, &program.command(), &program.input, PATIENCE)
            .await?;
        heard(system, &ran).map_err(|denial| self.error(Problem::NotInGuest(denial)))
    }
}
