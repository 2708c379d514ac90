//! A [`Target`] and the SSH configuration together into what is dialled.

use std::path::{Path, PathBuf};

use super::config::{HostConfig, IdentityAgent, Query, SshConfig, expand_home};
use super::error::SshError;
use super::login::Credentials;
use super::problem::SshProblem;
use super::target::{AuthMethods, Endpoint, Target};

/// Where the person's SSH files are.
#[derive(Debug, Clone, Default)]
pub struct SshFiles {
    /// The home directory, for `~` and the default keys.
    pub home: Option<PathBuf>,
    /// Configuration files, the first having the last word.
    pub config: Vec<PathBuf>,
    /// `known_hosts` files of the system, read besides the person's own.
    pub system_known_hosts: Vec<PathBuf>,
    /// The login name here, used where no other is given.
    pub local_user: String,
}

impl SshFiles {
    /// The files that `ssh` uses for whoever runs this program.
    pub fn of_this_user() -> Self {
        let home = std::env::home_dir();
        let mut config: Vec<PathBuf> = home.iter().map(|home| home.join(".ssh/config")).collect();
        config.push("/etc/ssh/ssh_config".into());
        let names = ["USER", "LOGNAME", "USERNAME"];
        let local_user = names
            .iter()
            .find_map(|name| std::env::var(name).ok())
            .unwrap_or_else(|| "root".into());
        Self {
            home,
            config,
            system_known_hosts: vec!["/etc/ssh/ssh_known_hosts".into()],
            local_user,
        }
    }

    /// Hosts that the configuration names, each with where it leads, e.g. `root@203.0.113.10:2222 via bastion`. One that
    /// cannot be used says why instead.
    pub fn named_hosts(&self) -> Result<Vec<(String, String)>, SshError> {
        let fail = |why: String| SshError::new("the SSH configuration", SshProblem::Config(why));
        let config = SshConfig::load(&self.config, self.home.as_deref()).map_err(fail)?;
        let leads_to = |alias: &String| {
            let query = Query {
                host: alias,
                port: None,
                user: None,
                local_user: &self.local_user,
                home: self.home.clone(),
            };
            config.lookup(&query).map_or_else(|why| why, |host| place(&host))
        };
        let aliases = config.aliases();
        Ok(aliases
            .into_iter()
            .map(|alias| (alias.clone(), leads_to(&alias)))
            .collect())
    }

    fn default_keys(&self) -> Vec<PathBuf> {
        let Some(home) = &self.home else { return Vec::new() };
        let names = ["id_ed25519", "id_ecdsa", "id_rsa"];
        names
            .iter()
            .map(|name| home.join(".ssh").join(name))
            .filter(|path| path.is_file())
            .collect()
    }

    fn known_hosts(&self, named: Option<Vec<PathBuf>>) -> Vec<PathBuf> {
        let own = || {
            self.home
                .iter()
                .flat_map(|home| ["known_hosts", "known_hosts2"].map(|n| home.join(".ssh").join(n)))
        };
        named
            .unwrap_or_else(|| own().collect())
            .into_iter()
            .chain(self.system_known_hosts.iter().cloned())
            .collect()
    }
}

/// What is dialled, and with what.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// Name or address to look up.
    pub dial: String,
    pub port: u16,
    pub user: String,
    pub credentials: Credentials,
    /// The host to go through.
    pub jump: Option<Target>,
    pub known_hosts: Vec<PathBuf>,
    /// Name in `known_hosts` and in the caller's list.
    pub known_as: String,
}

impl Route {
    /// The endpoint that host keys are kept for, when reached by `via`.
    pub(super) fn endpoint(&self, via: Option<&Endpoint>) -> Endpoint {
        Endpoint {
            via: via.cloned().map(Box::new),
            ..Endpoint::new(&self.known_as, self.port)
        }
    }
}

