//! VPSes and their pools.

use std::{net::Ipv4Addr, sync::Arc};
use wirewarp_engine::{AddVps, edit, progress::Silent};
use wirewarp_model::{
    Port, PublicIpState,
    net::{parse_ipv4, parse_network},
};

use super::{Proposed, edited, given, login, name};
use crate::{
    Desktop,
    errors::{Answered, at, bad_input, user},
    view::Change,
};

pub(super) async fn add(desktop: &Arc<Desktop>, change: Change) -> Answered<Proposed> {
    let Change::VpsAdd {
        name: vps,
        login: form,
        tunnel_network,
        listen_port,
        ips,
    } = change
    else {
        return Err(bad_input("change", "it adds no VPS"));
    };
    let settings = desktop.settings.get();
    let network = given(&tunnel_network)
        .map(|text| parse_network("tunnel network", text))
        .transpose();
    let port = given(&listen_port).map_or_else(|| settings.listen_port.to_string(), str::to_owned);
    let request = AddVps {
        name: name("name", &vps)?,
        login: login(&form, &settings)?,
        tunnel_network: at("tunnel_network", network)?,
        listen_port: at("listen_port", port.parse::<Port>())?,
        ips: ips
            .iter()
            .filter_map(|text| given(text))
            .map(str::to_owned)
            .collect(),
    };
    let proposal = desktop
        .engine
        .add_vps(request, Arc::new(Silent))
        .await
        .map_err(user)?;
    Ok(proposal.into())
}

pub(super) async fn rename(desktop: &Desktop, vps: &str, new_name: &str) -> Answered<Proposed> {
    let (vps, new_name) = (name("name", vps)?, name("new_name", new_name)?);
    let edit = |inventory: &_| edit::vps::rename(inventory, &vps, &new_name);
    edited(desktop, "vps.rename", edit).await
}

pub(super) async fn remove(desktop: &Desktop, vps: &str, forget: bool, packages: bool) -> Answered<Proposed> {
    let vps = name("name", vps)?;
    let edit = |inventory: &_| edit::vps::remove(inventory, &vps, forget);
    let proposal = desktop.engine.propose("vps.remove", edit).await.map_err(user)?;
    Ok(proposal.removing_packages(packages).into())
}

pub(super) async fn add_ip(desktop: &Desktop, vps: &str, address: &str) -> Answered<Proposed> {
    let vps = name("vps", vps)?;
    let proposal = desktop.engine.add_ip(&vps, given(address)).await;
    Ok(at("address", proposal)?.into())
}

pub(super) async fn remove_ip(desktop: &Desktop, vps: &str, address: &str) -> Answered<Proposed> {
    let (vps, address) = (name("vps", vps)?, ip(address)?);
    let edit = |inventory: &_| edit::ip::remove(inventory, &vps, address);
    edited(desktop, "ip.remove", edit).await
}

pub(super) async fn set_ip_active(
    desktop: &Desktop,
    vps: &str,
    address: &str,
    active: bool,
) -> Answered<Proposed> {
    let (vps, address) = (name("vps", vps)?, ip(address)?);
    let (action, state) = if active {
        ("ip.enable", PublicIpState::Active)
    } else {
        ("ip.disable", PublicIpState::Disabled)
    };
    let edit = |inventory: &_| edit::ip::set_state(inventory, &vps, address, state);
    edited(desktop, action, edit).await
}

fn ip(text: &str) -> Answered<Ipv4Addr> {
    at("address", parse_ipv4("address", text))
}
