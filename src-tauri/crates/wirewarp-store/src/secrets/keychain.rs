//! The operating system's keychain. Its calls block, so each runs on a thread of its own with a time limit.

use keyring::{Entry, Error};
use std::time::Duration;
use wirewarp_model::Secret;

use super::SecretKey;
use crate::StoreError;

const SERVICE: &str = "wirewarp";
/// How long an unlock prompt may stay open.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the probe may take: where a provider is never unlocked, it says it is there, and writing fails or hangs.
const PROBE: Duration = Duration::from_secs(5);

/// Whether the keychain keeps what it is given: asking it is not enough, so a value is written, read and removed.
pub(super) async fn works() -> bool {
    let probe = || {
        let entry = Entry::new(SERVICE, "probe")?;
        entry.set_password("probe")?;
        let read = entry.get_password()?;
        entry.delete_credential()?;
        Ok::<bool, Error>(read == "probe")
    };
    let ran = tokio::time::timeout(PROBE, tokio::task::spawn_blocking(probe)).await;
    matches!(ran, Ok(Ok(Ok(true))))
}

pub(super) async fn get(key: &SecretKey) -> Result<Option<Secret>, StoreError> {
    let name = key.to_string();
    blocking(move || match Entry::new(SERVICE, &name)?.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

pub(super) async fn set(key: &SecretKey, secret: &Secret) -> Result<(), StoreError> {
    let (name, secret) = (key.to_string(), secret.clone());
    blocking(move || Entry::new(SERVICE, &name)?.set_password(secret.expose())).await
}

pub(super) async fn delete(key: &SecretKey) -> Result<(), StoreError> {
    let name = key.to_string();
    blocking(move || match Entry::new(SERVICE, &name)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, StoreError> {
    let failed = |why: String| StoreError::Secret(format!("The keychain did not do it: {why}."));
    match tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(work)).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(error))) => Err(failed(error.to_string())),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed(format!(
            "it did not answer within {} s",
            PATIENCE.as_secs()
        ))),
    }
}
