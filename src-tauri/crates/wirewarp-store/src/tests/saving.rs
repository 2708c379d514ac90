//! Changes: exactly the rows that differ, with their audit rows, or nothing.

use super::{forward, host, inventory, linux_peer, new_store, path_in, vps};
use crate::{Store, StoreError};
use wirewarp_model::{ForwardId, Inventory, PeerState};

#[tokio::test]
async fn what_is_saved_is_what_is_loaded() {
    let (folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    assert_eq!(empty, Inventory::empty(empty.id));
    let full = inventory(&empty, 8);
    store.save(&empty, &full, "anna@laptop", "test").await.unwrap();
    assert_eq!(store.inventory().await.unwrap(), full);
    let reopened = Store::open(&path_in(&folder)).await.unwrap();
    assert_eq!(
        reopened.inventory().await.unwrap(),
        full,
        "after opening it again"
    );
    store.save(&full, &empty, "anna@laptop", "test").await.unwrap();
    assert_eq!(store.inventory().await.unwrap(), empty);
}

#[tokio::test]
async fn a_change_writes_one_audit_row_for_each_object_that_differs() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 3);
    store.save(&empty, &full, "anna@laptop", "vps.add").await.unwrap();
    assert_eq!(store.audit(100).await.unwrap().len(), 2 + 1 + 2 + 3);

    let mut after = full.clone();
    after.forwards[1].enabled = !after.forwards[1].enabled;
    after.peers[0].state = PeerState::Active;
    let gone = after.forwards.remove(2);
    store.save(&full, &after, "bert@desk", "mixed").await.unwrap();
    let entries = store.audit(3).await.unwrap();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["forward", "peer", "forward"], "newest first");
    assert!(
        entries
            .iter()
            .all(|e| e.who == "bert@desk" && e.action == "mixed")
    );
    let (enabled, removed) = (&entries[0], &entries[2]);
    assert_ne!(
        enabled.before.as_ref().unwrap()["enabled"],
        enabled.after.as_ref().unwrap()["enabled"]
    );
    assert_eq!(
        (removed.object.clone(), &removed.after),
        (gone.id.to_string(), &None)
    );
    assert_eq!(
        store.audit(100).await.unwrap().len(),
        8 + 3,
        "nothing else was written"
    );
}

#[tokio::test]
async fn a_change_that_fails_leaves_neither_rows_nor_audit() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 2);
    store.save(&empty, &full, "anna", "test").await.unwrap();
    let audited = store.audit(100).await.unwrap().len();

    let mut broken = full.clone();
    broken.peers[0].state = PeerState::Active;
    // The last thing that is written: a forward of a peer that is not there.
    let mut stray = forward(&full.peers[0], 5);
    stray.peer.0 = uuid::Uuid::new_v4();
    broken.forwards.push(stray);
    let error = store.save(&full, &broken, "anna", "test").await.unwrap_err();
    assert!(matches!(error, StoreError::Constraint(_)), "{error}");
    assert_eq!(store.inventory().await.unwrap(), full);
    assert_eq!(store.audit(100).await.unwrap().len(), audited);
}

#[tokio::test]
async fn a_save_from_a_stale_inventory_is_refused() {
    let (folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 1);
    store.save(&empty, &full, "anna", "test").await.unwrap();

    assert_eq!(store.inventory().await.unwrap(), full, "what it keeps in memory");
    let other = Store::open(&path_in(&folder)).await.unwrap();
    let mut theirs = full.clone();
    theirs.forwards[0].label = "theirs".parse().unwrap();
    other.save(&full, &theirs, "bert", "test").await.unwrap();

    let mut ours = full.clone();
    ours.forwards[0].label = "ours".parse().unwrap();
    assert_eq!(store.inventory().await.unwrap(), theirs);
    let error = store.save(&full, &ours, "anna", "test").await.unwrap_err();
    assert!(matches!(error, StoreError::Changed), "{error}");
    assert_eq!(store.inventory().await.unwrap(), theirs);
}

