//! What is handed to the person: configurations, files, texts for friends.

use std::{
    io::Write as _,
    net::{IpAddr, Ipv4Addr},
    path::Path,
    sync::Arc,
};
use wirewarp_engine::ClientConfig;
use wirewarp_model::{ForwardId, Name, UserError};

use super::{Ipv4, reads};
use crate::{
    Desktop,
    change::name,
    csv,
    errors::{Answered, bad_input, error, user},
    settings::is_dns_name,
    view::{About, ClientConfigView, DnsCheck, Export, ForwardRow, SecretsPlace, Update},
};

pub(crate) async fn client_config(desktop: &Arc<Desktop>, peer: String) -> Answered<ClientConfigView> {
    let peer = name("peer", &peer)?;
    if let Some((key, kept)) = desktop.fresh_key(peer.as_str()) {
        let config = desktop.engine.config(&peer, &key).await.map_err(user)?;
        return config_view(&peer, &config, kept);
    }
    match desktop.engine.kept_client_config(&peer).await.map_err(user)? {
        Some(config) => config_view(&peer, &config, true),
        None => Err(no_key(&peer)),
    }
}

pub(crate) async fn keep_client_key(
    desktop: &Arc<Desktop>,
    peer: String,
    keep: bool,
) -> Answered<ClientConfigView> {
    let peer = name("peer", &peer)?;
    let fresh = desktop.fresh_key(peer.as_str());
    match (keep, fresh) {
        (true, Some((key, _))) => {
            desktop
                .engine
                .client_config(&peer, &key, true)
                .await
                .map_err(user)?;
            desktop.hold_key(peer.as_str(), key, true);
        }
        (true, None) => {}
        (false, fresh) => {
            // The person may still look at it until the program ends.
            let shown = desktop.engine.kept_client_config(&peer).await.map_err(user)?;
            desktop.engine.forget_client_key(&peer).await.map_err(user)?;
            match (fresh, shown) {
                (Some((key, _)), _) => desktop.hold_key(peer.as_str(), key, false),
                (None, Some(config)) => return config_view(&peer, &config, false),
                (None, None) => {}
            }
        }
    }
    client_config(desktop, peer.to_string()).await
}

pub(crate) async fn save_client_config(desktop: &Arc<Desktop>, peer: String) -> Answered<Option<String>> {
    let config = client_config(desktop, peer).await?;
    save(desktop, &config.file_name, config.text.as_bytes()).await
}

pub(crate) async fn export_csv(desktop: &Arc<Desktop>, what: Export) -> Answered<Option<String>> {
    let name = match what {
        Export::Vpses { .. } => "vpses.csv",
        Export::Peers { .. } => "peers.csv",
        Export::Forwards { .. } => "port-forwards.csv",
        Export::Activity { .. } => "activity.csv",
    };
    let text = csv::table(desktop, what).await?;
    save(desktop, name, text.as_bytes()).await
}

pub(crate) async fn save_text(
    desktop: &Arc<Desktop>,
    file_name: String,
    text: String,
) -> Answered<Option<String>> {
    let plain = |c: char| c.is_alphanumeric() || "._- ".contains(c);
    let name: String = file_name.chars().filter(|c| plain(*c)).take(100).collect();
    save(desktop, name.trim_start_matches(['.', ' ']), text.as_bytes()).await
}

pub(crate) async fn share_text(desktop: &Arc<Desktop>, forward: ForwardId) -> Answered<String> {
    let snapshot = desktop.snapshot().await?;
    let found = snapshot.inventory.forward(forward);
    let row = reads::forward_rows(&snapshot.inventory, found.into_iter()).pop();
    let row = row.ok_or_else(|| error("not_found", "There is no such port forward any more.", &[]))?;
    let names = desktop.settings.get().dns_names;
    let place = names.get(&row.public_ip.to_string()).cloned();
    Ok(share(&row, &place.unwrap_or_else(|| row.public_ip.to_string())))
}

/// What friends type: one port stands behind its address, several are listed.
fn share(row: &ForwardRow, place: &str) -> String {
    let public = |part: &str| part.split("->").next().unwrap_or_default().to_owned();
    let ports: Vec<String> = row
        .ports
        .split(',')
        .filter(|part| !part.is_empty())
        .map(public)
        .collect();
    match ports.as_slice() {
        [] => format!("Join: {place}"),
        [port] if !port.contains('-') => format!("Join: {place}:{port}"),
        several => format!(
            "Join: {place}, ports {} ({})",
            several.join(", "),
            words(row.protocols)
        ),
    }
}

fn words(protocols: &str) -> &str {
    match protocols {
        "both" => "TCP and UDP",
        "udp" => "UDP",
        _ => "TCP",
    }
}

pub(crate) async fn check_dns(_: &Arc<Desktop>, name: String, address: Ipv4) -> Answered<DnsCheck> {
    let name = name.trim().trim_end_matches('.');
    if !is_dns_name(name) {
        return Err(bad_input("name", "it is not a DNS name such as play.example.org"));
    }
    let Ipv4(address) = address;
    let found = match tokio::net::lookup_host((name, 0)).await {
        Ok(found) => found.map(|place| place.ip()).collect(),
        Err(error) => {
            tracing::debug!(%error, "a name was not resolved");
            vec![]
        }
    };
    Ok(dns_check(name, address, found))
}

