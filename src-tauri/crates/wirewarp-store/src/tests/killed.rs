//! The program killed while it writes: what was saved is there, whole, and nothing else.

use super::{forward, inventory, new_store, path_in};
use crate::Store;
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

/// Names the inventory to the process that is to be killed.
const VICTIM: &str = "WIREWARP_TEST_KILLED_WRITER";
const THIS: &str = "tests::killed::a_killed_program_leaves_whole_changes";
/// How many forwards each change adds.
const STRIDE: usize = 20;

#[test]
fn a_killed_program_leaves_whole_changes() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    match std::env::var_os(VICTIM) {
        Some(path) => runtime.block_on(write_until_killed(Path::new(&path))),
        None => runtime.block_on(kill_writers()),
    }
}

async fn kill_writers() {
    let (folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    store
        .save(&empty, &inventory(&empty, 0), "anna", "test")
        .await
        .unwrap();
    store.pool.close().await;
    let path = path_in(&folder);
    let mut saved = 0;
    for round in 0..8_u64 {
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", THIS, "--nocapture"])
            .env(VICTIM, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + 37 * round));
        victim.kill().unwrap();
        let ended = victim.wait().unwrap();
        assert_eq!(ended.code(), None, "it ended by itself: {ended}");

        let store = Store::open(&path).await.unwrap();
        let count = store.inventory().await.unwrap().forwards.len();
        assert_eq!(count % STRIDE, 0, "half a change is there: {count} forwards");
        assert!(count >= saved, "a saved change is gone");
        let audited = store.audit(u32::MAX).await.unwrap();
        let audited = audited.iter().filter(|entry| entry.kind == "forward").count();
        assert_eq!(audited, count, "the audit log differs from what is there");
        let said: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&store.pool)
            .await
            .unwrap();
        assert_eq!(said, "ok");
        store.pool.close().await;
        saved = count;
    }
    assert!(saved > 0, "nothing was ever written");
}

async fn write_until_killed(path: &Path) {
    let store = Store::open(path).await.unwrap();
    // An upper bound, in case nobody comes to kill it.
    for _ in 0..2_000 {
        let before = store.inventory().await.unwrap();
        let mut after = before.clone();
        for _ in 0..STRIDE {
            let number = u16::try_from(after.forwards.len() % 50_000).unwrap();
            after.forwards.push(forward(&before.peers[0], number));
        }
        store.save(&before, &after, "victim", "port.add").await.unwrap();
    }
}
