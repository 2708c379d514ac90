//! Whom to connect to, with what, and within which limits.

use std::{fmt, path::Path, path::PathBuf, time::Duration};

use async_trait::async_trait;
use wirewarp_model::Secret;

/// A host to log in to.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// A name, an address, or an alias of the person's SSH configuration.
    pub address: String,
    /// Port; `None`: from the SSH configuration, else 22.
    pub port: Option<u16>,
    /// Login name; `None`: from the SSH configuration, else the name of the user here.
    pub user: Option<String>,
    /// What to log in with.
    pub auth: AuthMethods,
    /// A host to go through; `None`: from the SSH configuration, else direct.
    pub jump: Option<Box<Target>>,
    /// Whether the person's SSH configuration and default keys are used.
    pub use_ssh_config: bool,
}

impl Target {
    /// `address` with everything else from the SSH configuration and the agent.
    pub fn new(address: impl Into<String>) -> Self {
        let auth = AuthMethods {
            agent: true,
            ..AuthMethods::default()
        };
        Self {
            address: address.into(),
            auth,
            use_ssh_config: true,
            ..Self::default()
        }
    }
}

/// What to log in with, besides what the SSH configuration names.
#[derive(Debug, Clone, Default)]
pub struct AuthMethods {
    /// Private key files, tried first and in this order. A leading `~/` is the home directory.
    pub key_files: Vec<PathBuf>,
    /// Private key files that may open it as well: tried after those of the SSH configuration, and skipped where they
    /// cannot be used.
    pub more_key_files: Vec<PathBuf>,
    /// Whether the SSH agent may be asked.
    pub agent: bool,
    /// The password, for the methods `password` and `keyboard-interactive`.
    pub password: Option<Secret>,
}

/// Answers questions while a connection is made.
#[async_trait]
pub trait Prompt: Send + Sync {
    /// The passphrase of an encrypted key file; `None` when nobody can say it.
    async fn passphrase(&self, key_file: &Path) -> Option<Secret>;
}

/// Nobody is there to ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPrompt;

#[async_trait]
impl Prompt for NoPrompt {
    async fn passphrase(&self, _key_file: &Path) -> Option<Secret> {
        None
    }
}

/// How long connecting may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the TCP connection stands, for every address of the name together.
    pub connect: Duration,
    /// From there until keys are exchanged; the time in which a person decides about a host key is not counted.
    pub handshake: Duration,
    /// For logging in; PAM delays a wrong password by seconds.
    pub login: Duration,
    /// A sign of life is asked for after this long a silence.
    pub keep_alive: Duration,
    /// The connection is given up after this many unanswered signs of life.
    pub keep_alive_misses: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            handshake: Duration::from_secs(15),
            login: Duration::from_secs(30),
            keep_alive: Duration::from_secs(10),
            keep_alive_misses: 3,
        }
    }
}

/// What a host key belongs to: the host and port that were dialled, and the jump host that was used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// Name or address as dialled, in lower case; `HostKeyAlias` where the SSH configuration sets one.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The jump host it was reached by: the same private address behind two jump hosts is two hosts.
    pub via: Option<Box<Endpoint>>,
}

impl Endpoint {
    /// A host reached directly.
    pub fn new(host: &str, port: u16) -> Self {
        Self {
            host: host.to_ascii_lowercase(),
            port,
            via: None,
        }
    }

    /// `host`, or `[host]:port` when the port is not 22: the form of `known_hosts` files.
    pub fn known_hosts_name(&self) -> String {
        if self.port == 22 {
            self.host.clone()
        } else {
            format!("[{}]:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v6 = self.host.contains(':');
        match (self.port, v6) {
            (22, _) => f.write_str(&self.host)?,
            (port, true) => write!(f, "[{}]:{port}", self.host)?,
            (port, false) => write!(f, "{}:{port}", self.host)?,
        }
        match &self.via {
            Some(via) => write!(f, " via {via}"),
            None => Ok(()),
        }
    }
}
