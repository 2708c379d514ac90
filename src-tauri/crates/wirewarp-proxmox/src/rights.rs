//! Which rights WireWarp needs, what is missing of them, and the commands that grant it.

use std::collections::BTreeMap;

use wirewarp_model::{ParseError, shell::quote};

use crate::{names::TokenId, nodes::Version};

/// The role that is made for WireWarp.
pub const ROLE: &str = "WireWarp";

/// Least privileges that all calls need on every Proxmox that is supported; measured against 9.2.11.
const ALWAYS: &[&str] = &[
    "Sys.Audit",
    "Sys.Modify",
    "VM.Audit",
    "VM.Config.Network",
    "VM.Config.Cloudinit",
    "SDN.Use",
    "SDN.Audit",
];

/// For the guest agent since 9.0, which has no `VM.Monitor` any more.
const AGENT_9: &[&str] = &["VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted"];

/// For the guest agent until 8.x.
const AGENT_8: &[&str] = &["VM.Monitor"];

/// What one path needs, and for what; each of them reaches below.
const PLACES: &[(&str, &[&str])] = &[
    ("/nodes", &["Sys.Audit", "Sys.Modify"]),
    (
        "/vms",
        &[
            "VM.Audit",
            "VM.Config.Network",
            "VM.Config.Cloudinit",
            "VM.GuestAgent.Audit",
            "VM.GuestAgent.Unrestricted",
            "VM.Monitor",
        ],
    ),
    ("/sdn", &["SDN.Use", "SDN.Audit"]),
];

/// The rights that somebody has, as `GET /access/permissions` tells them: by path the privileges, and whether each
/// reaches below (`propagate` of the access list).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights(BTreeMap<String, BTreeMap<String, bool>>);

/// A privilege that somebody lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// Where it is needed, e.g. `/vms`.
    pub path: &'static str,
    /// Its name, e.g. `VM.Audit`.
    pub privilege: &'static str,
    /// What does not work without it.
    pub purpose: &'static str,
}

impl Rights {
    /// Rights from paths with their privileges, and whether each reaches below.
    pub fn new(paths: BTreeMap<String, BTreeMap<String, bool>>) -> Self {
        Self(paths)
    }

    /// Whether `privilege` is held at `path`: there, or at the nearest path above it that is listed, if it reaches below.
    ///
    /// Proxmox lists every path where something is set, with all that holds there; what is not listed inherits.
    pub fn has(&self, path: &str, privilege: &str) -> bool {
        self.nearest(path)
            .is_some_and(|(at, held)| held.get(privilege).is_some_and(|below| *below || at == path))
    }

    /// Whether `privilege` is held below `path`, where nothing else is set.
    fn reaches_below(&self, path: &str, privilege: &str) -> bool {
        self.nearest(path)
            .is_some_and(|(_, held)| held.get(privilege) == Some(&true))
    }

    /// The listed path that `path` has its rights from.
    fn nearest<'a>(&'a self, path: &'a str) -> Option<(&'a str, &'a BTreeMap<String, bool>)> {
        let mut at = path;
        loop {
            if let Some(held) = self.0.get(at) {
                return Some((at, held));
            }
            if at == "/" {
                return None;
            }
            at = match at.rfind('/') {
                Some(0) | None => "/",
                Some(end) => &at[..end],
            };
        }
    }

    /// What WireWarp lacks on a Proxmox of this version, in the order of [`privileges`].
    pub fn missing(&self, version: Version) -> Vec<Missing> {
        privileges(version)
            .into_iter()
            .filter_map(|privilege| {
                let (path, _) = PLACES.iter().find(|(_, held)| held.contains(&privilege))?;
                let lacks = !self.reaches_below(path, privilege);
                lacks.then(|| Missing {
                    path,
                    privilege,
                    purpose: purpose(privilege),
                })
            })
            .collect()
    }
}

/// The privileges of WireWarp's role on a Proxmox of this version.
pub fn privileges(version: Version) -> Vec<&'static str> {
    let agent = if version.major >= 9 { AGENT_9 } else { AGENT_8 };
    ALWAYS.iter().chain(agent).copied().collect()
}

