//! What the configuration says about one host.

use std::path::PathBuf;

use super::parse::{Condition, SshConfig};
use super::pattern::{list_matches, matches_any};
use super::tokens::Tokens;

/// Whom the configuration is asked about.
#[derive(Debug, Clone)]
pub(in super::super) struct Query<'a> {
    /// The name as the person gave it.
    pub host: &'a str,
    /// Port and login name, when given directly: they win over the configuration.
    pub port: Option<u16>,
    pub user: Option<&'a str>,
    /// The user and home directory here.
    pub local_user: &'a str,
    pub home: Option<PathBuf>,
}

/// The answer, with defaults filled in and tokens replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct HostConfig {
    pub host_name: String,
    pub port: u16,
    pub user: String,
    /// `None`: no `IdentityFile` at all, so that the default files apply.
    pub identity_files: Option<Vec<PathBuf>>,
    pub identities_only: bool,
    pub identity_agent: IdentityAgent,
    /// Hops in order, as written; empty: direct.
    pub proxy_jump: Vec<String>,
    pub host_key_alias: Option<String>,
    /// `None`: the default files.
    pub known_hosts: Option<Vec<PathBuf>>,
}

/// `IdentityAgent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum IdentityAgent {
    /// `$SSH_AUTH_SOCK`, or what the system uses.
    Default,
    /// `none`.
    Off,
    /// This socket.
    Socket(PathBuf),
}

/// Values as written, the first of each keyword.
#[derive(Default)]
struct Raw {
    host_name: Option<String>,
    port: Option<String>,
    user: Option<String>,
    identity_files: Vec<String>,
    identities_only: Option<String>,
    identity_agent: Option<String>,
    proxy: Option<Proxy>,
    host_key_alias: Option<String>,
    known_hosts: Option<Vec<String>>,
}

enum Proxy {
    Jump(String),
    Command(String),
}

impl SshConfig {
    /// What holds for the host of `query`. Fails with the value that cannot be used.
    pub(in super::super) fn lookup(&self, query: &Query<'_>) -> Result<HostConfig, String> {
        let mut raw = Raw::default();
        for block in &self.blocks {
            if !block
                .conditions
                .iter()
                .all(|condition| holds(condition, query, &raw))
            {
                continue;
            }
            for line in &block.options {
                raw.take(&line.keyword, &line.arguments);
            }
        }
        raw.finish(query)
    }
}

impl Raw {
    fn take(&mut self, keyword: &str, arguments: &[String]) {
        let Some(first) = arguments.first() else { return };
        let slot = match keyword {
            "hostname" => &mut self.host_name,
            "port" => &mut self.port,
            "user" => &mut self.user,
            "identitiesonly" => &mut self.identities_only,
            "identityagent" => &mut self.identity_agent,
            "hostkeyalias" => &mut self.host_key_alias,
            "identityfile" => return self.identity_files.push(first.clone()),
            "userknownhostsfile" => {
                self.known_hosts.get_or_insert_with(|| arguments.to_vec());
                return;
            }
            // Whichever of the two stands first switches the other off.
            "proxyjump" => {
                self.proxy.get_or_insert_with(|| Proxy::Jump(first.clone()));
                return;
            }
            "proxycommand" => {
                self.proxy
                    .get_or_insert_with(|| Proxy::Command(arguments.join(" ")));
                return;
            }
            _ => return,
        };
        slot.get_or_insert_with(|| first.clone());
    }

    fn finish(self, query: &Query<'_>) -> Result<HostConfig, String> {
        let port = match (query.port, &self.port) {
            (Some(port), _) => port,
            (None, Some(text)) => text.parse().map_err(|_| format!("“{text}” is not a port"))?,
            (None, None) => 22,
        };
        let user = query
            .user
            .or(self.user.as_deref())
            .unwrap_or(query.local_user)
            .to_owned();
        let mut tokens = Tokens {
            host: query.host.to_owned(),
            original: query.host.to_owned(),
            port,
            user: user.clone(),
            local_user: query.local_user.to_owned(),
            home: query.home.clone(),
        };
        tokens.host = tokens.text(self.host_name.as_deref().unwrap_or(query.host))?;
        Ok(HostConfig {
            host_name: tokens.host.clone(),
            port,
            user,
            identity_files: identity_files(&self.identity_files, &tokens)?,
            identities_only: self.identities_only.is_some_and(|value| is_yes(&value)),
            identity_agent: identity_agent(self.identity_agent.as_deref(), &tokens)?,
            proxy_jump: proxy_jump(self.proxy, query.host)?,
            host_key_alias: self.host_key_alias,
            known_hosts: self
                .known_hosts
                .map(|files| known_hosts(&files, &tokens))
                .transpose()?,
        })
    }
}

