//! The vault against real files.

use super::*;
use crate::secrets::{SecretKind, Secrets};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use wirewarp_model::HostId;

const PASSPHRASE: &str = "correct horse battery";

fn key(number: u128) -> SecretKey {
    SecretKey::host(HostId(uuid::Uuid::from_u128(number)), SecretKind::SshPassword)
}

async fn open(path: &Path, passphrase: &str) -> Result<Vault, StoreError> {
    Vault::unlock(path.to_owned(), Secret::new(passphrase.into())).await
}

/// A vault with nothing in it, in a folder of its own.
async fn new_vault() -> (TempDir, PathBuf, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let vault = open(&path, PASSPHRASE).await.unwrap();
    (folder, path, vault)
}

async fn put(vault: &Vault, number: u128, secret: &str) {
    let secret = Secret::new(secret.into());
    vault.set(&key(number), Some(&secret)).await.unwrap();
}

fn get(vault: &Vault, number: u128) -> Option<String> {
    let secret = vault.get(&key(number)).unwrap();
    secret.map(|secret| secret.expose().to_owned())
}

#[tokio::test]
async fn what_is_kept_is_there_again_with_the_passphrase() {
    let (_folder, path, vault) = new_vault().await;
    put(&vault, 1, "hunter2\n“ü” 🎮").await;
    put(&vault, 2, "other").await;
    vault.set(&key(2), None).await.unwrap();
    let again = open(&path, PASSPHRASE).await.unwrap();
    assert_eq!(get(&again, 1).as_deref(), Some("hunter2\n“ü” 🎮"));
    assert_eq!(get(&again, 2), None);
}

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing_and_destroys_nothing() {
    let (_folder, path, vault) = new_vault().await;
    put(&vault, 1, "hunter2").await;
    let before = fs::read(&path).unwrap();
    for wrong in ["Correct horse battery", "correct horse battery ", "x"] {
        let Err(error) = open(&path, wrong).await else {
            panic!("opened with {wrong:?}")
        };
        let said = error.to_string();
        assert!(
            said.contains("passphrase is wrong") && !said.contains(wrong),
            "{said}"
        );
        assert_eq!(error.code(), "vault_passphrase");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn nothing_of_a_secret_is_readable_in_the_file_and_no_two_files_are_alike() {
    let (_folder, path, vault) = new_vault().await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        put(&vault, 1, "hunter2hunter2").await;
        let bytes = fs::read(&path).unwrap();
        for plain in ["hunter2", "ssh-password", PASSPHRASE, "host/"] {
            let found = bytes.windows(plain.len()).any(|part| part == plain.as_bytes());
            assert!(!found, "{plain:?} stands in the file");
        }
        assert!(!seen.contains(&bytes), "a nonce was used twice");
        seen.push(bytes);
    }
}

#[tokio::test]
async fn a_changed_byte_is_noticed_wherever_it_is() {
    let (_folder, path, vault) = new_vault().await;
    put(&vault, 1, "hunter2").await;
    let whole = fs::read(&path).unwrap();
    for at in [0, MAGIC.len() + SALT, MAGIC.len() + SALT + NONCE, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert!(vault.get(&key(1)).is_err(), "byte {at}");
    }
    for length in [
        0,
        5,
        MAGIC.len() + SALT,
        MAGIC.len() + SALT + NONCE,
        whole.len() - 1,
    ] {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(vault.get(&key(1)).is_err(), "cut to {length}");
        assert!(open(&path, PASSPHRASE).await.is_err(), "cut to {length}");
    }
}

#[tokio::test]
async fn a_write_replaces_the_file_whole_and_leaves_nothing_beside_it() {
    let (folder, path, vault) = new_vault().await;
    let vault = Arc::new(vault);
    put(&vault, 0, "kept").await;
    // A reader finds the old or the new file, never half of one.
    let reader = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || {
            for _ in 0..2_000 {
                assert!(read(&path).unwrap().is_some());
            }
        })
    };
    let writers: Vec<_> = (1..40)
        .map(|number| {
            let vault = vault.clone();
            tokio::spawn(async move { put(&vault, number, &number.to_string()).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    reader.await.unwrap();
    for number in 1..40 {
        assert_eq!(get(&vault, number), Some(number.to_string()));
    }
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["vault", "vault.lock"]);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path, vault) = new_vault().await;
    put(&vault, 1, "hunter2").await;
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_loses_nothing() {
    let (folder, path, vault) = new_vault().await;
    put(&vault, 1, "old").await;
    let moved = folder.path().join("elsewhere");
    fs::rename(&path, &moved).unwrap();
    // A folder in its place can be neither read as a vault nor replaced by a file.
    fs::create_dir(&path).unwrap();
    assert!(
        vault
            .set(&key(1), Some(&Secret::new("new".into())))
            .await
            .is_err()
    );
    fs::remove_dir(&path).unwrap();
    fs::rename(&moved, &path).unwrap();
    assert_eq!(get(&vault, 1).as_deref(), Some("old"));
}

#[tokio::test]
async fn two_programs_that_make_the_vault_at_once_share_it() {
    // Both find no vault; each would choose a salt of its own.
    let (_folder, path, first) = new_vault().await;
    let second = open(&path, PASSPHRASE).await.unwrap();
    put(&first, 1, "one").await;
    put(&second, 2, "two").await;
    let writes = (10..30).map(|number| {
        let vault = if number % 2 == 0 { &first } else { &second };
        async move { put(vault, number, &number.to_string()).await }
    });
    for write in writes {
        write.await;
    }
    let third = open(&path, PASSPHRASE).await.unwrap();
    assert_eq!(get(&third, 1).as_deref(), Some("one"));
    assert_eq!(get(&third, 2).as_deref(), Some("two"));
    assert_eq!(get(&third, 29).as_deref(), Some("29"));
}

/// A person who says these, one after the other, and then nothing.
#[derive(Default)]
struct Says {
    left: Mutex<Vec<&'static str>>,
    asked: Mutex<Vec<Which>>,
}

impl Says {
    fn all(passphrases: &[&'static str]) -> Arc<Self> {
        Arc::new(Self {
            left: Mutex::new(passphrases.iter().rev().copied().collect()),
            asked: Mutex::default(),
        })
    }

    fn asked(&self) -> Vec<Which> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Passphrase for Says {
    async fn ask(&self, which: Which) -> Option<Secret> {
        // Others come meanwhile.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        self.asked.lock().unwrap().push(which);
        let said = self.left.lock().unwrap().pop()?;
        Some(Secret::new(said.into()))
    }
}

/// Whether the environment says the passphrase, so that no person is asked.
fn is_told() -> bool {
    std::env::var_os(VARIABLE).is_some() || std::env::var_os(FILE_VARIABLE).is_some()
}

#[tokio::test]
async fn without_a_passphrase_a_vault_that_is_there_stays_shut() {
    if is_told() {
        return;
    }
    let (_folder, path, vault) = new_vault().await;
    put(&vault, 1, "hunter2").await;
    let secrets = Secrets::new(path, Says::all(&[]));
    let error = secrets.get(&key(1)).await.unwrap_err();
    assert_eq!(error.code(), "vault_shut");
    assert!(error.to_string().contains("passphrase"), "{error}");
    assert!(error.hints()[0].contains("WIREWARP_VAULT_PASSPHRASE"));
}

#[tokio::test]
async fn after_a_wrong_passphrase_the_person_is_asked_again() {
    if is_told() {
        return;
    }
    let (_folder, path, vault) = new_vault().await;
    put(&vault, 1, "hunter2").await;
    let person = Says::all(&["wrong", "wrong again", PASSPHRASE]);
    let secrets = Secrets::new(path, person.clone());
    let secret = secrets.get(&key(1)).await.unwrap().unwrap();
    assert_eq!(secret.expose(), "hunter2");
    assert_eq!(person.asked(), [Which::Known, Which::Again, Which::Again]);
}

#[tokio::test]
async fn who_never_knows_the_passphrase_is_told_in_the_end() {
    if is_told() {
        return;
    }
    let (_folder, path, _vault) = new_vault().await;
    let person = Says::all(&["wrong"; 10]);
    let error = Secrets::new(path, person.clone()).get(&key(1)).await.unwrap_err();
    assert_eq!(error.code(), "vault_passphrase");
    assert_eq!(person.asked().len(), 5);
}

#[tokio::test]
async fn one_no_answers_for_all_who_wait_and_a_later_call_asks_again() {
    if is_told() {
        return;
    }
    let (_folder, path, vault) = new_vault().await;
    put(&vault, 1, "hunter2").await;
    let person = Says::all(&[]);
    let secrets = Arc::new(Secrets::new(path, person.clone()));
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let secrets = secrets.clone();
            tokio::spawn(async move { secrets.get(&key(1)).await })
        })
        .collect();
    for answer in waiting {
        assert_eq!(answer.await.unwrap().unwrap_err().code(), "vault_shut");
    }
    assert_eq!(person.asked(), [Which::Known]);
    person.left.lock().unwrap().push(PASSPHRASE);
    assert!(secrets.get(&key(1)).await.unwrap().is_some());
}
