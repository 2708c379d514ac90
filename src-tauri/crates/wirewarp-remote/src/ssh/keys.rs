//! Private keys: reading a person's, making a new one, installing one on a host.

use std::{io::Write, path::Path, sync::Arc};

use russh::keys::{Algorithm, Error as KeyError, PrivateKey, PublicKey, decode_secret_key, ssh_key};
use wirewarp_model::{ParseError, Secret, shell};
use zeroize::Zeroizing;

use super::problem::SshProblem;

/// The largest key file read: an RSA key of 16384 bits is 13 kB.
const MOST_BYTES: u64 = 64 * 1024;

/// A key file that was read but perhaps not opened yet.
pub(super) enum KeyFile {
    /// Ready to sign.
    Open(Arc<PrivateKey>),
    /// Needs a passphrase. The public half is known for the OpenSSH format, or when a `.pub` lies beside it.
    Locked {
        /// The file's text.
        text: Zeroizing<String>,
        /// To ask the host and the agent about it before anybody is asked for the passphrase.
        public: Option<PublicKey>,
    },
}

/// Reads the private key in `path`: OpenSSH, PEM (PKCS#1, SEC1, PKCS#8) or that of `PuTTY`.
pub(super) fn read_key(path: &Path) -> Result<KeyFile, SshProblem> {
    let text = read_text(path)?;
    match decode_secret_key(&text, None) {
        Ok(key) => Ok(KeyFile::Open(Arc::new(key))),
        Err(_) if is_encrypted(&text) => {
            let inside = PrivateKey::from_openssh(text.as_str())
                .ok()
                .map(|key| key.public_key().clone());
            Ok(KeyFile::Locked {
                public: inside.or_else(|| public_beside(path)),
                text,
            })
        }
        Err(error) => Err(unreadable(path, &text, &error)),
    }
}

/// Opens a locked key.
pub(super) fn unlock(path: &Path, text: &str, passphrase: &Secret) -> Result<Arc<PrivateKey>, SshProblem> {
    match decode_secret_key(text, Some(passphrase.expose())) {
        Ok(key) => Ok(Arc::new(key)),
        Err(KeyError::UnsupportedKeyType { .. } | KeyError::UnknownAlgorithm(_)) => {
            Err(SshProblem::KeyUnreadable {
                path: path.into(),
                why: "its type is not supported".into(),
            })
        }
        Err(_) if has_foreign_cipher(text) => Err(SshProblem::KeyUnreadable {
            path: path.into(),
            why: "it is encrypted in an old way; convert it with `ssh-keygen -p -f FILE`".into(),
        }),
        Err(_) => Err(SshProblem::PassphraseWrong(path.into())),
    }
}

/// The public key in `PATH.pub`.
pub(super) fn public_beside(path: &Path) -> Option<PublicKey> {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    PublicKey::read_openssh_file(Path::new(&name)).ok()
}

fn read_text(path: &Path) -> Result<Zeroizing<String>, SshProblem> {
    let failed = |why: String| SshProblem::KeyUnreadable {
        path: path.into(),
        why,
    };
    let meta = std::fs::metadata(path).map_err(|error| failed(plain_io(&error)))?;
    if !meta.is_file() || meta.len() > MOST_BYTES {
        return Err(failed("it is not a key file".into()));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failed(plain_io(&error)))?;
    Ok(Zeroizing::new(text))
}

fn plain_io(error: &std::io::Error) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of kinds is open")]
    match error.kind() {
        std::io::ErrorKind::NotFound => "the file does not exist".into(),
        std::io::ErrorKind::PermissionDenied => "you may not read it".into(),
        std::io::ErrorKind::InvalidData => "it is not text".into(),
        _ => error.to_string(),
    }
}

fn is_encrypted(text: &str) -> bool {
    text.contains("BEGIN ENCRYPTED PRIVATE KEY")
        || text.contains("Proc-Type: 4,ENCRYPTED")
        || (text.starts_with("PuTTY-User-Key-File-") && !text.contains("Encryption: none"))
        || PrivateKey::from_openssh(text).is_ok_and(|key| key.is_encrypted())
}

/// PEM ciphers other than AES-128 over RSA, which the library does not open.
fn has_foreign_cipher(text: &str) -> bool {
    text.contains("DEK-Info:") && !(text.contains("DEK-Info: AES-128-CBC") && text.contains("BEGIN RSA"))
}

fn unreadable(path: &Path, text: &str, error: &KeyError) -> SshProblem {
    let why = if text.trim_start().starts_with("ssh-") || text.contains("PUBLIC KEY") {
        "it is a public key; the private one is needed (usually the same name without .pub)".to_owned()
    } else if text.contains("BEGIN DSA") {
        "it is a DSA key, which hosts no longer accept".to_owned()
    } else if text.contains("PRIVATE KEY") {
        format!("it is damaged or of a kind that is not supported ({error})")
    } else {
        "it is not a private key".to_owned()
    };
    SshProblem::KeyUnreadable {
        path: path.into(),
        why,
    }
}

/// Makes an Ed25519 key, writes it to `path` in the OpenSSH format, readable by its owner alone, and `path.pub` beside
/// it. Gives the public line. Fails when `path` exists: a key is never replaced.
pub fn generate_ed25519(path: &Path, comment: &str) -> std::io::Result<String> {
    let mut key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).map_err(other)?;
    key.set_comment(comment);
    let text = key.to_openssh(ssh_key::LineEnding::LF).map_err(other)?;
    let public = key.public_key().to_openssh().map_err(other)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".pub");
    std::fs::write(Path::new(&beside), format!("{public}\n"))?;
    Ok(public)
}

fn other(error: ssh_key::Error) -> std::io::Error {
    std::io::Error::other(error)
}

/// A shell script that adds `public_key` to `~/.ssh/authorized_keys` of whoever runs it, once however often it runs.
/// It prints `added` or `present`.
///
/// The file keeps its owner and mode; a last line without its newline is ended first, else the new key would be glued
/// to it and both be lost.
pub fn install_script(public_key: &str) -> Result<String, ParseError> {
    let key = PublicKey::from_openssh(public_key.trim())
        .map_err(|_| ParseError::new("public key", "it is not a key in the OpenSSH format"))?;
    let line = key
        .to_openssh()
        .map_err(|_| ParseError::new("public key", "it cannot be written"))?;
    if line.trim_end().contains(['\n', '\r']) {
        return Err(ParseError::new(
            "public key",
            "its comment has more than one line",
        ));
    }
    let blob = line.split_whitespace().nth(1).unwrap_or_default().to_owned();
    Ok(INSTALL
        .replace("@LINE@", &shell::quote(line.trim_end())?)
        .replace("@BLOB@", &shell::quote(&blob)?))
}

const INSTALL: &str = r#"set -eu
umask 077
home=$(cd ~ && pwd)
file=$home/.ssh/authorized_keys
mkdir -p "$home/.ssh"
touch "$file"
if grep -v '^[[:space:]]*#' "$file" | grep -qF -- @BLOB@; then
  echo present
else
  [ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo >> "$file"
  printf '%s\n' @LINE@ >> "$file"
  if command -v restorecon >/dev/null 2>&1; then restorecon -R "$home/.ssh" >/dev/null 2>&1 || true; fi
  echo added
fi
"#;

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
