//! Secrets: in the operating system's keychain or, where none answers, in an encrypted vault file. Never in the database.

mod keychain;
mod vault;

pub use vault::{Passphrase, Which};

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::sync::OnceCell;
use wirewarp_model::{AlertChannelId, HostId, PeerId, ProxmoxId, Secret};

use crate::StoreError;
use vault::Vault;

/// What a secret belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretKey(String);

/// Kinds of a host's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// Password for SSH.
    SshPassword,
    /// Password for sudo.
    SudoPassword,
}

impl SecretKey {
    /// A secret of a host.
    pub fn host(host: HostId, kind: SecretKind) -> Self {
        let kind = match kind {
            SecretKind::SshPassword => "ssh-password",
            SecretKind::SudoPassword => "sudo-password",
        };
        Self(format!("host/{host}/{kind}"))
    }

    /// What a Proxmox host is signed in to with: the token's secret, or the password.
    pub fn proxmox(proxmox: ProxmoxId) -> Self {
        Self(format!("proxmox/{proxmox}/sign-in"))
    }

    /// What an alert channel needs: a password, a key, a token or a secret address.
    pub fn alert_channel(channel: AlertChannelId) -> Self {
        Self(format!("alert-channel/{channel}/secret"))
    }

    /// The private key of a manual peer whose owner asked for it to be kept.
    pub fn peer_key(peer: PeerId) -> Self {
        Self(format!("peer/{peer}/private-key"))
    }
}

impl fmt::Display for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The secrets of one inventory. Which place they are in is found out at the first use, by writing and reading.
pub struct Secrets {
    vault_path: PathBuf,
    passphrase: Arc<dyn Passphrase>,
    place: OnceCell<Place>,
    /// How often nobody said the vault's passphrase.
    refusals: AtomicU32,
}

/// Where secrets turned out to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownPlace {
    /// In the operating system's keychain.
    Keychain,
    /// In the vault file.
    Vault,
}

enum Place {
    Keychain,
    Vault(Arc<Vault>),
}

impl Secrets {
    /// Secrets in the keychain, else in the vault at `vault_path`. A vault that is there already is used first, so that
    /// its secrets are found again after a keychain appeared.
    pub fn new(vault_path: PathBuf, passphrase: Arc<dyn Passphrase>) -> Self {
        Self {
            vault_path,
            passphrase,
            place: OnceCell::new(),
            refusals: AtomicU32::new(0),
        }
    }

    /// The secret; none if it was never kept.
    pub async fn get(&self, key: &SecretKey) -> Result<Option<Secret>, StoreError> {
        match self.place().await? {
            Place::Keychain => keychain::get(key).await,
            Place::Vault(vault) => vault.get(key),
        }
    }

    /// Keeps a secret.
    pub async fn set(&self, key: &SecretKey, secret: &Secret) -> Result<(), StoreError> {
        match self.place().await? {
            Place::Keychain => keychain::set(key, secret).await,
            Place::Vault(vault) => vault.set(key, Some(secret)).await,
        }
    }

    /// Forgets a secret; nothing happens if there is none.
    pub async fn delete(&self, key: &SecretKey) -> Result<(), StoreError> {
        match self.place().await? {
            Place::Keychain => keychain::delete(key).await,
            Place::Vault(vault) => vault.set(key, None).await,
        }
    }

    /// Where they are kept; none until one was needed.
    pub fn known_place(&self) -> Option<KnownPlace> {
        self.place.get().map(|place| match place {
            Place::Keychain => KnownPlace::Keychain,
            Place::Vault(_) => KnownPlace::Vault,
        })
    }

    /// Writes an entry of its own, reads it and removes it. None if no keychain answers and there is no vault file yet: none is
    /// made for this.
    pub async fn probe(&self) -> Result<Option<KnownPlace>, StoreError> {
        if self.known_place().is_none() && !self.vault_path.exists() && !keychain::works().await {
            return Ok(None);
        }
        // This process's own: two programs at once must not take away each other's.
        let key = SecretKey(format!("probe/{}", uuid::Uuid::new_v4()));
        self.set(&key, &Secret::new("probe".into())).await?;
        let read = self.get(&key).await;
        self.delete(&key).await?;
        let same = read?.is_some_and(|secret| secret.expose() == "probe");
        if same {
            return Ok(self.known_place());
        }
        Err(StoreError::Secret("what was written was not read again".into()))
    }

    async fn place(&self) -> Result<&Place, StoreError> {
        let refused_before = self.refusals.load(Ordering::Acquire);
        let find = || async move {
            // Many hosts are looked at side by side, and wait here for one another: one “no” answers for all of them.
            if self.refusals.load(Ordering::Acquire) != refused_before {
                return Err(StoreError::VaultShut);
            }
            self.find_place().await
        };
        self.place.get_or_try_init(find).await
    }

    async fn find_place(&self) -> Result<Place, StoreError> {
        if !self.vault_path.exists() && keychain::works().await {
            return Ok(Place::Keychain);
        }
        let opened = Vault::open(self.vault_path.clone(), self.passphrase.as_ref()).await;
        if matches!(opened, Err(StoreError::VaultShut)) {
            self.refusals.fetch_add(1, Ordering::AcqRel);
        }
        Ok(Place::Vault(Arc::new(opened?)))
    }
}
