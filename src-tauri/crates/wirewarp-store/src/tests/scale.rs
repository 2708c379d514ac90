//! Ten thousand forwards: one change saves them, one change among them stays quick.

use super::{forward, inventory, new_store};
use std::time::{Duration, Instant};

#[tokio::test]
async fn ten_thousand_forwards_are_saved_and_loaded() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 10_000);
    store.save(&empty, &full, "anna", "port.add").await.unwrap();
    assert_eq!(store.inventory().await.unwrap(), full);

    let mut after = full.clone();
    after.forwards.push(forward(&full.peers[0], 10_001));
    let started = Instant::now();
    store.save(&full, &after, "anna", "port.add").await.unwrap();
    let took = started.elapsed();
    // 0.3 s unoptimised here; the bound only tells a scan per row from one pass.
    assert!(took < Duration::from_secs(5), "one more took {took:?}");
    assert_eq!(store.inventory().await.unwrap().forwards.len(), 10_001);
    assert_eq!(store.audit(1).await.unwrap()[0].kind, "forward");
}
