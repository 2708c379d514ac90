//! Adding a VPS and addresses to its pool: the edits that need a look at the host first.

use ipnet::Ipv4Net;
use std::{net::Ipv4Addr, path::Path, sync::Arc};
use uuid::Uuid;
use wirewarp_model::{Access, Host, HostId, Name, Port, Secret, observed::Observed};
use wirewarp_plan::allocate::Occupied;
use wirewarp_remote::{
    session::RootSession,
    ssh::{Exec, keys},
};
use wirewarp_store::secrets::{SecretKey, SecretKind};

use crate::{
    Engine,
    edit::{self, Proposal, discover, ip::FoundIp, vps::NewVps},
    error::EngineError,
    hosts::login::HostLogin,
    progress::{Event, Progress},
};

/// A VPS to be added.
#[derive(Debug, Clone)]
pub struct AddVps {
    /// Its name.
    pub name: Name,
    /// How it is logged in to.
    pub login: HostLogin,
    /// Its tunnel network; none for a free one.
    pub tunnel_network: Option<Ipv4Net>,
    /// UDP port of WireGuard.
    pub listen_port: Port,
    /// Addresses for the pool (`PUBLIC` or `PUBLIC=PRIVATE`); empty for all that are found.
    pub ips: Vec<String>,
}

impl Engine {
    /// Connects to a machine, looks at it, and proposes it as a VPS. Nothing on it is changed, but for a key that was
    /// asked to be installed.
    pub async fn add_vps(
        &self,
        request: AddVps,
        progress: Arc<dyn Progress>,
    ) -> Result<Proposal, EngineError> {
        let inventory = self.inventory().await?;
        edit::name_is_free(&inventory, &request.name)?;
        request
            .tunnel_network
            .map(edit::vps::tunnel_network_fits)
            .transpose()?;
        let mut login = request.login;
        let session = self.hosts.first(&login).await?;
        let id = HostId(Uuid::new_v4());
        if login.install_key {
            self.install_key(id, &request.name, &mut login, &session).await?;
            say(
                &progress,
                &request.name,
                "a key of its own is installed; the password is not kept",
            );
        }
        let observed = self.look(&request.name, &session).await?;
        let dialled = dialled(&session).await;
        let ips = pool(&observed, dialled, &request.ips)?;
        let endpoint = endpoint(&ips, dialled)?;
        let new = NewVps {
            name: request.name.clone(),
            host: Host {
                id,
                name: request.name,
                access: Access::Ssh(login.access.clone()),
                machine_id: observed.machine_id.clone(),
            },
            tunnel_network: request.tunnel_network,
            listen_port: request.listen_port,
            endpoint,
            ips,
            occupied: Occupied::of_host(&inventory, id, &observed, "this machine"),
        };
        let after = edit::vps::add(&inventory, new)?;
        self.hosts.keep(id, session).await;
        Ok(Proposal::new(inventory, after, "vps.add")
            .with_login(id, login)
            .with_look(id, observed))
    }

    /// Proposes an address for a pool; all that are found and not in it yet when `address` is none.
    pub async fn add_ip(&self, vps: &Name, address: Option<&str>) -> Result<Proposal, EngineError> {
        let inventory = self.inventory().await?;
        let host = inventory.host(edit::vps(&inventory, vps)?.host).cloned();
        let host = host.ok_or_else(|| EngineError::not_found("VPS", vps.as_str(), std::iter::empty()))?;
        let session = self.hosts.session(&inventory, &host).await?;
        let observed = self.look(&host.name, &session).await?;
        let found = match address {
            Some(text) => vec![discover::named_ip(&observed, text)?],
            None => discover::public_ips(&observed, dialled(&session).await),
        };
        let after = edit::ip::add(&inventory, vps, found)?;
        Ok(Proposal::new(inventory, after, "ip.add").with_look(host.id, observed))
    }

