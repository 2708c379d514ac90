//! What helps others to help: versions, settings, inventory, logs, without a secret, in one file.

mod clean;
mod gather;
#[cfg(test)]
mod tests;

use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use wirewarp_model::Secret;

use crate::{Engine, Options, doctor, error::EngineError, person::Person};
use clean::Cleaner;

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleEntry {
    /// Its name in the bundle.
    pub name: String,
    /// What it has.
    pub about: String,
    /// Its size, bytes.
    pub bytes: usize,
}

/// A bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupportBundle {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub entries: Vec<BundleEntry>,
    /// Whether addresses are masked.
    pub addresses_masked: bool,
    /// Whether the kept secrets themselves were looked for, besides whatever has the shape of one.
    pub secrets_compared: bool,
}

/// A file before it is in the bundle.
struct Part {
    name: &'static str,
    about: &'static str,
    text: String,
}

/// Writes the bundle (tar, gzip) to `path`, which must not be there. It needs no inventory that can be opened: what could not
/// be had says why. No host is asked. The secrets that are kept are read to be taken out wherever they turn up, for which
/// `person` may be asked for the vault's passphrase.
pub async fn write(
    data_dir: &Path,
    person: Arc<dyn Person>,
    path: &Path,
    mask_addresses: bool,
) -> Result<SupportBundle, EngineError> {
    let report = doctor::examine(data_dir, person.clone(), true).await;
    let options = Options {
        data_dir: data_dir.to_owned(),
    };
    let engine = Engine::open(options, person).await;
    let (secrets, secrets_compared) = match &engine {
        Ok(engine) => engine.kept_secrets().await,
        Err(_) => (vec![], false),
    };
    let cleaner = Cleaner::new(secrets, mask_addresses);
    let parts = gather::parts(data_dir, &engine, &report).await;
    if let Ok(engine) = &engine {
        engine.end();
    }
    let parts: Vec<Part> = parts.iter().map(|part| cleaner.part(part)).collect();
    pack(path, &parts).map_err(|source| EngineError::File {
        path: path.display().to_string(),
        source,
    })?;
    let entry = |part: &Part| BundleEntry {
        name: part.name.into(),
        about: part.about.into(),
        bytes: part.text.len(),
    };
    Ok(SupportBundle {
        path: path.to_owned(),
        entries: parts.iter().map(entry).collect(),
        addresses_masked: mask_addresses,
        secrets_compared,
    })
}

/// Whole or not at all, for its owner alone.
fn pack(path: &Path, parts: &[Part]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or(0);
    for part in parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(part.text.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(now);
        let name = format!("wirewarp-support/{}", part.name);
        archive.append_data(&mut header, name, part.text.as_bytes())?;
    }
    let file = archive.into_inner()?.finish()?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

impl Engine {
    /// Every secret of the inventory that can be had, and whether all of them could.
    async fn kept_secrets(&self) -> (Vec<Secret>, bool) {
        use wirewarp_store::secrets::{SecretKey, SecretKind};
        let (Ok(inventory), Ok(Some(_))) = (self.inventory().await, self.secrets.probe().await) else {
            return (vec![], false);
        };
        let of_host = |host: &wirewarp_model::Host| {
            [SecretKind::SshPassword, SecretKind::SudoPassword].map(|kind| SecretKey::host(host.id, kind))
        };
        let mut keys: Vec<SecretKey> = inventory.hosts.iter().flat_map(of_host).collect();
        keys.extend(
            inventory
                .proxmoxes
                .iter()
                .map(|proxmox| SecretKey::proxmox(proxmox.id)),
        );
        keys.extend(inventory.peers.iter().map(|peer| SecretKey::peer_key(peer.id)));
        let Ok(alerting) = self.alerting().await else {
            return (vec![], false);
        };
        keys.extend(
            alerting
                .channels
                .iter()
                .map(|channel| SecretKey::alert_channel(channel.id)),
        );
        let mut secrets = Vec::new();
        for key in keys {
            match self.secrets.get(&key).await {
                Ok(secret) => secrets.extend(secret),
                Err(_) => return (secrets, false),
            }
        }
        (secrets, true)
    }
}
