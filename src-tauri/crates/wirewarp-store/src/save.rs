//! Writing a change: exactly the rows that differ, each with its audit row, in one transaction.

use sqlx::SqliteConnection;
use std::{
    collections::BTreeMap,
    sync::{Arc, MutexGuard, PoisonError},
};
use wirewarp_model::Inventory;

use crate::{
    Store, StoreError, attachments, audit, forwards, hosts, names,
    object::{delete_gone, make_room, put_changed},
    open, peers, proxmoxes, vpses,
};

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
        names::are_free(before, after)?;
        let actor = Actor { who, action };
        // References are checked at the end, when everything is in its place (sqlite.org/foreignkeys.html).
        sqlx::query("PRAGMA defer_foreign_keys = ON")
            .execute(&mut *write)
            .await?;
        change(&mut write, before, after, actor).await?;
        write.commit().await?;
        Ok(())
    }
}

/// What depends on something goes before it and comes after it.
async fn change(
    db: &mut SqliteConnection,
    before: &Inventory,
    after: &Inventory,
    actor: Actor<'_>,
) -> Result<(), StoreError> {
    delete_gone(db, &before.attachments, &after.attachments, actor).await?;
    delete_gone(db, &before.proxmoxes, &after.proxmoxes, actor).await?;
    delete_gone(db, &before.forwards, &after.forwards, actor).await?;
    delete_gone(db, &before.peers, &after.peers, actor).await?;
    delete_gone(db, &before.vpses, &after.vpses, actor).await?;
    delete_gone(db, &before.hosts, &after.hosts, actor).await?;
    make_room(db, &before.peers, &after.peers).await?;
    make_room(db, &before.vpses, &after.vpses).await?;
    make_room(db, &before.proxmoxes, &after.proxmoxes).await?;
    put_changed(db, &before.hosts, &after.hosts, actor).await?;
    put_changed(db, &before.vpses, &after.vpses, actor).await?;
    put_changed(db, &before.peers, &after.peers, actor).await?;
    put_changed(db, &before.forwards, &after.forwards, actor).await?;
    put_changed(db, &before.proxmoxes, &after.proxmoxes, actor).await?;
    put_changed(db, &before.attachments, &after.attachments, actor).await
}

async fn load(db: &mut SqliteConnection) -> Result<Inventory, StoreError> {
    Ok(Inventory {
        id: open::id(db).await?,
        hosts: hosts::all(db).await?,
        vpses: vpses::all(db).await?,
        peers: peers::all(db).await?,
        forwards: forwards::all(db).await?,
        proxmoxes: proxmoxes::all(db).await?,
        attachments: attachments::all(db).await?,
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
    a.vpses == b.vpses
        && a.peers == b.peers
        && a.forwards == b.forwards
        && a.proxmoxes == b.proxmoxes
        && a.attachments == b.attachments
        && hosts(a) == hosts(b)
}
