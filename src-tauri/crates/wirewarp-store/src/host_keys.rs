//! Table `host_keys`: the SSH host keys that the person vouched for.

use sqlx::Row;

use crate::{Store, StoreError, now};

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
        let query = sqlx::query("SELECT algorithm, key FROM host_keys WHERE endpoint = ? ORDER BY added_at");
        let rows = query.bind(endpoint).fetch_all(&self.pool).await?;
        let read = |row: &sqlx::sqlite::SqliteRow| -> Result<KnownHostKey, StoreError> {
            Ok(KnownHostKey {
                algorithm: row.try_get("algorithm")?,
                key: row.try_get("key")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Writes a key down.
    pub async fn remember_host_key(
        &self,
        endpoint: &str,
        algorithm: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO host_keys (endpoint, algorithm, key, added_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(endpoint)
            .bind(algorithm)
            .bind(key)
            .bind(now())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Puts one key in the place of all that an endpoint was known by.
    pub async fn replace_host_key(
        &self,
        endpoint: &str,
        algorithm: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM host_keys WHERE endpoint = ?")
            .bind(endpoint)
            .execute(&mut *write)
            .await?;
        sqlx::query("INSERT INTO host_keys (endpoint, algorithm, key, added_at) VALUES (?, ?, ?, ?)")
            .bind(endpoint)
            .bind(algorithm)
            .bind(key)
            .bind(now())
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(())
    }
}
