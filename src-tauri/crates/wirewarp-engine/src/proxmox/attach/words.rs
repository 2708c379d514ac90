//! The calls of an attachment in words.

use std::collections::BTreeMap;

use wirewarp_proxmox::{
    attach::{Call, Left, Settings},
    guests::GuestRef,
    inside::{Card, Keeper, Route, System},
};

use super::SettingChange;
use crate::proxmox::in_model;

/// What a call does, in a line.
pub(super) fn step(call: &Call, guest: &GuestRef) -> String {
    let node = &guest.node;
    let name = format!("{} {}", in_model(guest.kind), guest.vmid);
    match call {
        Call::CreateBridge(bridge) => format!(
            "make the bridge {} on {node}: {}, without a port, there after every boot",
            bridge.name, bridge.address
        ),
        Call::DeleteBridge(bridge) => format!("take the bridge {bridge} off {node}"),
        Call::RevertNetwork => format!("throw away what WireWarp has staged in the network of {node}"),
        Call::ApplyNetwork => format!("put the network of {node} into force, and read it back"),
        Call::RevertPending(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("take back what waits in {name}: {}", names.join(", "))
        }
        Call::Configure(change) => {
            let names: Vec<&str> = change
                .set
                .keys()
                .chain(&change.delete)
                .map(String::as_str)
                .collect();
            format!("change {} of {name}", names.join(", "))
        }
        Call::RegenerateCloudInit => {
            format!("write the cloud-init drive of {name} anew, to be read at its next start")
        }
    }
}

/// What the guest's agent is asked to do, in a line.
pub(super) fn set_inside(keeper: Keeper, card: &Card) -> String {
    let by = match keeper {
        Keeper::NetworkManager => "a connection of NetworkManager",
        Keeper::Networkd => "a file of systemd-networkd",
        Keeper::Ifupdown => "a file of ifupdown",
        Keeper::Windows => "Windows' own settings",
    };
    let way = match card.route {
        Route::Default => "as its way out",
        Route::Answers => "for what it sends from there",
    };
    format!(
        "through the guest agent: give the card {} the address {} by {by}, {} {way}, there after every start",
        card.mac, card.address, card.gateway
    )
}

/// The same once it is done.
pub(super) fn setting(card: &Card) -> String {
    format!(
        "through the guest agent: give the card {} the address {}",
        card.mac, card.address
    )
}

/// And on the way back.
pub(super) fn clear_inside(card: &Card) -> String {
    format!(
        "through the guest agent: take the address {} away again",
        card.address
    )
}

/// What stays in a guest whose agent does not answer, in a line.
pub(super) fn left_inside(system: System, card: &Card) -> String {
    let mark = match system {
        System::Linux => "what is marked with WireWarp in its network's configuration",
        System::Windows => "the address of that card, and HKLM\\SOFTWARE\\WireWarp",
    };
    format!(
        "the guest's agent does not answer: {} stays set in it. Start the guest first, or take away {mark} yourself",
        card.address
    )
}

/// What the calls change in the guest's configuration.
pub(super) fn changes(calls: &[Call], settings: Option<&Settings>) -> Vec<SettingChange> {
    let empty = BTreeMap::new();
    let now = settings.map_or(&empty, |settings| &settings.values);
    let before = |name: &str| now.get(name).cloned();
    let mut changes = Vec::new();
    for call in calls {
        let Call::Configure(change) = call else { continue };
        changes.extend(change.set.iter().map(|(name, after)| SettingChange {
            name: name.clone(),
            before: before(name),
            after: Some(after.clone()),
        }));
        changes.extend(change.delete.iter().map(|name| SettingChange {
            name: name.clone(),
            before: before(name),
            after: None,
        }));
    }
    changes
}

/// What a call would put right, in a line.
pub(super) fn differs(call: &Call, settings: &Settings) -> String {
    let now = |name: &str| settings.values.get(name).map_or("gone", String::as_str);
    match call {
        Call::CreateBridge(bridge) => format!("the bridge {} is gone from the node", bridge.name),
        Call::ApplyNetwork => "the bridge is not in force".to_owned(),
        Call::RevertPending(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{} waits for the guest's next start", names.join(", "))
        }
        Call::Configure(change) => {
            let each =
                |(name, wanted): (&String, &String)| format!("{name} is {} instead of {wanted}", now(name));
            change.set.iter().map(each).collect::<Vec<_>>().join("; ")
        }
        Call::RegenerateCloudInit => "the cloud-init drive is older than that".to_owned(),
        Call::DeleteBridge(_) | Call::RevertNetwork => "the bridge is another".to_owned(),
    }
}

/// What is not given back, in a line.
pub(super) fn left(left: &Left) -> String {
    match left {
        Left::Changed { name, now: Some(_) } => {
            format!("{name} stays as it is: somebody has changed it since it was attached")
        }
        Left::Changed { name, now: None } => format!("{name} is gone already: somebody took it away"),
        Left::AtNextStart(name) => format!("{name} is given back when the guest starts next"),
        Left::Bridge(name) => format!("the bridge {name} stays: it has become somebody's"),
        Left::OthersEdits(_) => {
            "the bridge stays while somebody else has edits of the node's network pending".to_owned()
        }
    }
}