fn dns_check(name: &str, address: Ipv4Addr, mut found: Vec<IpAddr>) -> DnsCheck {
    found.sort();
    found.dedup();
    let addresses: Vec<String> = found.iter().map(ToString::to_string).collect();
    let others: Vec<&str> = addresses
        .iter()
        .map(String::as_str)
        .filter(|a| *a != address.to_string())
        .collect();
    let hit = found.contains(&IpAddr::V4(address));
    let v4_elsewhere = found.iter().any(|ip| ip.is_ipv4() && *ip != IpAddr::V4(address));
    let message = match (hit, v4_elsewhere, addresses.is_empty()) {
        (true, false, _) => format!("{name} leads to {address}."),
        (true, true, _) => format!(
            "{name} leads to {address}, and to {} as well: some players would end up there.",
            others.join(", ")
        ),
        (false, _, true) => format!(
            "{name} leads nowhere yet. Make an A record for it with {address} where you manage the domain; it can take an hour to be seen."
        ),
        (false, _, false) => format!(
            "{name} leads to {}, not to {address}. Change its A record to {address} where you manage the domain.",
            others.join(", ")
        ),
    };
    DnsCheck {
        ok: hit && !v4_elsewhere,
        addresses,
        message,
    }
}

pub(crate) async fn open_link(desktop: &Arc<Desktop>, url: String) -> Answered<()> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if !web || url.contains(odd) || url.len() > 2_000 {
        return Err(bad_input("url", "only links to the web are opened"));
    }
    opened(desktop.outside.open(&url))
}

pub(crate) async fn open_data_dir(desktop: &Arc<Desktop>) -> Answered<()> {
    opened(desktop.outside.open(&desktop.data_dir.display().to_string()))
}

fn opened(done: Result<(), String>) -> Answered<()> {
    done.map_err(|why| error("not_opened", format!("The system did not open it: {why}"), &[]))
}

pub(crate) async fn about(desktop: &Arc<Desktop>) -> Answered<About> {
    use wirewarp_engine::KnownPlace;
    Ok(About {
        version: env!("CARGO_PKG_VERSION").into(),
        tauri: tauri::VERSION.into(),
        webview: desktop.outside.webview(),
        os: std::env::consts::OS.into(),
        data_dir: desktop.data_dir.display().to_string(),
        log_file: crate::log::folder(&desktop.data_dir).display().to_string(),
        secrets: match desktop.engine.secrets_place() {
            Some(KnownPlace::Keychain) => SecretsPlace::Keychain,
            Some(KnownPlace::Vault) => SecretsPlace::Vault,
            None => SecretsPlace::NotUsed,
        },
        tray: desktop.outside.has_tray(),
        updates: desktop.outside.updates(),
        licence: env!("CARGO_PKG_LICENSE").into(),
        repository: env!("CARGO_PKG_REPOSITORY").into(),
    })
}

pub(crate) async fn newer_version(desktop: &Arc<Desktop>) -> Answered<Option<Update>> {
    may_update(desktop)?;
    desktop.outside.newer_version().await.map_err(|why| {
        let message = format!("The publisher could not be asked: {why}");
        error(
            "update_failed",
            message,
            &["Check the connection to the internet", "Try again later"],
        )
    })
}

pub(crate) async fn install_update(desktop: &Arc<Desktop>) -> Answered<()> {
    may_update(desktop)?;
    if desktop.is_busy() {
        let message = "Something is still running, and an update ends the program";
        return Err(error(
            "busy",
            message,
            &["Wait for running jobs, and close the terminals", "Then update"],
        ));
    }
    desktop.outside.install_update().await.map_err(|why| {
        let message = format!("The update was not installed: {why}");
        error(
            "update_failed",
            message,
            &["This version goes on working", "Try again later"],
        )
    })
}

fn may_update(desktop: &Desktop) -> Answered<()> {
    if desktop.outside.updates() {
        return Ok(());
    }
    let message = "This build does not look for updates: it was made without a publisher's key";
    Err(error(
        "updates_off",
        message,
        &["Look for new versions where you have it from"],
    ))
}

pub(crate) async fn quit(desktop: &Arc<Desktop>) -> Answered<()> {
    desktop.outside.end();
    Ok(())
}

/// Asks where, and writes a file that its owner alone can read.
async fn save(desktop: &Desktop, file_name: &str, bytes: &[u8]) -> Answered<Option<String>> {
    let Some(path) = desktop.outside.save_where(file_name).await else {
        return Ok(None);
    };
    write_private(&path, bytes).map_err(|why| {
        let message = format!("{} could not be written: {why}", path.display());
        error("file", message, &["Choose another folder"])
    })?;
    Ok(Some(path.display().to_string()))
}

/// An existing file is replaced whole, or stays.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn config_view(peer: &Name, config: &ClientConfig, kept: bool) -> Answered<ClientConfigView> {
    Ok(ClientConfigView {
        text: config.text.expose().to_owned(),
        qr_svg: config.qr_svg().map_err(user)?,
        file_name: format!("{peer}.conf"),
        kept,
    })
}

fn no_key(peer: &Name) -> UserError {
    let message =
        format!("The private key of “{peer}” was not kept, so its configuration cannot be shown again.");
    error(
        "no_key",
        message,
        &["Make a new key for it; the old configuration stops working then"],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: &[&str]) -> DnsCheck {
        let found = found.iter().map(|text| text.parse().unwrap()).collect();
        dns_check("play.example.org", "203.0.113.10".parse().unwrap(), found)
    }

    #[test]
    fn a_name_is_right_only_if_it_leads_to_the_address_alone() {
        assert!(check(&["203.0.113.10"]).ok);
        assert!(check(&["203.0.113.10", "2001:db8::1"]).ok);
        assert!(!check(&["203.0.113.10", "198.51.100.1"]).ok);
        assert!(check(&["198.51.100.1"]).message.contains("not to 203.0.113.10"));
        assert!(check(&[]).message.contains("A record"));
    }
}
