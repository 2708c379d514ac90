//! What the inventory is made of, as the store sees it: each kind has a table of its own, each change its audit row.

use serde::Serialize;
use sqlx::SqliteConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::{StoreError, audit, save::Actor};

/// A machine, a VPS, a peer, a port forward, a Proxmox host or an attached guest.
pub(crate) trait Object: PartialEq + Serialize {
    /// What the audit log calls it.
    const KIND: &'static str;
    /// Deletes the row of an identifier, and what hangs on it.
    const DELETE: &'static str;

    fn id(&self) -> Uuid;

    /// Its name or label.
    fn name(&self) -> &str;

    /// Writes its row, whether it is there already or not.
    async fn put(&self, db: &mut SqliteConnection) -> Result<(), StoreError>;
}

/// Deletes those that are not there any more.
pub(crate) async fn delete_gone<T: Object>(
    db: &mut SqliteConnection,
    before: &[T],
    after: &[T],
    actor: Actor<'_>,
) -> Result<(), StoreError> {
    let kept = by_id(after);
    for gone in before.iter().filter(|object| !kept.contains_key(&object.id())) {
        delete(db, gone).await?;
        log(db, actor, Some(gone), None).await?;
    }
    Ok(())
}

/// Takes those that differ out before they are put back, so that names, numbers and addresses can change hands within
/// one change.
pub(crate) async fn make_room<T: Object>(
    db: &mut SqliteConnection,
    before: &[T],
    after: &[T],
) -> Result<(), StoreError> {
    let known = by_id(before);
    for (_, object) in changed(&known, after) {
        delete(db, object).await?;
    }
    Ok(())
}

/// Writes those that are new or different.
pub(crate) async fn put_changed<T: Object>(
    db: &mut SqliteConnection,
    before: &[T],
    after: &[T],
    actor: Actor<'_>,
) -> Result<(), StoreError> {
    let known = by_id(before);
    for (was, object) in changed(&known, after) {
        object.put(db).await?;
        log(db, actor, was, Some(object)).await?;
    }
    Ok(())
}

async fn delete<T: Object>(db: &mut SqliteConnection, object: &T) -> Result<(), StoreError> {
    sqlx::query(T::DELETE)
        .bind(object.id().to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// At least one of `before` and `after` is there.
async fn log<T: Object>(
    db: &mut SqliteConnection,
    actor: Actor<'_>,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), StoreError> {
    let Some(object) = after.or(before) else {
        return Ok(());
    };
    let id = object.id().to_string();
    audit::write(db, actor, T::KIND, &id, object.name(), before, after).await
}

fn by_id<T: Object>(objects: &[T]) -> BTreeMap<Uuid, &T> {
    objects.iter().map(|object| (object.id(), object)).collect()
}

/// Those that are new or different, with what they were.
fn changed<'a, T: Object>(
    known: &'a BTreeMap<Uuid, &'a T>,
    objects: &'a [T],
) -> impl Iterator<Item = (Option<&'a T>, &'a T)> {
    objects
        .iter()
        .map(|object| (known.get(&object.id()).copied(), object))
        .filter(|(was, object)| *was != Some(*object))
}