fn identity_files(values: &[String], tokens: &Tokens) -> Result<Option<Vec<PathBuf>>, String> {
    if values.is_empty() {
        return Ok(None);
    }
    let named = values.iter().filter(|value| !value.eq_ignore_ascii_case("none"));
    named
        .map(|value| tokens.path(value))
        .collect::<Result<_, _>>()
        .map(Some)
}

fn known_hosts(values: &[String], tokens: &Tokens) -> Result<Vec<PathBuf>, String> {
    let named = values.iter().filter(|value| !value.eq_ignore_ascii_case("none"));
    named.map(|value| tokens.path(value)).collect()
}

fn identity_agent(value: Option<&str>, tokens: &Tokens) -> Result<IdentityAgent, String> {
    Ok(match value {
        None | Some("SSH_AUTH_SOCK" | "$SSH_AUTH_SOCK") => IdentityAgent::Default,
        Some(value) if value.eq_ignore_ascii_case("none") => IdentityAgent::Off,
        Some(value) => match value.strip_prefix('$').filter(|name| !name.starts_with('{')) {
            Some(name) => {
                std::env::var_os(name).map_or(IdentityAgent::Off, |path| IdentityAgent::Socket(path.into()))
            }
            None => IdentityAgent::Socket(tokens.path(value)?),
        },
    })
}

fn proxy_jump(proxy: Option<Proxy>, host: &str) -> Result<Vec<String>, String> {
    match proxy {
        None => Ok(Vec::new()),
        Some(Proxy::Jump(list) | Proxy::Command(list)) if list.eq_ignore_ascii_case("none") => Ok(Vec::new()),
        Some(Proxy::Jump(list)) => Ok(list.split(',').map(|hop| hop.trim().to_owned()).collect()),
        Some(Proxy::Command(command)) => match jump_in_command(&command) {
            Some(hop) => Ok(vec![hop]),
            None => Err(format!(
                "{host} uses ProxyCommand, which is not supported; use ProxyJump"
            )),
        },
    }
}

/// The hop of the old way to write a jump, `ssh [-q] -W %h:%p HOP`.
fn jump_in_command(command: &str) -> Option<String> {
    let mut words = command.split_whitespace().filter(|word| *word != "exec");
    let program = words.next()?;
    let rest: Vec<&str> = words.filter(|word| *word != "-q").collect();
    match rest.as_slice() {
        ["-W", "%h:%p" | "[%h]:%p", hop] | [hop, "-W", "%h:%p" | "[%h]:%p"] if program.ends_with("ssh") => {
            (!hop.starts_with('-')).then(|| (*hop).to_owned())
        }
        _ => None,
    }
}

fn is_yes(value: &str) -> bool {
    value.eq_ignore_ascii_case("yes") || value.eq_ignore_ascii_case("true")
}

fn holds(condition: &Condition, query: &Query<'_>, so_far: &Raw) -> bool {
    match condition {
        Condition::Host(patterns) => matches_any(patterns.iter().map(String::as_str), query.host),
        Condition::Match(words) => match_holds(words, query, so_far),
    }
}

/// `Match`: every criterion must hold. `exec`, `canonical`, `final` and what is unknown never do: nothing is run on
/// the word of a file, and names are not looked up twice.
fn match_holds(words: &[String], query: &Query<'_>, so_far: &Raw) -> bool {
    let mut words = words.iter().flat_map(|word| {
        word.split_once('=')
            .map_or(vec![word.as_str()], |(a, b)| vec![a, b])
    });
    while let Some(word) = words.next() {
        let (negated, criterion) = word.strip_prefix('!').map_or((false, word), |rest| (true, rest));
        let subject = match criterion.to_ascii_lowercase().as_str() {
            "all" if !negated => continue,
            "host" => so_far.host_name.as_deref().unwrap_or(query.host),
            "originalhost" => query.host,
            "user" => query.user.or(so_far.user.as_deref()).unwrap_or(query.local_user),
            "localuser" => query.local_user,
            _ => return false,
        };
        let Some(list) = words.next() else { return false };
        if list_matches(list, subject) == negated {
            return false;
        }
    }
    true
}

#[cfg(test)]
#[path = "lookup_tests.rs"]
mod tests;