    /// Makes a key for a host, installs it over the session that the password opened, and proves that it logs in before
    /// the password is forgotten.
    pub(crate) async fn install_key(
        &self,
        id: HostId,
        name: &Name,
        login: &mut HostLogin,
        session: &RootSession,
    ) -> Result<(), EngineError> {
        let folder = self.data_dir.join("keys");
        let path = folder.join(id.to_string());
        let file_error = |source| EngineError::File {
            path: path.display().to_string(),
            source,
        };
        make_private(&folder).map_err(file_error)?;
        let public = keys::generate_ed25519(&path, &format!("wirewarp {name}")).map_err(file_error)?;
        let script = keys::install_script(&public)?;
        let output = session
            .session
            .exec(Exec::new(&script))
            .await
            .map_err(EngineError::ssh)?;
        if !output.success() {
            let message = format!(
                "The key could not be installed on “{name}”: {}",
                output.stderr.trim()
            );
            return Err(EngineError::refused(
                "key_not_installed",
                message,
                &["Leave out --install-key to keep the password."],
            ));
        }
        let by_key = HostLogin {
            password: None,
            install_key: false,
            ..login.clone()
        };
        let by_key = HostLogin {
            access: wirewarp_model::inventory::SshAccess {
                key_file: Some(path),
                password: false,
                ..by_key.access
            },
            ..by_key
        };
        // The sudo password is often the one for SSH.
        let sudo = login.sudo_password.clone().or(login.password.clone());
        self.hosts
            .first(&HostLogin {
                sudo_password: sudo,
                ..by_key.clone()
            })
            .await?;
        *login = by_key;
        Ok(())
    }
}

impl Proposal {
    /// The same with a secret to keep once it is recorded.
    pub(crate) fn with_secret(mut self, key: SecretKey, secret: Secret) -> Self {
        self.secrets.push((key, secret));
        self
    }

    /// Keeps the login's secrets, once the proposal is recorded.
    pub(crate) fn with_login(mut self, host: HostId, login: HostLogin) -> Self {
        let secrets = [
            (SecretKind::SshPassword, login.password),
            (SecretKind::SudoPassword, login.sudo_password),
        ];
        self.secrets.extend(
            secrets
                .into_iter()
                .filter_map(|(kind, secret)| Some((SecretKey::host(host, kind), secret?))),
        );
        self
    }

    /// Hands on what was seen of a host a moment ago, so that it is not looked at again.
    pub(crate) fn with_look(mut self, host: HostId, observed: Observed) -> Self {
        self.observed.insert(host, observed);
        self
    }
}

/// Makes a folder that its owner alone can look into.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn say(progress: &Arc<dyn Progress>, host: &Name, text: &str) {
    progress.report(Event::Message {
        host: host.to_string(),
        text: text.into(),
    });
}

/// The address that was dialled, if it is IPv4 or a name that this machine resolves to one.
pub(crate) async fn dialled(session: &RootSession) -> Option<Ipv4Addr> {
    let endpoint = session.endpoint()?;
    if let Ok(address) = endpoint.host.parse() {
        return Some(address);
    }
    if endpoint.via.is_some() {
        return None;
    }
    let found = tokio::net::lookup_host((endpoint.host.as_str(), endpoint.port))
        .await
        .ok()?;
    found.into_iter().find_map(|address| match address.ip() {
        std::net::IpAddr::V4(v4) => Some(v4),
        std::net::IpAddr::V6(_) => None,
    })
}

fn pool(
    observed: &Observed,
    dialled: Option<Ipv4Addr>,
    named: &[String],
) -> Result<Vec<FoundIp>, EngineError> {
    if !named.is_empty() {
        return named
            .iter()
            .map(|text| discover::named_ip(observed, text))
            .collect();
    }
    let found = discover::public_ips(observed, dialled);
    if found.is_empty() {
        return Err(EngineError::refused(
            "no_public_ip",
            "No public address was found on the host.",
            &[
                "Name it: --ip PUBLIC, or --ip PUBLIC=PRIVATE where the provider maps a public address to a private one.",
            ],
        ));
    }
    Ok(found)
}

/// What peers connect to: the address that was dialled, if it is in the pool.
fn endpoint(ips: &[FoundIp], dialled: Option<Ipv4Addr>) -> Result<Ipv4Addr, EngineError> {
    let fits = |ip: &&FoundIp| Some(ip.address) == dialled;
    let chosen = ips.iter().find(fits).or(ips.first());
    chosen
        .map(|ip| ip.address)
        .ok_or_else(|| EngineError::refused("no_public_ip", "The pool is empty.", &[]))
}
