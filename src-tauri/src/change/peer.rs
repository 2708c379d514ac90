//! Peers.

use std::sync::Arc;
use wirewarp_engine::{AddPeer, Assignment, PeerSetup, edit, progress::Silent};
use wirewarp_model::{IfName, ManualMode, Name, PeerKind, PeerRoute, PeerState, net::parse_network};

use super::{Proposed, edited, given, login, name};
use crate::{
    Desktop,
    errors::{Answered, at, bad_input, user},
    view::{Change, ManualModeChoice, PeerSetupForm},
};

pub(super) async fn add(desktop: &Arc<Desktop>, change: Change) -> Answered<Proposed> {
    let Change::PeerAdd {
        name: peer,
        vps,
        setup,
        ip,
        network,
        vm_interface,
        mtu,
        route,
    } = change
    else {
        return Err(bad_input("change", "it adds no peer"));
    };
    let network = given(&network)
        .map(|text| parse_network("network", text))
        .transpose();
    let vm_interface = given(&vm_interface).map(str::parse::<IfName>).transpose();
    let request = AddPeer {
        name: name("name", &peer)?,
        vps: given(&vps).map(|text| name("vps", text)).transpose()?,
        setup: read_setup(desktop, &setup)?,
        assignment: assignment(given(&ip).unwrap_or("round-robin"))?,
        network: at("network", network)?,
        vm_interface: at("vm_interface", vm_interface)?,
        mtu: given(&mtu).map(read_mtu).transpose()?,
        route: at("route", given(&route).unwrap_or("replies").parse::<PeerRoute>())?,
    };
    let peer = request.name.clone();
    let added = desktop.engine.add_peer(request, Arc::new(Silent)).await;
    let (proposal, key) = added.map_err(user)?;
    Ok(Proposed::Edit(Box::new(proposal), key.map(|key| (peer, key))))
}

pub(super) async fn rename(desktop: &Desktop, peer: &str, new_name: &str) -> Answered<Proposed> {
    let (peer, new_name) = (name("name", peer)?, name("new_name", new_name)?);
    let edit = |inventory: &_| edit::peer::rename(inventory, &peer, &new_name);
    edited(desktop, "peer.rename", edit).await
}

pub(super) async fn move_to(desktop: &Desktop, peer: &str, ip: &str) -> Answered<Proposed> {
    let (peer, assignment) = (name("name", peer)?, assignment(ip.trim())?);
    let edit = |inventory: &_| edit::peer::assign(inventory, &peer, assignment);
    edited(desktop, "peer.move", edit).await
}

pub(super) async fn set_active(desktop: &Desktop, peers: &[String], active: bool) -> Answered<Proposed> {
    let names = names(peers)?;
    let (action, state) = if active {
        ("peer.resume", PeerState::Active)
    } else {
        ("peer.suspend", PeerState::Suspended)
    };
    let edit = |inventory: &_| edit::peer::set_state(inventory, &names, state);
    edited(desktop, action, edit).await
}

pub(super) async fn set_route(desktop: &Desktop, peer: &str, route: &str) -> Answered<Proposed> {
    let (peer, route) = (name("name", peer)?, at("route", route.parse::<PeerRoute>())?);
    let edit = |inventory: &_| edit::peer::set_route(inventory, &peer, &route);
    edited(desktop, "peer.route", edit).await
}

pub(super) async fn rotate_keys(desktop: &Desktop, peer: &str) -> Answered<Proposed> {
    let peer = name("name", peer)?;
    if desktop.engine.peer(&peer).await.map_err(user)?.kind == PeerKind::Manual {
        let (proposal, key) = desktop.engine.new_manual_key(&peer).await.map_err(user)?;
        return Ok(Proposed::Edit(Box::new(proposal), Some((peer, key))));
    }
    Ok(desktop.engine.rotate_keys(&peer).await.map_err(user)?.into())
}

pub(super) async fn mtu(desktop: &Desktop, peer: &str, mtu: &str) -> Answered<Proposed> {
    let peer = name("name", peer)?;
    let proposed = match given(mtu) {
        Some(bytes) => desktop.engine.set_mtu(&peer, read_mtu(bytes)?).await,
        None => desktop.engine.measure_mtu(&peer).await,
    };
    Ok(proposed.map_err(user)?.into())
}

pub(super) async fn remove(
    desktop: &Desktop,
    peers: &[String],
    forget: bool,
    packages: bool,
) -> Answered<Proposed> {
    let names = names(peers)?;
    let edit = |inventory: &_| edit::peer::remove(inventory, &names, forget);
    let proposal = desktop.engine.propose("peer.remove", edit).await.map_err(user)?;
    Ok(proposal.removing_packages(packages).into())
}

fn names(texts: &[String]) -> Answered<Vec<Name>> {
    if texts.is_empty() {
        return Err(bad_input("names", "choose at least one peer"));
    }
    texts.iter().map(|text| name("names", text)).collect()
}

fn assignment(text: &str) -> Answered<Assignment> {
    at("ip", Assignment::parse(text))
}

fn read_setup(desktop: &Desktop, form: &PeerSetupForm) -> Answered<PeerSetup> {
    Ok(match form {
        PeerSetupForm::Local => PeerSetup::Local,
        PeerSetupForm::Ssh { login: form } => PeerSetup::Ssh(login(form, &desktop.settings.get())?),
        PeerSetupForm::Manual { mode } => PeerSetup::Manual(match mode {
            ManualModeChoice::FullTunnel => ManualMode::FullTunnel,
            ManualModeChoice::Masquerade => ManualMode::Masquerade,
        }),
    })
}

/// 1280 is what IPv6 needs (RFC 8200, section 5), and less helps nobody.
fn read_mtu(text: &str) -> Answered<u16> {
    let fits = text.parse().ok().filter(|mtu| (1280..=9000).contains(mtu));
    fits.ok_or_else(|| bad_input("mtu", "it must be 1280 to 9000 bytes"))
}