#[tokio::test]
async fn of_many_writers_at_once_each_change_is_kept_or_refused() {
    let (folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 0);
    store.save(&empty, &full, "anna", "test").await.unwrap();

    let writer = |number: u16| {
        let path = path_in(&folder);
        async move {
            let store = Store::open(&path).await.unwrap();
            for _ in 0..200 {
                let before = store.inventory().await.unwrap();
                let mut after = before.clone();
                after.forwards.push(forward(&before.peers[0], number));
                match store.save(&before, &after, "writer", "port.add").await {
                    Ok(()) => return,
                    Err(StoreError::Changed) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            panic!("never came to write");
        }
    };
    let writers: Vec<_> = (0..6).map(|number| tokio::spawn(writer(number))).collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(store.inventory().await.unwrap().forwards.len(), 6);
}

#[tokio::test]
async fn vpses_and_peers_share_one_set_of_names_whatever_the_case() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 0);
    store.save(&empty, &full, "anna", "test").await.unwrap();

    let added = |name: &str| {
        let mut after = full.clone();
        let host = host(name, true);
        after.vpses.push(vps(name, host.id, 40));
        after.hosts.push(host);
        after
    };
    let renamed_peer = |name: &str| {
        let mut after = full.clone();
        after.peers[0].name = name.parse().unwrap();
        after
    };
    let renamed_vps = |name: &str| {
        let mut after = full.clone();
        after.vpses[0].name = name.parse().unwrap();
        after
    };
    for (after, owner) in [
        (added("NYC"), "VPS called “nyc”"),
        (added("Attic"), "peer called “attic”"),
        (renamed_peer("nyc"), "VPS called “nyc”"),
        (renamed_peer("PHONE"), "peer called “phone”"),
        (renamed_vps("phone"), "peer called “phone”"),
    ] {
        let error = store.save(&full, &after, "anna", "test").await.unwrap_err();
        assert!(matches!(error, StoreError::NameTaken { .. }), "{error}");
        assert!(error.to_string().contains(owner), "{error}");
    }
    assert_eq!(store.inventory().await.unwrap(), full);
    let recased = renamed_peer("ATTIC");
    store.save(&full, &recased, "anna", "test").await.unwrap();
}

#[tokio::test]
async fn names_addresses_and_numbers_can_change_hands_in_one_change() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 0);
    store.save(&empty, &full, "anna", "test").await.unwrap();
    let mut swapped = full.clone();
    let [first, second] = swapped.peers.as_mut_slice() else {
        panic!("two peers")
    };
    std::mem::swap(&mut first.name, &mut second.name);
    std::mem::swap(&mut first.number, &mut second.number);
    std::mem::swap(&mut first.vm_network, &mut second.vm_network);
    std::mem::swap(&mut first.tunnel_ip, &mut second.tunnel_ip);
    swapped.peers.sort_by_key(|peer| peer.name.key());
    store.save(&full, &swapped, "anna", "test").await.unwrap();
    assert_eq!(store.inventory().await.unwrap(), swapped);
}

#[tokio::test]
async fn an_address_leaves_the_pool_with_the_change_that_moves_its_peer_away() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 1);
    store.save(&empty, &full, "anna", "test").await.unwrap();
    let mut after = full.clone();
    after.peers[0].public_ip = full.vpses[0].ips[1].id;
    after.vpses[0].ips.remove(0);
    store.save(&full, &after, "anna", "test").await.unwrap();
    assert_eq!(store.inventory().await.unwrap(), after);

    let mut in_use = after.clone();
    in_use.vpses[0].ips.clear();
    let error = store.save(&after, &in_use, "anna", "test").await.unwrap_err();
    assert!(matches!(error, StoreError::Constraint(_)), "{error}");
}

#[tokio::test]
async fn forwards_keep_the_order_in_which_they_were_added() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let mut last = inventory(&empty, 6);
    store.save(&empty, &last, "anna", "test").await.unwrap();
    for number in 6..12 {
        let mut after = last.clone();
        // The newest goes as often as an old one: its place must not be given to somebody else.
        after.forwards.remove(if number % 2 == 0 { 5 } else { 1 });
        after.forwards.push(forward(&last.peers[0], number));
        store.save(&last, &after, "anna", "test").await.unwrap();
        last = after;
    }
    let ids = |inventory: &Inventory| -> Vec<ForwardId> { inventory.forwards.iter().map(|f| f.id).collect() };
    assert_eq!(ids(&store.inventory().await.unwrap()), ids(&last));
}

#[tokio::test]
async fn a_machine_at_home_has_each_tunnel_once() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 0);
    store.save(&empty, &full, "anna", "test").await.unwrap();
    let mut after = full.clone();
    let mut second = linux_peer("zweiter", &full.vpses[0], full.hosts[1].id);
    (second.number, second.tunnel_ip) = (9, "10.0.0.9".parse().unwrap());
    second.vm_network = "10.99.9.0/24".parse().unwrap();
    after.peers.push(second);
    let error = store.save(&full, &after, "anna", "test").await.unwrap_err();
    assert!(matches!(error, StoreError::Constraint(_)), "{error}");
}
