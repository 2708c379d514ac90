//! The configuration of a guest: reading it, setting and taking away NICs, what is pending.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use wirewarp_model::ParseError;

use crate::{
    Api, Problem, ProxmoxError,
    guests::{GuestKind, GuestRef},
    names::Digest,
    nic::{Nic, NicIndex},
    params::Params,
    transport::Verb,
};

/// A guest's configuration: its keys with their values as text, and what it is recognised by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestConfig {
    /// What must still be there for a change to be made.
    pub digest: Digest,
    /// All keys but the digest. Numbers are written out; what is neither text nor number is left out.
    pub values: BTreeMap<String, String>,
}

/// A key of the configuration that is waiting for the guest to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The key, e.g. `net2`.
    pub key: String,
    /// What holds now.
    pub value: Option<String>,
    /// What will hold; nothing when the key goes.
    pub pending: Option<String>,
}

impl GuestConfig {
    /// The NICs, by index. One that cannot be read fails: it might be the one that is changed.
    pub fn nics(&self, kind: GuestKind) -> Result<BTreeMap<NicIndex, Nic>, ParseError> {
        self.values
            .iter()
            .filter_map(|(key, value)| Some((NicIndex::of_key(key)?, value)))
            .map(|(index, value)| Ok((index, Nic::parse(kind, value)?)))
            .collect()
    }

    /// The family of the guest's system as Proxmox was told, e.g. `l26`, `win11`, `debian`.
    pub fn os_type(&self) -> Option<&str> {
        self.values.get("ostype").map(String::as_str)
    }
}

impl Api {
    /// The configuration, with what is pending in it already.
    ///
    /// By hand: the typed endpoint knows each key, and fails on a value that a later version allows.
    pub async fn guest_config(&self, guest: &GuestRef) -> Result<GuestConfig, ProxmoxError> {
        let path = guest.path("config");
        let raw: BTreeMap<String, Value> = self.read(&path, &[]).await?;
        let mut values: BTreeMap<String, String> = raw.into_iter().filter_map(text).collect();
        let digest = values.remove("digest").unwrap_or_default();
        let digest = digest.parse().map_err(|error: ParseError| {
            let why = error.to_string();
            self.error(Problem::BadAnswer { path, why })
        })?;
        Ok(GuestConfig { digest, values })
    }

    /// What is pending: keys whose value is to change or to go once the guest is stopped.
    pub async fn pending(&self, guest: &GuestRef) -> Result<Vec<Pending>, ProxmoxError> {
        let listed: Vec<Listed> = self.read(&guest.path("pending"), &[]).await?;
        Ok(listed.into_iter().filter_map(Listed::pending).collect())
    }

    /// Sets a NIC. With the digest of what was read, a change of somebody else in between is
    /// [`Problem::ChangedMeanwhile`].
    ///
    /// A running guest gets it at once. Fails that with [`Problem::HotplugFailed`], the value stays pending: undo it with
    /// [`Api::revert_pending`].
    pub async fn set_nic(
        &self,
        guest: &GuestRef,
        index: NicIndex,
        nic: &Nic,
        digest: Option<&Digest>,
    ) -> Result<(), ProxmoxError> {
        self.set(guest, vec![(index.key(), nic.to_string())], digest)
            .await
    }

    /// Takes a NIC away.
    pub async fn delete_nic(
        &self,
        guest: &GuestRef,
        index: NicIndex,
        digest: Option<&Digest>,
    ) -> Result<(), ProxmoxError> {
        self.set(guest, vec![("delete".to_owned(), index.key())], digest)
            .await
    }

    /// Takes back what is pending for these keys.
    pub async fn revert_pending(&self, guest: &GuestRef, keys: &[&str]) -> Result<(), ProxmoxError> {
        self.set(guest, vec![("revert".to_owned(), keys.join(","))], None)
            .await
    }

    /// By hand: the typed parameters parse and write NICs anew, so that what they do not know would be lost.
    pub(crate) async fn set(
        &self,
        guest: &GuestRef,
        mut params: Params,
        digest: Option<&Digest>,
    ) -> Result<(), ProxmoxError> {
        if let Some(digest) = digest {
            params.push(("digest".to_owned(), digest.to_string()));
        }
        self.change(Verb::Put, &guest.path("config"), params).await
    }
}

#[derive(Deserialize)]
struct Listed {
    key: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    pending: Value,
    #[serde(default)]
    delete: Value,
}

impl Listed {
    /// Nothing for a key that stays as it is.
    fn pending(self) -> Option<Pending> {
        let goes = self.delete.as_u64().is_some_and(|level| level > 0)
            || self.delete.as_str().is_some_and(|d| d != "0");
        if self.pending.is_null() && !goes {
            return None;
        }
        Some(Pending {
            key: self.key,
            value: as_text(self.value),
            pending: as_text(self.pending).filter(|_| !goes),
        })
    }
}

fn text((key, value): (String, Value)) -> Option<(String, String)> {
    Some((key, as_text(value)?))
}

fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(u8::from(truth).to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