fn purpose(privilege: &str) -> &'static str {
    match privilege {
        "Sys.Audit" => "seeing nodes, their networks and tasks",
        "Sys.Modify" => "making a bridge on a node",
        "VM.Audit" => "seeing guests and their configuration",
        "VM.Config.Network" => "giving a guest a network card",
        "VM.Config.Cloudinit" => "giving a guest its address by cloud-init",
        "SDN.Use" => "connecting a guest to a bridge",
        "SDN.Audit" => "seeing bridges at all",
        _ => "asking a guest's agent for addresses and setting one",
    }
}

/// Commands for root on a node that make the role and give it to `token`, and to its user where the token's rights are
/// a part of the user's (privilege separation). They can be run again.
pub fn grants(version: Version, token: &TokenId) -> Result<Vec<String>, ParseError> {
    let mut lines = grants_to_user(version, token.user())?;
    let token = quote(token.as_str())?;
    lines.push(format!("pveum acl modify / -token {token} -role {ROLE}"));
    Ok(lines)
}

/// The same for a user (`name@realm`) without a token.
pub fn grants_to_user(version: Version, user: &str) -> Result<Vec<String>, ParseError> {
    let privileges = privileges(version).join(" ");
    let mut lines = vec![format!(
        "pveum role add {ROLE} -privs '{privileges}' 2>/dev/null || pveum role modify {ROLE} -privs '{privileges}'"
    )];
    // root@pam may everything already.
    if user != "root@pam" {
        lines.push(format!("pveum acl modify / -user {} -role {ROLE}", quote(user)?));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const V9: Version = Version {
        major: 9,
        minor: 2,
        patch: 11,
    };
    const V8: Version = Version {
        major: 8,
        minor: 4,
        patch: 5,
    };

    fn rights(paths: &[(&str, &[&str])]) -> Rights {
        let set = |held: &[&str]| held.iter().map(|p| ((*p).to_owned(), true)).collect();
        Rights::new(
            paths
                .iter()
                .map(|(path, held)| ((*path).to_owned(), set(held)))
                .collect(),
        )
    }

    #[test]
    fn the_role_at_the_top_is_enough_and_reaches_down() {
        for version in [V8, V9] {
            let role = privileges(version);
            assert_eq!(rights(&[("/", &role)]).missing(version), []);
        }
    }

    #[test]
    fn nothing_held_is_everything_missing_and_nothing_twice() {
        let missing = rights(&[]).missing(V9);
        let named: BTreeSet<&str> = missing.iter().map(|missing| missing.privilege).collect();
        assert_eq!(named, privileges(V9).into_iter().collect());
        assert_eq!(missing.len(), 9);
        assert_eq!(rights(&[]).missing(V8).len(), 8);
    }

    #[test]
    fn a_role_of_8_lacks_the_agent_on_9() {
        let missing = rights(&[("/", &privileges(V8))]).missing(V9);
        let named: Vec<&str> = missing.iter().map(|missing| missing.privilege).collect();
        assert_eq!(named, AGENT_9);
    }

    #[test]
    fn a_path_that_is_listed_hides_what_is_above_it() {
        let rights = rights(&[("/", &["SDN.Use", "VM.Audit"]), ("/sdn", &["SDN.Audit"])]);
        assert!(rights.has("/sdn/zones/localnetwork", "SDN.Audit"));
        assert!(!rights.has("/sdn/zones/localnetwork", "SDN.Use"));
        assert!(rights.has("/vms/100", "VM.Audit"));
    }

    #[test]
    fn what_holds_at_one_path_alone_is_missing_below_it() {
        let here = [("VM.Audit".to_owned(), false)].into();
        let rights = Rights::new([("/vms".to_owned(), here)].into());
        assert!(rights.has("/vms", "VM.Audit"));
        assert!(!rights.has("/vms/100", "VM.Audit"));
        assert!(
            rights
                .missing(V9)
                .iter()
                .any(|lacking| lacking.privilege == "VM.Audit")
        );
    }

    #[test]
    fn the_commands_grant_to_token_and_user() {
        let lines = grants(V9, &"app@pve!ww".parse().unwrap()).unwrap();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains("VM.GuestAgent.Unrestricted") && !lines[0].contains("VM.Monitor"));
        assert_eq!(lines[2], "pveum acl modify / -token 'app@pve!ww' -role WireWarp");
        assert!(
            grants(V8, &"root@pam!ww".parse().unwrap())
                .unwrap()
                .iter()
                .all(|line| !line.contains("-user"))
        );
    }
}