/// Resolves `target`. Fails for a configuration that cannot be used.
pub(super) fn resolve(target: &Target, files: &SshFiles) -> Result<Route, SshError> {
    let fail = |why: String| SshError::new(&target.address, SshProblem::Config(why));
    if target.address.is_empty()
        || target.address.starts_with('-')
        || target.address.contains(char::is_whitespace)
    {
        return Err(fail("the address is not a host name".into()));
    }
    let paths: &[PathBuf] = if target.use_ssh_config { &files.config } else { &[] };
    let config = SshConfig::load(paths, files.home.as_deref()).map_err(fail)?;
    let query = Query {
        host: target.address.trim_start_matches('[').trim_end_matches(']'),
        port: target.port,
        user: target.user.as_deref(),
        local_user: &files.local_user,
        home: files.home.clone(),
    };
    let host = config.lookup(&query).map_err(fail)?;
    let jump = match &target.jump {
        Some(jump) => Some(jump.as_ref().clone()),
        None => chain(&host.proxy_jump, target).map_err(fail)?,
    };
    Ok(Route {
        credentials: credentials(&target.auth, target.use_ssh_config, &host, files),
        known_as: host
            .host_key_alias
            .clone()
            .unwrap_or_else(|| host.host_name.clone()),
        known_hosts: files.known_hosts(host.known_hosts),
        dial: host.host_name,
        port: host.port,
        user: host.user,
        jump,
    })
}

/// Where a host is, in short.
fn place(host: &HostConfig) -> String {
    let port = if host.port == 22 {
        String::new()
    } else {
        format!(":{}", host.port)
    };
    let via = host.proxy_jump.join(", ");
    let via = if via.is_empty() {
        via
    } else {
        format!(" via {via}")
    };
    format!("{}@{}{port}{via}", host.user, host.host_name)
}

fn credentials(auth: &AuthMethods, use_config: bool, host: &HostConfig, files: &SshFiles) -> Credentials {
    let paths = |paths: &[PathBuf]| -> Vec<PathBuf> {
        let path = |path: &PathBuf| named_path(path, files.home.as_deref());
        paths.iter().map(path).collect()
    };
    let named_files = paths(&auth.key_files);
    let mut usual_files = match &host.identity_files {
        Some(identities) => identities.clone(),
        None if use_config && auth.key_files.is_empty() => files.default_keys(),
        None => Vec::new(),
    };
    let more = paths(&auth.more_key_files);
    let unknown = more.into_iter().filter(|path| !usual_files.contains(path));
    let unknown: Vec<PathBuf> = unknown.collect();
    usual_files.extend(unknown);
    let agent = if auth.agent {
        host.identity_agent.clone()
    } else {
        IdentityAgent::Off
    };
    let any_agent_key = auth.agent && !host.identities_only;
    Credentials {
        named_files,
        usual_files,
        agent,
        any_agent_key,
        password: auth.password.clone(),
    }
}

fn named_path(path: &Path, home: Option<&Path>) -> PathBuf {
    path.to_str()
        .map_or_else(|| path.to_path_buf(), |text| expand_home(text, home))
}

/// The hops of a `ProxyJump` as targets: the last is the one to go through, by way of those before it.
fn chain(hops: &[String], target: &Target) -> Result<Option<Target>, String> {
    let mut jump: Option<Target> = None;
    for hop in hops {
        let (user, address, port) = read_hop(hop)?;
        jump = Some(Target {
            address,
            port,
            user,
            auth: AuthMethods {
                agent: target.auth.agent,
                ..AuthMethods::default()
            },
            jump: jump.map(Box::new),
            use_ssh_config: true,
        });
    }
    Ok(jump)
}

/// `[user@]host[:port]` or `ssh://[user@]host[:port]`; an IPv6 address with a port stands in brackets.
fn read_hop(hop: &str) -> Result<(Option<String>, String, Option<u16>), String> {
    let bad = || format!("“{hop}” is not a jump host such as user@host:22");
    let rest = hop.strip_prefix("ssh://").unwrap_or(hop).trim_end_matches('/');
    let (user, place) = rest
        .rsplit_once('@')
        .map_or((None, rest), |(user, place)| (Some(user.to_owned()), place));
    let (address, port) = match place.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((address, "")) => (address, None),
        Some((address, port)) => (address, Some(port.strip_prefix(':').ok_or_else(bad)?)),
        None => match place.split_once(':') {
            Some((address, port)) if !port.contains(':') => (address, Some(port)),
            _ => (place, None),
        },
    };
    let port = port.map(str::parse).transpose().map_err(|_| bad())?;
    if address.is_empty() {
        Err(bad())
    } else {
        Ok((user, address.to_owned(), port))
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
