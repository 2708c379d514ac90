//! The vault: one file, encrypted by a passphrase (Argon2id, XChaCha20-Poly1305), for where no keychain answers.
//!
//! Form: `WWVAULT1`, 16 bytes of salt, 24 bytes of nonce, then the sealed JSON object of key -> secret. Each write takes
//! a new nonce and replaces the file whole. A file beside it, `vault.lock`, is held while the vault is changed: two
//! commands at once must neither lose one another's secrets nor make two vaults.

use argon2::Argon2;
use async_trait::async_trait;
use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit},
};
use rand::RngCore;
use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};
use wirewarp_model::Secret;
use zeroize::Zeroizing;

use super::SecretKey;
use crate::StoreError;

const MAGIC: &[u8; 8] = b"WWVAULT1";
const SALT: usize = 16;
const NONCE: usize = 24;
/// Variable with the passphrase, for programs without a person.
const VARIABLE: &str = "WIREWARP_VAULT_PASSPHRASE";
/// Variable with the path of a file that holds the passphrase in its first line.
const FILE_VARIABLE: &str = "WIREWARP_VAULT_KEY_FILE";

/// How often a person is asked for the passphrase before the vault stays shut.
const TRIES: u32 = 5;

/// Asks for the vault's passphrase.
#[async_trait]
pub trait Passphrase: Send + Sync {
    /// The passphrase. None when nobody can say it.
    async fn ask(&self, which: Which) -> Option<Secret>;
}

/// Which passphrase is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// That of a new vault, to be chosen now.
    New,
    /// That of the vault which is there.
    Known,
    /// The same, after one that did not open it.
    Again,
}

pub(super) struct Vault {
    path: PathBuf,
    salt: [u8; SALT],
    key: Zeroizing<[u8; 32]>,
}

type Contents = BTreeMap<String, Zeroizing<String>>;

impl Vault {
    /// Opens the vault, or makes a new one, with the passphrase of the environment or of the person.
    pub async fn open(path: PathBuf, passphrase: &dyn Passphrase) -> Result<Self, StoreError> {
        match from_environment()? {
            Some(known) if known.is_empty() => Err(StoreError::VaultShut),
            Some(known) => Self::unlock(path, known).await,
            None => Self::open_asking(path, passphrase).await,
        }
    }

    /// Asks the person, again while what they say does not open it.
    async fn open_asking(path: PathBuf, passphrase: &dyn Passphrase) -> Result<Self, StoreError> {
        let mut which = if read(&path)?.is_none() {
            Which::New
        } else {
            Which::Known
        };
        for _ in 0..TRIES {
            let said = passphrase.ask(which).await;
            let said = said
                .filter(|secret| !secret.is_empty())
                .ok_or(StoreError::VaultShut)?;
            match Self::unlock(path.clone(), said).await {
                Err(StoreError::VaultPassphrase) => which = Which::Again,
                opened => return opened,
            }
        }
        Err(StoreError::VaultPassphrase)
    }

    /// The vault under this passphrase; made now, empty, if there is none.
    async fn unlock(path: PathBuf, passphrase: Secret) -> Result<Self, StoreError> {
        let _held = hold(&path).await?;
        let sealed = read(&path)?;
        let mut salt = [0; SALT];
        match &sealed {
            Some(bytes) => salt.copy_from_slice(part(bytes, MAGIC.len(), SALT)?),
            None => rand::rng().fill_bytes(&mut salt),
        }
        let key = tokio::task::spawn_blocking(move || derive(&passphrase, salt)).await;
        let key = key.map_err(|error| failed(&error.to_string()))??;
        let vault = Self { path, salt, key };
        match sealed {
            Some(_) => drop(vault.contents()?),
            None => vault.write(&Contents::new())?,
        }
        Ok(vault)
    }

    pub fn get(&self, key: &SecretKey) -> Result<Option<Secret>, StoreError> {
        Ok(self
            .contents()?
            .get(&key.to_string())
            .map(|text| Secret::new(text.to_string())))
    }

