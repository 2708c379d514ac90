//! Writing a change: exactly the rows that differ, each with its audit row, in one transaction.

use serde::Serialize;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::{
    collections::BTreeMap,
    sync::{Arc, MutexGuard, PoisonError},
};
use wirewarp_model::Inventory;

use crate::{Store, StoreError, audit, forwards, hosts, open, peers, vpses};

/// Who changes something, and what it is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Actor<'a> {
    pub who: &'a str,
    pub action: &'a str,
}

/// The inventory as it was read last. Each change of it has its audit row in the same transaction, so that it is still
/// the same as long as no row came.
#[derive(Debug)]
pub(crate) struct Reading {
    newest: i64,
    inventory: Arc<Inventory>,
}

impl Store {
    /// The inventory in one consistent read.
    pub async fn inventory(&self) -> Result<Inventory, StoreError> {
        let mut read = self.pool.begin().await?;
        let inventory = self.read(&mut read).await?;
        read.commit().await?;
        Ok(Arc::unwrap_or_clone(inventory))
    }

    /// The inventory as a transaction sees it; what was read before, if nothing has changed since.
    async fn read(&self, db: &mut SqliteConnection) -> Result<Arc<Inventory>, StoreError> {
        let newest = audit::newest(db).await?;
        if let Some(reading) = self.reading().as_ref().filter(|reading| reading.newest == newest) {
            return Ok(reading.inventory.clone());
        }
        let inventory = Arc::new(load(db).await?);
        *self.reading() = Some(Reading {
            newest,
            inventory: inventory.clone(),
        });
        Ok(inventory)
    }

    fn reading(&self) -> MutexGuard<'_, Option<Reading>> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the stored inventory from `before` to `after`. Fails with [`StoreError::Changed`], and writes nothing, if
    /// the stored one is not `before` any more.
    pub async fn save(
        &self,
        before: &Inventory,
        after: &Inventory,
        who: &str,
        action: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let stored = self.read(&mut write).await?;
        if !same(&stored, before) {
            return Err(StoreError::Changed);
        }
        let actor = Actor { who, action };
        // References are checked at the end, when everything is in its place (sqlite.org/foreignkeys.html).
        sqlx::query("PRAGMA defer_foreign_keys = ON")
            .execute(&mut *write)
            .await?;
        delete_gone(&mut write, before, after, actor).await?;
        make_room(&mut write, before, after).await?;
        put_new(&mut write, before, after, actor).await?;
        write.commit().await?;
        Ok(())
    }
}

async fn load(db: &mut SqliteConnection) -> Result<Inventory, StoreError> {
    Ok(Inventory {
        id: open::id(db).await?,
        hosts: hosts::all(db).await?,
        vpses: vpses::all(db).await?,
        peers: peers::all(db).await?,
        forwards: forwards::all(db).await?,
    })
}

/// Whether both hold the same, whatever the order of hosts.
fn same(a: &Inventory, b: &Inventory) -> bool {
    let hosts = |inventory: &Inventory| -> BTreeMap<_, _> {
        inventory
            .hosts
            .iter()
            .map(|host| (host.id, host.clone()))
            .collect()
    };
    a.vpses == b.vpses && a.peers == b.peers && a.forwards == b.forwards && hosts(a) == hosts(b)
}

