//! Table `host_keys`: the SSH host keys that the person vouched for.

use sqlx::{Row, SqliteConnection};

use crate::{Store, StoreError, audit, now, save::Actor};

/// A key that a host is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHostKey {
    /// e.g. `ssh-ed25519`.
    pub algorithm: String,
    /// In the form of known_hosts: `ssh-ed25519 AAAA...`.
    pub key: String,
}

impl Store {
    /// The keys of an endpoint.
    pub async fn host_keys(&self, endpoint: &str) -> Result<Vec<KnownHostKey>, StoreError> {
        known(&mut *self.pool.acquire().await?, endpoint).await
    }

    /// Writes a key down, which `who` vouched for.
    pub async fn remember_host_key(
        &self,
        endpoint: &str,
        algorithm: &str,
        key: &str,
        who: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before = known(&mut write, endpoint).await?;
        if before.iter().any(|known| known.key == key) {
            return Ok(());
        }
        vouch(&mut write, endpoint, algorithm, key, who, &before).await?;
        write.commit().await?;
        Ok(())
    }

    /// Puts one key, which `who` vouched for, in the place of all that an endpoint was known by.
    pub async fn replace_host_key(
        &self,
        endpoint: &str,
        algorithm: &str,
        key: &str,
        who: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before = known(&mut write, endpoint).await?;
        sqlx::query("DELETE FROM host_keys WHERE endpoint = ?")
            .bind(endpoint)
            .execute(&mut *write)
            .await?;
        vouch(&mut write, endpoint, algorithm, key, who, &before).await?;
        write.commit().await?;
        Ok(())
    }
}

async fn known(db: &mut SqliteConnection, endpoint: &str) -> Result<Vec<KnownHostKey>, StoreError> {
    let query =
        sqlx::query("SELECT algorithm, key FROM host_keys WHERE endpoint = ? ORDER BY added_at, rowid");
    let rows = query.bind(endpoint).fetch_all(db).await?;
    let read = |row: &sqlx::sqlite::SqliteRow| -> Result<KnownHostKey, StoreError> {
        Ok(KnownHostKey {
            algorithm: row.try_get("algorithm")?,
            key: row.try_get("key")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Writes a key down, with its audit row; `before` is what the endpoint was known by.
async fn vouch(
    db: &mut SqliteConnection,
    endpoint: &str,
    algorithm: &str,
    key: &str,
    who: &str,
    before: &[KnownHostKey],
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO host_keys (endpoint, algorithm, key, added_at) VALUES (?, ?, ?, ?)")
        .bind(endpoint)
        .bind(algorithm)
        .bind(key)
        .bind(now())
        .execute(&mut *db)
        .await?;
    let keys =
        |known: &[KnownHostKey]| -> Vec<String> { known.iter().map(|known| known.key.clone()).collect() };
    let after = keys(&known(db, endpoint).await?);
    let before = (!before.is_empty()).then(|| keys(before));
    let actor = Actor {
        who,
        action: "host.trust",
    };
    audit::write(
        db,
        actor,
        "host key",
        endpoint,
        endpoint,
        before.as_ref(),
        Some(&after),
    )
    .await
}
