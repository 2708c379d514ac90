//! Which host keys are trusted: the inventory's own list, a fingerprint given beforehand, or the person's answer.

use async_trait::async_trait;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use wirewarp_remote::ssh::{Decision, Endpoint, HostKey, Trust};
use wirewarp_store::Store;

use crate::{
    person::{HostKeyQuestion, Person},
    record::who,
};

/// Trust over the inventory.
pub(crate) struct InventoryTrust {
    store: Store,
    person: Arc<dyn Person>,
    /// Endpoints inside a tunnel -> the same host's endpoint outside.
    aliases: Mutex<BTreeMap<String, String>>,
}

impl InventoryTrust {
    pub(crate) fn new(store: Store, person: Arc<dyn Person>) -> Self {
        Self {
            store,
            person,
            aliases: Mutex::default(),
        }
    }

    /// Says that two endpoints are one host, so that it is known by the same keys.
    pub(crate) fn same_host(&self, inside: &Endpoint, outside: &Endpoint) {
        let (inside, outside) = (inside.to_string(), outside.to_string());
        self.aliases
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(inside, outside);
    }

    fn known_as(&self, endpoint: &Endpoint) -> String {
        let name = endpoint.to_string();
        let aliases = self.aliases.lock().unwrap_or_else(PoisonError::into_inner);
        aliases.get(&name).cloned().unwrap_or(name)
    }

    async fn asks(&self, endpoint: &Endpoint, offered: &HostKey) -> bool {
        let question = HostKeyQuestion {
            endpoint: endpoint.to_string(),
            algorithm: offered.algorithm(),
            fingerprint: offered.fingerprint(),
        };
        self.person.trusts(&question).await
    }

    async fn remember(&self, endpoint: &Endpoint, accepted: &HostKey) -> Decision {
        let (name, key) = (self.known_as(endpoint), accepted.to_string());
        match self
            .store
            .remember_host_key(&name, &accepted.algorithm(), &key, &who())
            .await
        {
            Ok(()) => Decision::Accept,
            Err(error) => {
                tracing::warn!(%error, "the host key cannot be written down");
                Decision::Refuse
            }
        }
    }
}

#[async_trait]
impl Trust for InventoryTrust {
    async fn known_keys(&self, endpoint: &Endpoint) -> Vec<HostKey> {
        let known = self.store.host_keys(&self.known_as(endpoint)).await;
        let known = known.inspect_err(|error| tracing::warn!(%error, "the list of host keys cannot be read"));
        let keys = known.unwrap_or_default();
        keys.iter()
            .filter_map(|known| HostKey::parse(&known.key).ok())
            .collect()
    }

    async fn decide(&self, endpoint: &Endpoint, offered: &HostKey) -> Decision {
        if self.asks(endpoint, offered).await {
            self.remember(endpoint, offered).await
        } else {
            Decision::Refuse
        }
    }
}

/// Trust while one new host is connected to and the person gave a fingerprint beforehand: nobody is asked about the key
/// that has it, be it that host's or a jump host's on the way, and another key of that host is refused. Everything else
/// is as ever.
pub(crate) struct TrustExpected {
    usual: Arc<InventoryTrust>,
    endpoint: Endpoint,
    fingerprint: String,
}

impl TrustExpected {
    /// `fingerprint`: `SHA256:...`.
    pub(crate) fn new(usual: Arc<InventoryTrust>, endpoint: Endpoint, fingerprint: &str) -> Self {
        Self {
            usual,
            endpoint,
            fingerprint: fingerprint.trim().to_owned(),
        }
    }
}

#[async_trait]
impl Trust for TrustExpected {
    async fn known_keys(&self, endpoint: &Endpoint) -> Vec<HostKey> {
        self.usual.known_keys(endpoint).await
    }

    async fn decide(&self, endpoint: &Endpoint, offered: &HostKey) -> Decision {
        if offered.fingerprint() == self.fingerprint {
            return self.usual.remember(endpoint, offered).await;
        }
        if *endpoint == self.endpoint {
            return Decision::Refuse;
        }
        self.usual.decide(endpoint, offered).await
    }
}

/// Trust while one host is trusted anew: nothing is known of that endpoint, everything else is as ever.
pub(crate) struct TrustAnew {
    usual: Arc<InventoryTrust>,
    endpoint: Endpoint,
    fingerprint: Option<String>,
    accepted: Mutex<Option<HostKey>>,
}

impl TrustAnew {
    pub(crate) fn new(usual: Arc<InventoryTrust>, endpoint: Endpoint, fingerprint: Option<&str>) -> Self {
        let fingerprint = fingerprint.map(|text| text.trim().to_owned());
        Self {
            usual,
            endpoint,
            fingerprint,
            accepted: Mutex::default(),
        }
    }

    /// The key that was accepted, whether or not the login succeeded after it.
    pub(crate) fn accepted(&self) -> Option<HostKey> {
        self.accepted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn is_right(&self, offered: &HostKey) -> bool {
        if let Some(fingerprint) = &self.fingerprint {
            return *fingerprint == offered.fingerprint();
        }
        self.usual.asks(&self.endpoint, offered).await
    }
}

#[async_trait]
impl Trust for TrustAnew {
    async fn known_keys(&self, endpoint: &Endpoint) -> Vec<HostKey> {
        if *endpoint == self.endpoint {
            vec![]
        } else {
            self.usual.known_keys(endpoint).await
        }
    }

    async fn decide(&self, endpoint: &Endpoint, offered: &HostKey) -> Decision {
        if *endpoint != self.endpoint {
            return self.usual.decide(endpoint, offered).await;
        }
        if !self.is_right(offered).await {
            return Decision::Refuse;
        }
        let (store, name) = (&self.usual.store, self.usual.known_as(endpoint));
        let replaced = store
            .replace_host_key(&name, &offered.algorithm(), &offered.to_string(), &who())
            .await;
        if let Err(error) = replaced {
            tracing::warn!(%error, "the host key cannot be written down");
            return Decision::Refuse;
        }
        *self.accepted.lock().unwrap_or_else(PoisonError::into_inner) = Some(offered.clone());
        Decision::Accept
    }

    fn begins_anew(&self, endpoint: &Endpoint) -> bool {
        *endpoint == self.endpoint
    }
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
