//! From what is there to a guest on the bridge.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AddressWish, Attachment, BridgeRecord, Call, Configure, NicWish, Pending, Record, Refusal, Settings,
    Touched, Wanted, merge, only_about, state::ipconfig,
};
use crate::{
    guests::GuestKind,
    names::{BridgeName, Mac},
    network::{Interface, NewBridge, NodeNetwork},
    nic::{CtAddress, Nic, NicIndex},
};

/// The calls that bring the guest to what is wanted, and the record that undoes them.
///
/// `earlier` is the record of an attach that was begun before, e.g. one that failed half way: what it says was there
/// before stays so. Attaching what is attached gives no calls.
pub fn attach(
    wanted: &Wanted,
    network: &NodeNetwork,
    guest: &Settings,
    earlier: Option<&Record>,
) -> Result<Attachment, Refusal> {
    usable(guest)?;
    let Some((index, nic)) = nic(wanted, guest)? else {
        return Ok(on_the_lan(earlier));
    };
    // A pulled cable would leave the guest unreachable.
    let nic = merge::with(&nic.to_string(), &[("link_down", None)]);
    let mut after = BTreeMap::from([(index.key(), nic)]);
    let cloud_init = guest.has_cloud_init() && wanted.address != AddressWish::Untouched;
    if cloud_init {
        let name = ipconfig(index);
        let now = guest.values.get(&name).map_or("", String::as_str);
        after.insert(name, cloud_address(now, wanted.address));
    }
    let mut calls = bridge_calls(&wanted.bridge, network)?;
    calls.extend(guest_calls(&after, guest, earlier)?);
    let record = Record {
        bridge: Some(BridgeRecord {
            name: wanted.bridge.name.clone(),
            comment: wanted.bridge.comment.clone(),
        }),
        settings: touched(after, guest, earlier),
        cloud_init: cloud_init || earlier.is_some_and(|earlier| earlier.cloud_init),
    };
    Ok(Attachment { calls, record })
}

fn usable(guest: &Settings) -> Result<(), Refusal> {
    if guest.is_template() {
        return Err(Refusal::Template);
    }
    match guest.values.get("lock") {
        Some(lock) => Err(Refusal::Locked(wirewarp_model::error::excerpt(lock))),
        None => Ok(()),
    }
}

fn on_the_lan(earlier: Option<&Record>) -> Attachment {
    let nothing = Record {
        bridge: None,
        settings: BTreeMap::new(),
        cloud_init: false,
    };
    Attachment {
        calls: Vec::new(),
        record: earlier.cloned().unwrap_or(nothing),
    }
}

/// The NIC as it is to be; none if the guest stays on the LAN.
fn nic(wanted: &Wanted, guest: &Settings) -> Result<Option<(NicIndex, Nic)>, Refusal> {
    let nics = guest.nics().map_err(Refusal::Unreadable)?;
    let bridge = &wanted.bridge.name;
    let (index, mut nic) = match wanted.nic {
        NicWish::KeepOnLan => return Ok(None),
        NicWish::Replace { index } => {
            let nic = nics.get(&index).ok_or(Refusal::NoSuchNic(index))?;
            nic.mac().ok_or(Refusal::NoMac(index))?;
            (index, nic.clone())
        }
        NicWish::New { mac } => {
            let own = nics.into_iter().find(|(_, nic)| nic.mac() == Some(mac));
            match own.or_else(|| waiting_nic(guest, mac)) {
                Some(own) => own,
                None => (
                    guest.free_nic().ok_or(Refusal::NoFreeNic)?,
                    new(bridge, mac, wanted.address, guest)?,
                ),
            }
        }
    };
    if nic.bridge() != Some(bridge.as_str()) {
        nic.set_bridge(bridge);
    }
    if let Some(address) = container_address(wanted.address) {
        nic.set_ct_address(address);
    }
    Ok(Some((index, nic)))
}

/// The NIC with this hardware address that waits after a failed hot-plug.
fn waiting_nic(guest: &Settings, mac: Mac) -> Option<(NicIndex, Nic)> {
    guest.pending.iter().find_map(|(name, pending)| match pending {
        Pending::Set(value) => {
            let nic = Nic::parse(guest.kind, value).ok()?;
            Some((NicIndex::of_key(name)?, nic)).filter(|(_, nic)| nic.mac() == Some(mac))
        }
        Pending::Delete => None,
    })
}

fn new(bridge: &BridgeName, mac: Mac, address: AddressWish, guest: &Settings) -> Result<Nic, Refusal> {
    match guest.kind {
        GuestKind::Vm => Ok(Nic::new_vm(bridge, Some(mac))),
        GuestKind::Ct => {
            let address = container_address(address).unwrap_or(CtAddress::Dhcp);
            Nic::new_ct(&guest.free_interface(), bridge, Some(mac), address).map_err(Refusal::Unreadable)
        }
    }
}

