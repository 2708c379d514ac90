//! From whatever is there back to what was.

use std::collections::{BTreeMap, BTreeSet};

use super::{BridgeRecord, Call, Configure, Pending, Record, Settings, Touched, merge, only_about};
use crate::{
    names::Mac,
    network::NodeNetwork,
    nic::{Nic, NicIndex},
};

/// What is to be done, and what is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detach {
    /// In this order. After them look again and decide again: it is done when there are none.
    pub calls: Vec<Call>,
    /// What is not given back, for the person to see.
    pub left: Vec<Left>,
}

/// Something that is not as it was and is left so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// Somebody has made something else of it since.
    Changed {
        /// Its name in the guest's configuration.
        name: String,
        /// What it is now; none if it is gone.
        now: Option<String>,
    },
    /// It is given back when the guest starts next: the guest did not let go of it while it runs.
    AtNextStart(String),
    /// The bridge stays, since it has become somebody's.
    Bridge(String),
    /// The bridge stays as it is while edits of somebody else are staged on the node.
    OthersEdits(String),
}

/// The calls that give back what `record` says was there.
///
/// `guest` is none when it is gone. `bridge_is_used`: whether other guests are on the bridge still, which then stays.
pub fn detach(
    record: &Record,
    network: &NodeNetwork,
    guest: Option<&Settings>,
    bridge_is_used: bool,
) -> Detach {
    let mut detach = Detach::default();
    if let Some(guest) = guest {
        guest_back(record, guest, &mut detach);
    }
    if let Some(bridge) = record.bridge.as_ref().filter(|_| !bridge_is_used) {
        bridge_back(bridge, network, &mut detach);
    }
    detach
}

fn guest_back(record: &Record, guest: &Settings, detach: &mut Detach) {
    let mut revert = BTreeSet::new();
    let mut change = Configure {
        set: BTreeMap::new(),
        delete: BTreeSet::new(),
        digest: guest.digest.clone(),
    };
    for (name, touched) in &record.settings {
        match way_back(name, touched, guest) {
            Way::Done => {}
            Way::Revert => {
                revert.insert(name.clone());
            }
            Way::Set(value) => {
                change.set.insert(name.clone(), value);
            }
            Way::Delete => {
                change.delete.insert(name.clone());
            }
            Way::Left(left) => detach.left.push(left),
        }
    }
    let writes = !change.set.is_empty() || !change.delete.is_empty();
    if !revert.is_empty() {
        // The rest is decided from what is there then, with its digest.
        detach.calls.push(Call::RevertPending(revert));
    } else if writes {
        detach.calls.push(Call::Configure(change));
    }
    if record.cloud_init && !detach.calls.is_empty() {
        detach.calls.push(Call::RegenerateCloudInit);
    }
}

/// What one name needs.
enum Way {
    Done,
    Revert,
    Set(String),
    Delete,
    Left(Left),
}

fn way_back(name: &str, touched: &Touched, guest: &Settings) -> Way {
    let now = guest.values.get(name).map(String::as_str);
    let before = touched.before.as_deref();
    let is_back = now == before;
    match guest.pending.get(name) {
        Some(Pending::Set(value)) if is_ours(name, value, &touched.after, guest) => return Way::Revert,
        Some(Pending::Set(value)) if !is_back && before == Some(value) => {
            return Way::Left(Left::AtNextStart(name.to_owned()));
        }
        Some(Pending::Delete) if !is_back && before.is_none() => {
            return Way::Left(Left::AtNextStart(name.to_owned()));
        }
        Some(Pending::Set(_) | Pending::Delete) | None => {}
    }
    match (now, before) {
        _ if is_back => Way::Done,
        (Some(now), None) if is_ours(name, now, &touched.after, guest) => Way::Delete,
        (Some(now), Some(before)) if is_ours(name, now, &touched.after, guest) => {
            Way::Set(merge::back(now, before, &touched.after))
        }
        _ => Way::Left(Left::Changed {
            name: name.to_owned(),
            now: now.map(str::to_owned),
        }),
    }
}

/// Whether `now` is still what an attach made of it: a NIC by hardware address and bridge, an address by itself.
fn is_ours(name: &str, now: &str, after: &str, guest: &Settings) -> bool {
    let on_bridge = |value: &str| -> Option<(Mac, String)> {
        let nic = Nic::parse(guest.kind, value).ok()?;
        Some((nic.mac()?, nic.bridge()?.to_owned()))
    };
    if NicIndex::of_key(name).is_some() {
        let ours = on_bridge(after);
        ours.is_some() && on_bridge(now) == ours
    } else {
        merge::get(now, "ip") == merge::get(after, "ip")
    }
}

fn bridge_back(bridge: &BridgeRecord, network: &NodeNetwork, detach: &mut Detach) {
    let name = bridge.name.as_str();
    let found = network.interfaces.get(name);
    if let Some(changes) = network
        .changes
        .as_ref()
        .filter(|changes| !only_about(changes, name))
    {
        detach.left.push(Left::OthersEdits(changes.clone()));
        return;
    }
    let ours = found.is_none_or(|found| {
        let comment = found.comments.as_deref().unwrap_or_default().trim();
        let ports = found.bridge_ports.as_deref().unwrap_or_default().trim();
        found.kind == "bridge" && ports.is_empty() && comment == bridge.comment.trim()
    });
    match (&network.changes, found) {
        _ if !ours => detach.left.push(Left::Bridge(name.to_owned())),
        // Staged to come, or to change; whether it is in force too shows once that is gone.
        (Some(_), Some(_)) => detach.calls.push(Call::RevertNetwork),
        // Staged to go.
        (Some(_), None) => detach.calls.push(Call::ApplyNetwork),
        (None, Some(_)) => {
            detach.calls.push(Call::DeleteBridge(bridge.name.clone()));
            detach.calls.push(Call::ApplyNetwork);
        }
        (None, None) => {}
    }
}
