//! Where secrets are kept, and the agent that has SSH keys.

use wirewarp_store::secrets::{KnownPlace, Secrets};

use super::{Diagnosis, Verdict};
use crate::error::EngineError;

/// Writes, reads and removes an entry.
pub(super) async fn place(secrets: &Secrets) -> Diagnosis {
    match secrets.probe().await {
        Ok(Some(KnownPlace::Keychain)) => Diagnosis::good("secrets", "the keychain keeps what it is given"),
        Ok(Some(KnownPlace::Vault)) => Diagnosis::good("secrets", "the vault file keeps what it is given"),
        Ok(None) => Diagnosis::new(
            "secrets",
            Verdict::Warning,
            "No keychain answers here, and there is no vault file yet.",
            &[
                "Unlock your keychain; else a vault file is made, with a passphrase of yours, once a password is to be kept.",
            ],
        ),
        Err(error) => Diagnosis::bad("secrets", EngineError::from(error).to_user()),
    }
}

/// Whether an SSH agent answers, if one is named.
#[cfg(unix)]
pub(super) fn agent() -> Diagnosis {
    let Some(socket) = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty()) else {
        return Diagnosis::good("ssh agent", "none is named; keys are read from their files");
    };
    match std::os::unix::net::UnixStream::connect(&socket) {
        Ok(_) => Diagnosis::good("ssh agent", "it answers"),
        Err(error) => Diagnosis::new(
            "ssh agent",
            Verdict::Warning,
            format!(
                "SSH_AUTH_SOCK names {}, which does not answer: {error}",
                socket.display()
            ),
            &["Start the agent, or unset SSH_AUTH_SOCK."],
        ),
    }
}

/// Whether an SSH agent answers: asked when one is used.
#[cfg(not(unix))]
pub(super) fn agent() -> Diagnosis {
    Diagnosis::good("ssh agent", "it is asked when a host is logged in to")
}
