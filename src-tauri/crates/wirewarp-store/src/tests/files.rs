//! The file itself: whose it is, and what is said when it is not what it should be.

use super::{inventory, new_store, path_in};
use crate::{Store, StoreError};
use sqlx::{Connection, Executor, SqliteConnection};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::Path,
};

#[cfg(unix)]
#[tokio::test]
async fn folder_and_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("a").join("b");
    let path = folder.join("inventory.db");
    let store = Store::open(&path).await.unwrap();
    let empty = store.inventory().await.unwrap();
    store
        .save(&empty, &inventory(&empty, 3), "anna", "test")
        .await
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let mut files = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        files += 1;
    }
    assert!(files >= 2, "the write-ahead log is there as well");
}

#[tokio::test]
async fn the_inventory_has_one_identifier_for_good() {
    let (folder, store) = new_store().await;
    let id = store.inventory().await.unwrap().id;
    let again = Store::open(&path_in(&folder)).await.unwrap();
    assert_eq!(again.inventory().await.unwrap().id, id);
    let (_other_folder, other) = new_store().await;
    assert_ne!(other.inventory().await.unwrap().id, id);
}

#[tokio::test]
async fn many_programs_can_open_a_new_inventory_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let openers: Vec<_> = (0..8)
        .map(|_| {
            let path = path_in(&folder);
            tokio::spawn(async move { Store::open(&path).await.unwrap().inventory().await.unwrap().id })
        })
        .collect();
    let mut ids = Vec::new();
    for opener in openers {
        ids.push(opener.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[tokio::test]
async fn something_else_under_its_name_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    fs::write(&path, "dear diary, ".repeat(500)).unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert!(error.to_string().contains("inventory.db"), "{error}");
    assert!(!error.hints().is_empty());
    let kept = fs::read_to_string(&path).unwrap();
    assert!(kept.starts_with("dear diary"), "what was there is left alone");
}

#[tokio::test]
async fn a_damaged_inventory_is_told_and_never_half_read() {
    for damage in ["cut off", "overwritten"] {
        let (folder, store) = new_store().await;
        let empty = store.inventory().await.unwrap();
        let full = inventory(&empty, 300);
        store.save(&empty, &full, "anna", "test").await.unwrap();
        store.pool.close().await;
        let path = path_in(&folder);
        let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        let length = file.metadata().unwrap().len();
        if damage == "cut off" {
            file.set_len(length / 2).unwrap();
        } else {
            // Behind the header, so that it still looks like a database.
            file.seek(SeekFrom::Start(4096)).unwrap();
            file.write_all(&vec![0xa5; usize::try_from(length).unwrap() - 4096])
                .unwrap();
        }
        drop(file);
        let read = match Store::open(&path).await {
            Ok(store) => store.inventory().await.map(drop),
            Err(error) => Err(error),
        };
        let error = read.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{damage}: {error:?}");
    }
}

#[tokio::test]
async fn an_inventory_of_a_newer_version_is_left_alone() {
    let (folder, store) = new_store().await;
    store.pool.close().await;
    let path = path_in(&folder);
    let mut newer = SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .unwrap();
    newer
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'from the future', 1, x'00', 0); CREATE TABLE later (id TEXT) STRICT;",
        )
        .await
        .unwrap();
    newer.close().await.unwrap();
    let before = fs::read(&path).unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { .. }), "{error:?}");
    assert!(error.hints()[0].contains("Update WireWarp"), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), before, "not a byte of it is changed");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let error = Store::open(&in_the_way.join("inventory.db")).await.unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
    assert!(error.to_string().contains("file/inventory.db"), "{error}");
}

#[tokio::test]
async fn a_value_that_no_version_wrote_is_named_by_its_column() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    store
        .save(&empty, &inventory(&empty, 0), "anna", "test")
        .await
        .unwrap();
    sqlx::query("UPDATE vpses SET tunnel_network = 'nonsense'")
        .execute(&store.pool)
        .await
        .unwrap();
    let error = store.inventory().await.unwrap_err();
    assert!(error.to_string().contains("vpses.tunnel_network"), "{error}");
}

#[tokio::test]
async fn a_writer_that_takes_too_long_is_told_as_such() {
    let (folder, store) = new_store().await;
    let url = format!("sqlite://{}", path_in(&folder).display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let empty = store.inventory().await.unwrap();
    store.pool.execute("SELECT 1").await.unwrap();
    let started = std::time::Instant::now();
    let error = store
        .save(&empty, &inventory(&empty, 0), "anna", "test")
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error:?}");
    assert!(
        started.elapsed() >= std::time::Duration::from_secs(9),
        "it was waited for"
    );
    other.execute("ROLLBACK").await.unwrap();
    store
        .save(&empty, &inventory(&empty, 0), "anna", "test")
        .await
        .unwrap();
}
