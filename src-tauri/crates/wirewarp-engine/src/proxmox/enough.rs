//! Whether the one who signed in may do what WireWarp needs, and the commands that grant what is missing.

use wirewarp_proxmox::{
    Api, Endpoint,
    names::{TokenId, UserId},
    nodes::Version,
    rights,
};

use crate::error::EngineError;

/// Who signed in, as far as rights go.
pub(super) enum Holder<'a> {
    /// A token, which may have been made with fewer rights than its user's.
    Token(&'a TokenId),
    /// A user.
    User(&'a UserId),
    /// A token that was just made for this user, and is taken away again where it is of no use.
    NewTokenOf(&'a UserId),
}

impl Holder<'_> {
    fn grants(&self, version: Version) -> Result<Vec<String>, EngineError> {
        Ok(match self {
            Self::Token(token) => rights::grants(version, token)?,
            Self::User(user) | Self::NewTokenOf(user) => rights::grants_to_user(version, &user.to_string())?,
        })
    }
}

/// Refuses who lacks a right, with the commands that grant it.
pub(super) async fn may_all(
    api: &Api,
    version: Version,
    holder: Holder<'_>,
    endpoint: &Endpoint,
) -> Result<(), EngineError> {
    let missing = api.rights().await?.missing(version);
    if missing.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = missing
        .iter()
        .map(|lacking| format!("{} on {} ({})", lacking.privilege, lacking.path, lacking.purpose))
        .collect();
    let who = match holder {
        Holder::Token(_) => "this token",
        Holder::User(_) => "this user",
        Holder::NewTokenOf(_) => "a token with the role WireWarp as it is there",
    };
    let message = format!(
        "{endpoint}: {who} may not do all that WireWarp needs. Missing: {}.",
        lines.join("; ")
    );
    let mut hints = vec!["Run as root on a node, then sign in again:".to_owned()];
    hints.extend(holder.grants(version)?);
    if !matches!(holder, Holder::NewTokenOf(_)) {
        hints.push("Or sign in as root@pam with its password and have a token made for WireWarp".to_owned());
    }
    let hints: Vec<&str> = hints.iter().map(String::as_str).collect();
    Err(EngineError::refused("proxmox_rights_missing", message, &hints))
}
