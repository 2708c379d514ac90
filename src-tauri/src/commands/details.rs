//! Everything about one VPS or one peer, without looking at it now.

use std::sync::Arc;
use wirewarp_model::{Access, Host, Inventory, Name, UserError, observed::Observed};

use super::reads::{forward_rows, peer_rows, vps_rows};
use crate::{
    Desktop,
    change::name,
    errors::{Answered, error, user},
    view::{AccessView, AddressView, HostFacts, HostPage, InterfaceFacts, PeerPage, VpsPage},
};

pub(crate) async fn vps_details(desktop: &Arc<Desktop>, name: String) -> Answered<VpsPage> {
    let vps_name = self::name("name", &name)?;
    let snapshot = desktop.snapshot().await?;
    let inventory = &snapshot.inventory;
    let vps = inventory
        .vps_named(&vps_name)
        .ok_or_else(|| gone("VPS", &vps_name))?;
    let row = vps_rows(inventory, std::iter::once(vps)).pop();
    Ok(VpsPage {
        row: row.ok_or_else(|| gone("VPS", &vps_name))?,
        pool: pool(desktop, &vps_name).await?,
        peers: peer_rows(
            inventory,
            inventory.peers_of(vps.id),
            snapshot.added(&desktop.engine).await?,
        ),
        public_key: vps.public_key.map(|key| key.to_string()),
        host: match inventory.host(vps.host) {
            Some(host) => host_page(desktop, host).await?,
            None => return Err(gone("host", &vps_name)),
        },
    })
}

pub(crate) async fn peer_details(desktop: &Arc<Desktop>, name: String) -> Answered<PeerPage> {
    let peer_name = self::name("name", &name)?;
    let snapshot = desktop.snapshot().await?;
    let inventory = &snapshot.inventory;
    let peer = inventory
        .peer_named(&peer_name)
        .ok_or_else(|| gone("peer", &peer_name))?;
    let added = snapshot.added(&desktop.engine).await?;
    let row = peer_rows(inventory, std::iter::once(peer), added).pop();
    let row = row.ok_or_else(|| gone("peer", &peer_name))?;
    Ok(PeerPage {
        forwards: forward_rows(inventory, inventory.forwards_of(peer.id)),
        tunnel: vps_host(inventory, peer).and_then(|host| desktop.lives.tunnel(host, &peer.name)),
        public_key: peer.public_key.map(|key| key.to_string()),
        mtu: peer.mtu,
        mtu_origin: peer.mtu_origin,
        route: peer.route.to_string(),
        tunnel_interface: peer.tunnel_interface().to_string(),
        manual_mode: peer.manual_mode,
        host: match peer.host.and_then(|host| inventory.host(host)) {
            Some(host) => Some(host_page(desktop, host).await?),
            None => None,
        },
        row,
    })
}

fn vps_host<'a>(inventory: &'a Inventory, peer: &wirewarp_model::Peer) -> Option<&'a Name> {
    Some(&inventory.host(inventory.vps(peer.vps)?.host)?.name)
}

async fn pool(desktop: &Desktop, vps: &Name) -> Answered<Vec<AddressView>> {
    let names = desktop.settings.get().dns_names;
    let snapshot = desktop.snapshot().await?;
    let endpoint = snapshot.inventory.vps_named(vps).map(|vps| vps.endpoint);
    let pool = desktop.engine.pool(vps).await.map_err(user)?;
    let view = |entry: wirewarp_engine::PoolEntry| AddressView {
        address: entry.address,
        on_host: entry.on_host,
        interface: entry.interface.to_string(),
        active: entry.state == "active",
        is_endpoint: endpoint == Some(entry.address),
        peers: entry.peers.iter().filter_map(|name| name.parse().ok()).collect(),
        forwards: entry.forwards,
        ports: entry.ports,
        dns_name: names.get(&entry.address.to_string()).cloned(),
    };
    Ok(pool.into_iter().map(view).collect())
}

async fn host_page(desktop: &Desktop, host: &Host) -> Answered<HostPage> {
    let known = desktop.engine.host_record(host.id).await.map_err(user)?;
    Ok(HostPage {
        id: host.id,
        name: host.name.clone(),
        access: access(host),
        applied: known.applied,
        live: desktop.lives.of(&host.name),
        facts: known.seen.map(|(at, seen)| facts(at, &seen)),
    })
}

fn access(host: &Host) -> AccessView {
    match &host.access {
        Access::Local => AccessView::Local,
        Access::Ssh(ssh) => AccessView::Ssh {
            short: host.access.to_string(),
            address: ssh.address.clone(),
            port: ssh.port,
            user: ssh.user.clone(),
            key_file: ssh.key_file.as_ref().map(|path| path.display().to_string()),
            agent: ssh.agent,
            password: ssh.password,
            sudo_password: ssh.sudo_password,
            jump: ssh.jump.clone(),
            through_tunnel: ssh.through_tunnel,
        },
    }
}

fn facts(at: i64, seen: &Observed) -> HostFacts {
    let interface = |interface: &wirewarp_model::observed::Interface| InterfaceFacts {
        name: interface.name.to_string(),
        kind: interface.kind.clone(),
        up: interface.up,
        mtu: interface.mtu,
        addresses: interface.addresses.iter().map(ToString::to_string).collect(),
    };
    HostFacts {
        at,
        hostname: seen.hostname.clone(),
        system: seen.os.pretty.clone(),
        kernel: seen.os.kernel.clone(),
        machine: seen.os.machine.clone(),
        container: seen.container.clone(),
        kernel_wireguard: seen.kernel_wireguard,
        sshd_ports: seen.sshd_ports.clone(),
        interfaces: seen.interfaces.iter().map(interface).collect(),
        firewalls: seen
            .firewalls
            .iter()
            .map(|firewall| firewall.detail.clone())
            .collect(),
        packages: seen
            .ours
            .as_ref()
            .map(|ours| ours.packages.clone())
            .unwrap_or_default(),
    }
}

fn gone(what: &str, name: &Name) -> UserError {
    error(
        "not_found",
        format!("There is no {what} “{name}”."),
        &["It may have been removed meanwhile"],
    )
}
