//! The operating system's keychain. Its calls block, so each runs on a thread of its own with a time limit.

use keyring::{Entry, Error};
use std::time::Duration;
use tokio::sync::oneshot;
use wirewarp_model::Secret;

use super::SecretKey;
use crate::StoreError;

const SERVICE: &str = "wirewarp";
/// How long the keychain may take: somebody may have to type its password first. Where a provider is never unlocked it
/// says that it is there, and writing fails or hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether the keychain keeps what it is given: asking it is not enough, so a value is written, read and removed.
pub(super) async fn works() -> bool {
    let probed = blocking(PATIENCE, probe).await;
    if let Err(error) = &probed {
        tracing::debug!(%error, "no keychain answers");
    }
    probed.unwrap_or(false)
}

/// The entry is this process's own: two programs that start at once must not take away each other's.
fn probe() -> Result<bool, Error> {
    let entry = Entry::new(SERVICE, &format!("probe/{}", uuid::Uuid::new_v4()))?;
    entry.set_password("probe")?;
    let read = entry.get_password();
    entry.delete_credential()?;
    Ok(read? == "probe")
}

pub(super) async fn get(key: &SecretKey) -> Result<Option<Secret>, StoreError> {
    let name = key.to_string();
    let read = move || match Entry::new(SERVICE, &name)?.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    };
    blocking(PATIENCE, read).await
}

pub(super) async fn set(key: &SecretKey, secret: &Secret) -> Result<(), StoreError> {
    let (name, secret) = (key.to_string(), secret.clone());
    blocking(PATIENCE, move || {
        Entry::new(SERVICE, &name)?.set_password(secret.expose())
    })
    .await
}

pub(super) async fn delete(key: &SecretKey) -> Result<(), StoreError> {
    let name = key.to_string();
    let remove = move || match Entry::new(SERVICE, &name)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    };
    blocking(PATIENCE, remove).await
}

/// Runs `work` on a thread that is left behind when it takes longer than `patience`. Not `spawn_blocking`: the runtime
/// waits for those threads when it ends, so a keychain that hangs would keep the program from ending.
async fn blocking<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, StoreError> {
    let (done, result) = oneshot::channel();
    let thread = std::thread::Builder::new().name("keychain".into());
    // Nobody listens any more once the time is up.
    let started = thread.spawn(move || drop(done.send(work())));
    started.map_err(|error| failed(&error.to_string()))?;
    match tokio::time::timeout(patience, result).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(error))) => Err(failed(&reason(&error))),
        Ok(Err(_)) => Err(failed("its library gave up")),
        Err(_) => Err(failed(&format!(
            "it did not answer within {} s",
            patience.as_secs()
        ))),
    }
}

/// Why, in words that hold nothing of a secret: some of the library's errors carry the bytes they are about.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library adds to its errors as it likes"
)]
fn reason(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it holds is not text".into(),
        Error::Ambiguous(_) => "it holds the secret more than once".into(),
        other => other.to_string(),
    }
}

fn failed(why: &str) -> StoreError {
    StoreError::Secret(format!("The keychain did not do it: {why}."))
}

#[cfg(test)]
#[path = "keychain_tests.rs"]
mod tests;
