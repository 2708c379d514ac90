//! Connections to the machines of the inventory: one a host, kept open and shared.

pub(crate) mod login;
mod trust;
mod way;

use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;
use wirewarp_model::{Access, Host, HostId, Inventory, Secret, inventory::SshAccess};
use wirewarp_remote::{
    session::RootSession,
    ssh::{Connection, Connector, HostKey, Limits, Privilege, Session, SshFiles},
};
use wirewarp_store::{
    Store,
    secrets::{SecretKey, SecretKind, Secrets},
};

use crate::{error::EngineError, person::Person};
use login::{AskPassphrase, HostLogin};
use trust::{InventoryTrust, TrustAnew, TrustExpected};

/// Opens and keeps connections.
pub(crate) struct Hosts {
    connector: Connector,
    trust: Arc<InventoryTrust>,
    secrets: Arc<Secrets>,
    store: Store,
    open: Mutex<HashMap<HostId, Open>>,
}

/// An open session.
struct Open {
    session: RootSession,
    /// The VPS's machine, if it goes through the host's tunnel by way of that.
    by: Option<HostId>,
}

/// A connection, before anybody is root on it.
struct Connected {
    connection: Connection,
    /// The password that is kept for the host.
    password: Option<Secret>,
    /// As in [`Open`].
    by: Option<HostId>,
}

impl Hosts {
    pub(crate) fn new(store: Store, secrets: Arc<Secrets>, person: Arc<dyn Person>) -> Self {
        let trust = Arc::new(InventoryTrust::new(store.clone(), person.clone()));
        let prompt = Arc::new(AskPassphrase(person));
        let connector = Connector::new(trust.clone(), prompt, Limits::default(), SshFiles::of_this_user());
        Self {
            connector,
            trust,
            secrets,
            store,
            open: Mutex::default(),
        }
    }

    /// The open session of a host, or a new one.
    pub(crate) async fn session(
        &self,
        inventory: &Inventory,
        host: &Host,
    ) -> Result<RootSession, EngineError> {
        let known = self
            .open
            .lock()
            .await
            .get(&host.id)
            .filter(|open| !open.session.is_closed())
            .filter(|open| open.by.is_none() || way::may_last(inventory, host.id))
            .map(|open| open.session.clone());
        match known {
            Some(session) => Ok(session),
            None => self.fresh(inventory, host).await,
        }
    }

    /// A **new** connection, which takes the place of the open one: only such a one may confirm a change.
    pub(crate) async fn fresh(&self, inventory: &Inventory, host: &Host) -> Result<RootSession, EngineError> {
        let opened = match &host.access {
            Access::Local => self.local(None).await.map(|session| Open { session, by: None }),
            Access::Ssh(ssh) => self.over_ssh(inventory, host, ssh).await,
        };
        let opened = opened.map_err(|error| error.on(&host.name))?;
        let session = opened.session.clone();
        self.open.lock().await.insert(host.id, opened);
        Ok(session)
    }

    /// The VPS's machine by way of which the open session of a host goes through the host's tunnel; none if it does not.
    pub(crate) async fn way_of(&self, host: HostId) -> Option<HostId> {
        self.open.lock().await.get(&host).and_then(|open| open.by)
    }

    /// A session to a machine that is not in the inventory yet.
    pub(crate) async fn first(&self, login: &HostLogin) -> Result<RootSession, EngineError> {
        let nobody = Inventory::empty(wirewarp_model::InventoryId(uuid::Uuid::nil()));
        let name = "new".parse()?;
        let host = Host {
            id: HostId(uuid::Uuid::nil()),
            name,
            access: Access::Ssh(login.access.clone()),
            machine_id: None,
        };
        let target = login::target(&nobody, &host, &login.access, login.password.clone())?;
        let connector = match &login.trust {
            Some(fingerprint) => {
                let endpoint = self.connector.endpoint_of(&target).map_err(EngineError::ssh)?;
                let trust = TrustExpected::new(self.trust.clone(), endpoint, fingerprint);
                &self.connector.with_trust(Arc::new(trust))
            }
            None => &self.connector,
        };
        let connection = connector.connect(&target).await.map_err(EngineError::ssh)?;
        self.rooted(
            Session::Ssh(connection),
            login.sudo_password.clone().or(login.password.clone()),
        )
        .await
    }

    /// Keeps a session that was opened before its machine was in the inventory.
    pub(crate) async fn keep(&self, host: HostId, session: RootSession) {
        self.open.lock().await.insert(host, Open { session, by: None });
    }

    /// This machine.
    pub(crate) async fn local(&self, sudo_password: Option<Secret>) -> Result<RootSession, EngineError> {
        self.rooted(Session::local(), sudo_password).await
    }

    /// Connects to a host whose key may have changed: the key is asked about as if it were seen for the first time, and
    /// the accepted one takes the place of those that were remembered.
    pub(crate) async fn anew(
        &self,
        inventory: &Inventory,
        host: &Host,
        fingerprint: Option<&str>,
    ) -> Result<HostKey, EngineError> {
        let Access::Ssh(ssh) = &host.access else {
            let message = format!("“{}” is this machine; there is no host key to trust.", host.name);
            return Err(EngineError::refused("local", message, &[]));
        };
        let password = if ssh.password {
            self.secret(host.id, SecretKind::SshPassword).await?
        } else {
            None
        };
        let target = login::target(inventory, host, ssh, password)?;
        let endpoint = self.connector.endpoint_of(&target).map_err(EngineError::ssh)?;
        let trust = Arc::new(TrustAnew::new(self.trust.clone(), endpoint, fingerprint));
        let connected = self.connector.with_trust(trust.clone()).connect(&target).await;
        let key = trust.accepted();
        match (key, connected) {
            (Some(key), _) => Ok(key),
            (None, Ok(connection)) => connection
                .host_key()
                .ok_or_else(|| EngineError::refused("no_host_key", "The host showed no key.", &[])),
            (None, Err(error)) => Err(EngineError::ssh(error).on(&host.name)),
        }
    }

