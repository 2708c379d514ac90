//! A running stand-in, as a test holds it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::certificate;
use super::cluster::Cluster;
use super::effects::{Effects, Nothing};
use super::login;
use super::server::{self, AnswerFault, Event, Hook, Logged, Shared, locked};
use super::{INTERFACES, NODE, ROOT_PASSWORD, Version};

/// A running stand-in; it ends with the value.
pub struct Standin {
    shared: Arc<Shared>,
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Standin {
    /// Starts one on loopback: the node [`NODE`] with [`INTERFACES`] and no guests.
    pub fn start(version: Version) -> Result<Self> {
        Self::start_at(
            version,
            SocketAddr::from(([127, 0, 0, 1], 0)),
            Box::new(Nothing),
            INTERFACES,
        )
    }

    /// Starts one at an address, with effects, and with the text of the node's `/etc/network/interfaces`.
    pub fn start_at(
        version: Version,
        address: SocketAddr,
        effects: Box<dyn Effects>,
        interfaces: &str,
    ) -> Result<Self> {
        let listener = std::net::TcpListener::bind(address).context("listening")?;
        Self::start_on(version, listener, effects, interfaces)
    }

    /// Starts one on a socket that listens already: one of a network namespace, for example.
    pub fn start_on(
        version: Version,
        listener: std::net::TcpListener,
        effects: Box<dyn Effects>,
        interfaces: &str,
    ) -> Result<Self> {
        let mut cluster = Cluster::new(version, ROOT_PASSWORD, effects)?;
        let address = listener.local_addr()?;
        cluster.add_node(NODE, &address.ip().to_string(), interfaces);
        // The node has booted: its network is what its file says.
        cluster.apply_network(NODE, false).map_err(anyhow::Error::msg)?;
        let certificate = certificate::make(NODE, &address.ip().to_string())?;
        let shared = Arc::new(Shared {
            cluster: Mutex::new(cluster),
            hooks: Mutex::new(Vec::new()),
            log: Mutex::new(Vec::new()),
            tls: watch::Sender::new(Arc::clone(&certificate.tls)),
            away: AtomicBool::new(false),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        listener.set_nonblocking(true)?;
        let entered = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        drop(entered);
        runtime.spawn(server::serve(listener, Arc::clone(&shared)));
        let standin = Self {
            shared,
            address,
            runtime: Some(runtime),
        };
        standin.use_certificate(certificate);
        Ok(standin)
    }

    /// Where it is: `https://127.0.0.1:40000`.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Which Proxmox VE it plays.
    pub fn version(&self) -> Version {
        self.read(|cluster| cluster.version)
    }

    /// SHA-256 of its certificate, as Proxmox shows it.
    pub fn fingerprint(&self) -> String {
        self.read(|cluster| {
            cluster
                .nodes
                .get(&cluster.local)
                .map(|node| node.fingerprint.clone())
        })
        .unwrap_or_default()
    }

    /// Takes a new certificate, of a new authority, in the place of the one it has. Open connections end.
    pub fn change_certificate(&self) -> Result<()> {
        let node = self.read(|cluster| cluster.local.clone());
        self.use_certificate(certificate::make(&node, &self.address.ip().to_string())?);
        Ok(())
    }

    fn use_certificate(&self, certificate: certificate::Certificate) {
        self.change(|cluster| {
            let local = cluster.local.clone();
            if let Some(node) = cluster.nodes.get_mut(&local) {
                node.fingerprint = certificate.fingerprint;
                node.certificates = certificate.info;
            }
        });
        self.shared.tls.send_replace(certificate.tls);
    }

    /// Changes the cluster.
    pub fn change<T>(&self, change: impl FnOnce(&mut Cluster) -> T) -> T {
        change(&mut locked(&self.shared.cluster))
    }

    fn read<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        let mut cluster = locked(&self.shared.cluster);
        cluster.settle();
        read(&cluster)
    }

    /// Changes the cluster just before the next request by `method` with `part` in its path is looked at.
    pub fn before(&self, method: &str, part: &str, change: impl FnOnce(&mut Cluster) + Send + 'static) {
        self.hook(method, part, Event::Change(Box::new(change)));
    }

    /// Spoils the answer to the next request by `method` with `part` in its path.
    pub fn spoil(&self, method: &str, part: &str, fault: AnswerFault) {
        self.hook(method, part, Event::Fault(fault));
    }

    fn hook(&self, method: &str, part: &str, what: Event) {
        locked(&self.shared.hooks).push(Hook {
            method: method.to_owned(),
            part: part.to_owned(),
            what,
        });
    }

    /// Whether nobody answers at its address: a node that boots.
    pub fn set_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::Relaxed);
        if away {
            // Ends the connections that are open.
            self.shared.tls.send_modify(|_| ());
        }
    }

    /// A token that may `rights` everywhere: what stands behind `PVEAPIToken=`. Its user is made where it is not there.
    pub fn make_token(&self, user: &str, name: &str, rights: &[&str]) -> Result<String> {
        self.change(|cluster| {
            if !cluster.access.users.contains_key(user) {
                cluster.add_user(user, "");
            }
            cluster.grant(user, "/", rights);
            cluster.add_token(user, name, false)
        })
    }

    /// The one-time password of a user at this moment.
    pub fn totp(&self, user: &str) -> Option<String> {
        self.read(|cluster| {
            let secret = cluster.access.users.get(user)?.totp.as_ref()?;
            Some(login::totp(secret, cluster.clock.seconds()))
        })
    }

    /// The text of a guest's configuration.
    pub fn guest_config_text(&self, vmid: u32) -> Option<String> {
        self.read(|cluster| Some(cluster.guests.get(&vmid)?.config.text()))
    }

    /// The text of a node's `/etc/network/interfaces`.
    pub fn interfaces_text(&self, node: &str) -> Option<String> {
        self.read(|cluster| Some(cluster.nodes.get(node)?.interfaces.clone()))
    }

    /// The text of a node's `/etc/network/interfaces.new`, where something is staged.
    pub fn staged_text(&self, node: &str) -> Option<String> {
        self.read(|cluster| Some(cluster.nodes.get(node)?.staged.clone()?.0))
    }

    /// The requests since the start, or since [`Standin::forget_requests`].
    pub fn requests(&self) -> Vec<Logged> {
        locked(&self.shared.log).clone()
    }

    /// Forgets the requests that were.
    pub fn forget_requests(&self) {
        locked(&self.shared.log).clear();
    }

    /// How many requests there were, those that only follow a task left out.
    pub fn calls(&self) -> usize {
        let requests = self.requests();
        requests
            .iter()
            .filter(|request| !request.target.contains("/tasks/"))
            .count()
    }
}

impl std::fmt::Debug for Standin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Standin")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
