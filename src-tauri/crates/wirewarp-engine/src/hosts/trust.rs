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
    expected: Mutex<Vec<String>>,
    /// Endpoints inside a tunnel -> the same host's endpoint outside.
    aliases: Mutex<BTreeMap<String, String>>,
}

impl InventoryTrust {
    pub(crate) fn new(store: Store, person: Arc<dyn Person>) -> Self {
        Self {
            store,
            person,
            expected: Mutex::default(),
            aliases: Mutex::default(),
        }
    }

    /// From now on a new host with this fingerprint (`SHA256:...`) is accepted without asking, and one with another
    /// fingerprint is refused without asking.
    pub(crate) fn expect(&self, fingerprint: &str) {
        self.expected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(fingerprint.trim().to_owned());
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

    fn expected(&self) -> Vec<String> {
        self.expected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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
        let expected = self.expected();
        let accepted = if expected.is_empty() {
            let question = HostKeyQuestion {
                endpoint: endpoint.to_string(),
                algorithm: offered.algorithm(),
                fingerprint: offered.fingerprint(),
            };
            self.person.trusts(&question).await
        } else {
            expected.contains(&offered.fingerprint())
        };
        if !accepted {
            return Decision::Refuse;
        }
        let (name, key) = (self.known_as(endpoint), offered.to_string());
        match self
            .store
            .remember_host_key(&name, &offered.algorithm(), &key, &who())
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
        let question = HostKeyQuestion {
            endpoint: self.endpoint.to_string(),
            algorithm: offered.algorithm(),
            fingerprint: offered.fingerprint(),
        };
        self.usual.person.trusts(&question).await
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
