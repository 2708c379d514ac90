//! How things were, and since when.

use wirewarp_model::figures::Series;

use super::History;
use crate::StoreError;

/// How something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// One word, e.g. `connected`.
    pub state: String,
    /// Why, in words.
    pub reason: String,
}

/// When it became so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateChange {
    /// Seconds since 1970 UTC.
    pub at: i64,
    /// What it became.
    pub state: State,
}

impl History {
    /// Writes down how something is at `at`, if it was otherwise before. Says whether it was.
    pub async fn note_state(&self, of: Series, at: i64, state: &State) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO states (kind, object, at, state, reason)
             SELECT ?1, ?2, ?3, ?4, ?5
             WHERE ?4 IS NOT (SELECT state FROM states WHERE kind = ?1 AND object = ?2 ORDER BY at DESC LIMIT 1)
             ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason",
        )
        .bind(of.kind())
        .bind(of.object().to_string())
        .bind(at)
        .bind(&state.state)
        .bind(&state.reason)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The changes within `from..to`, in order, behind the one that held at `from`.
    pub async fn states(&self, of: Series, from: i64, to: i64) -> Result<Vec<StateChange>, StoreError> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "SELECT at, state, reason FROM states WHERE kind = ?1 AND object = ?2 AND at < ?4 AND at >= coalesce(
                 (SELECT max(at) FROM states WHERE kind = ?1 AND object = ?2 AND at <= ?3), ?3)
             ORDER BY at",
        )
        .bind(of.kind())
        .bind(of.object().to_string())
        .bind(from)
        .bind(to)
        .fetch_all(&self.pool)
        .await?;
        let change = |(at, state, reason)| StateChange {
            at,
            state: State { state, reason },
        };
        Ok(rows.into_iter().map(change).collect())
    }
}
