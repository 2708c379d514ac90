//! Programs that have the inventory open, and those that ended without a word.

use super::{bundle, inventory, new_store, path_in};
use crate::{NewOperation, Store, StoreError};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use uuid::Uuid;
use wirewarp_model::{HostId, OperationId, PlanId};

/// Names the inventory to the program that begins an operation and is killed.
const VICTIM: &str = "WIREWARP_TEST_KILLED_APPLY";
const THIS: &str = "tests::sessions::the_operation_of_a_killed_program_is_found";

fn session_files(folder: &Path) -> usize {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    names
        .filter(|name| name.to_string_lossy().contains(".session-"))
        .count()
}

#[tokio::test]
async fn what_a_program_left_that_was_killed_while_it_began_is_in_nobodys_way() {
    let (folder, store) = new_store().await;
    drop(store);
    for left in ["inventory.db.new", "inventory.db.opening-0"] {
        fs::write(folder.path().join(left), "").unwrap();
    }
    Store::open(&path_in(&folder)).await.unwrap();
}

#[tokio::test]
async fn the_operation_of_a_killed_program_is_found() {
    if let Some(path) = std::env::var_os(VICTIM) {
        return begin_and_wait(Path::new(&path)).await;
    }
    let (folder, store) = new_store().await;
    let mut victim = start_victim(&path_in(&folder));
    while store.operations(1).await.unwrap().is_empty() {
        assert!(victim.try_wait().unwrap().is_none(), "it ended by itself");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(
        store.interrupted_operations().await.unwrap().is_empty(),
        "it runs"
    );
    victim.kill().unwrap();
    // Before its parent takes note of it: until then the process is still listed.
    let mut found = vec![];
    for _ in 0..500 {
        found = store.interrupted_operations().await.unwrap();
        if !found.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    victim.wait().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].generation, 4);
    let (host, operation) = (found[0].host, found[0].id);
    store.record_applied(host, 4, operation).await.unwrap();
    let applied = store.last_applied(host).await.unwrap().unwrap();
    assert_eq!(applied.bundle, bundle("four\n"));
    // The next program cleans up behind it, and finds it all the same.
    let next = Store::open(&path_in(&folder)).await.unwrap();
    assert_eq!(session_files(folder.path()), 2);
    assert_eq!(next.interrupted_operations().await.unwrap().len(), 1);
}

fn start_victim(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", THIS, "--nocapture"])
        .env(VICTIM, path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn begin_and_wait(path: &Path) {
    let store = Store::open(path).await.unwrap();
    let (host_name, files) = ("nyc".parse().unwrap(), bundle("four\n"));
    let new = NewOperation {
        id: OperationId(Uuid::new_v4()),
        host: HostId(Uuid::new_v4()),
        host_name: &host_name,
        plan: PlanId(Uuid::new_v4()),
        base: 3,
        generation: 4,
        action: "port.add",
        bundle: &files,
    };
    store.begin_operation(new).await.unwrap();
    // An upper bound, in case nobody comes to kill it.
    tokio::time::sleep(Duration::from_secs(120)).await;
}

#[tokio::test]
async fn programs_that_end_leave_no_session_behind() {
    let (folder, store) = new_store().await;
    let second = Store::open(&path_in(&folder)).await.unwrap();
    let clone = second.clone();
    assert_eq!(session_files(folder.path()), 2);
    drop(second);
    assert_eq!(session_files(folder.path()), 2, "a clone goes on");
    drop(clone);
    drop(store);
    assert_eq!(session_files(folder.path()), 0);
}

#[tokio::test]
async fn damage_is_looked_for_after_a_program_did_not_end_well() {
    let (folder, path) = damaged_inventory().await;
    drop(
        Store::open(&path)
            .await
            .expect("nothing that is read at the start is damaged"),
    );

    let left = folder
        .path()
        .join(format!("inventory.db.session-{}", Uuid::new_v4()));
    fs::write(&left, "").unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert!(error.hints()[0].contains("before"), "{error:?}");
}

/// An inventory that nobody has open, in a folder of its own, with its last pages overwritten.
async fn damaged_inventory() -> (TempDir, PathBuf) {
    let (folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    store
        .save(&empty, &inventory(&empty, 300), "anna", "test")
        .await
        .unwrap();
    store.pool.close().await;
    drop(store);
    let path = path_in(&folder);
    overwrite_last_pages(&path);
    (folder, path)
}

fn overwrite_last_pages(path: &Path) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    let from = length / 4096 * 3 / 4 * 4096;
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&vec![0xa5; usize::try_from(length - from).unwrap()])
        .unwrap();
}

#[tokio::test]
async fn damage_that_shows_later_is_told_as_damage() {
    let (_folder, path) = damaged_inventory().await;
    let store = Store::open(&path).await.unwrap();
    let error = match store.inventory().await {
        Err(error) => error,
        Ok(_) => store.audit(u32::MAX).await.unwrap_err(),
    };
    assert_eq!(error.code(), "inventory_corrupt", "{error:?}");
    assert!(!error.hints().is_empty());
}