fn container_address(wish: AddressWish) -> Option<CtAddress> {
    match wish {
        AddressWish::Dhcp => Some(CtAddress::Dhcp),
        AddressWish::Fixed { address, gateway } => Some(CtAddress::Fixed { address, gateway }),
        AddressWish::Untouched => None,
    }
}

/// The value of `ipconfigN`; what it says of IPv6 stays.
fn cloud_address(now: &str, wish: AddressWish) -> String {
    match wish {
        AddressWish::Dhcp => merge::with(now, &[("ip", Some("dhcp")), ("gw", None)]),
        AddressWish::Fixed { address, gateway } => {
            let (address, gateway) = (address.to_string(), gateway.map(|gateway| gateway.to_string()));
            merge::with(now, &[("ip", Some(&address)), ("gw", gateway.as_deref())])
        }
        AddressWish::Untouched => now.to_owned(),
    }
}

fn bridge_calls(wanted: &NewBridge, network: &NodeNetwork) -> Result<Vec<Call>, Refusal> {
    let name = wanted.name.as_str();
    let found = network.interfaces.get(name);
    if let Some(found) = found {
        is_ours(wanted, found)?;
    }
    match (&network.changes, found) {
        // An attach before this one staged it and came no further.
        (Some(changes), Some(_)) if only_about(changes, name) => Ok(vec![Call::ApplyNetwork]),
        (Some(changes), _) => Err(Refusal::OthersEdits(changes.clone())),
        (None, Some(found)) if found.active => Ok(Vec::new()),
        (None, Some(_)) => Ok(vec![Call::ApplyNetwork]),
        (None, None) => Ok(vec![Call::CreateBridge(wanted.clone()), Call::ApplyNetwork]),
    }
}

fn is_ours(wanted: &NewBridge, found: &Interface) -> Result<(), Refusal> {
    let taken = |why| {
        let name = wanted.name.to_string();
        Err(Refusal::BridgeTaken { name, why })
    };
    if found.kind != "bridge" {
        return taken("it is no Linux bridge");
    }
    if found
        .bridge_ports
        .as_deref()
        .is_some_and(|ports| !ports.trim().is_empty())
    {
        return taken("it has ports");
    }
    if found.comments.as_deref().unwrap_or_default().trim() != wanted.comment.trim() {
        return taken("its comment is another");
    }
    if found.cidr == Some(wanted.address) {
        return Ok(());
    }
    Err(Refusal::BridgeDiffers {
        name: wanted.name.to_string(),
        found: found.cidr.map_or("none".to_owned(), |cidr| cidr.to_string()),
        wanted: wanted.address.to_string(),
    })
}

fn guest_calls(
    after: &BTreeMap<String, String>,
    guest: &Settings,
    earlier: Option<&Record>,
) -> Result<Vec<Call>, Refusal> {
    let waiting: BTreeSet<String> = after
        .iter()
        .filter(|(name, value)| guest.pending.contains_key(*name) && !waits_rightly(name, value, guest))
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(others) = waiting
        .iter()
        .find(|name| !earlier.is_some_and(|earlier| earlier.settings.contains_key(*name)))
    {
        return Err(Refusal::PendingChange(others.clone()));
    }
    let differs = |(name, value): &(&String, &String)| {
        !guest.values.get(*name).is_some_and(|now| says(now, value)) && !waits_rightly(name, value, guest)
    };
    let set: BTreeMap<String, String> = after
        .iter()
        .filter(differs)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let regenerate = guest.has_cloud_init().then_some(Call::RegenerateCloudInit);
    Ok(if !waiting.is_empty() {
        vec![Call::RevertPending(waiting)]
    } else if set.is_empty() {
        Vec::new()
    } else {
        let change = Configure {
            set,
            delete: BTreeSet::new(),
            digest: guest.digest.clone(),
        };
        [Call::Configure(change)].into_iter().chain(regenerate).collect()
    })
}

/// Cloud-init's addresses wait for the guest's next start as a matter of course. A NIC that waits has failed to be plugged
/// in, and is tried again.
fn waits_rightly(name: &str, value: &str, guest: &Settings) -> bool {
    NicIndex::of_key(name).is_none()
        && matches!(guest.pending.get(name), Some(Pending::Set(waiting)) if says(waiting, value))
}

/// Whether `now` has all that `value` sets. Proxmox adds to what it is given, e.g. `type=veth`.
fn says(now: &str, value: &str) -> bool {
    now == value
        || merge::same(
            &merge::with(now, &[("type", None)]),
            &merge::with(value, &[("type", None)]),
        )
}

fn touched(
    after: BTreeMap<String, String>,
    guest: &Settings,
    earlier: Option<&Record>,
) -> BTreeMap<String, Touched> {
    let mut settings = earlier
        .map(|earlier| earlier.settings.clone())
        .unwrap_or_default();
    for (name, after) in after {
        let (before, after) = match settings.remove(&name) {
            Some(known) if says(&after, &known.after) => (known.before, known.after),
            Some(known) => (known.before, after),
            None => (guest.values.get(&name).cloned(), after),
        };
        settings.insert(name, Touched { before, after });
    }
    settings
}