    /// Keeps a secret, or forgets it.
    pub async fn set(&self, key: &SecretKey, secret: Option<&Secret>) -> Result<(), StoreError> {
        let _held = hold(&self.path).await?;
        let mut contents = self.contents()?;
        match secret {
            Some(secret) => {
                drop(contents.insert(key.to_string(), Zeroizing::new(secret.expose().to_owned())));
            }
            None => drop(contents.remove(&key.to_string())),
        }
        self.write(&contents)
    }

    fn contents(&self) -> Result<Contents, StoreError> {
        let Some(bytes) = read(&self.path)? else {
            return Ok(Contents::new());
        };
        let nonce = part(&bytes, MAGIC.len() + SALT, NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| failed("its nonce is cut off"))?;
        let sealed = &bytes[MAGIC.len() + SALT + NONCE..];
        let opened = self.cipher().decrypt(&nonce.into(), sealed);
        let opened = Zeroizing::new(opened.map_err(|_| StoreError::VaultPassphrase)?);
        let plain: BTreeMap<String, String> =
            serde_json::from_slice(&opened).map_err(|_| failed("its content is damaged"))?;
        Ok(plain
            .into_iter()
            .map(|(key, secret)| (key, Zeroizing::new(secret)))
            .collect())
    }

    fn write(&self, contents: &Contents) -> Result<(), StoreError> {
        let plain: BTreeMap<&String, &str> = contents
            .iter()
            .map(|(key, secret)| (key, secret.as_str()))
            .collect();
        let plain = Zeroizing::new(serde_json::to_vec(&plain)?);
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(&nonce.into(), plain.as_slice())
            .map_err(|_| failed("it cannot be sealed"))?;
        let bytes = [MAGIC.as_slice(), &self.salt, &nonce, &sealed].concat();
        replace(&self.path, &bytes).map_err(|error| failed(&error.to_string()))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }
}

/// Argon2id with the crate's defaults (19 MiB, 2 passes: OWASP's recommendation).
fn derive(passphrase: &Secret, salt: [u8; SALT]) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let mut key = Zeroizing::new([0; 32]);
    let made = Argon2::default().hash_password_into(passphrase.expose().as_bytes(), &salt, key.as_mut());
    made.map_err(|error| failed(&error.to_string()))?;
    Ok(key)
}

fn from_environment() -> Result<Option<Secret>, StoreError> {
    if let Ok(text) = std::env::var(VARIABLE) {
        return Ok(Some(Secret::new(text)));
    }
    let Ok(path) = std::env::var(FILE_VARIABLE) else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| failed(&format!("{FILE_VARIABLE} {path}: {error}")))?;
    Ok(text.lines().next().map(|line| Secret::new(line.to_owned())))
}

/// Waits until no other program changes the vault, and keeps them out until the answer is dropped.
async fn hold(vault: &Path) -> Result<File, StoreError> {
    let path = vault.with_extension("lock");
    let take = move || -> std::io::Result<File> {
        let mut options = File::options();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        file.lock()?;
        Ok(file)
    };
    let taken = tokio::task::spawn_blocking(take).await;
    let taken = taken.map_err(|error| failed(&error.to_string()))?;
    taken.map_err(|error| failed(&error.to_string()))
}

/// The file's bytes; none if there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match std::fs::read(path) {
        Ok(bytes) if bytes.starts_with(MAGIC) && bytes.len() > MAGIC.len() + SALT + NONCE => Ok(Some(bytes)),
        Ok(_) => Err(failed("it is damaged, or something else")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&error.to_string())),
    }
}

fn part(bytes: &[u8], from: usize, count: usize) -> Result<&[u8], StoreError> {
    bytes
        .get(from..from + count)
        .ok_or_else(|| failed("it is cut off"))
}

/// Old or new, never half: a temporary file (0600) in the same folder takes its place.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn failed(why: &str) -> StoreError {
    StoreError::Secret(format!("The vault file cannot be used: {why}."))
}

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
