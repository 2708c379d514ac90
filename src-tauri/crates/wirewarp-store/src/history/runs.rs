//! When somebody collected.

use super::History;
use crate::StoreError;

impl History {
    /// Writes down that the collector which began at `started` still collects at `now` (seconds since 1970 UTC).
    pub async fn note_run(&self, started: i64, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO runs (started, last) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
        )
        .bind(started)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// From when to when somebody collected within `from..to`, in order and apart.
    pub async fn runs(&self, from: i64, to: i64) -> Result<Vec<(i64, i64)>, StoreError> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT started, last FROM runs WHERE last > ? AND started < ? ORDER BY started")
                .bind(from)
                .bind(to)
                .fetch_all(&self.pool)
                .await?;
        let mut apart: Vec<(i64, i64)> = Vec::with_capacity(rows.len());
        for (started, last) in rows {
            let (begin, end) = (started.max(from), last.min(to));
            match apart.last_mut() {
                // A clock that was set back makes them overlap.
                Some(before) if before.1 >= begin => before.1 = before.1.max(end),
                _ => apart.push((begin, end)),
            }
        }
        Ok(apart)
    }
}