/// What depends on something goes before it.
async fn delete_gone(
    db: &mut Transaction<'_, Sqlite>,
    before: &Inventory,
    after: &Inventory,
    actor: Actor<'_>,
) -> Result<(), StoreError> {
    let kept = keys(&after.forwards, |f| f.id);
    for gone in before.forwards.iter().filter(|f| !kept.contains_key(&f.id)) {
        forwards::delete(db, gone.id).await?;
        audit::write(
            db,
            actor,
            "forward",
            &gone.id.to_string(),
            gone.label.as_str(),
            Some(gone),
            None,
        )
        .await?;
    }
    let kept = keys(&after.peers, |p| p.id);
    for gone in before.peers.iter().filter(|p| !kept.contains_key(&p.id)) {
        peers::delete(db, gone.id).await?;
        audit::write(
            db,
            actor,
            "peer",
            &gone.id.to_string(),
            gone.name.as_str(),
            Some(gone),
            None,
        )
        .await?;
    }
    let kept = keys(&after.vpses, |v| v.id);
    for gone in before.vpses.iter().filter(|v| !kept.contains_key(&v.id)) {
        vpses::delete(db, gone.id).await?;
        audit::write(
            db,
            actor,
            "vps",
            &gone.id.to_string(),
            gone.name.as_str(),
            Some(gone),
            None,
        )
        .await?;
    }
    let kept = keys(&after.hosts, |h| h.id);
    for gone in before.hosts.iter().filter(|h| !kept.contains_key(&h.id)) {
        hosts::delete(db, gone.id).await?;
        audit::write(
            db,
            actor,
            "host",
            &gone.id.to_string(),
            gone.name.as_str(),
            Some(gone),
            None,
        )
        .await?;
    }
    Ok(())
}

/// Rows that differ are taken out before they are put back, so that names, numbers and addresses can change hands within
/// one change. The addresses of a VPS go with it.
async fn make_room(
    db: &mut Transaction<'_, Sqlite>,
    before: &Inventory,
    after: &Inventory,
) -> Result<(), StoreError> {
    let known = keys(&before.peers, |p| p.id);
    for (_, peer) in changed(&known, &after.peers, |p| p.id) {
        peers::delete(db, peer.id).await?;
    }
    let known = keys(&before.vpses, |v| v.id);
    for (_, vps) in changed(&known, &after.vpses, |v| v.id) {
        vpses::delete(db, vps.id).await?;
    }
    Ok(())
}

/// What something depends on comes before it.
async fn put_new(
    db: &mut Transaction<'_, Sqlite>,
    before: &Inventory,
    after: &Inventory,
    actor: Actor<'_>,
) -> Result<(), StoreError> {
    let known = keys(&before.hosts, |h| h.id);
    for (was, host) in changed(&known, &after.hosts, |h| h.id) {
        hosts::put(db, host).await?;
        audit::write(
            db,
            actor,
            "host",
            &host.id.to_string(),
            host.name.as_str(),
            was,
            Some(host),
        )
        .await?;
    }
    let known = keys(&before.vpses, |v| v.id);
    for (was, vps) in changed(&known, &after.vpses, |v| v.id) {
        vpses::put(db, vps).await?;
        audit::write(
            db,
            actor,
            "vps",
            &vps.id.to_string(),
            vps.name.as_str(),
            was,
            Some(vps),
        )
        .await?;
    }
    let known = keys(&before.peers, |p| p.id);
    for (was, peer) in changed(&known, &after.peers, |p| p.id) {
        peers::put(db, peer).await?;
        audit::write(
            db,
            actor,
            "peer",
            &peer.id.to_string(),
            peer.name.as_str(),
            was,
            Some(peer),
        )
        .await?;
    }
    let known = keys(&before.forwards, |f| f.id);
    for (was, forward) in changed(&known, &after.forwards, |f| f.id) {
        forwards::put(db, forward).await?;
        audit::write(
            db,
            actor,
            "forward",
            &forward.id.to_string(),
            forward.label.as_str(),
            was,
            Some(forward),
        )
        .await?;
    }
    Ok(())
}

fn keys<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> BTreeMap<K, &T> {
    items.iter().map(|item| (key(item), item)).collect()
}

/// Items that are new or different, with what they were.
fn changed<'a, T: PartialEq + Serialize, K: Ord>(
    known: &'a BTreeMap<K, &'a T>,
    items: &'a [T],
    key: impl Fn(&T) -> K + 'a,
) -> impl Iterator<Item = (Option<&'a T>, &'a T)> {
    items
        .iter()
        .map(move |item| (known.get(&key(item)).copied(), item))
        .filter(|(was, item)| *was != Some(*item))
}