    /// The DNS name by which a host is dialled from here; none if that is an address, or if a jump host dials it.
    pub(crate) fn name_of(&self, host: &Host) -> Option<String> {
        let Access::Ssh(ssh) = &host.access else {
            return None;
        };
        let endpoint = self.connector.endpoint_of(&login::direct(ssh, None).ok()?).ok()?;
        let is_name = endpoint.via.is_none() && endpoint.host.parse::<std::net::IpAddr>().is_err();
        is_name.then_some(endpoint.host)
    }

    async fn secret(&self, host: HostId, kind: SecretKind) -> Result<Option<Secret>, EngineError> {
        Ok(self.secrets.get(&SecretKey::host(host, kind)).await?)
    }

    /// A connection of its own for a terminal.
    pub(crate) async fn for_terminal(
        &self,
        inventory: &Inventory,
        host: &Host,
        ssh: &SshAccess,
    ) -> Result<Connection, EngineError> {
        let connector = self.connector.for_terminals();
        Ok(self.connect(&connector, inventory, host, ssh).await?.connection)
    }

    async fn over_ssh(
        &self,
        inventory: &Inventory,
        host: &Host,
        ssh: &SshAccess,
    ) -> Result<Open, EngineError> {
        let connected = self.connect(&self.connector, inventory, host, ssh).await?;
        let sudo = if ssh.sudo_password {
            self.secret(host.id, SecretKind::SudoPassword).await?
        } else {
            None
        };
        let session = self
            .rooted(Session::Ssh(connected.connection), sudo.or(connected.password))
            .await?;
        let by = connected.by;
        Ok(Open { session, by })
    }

    /// Directly or, where that does not work and the host is a peer, through its tunnel by way of its VPS. What worked a
    /// moment ago is tried first: somebody may be waiting to be confirmed.
    async fn connect(
        &self,
        connector: &Connector,
        inventory: &Inventory,
        host: &Host,
        ssh: &SshAccess,
    ) -> Result<Connected, EngineError> {
        let inventory = &*self.with_way(inventory, host).await?;
        if ssh.through_tunnel {
            return self.connect_by_tunnel(connector, inventory, host, ssh).await;
        }
        let tunnel_worked = self.way_of(host.id).await.is_some();
        if tunnel_worked && let Ok(connected) = self.connect_by_tunnel(connector, inventory, host, ssh).await
        {
            return Ok(connected);
        }
        let direct = self.connect_one_way(connector, inventory, host, ssh).await;
        let Err(error) = direct else { return direct };
        if tunnel_worked || !way::has_tunnel(inventory, host.id) || !error.is_passing() {
            return Err(error);
        }
        match self.connect_by_tunnel(connector, inventory, host, ssh).await {
            Ok(connected) => {
                tracing::info!(host = %host.name, "it does not answer directly; it is managed through its tunnel");
                Ok(connected)
            }
            Err(other) => {
                tracing::info!(host = %host.name, error = %other, "it does not answer through its tunnel either");
                Err(error)
            }
        }
    }

    async fn connect_by_tunnel(
        &self,
        connector: &Connector,
        inventory: &Inventory,
        host: &Host,
        ssh: &SshAccess,
    ) -> Result<Connected, EngineError> {
        let inside = SshAccess {
            through_tunnel: true,
            ..ssh.clone()
        };
        let connected = self.connect_one_way(connector, inventory, host, &inside).await?;
        let by = way::vps_host(inventory, host.id);
        Ok(Connected { by, ..connected })
    }

    async fn connect_one_way(
        &self,
        connector: &Connector,
        inventory: &Inventory,
        host: &Host,
        ssh: &SshAccess,
    ) -> Result<Connected, EngineError> {
        let password = if ssh.password {
            self.secret(host.id, SecretKind::SshPassword).await?
        } else {
            None
        };
        let target = login::target(inventory, host, ssh, password.clone())?;
        if ssh.through_tunnel {
            let direct = login::direct(ssh, None)?;
            let known_as = connector.endpoint_of(&direct).map_err(EngineError::ssh)?;
            let inside = connector.endpoint_of(&target).map_err(EngineError::ssh)?;
            self.trust.same_host(&inside, &known_as);
        }
        let connection = connector.connect(&target).await.map_err(EngineError::ssh)?;
        let by = way::dialled_inside(inventory, host.id, connection.endpoint());
        Ok(Connected {
            connection,
            password,
            by,
        })
    }

    /// Root is root; others are asked how they become it, which takes one more round trip.
    async fn rooted(&self, session: Session, password: Option<Secret>) -> Result<RootSession, EngineError> {
        let is_root = matches!(&session, Session::Ssh(connection) if connection.user() == "root");
        let privilege = if is_root {
            Privilege::Root
        } else {
            session
                .find_privilege(password.as_ref())
                .await
                .map_err(EngineError::ssh)?
        };
        Ok(RootSession { session, privilege })
    }
}
