//! Changes and operations as one list, newest first, filtered and by parts.

use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};
use wirewarp_model::{OperationId, UserError};

use crate::{
    OperationState, Store, StoreError,
    row::{parse_some, word},
};

/// Which entries; what is empty or none does not filter.
#[derive(Debug, Clone, Default)]
pub struct ActivityFilter {
    /// Words that occur in who, what or on what, in any case.
    pub text: String,
    /// Which kind.
    pub kind: Option<ActivityKind>,
    /// Only operations that failed or went back.
    pub failed: bool,
    /// Not before, milliseconds since 1970 UTC.
    pub from: Option<i64>,
    /// Before, the same.
    pub until: Option<i64>,
}

/// Kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityKind {
    /// The inventory was changed.
    Change,
    /// A plan was applied to a host.
    Operation,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// `user@machine`; for an operation, the host's name.
    pub who: String,
    /// The change it was part of.
    pub action: String,
    /// Kind and name of what was changed, e.g. `peer attic`; for an operation, the host.
    pub object: String,
    /// What it was, as JSON.
    pub before: Option<String>,
    /// What it became, as JSON.
    pub after: Option<String>,
    /// The operation, if it is one: identifier, generations, state, why it failed.
    pub operation: Option<(OperationId, u64, u64, OperationState, Option<UserError>)>,
}

/// Both tables under the same columns. An operation has no row in `audit` of its own.
const BOTH: &str = "WITH both AS ( \
     SELECT at, 0 AS kind, id AS number, who, action, kind || ' ' || CASE name WHEN '' THEN substr(object_id, 1, 8) ELSE name END \
         AS object, before, after, NULL AS operation, NULL AS base, NULL AS generation, NULL AS state, NULL AS error FROM audit \
     UNION ALL \
     SELECT started_at, 1, rowid, host_name, action, 'host ' || host_name, NULL, NULL, id, base, generation, state, error \
         FROM operations) ";

impl Store {
    /// The entries that `filter` lets through, newest first: `limit` of them after `offset`, and how many there are.
    pub async fn activity(
        &self,
        filter: &ActivityFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<Activity>, u32), StoreError> {
        let mut count = QueryBuilder::<Sqlite>::new(BOTH);
        count.push("SELECT count(*) FROM both WHERE 1");
        conditions(&mut count, filter);
        let total: i64 = count.build_query_scalar().fetch_one(&self.pool).await?;
        let mut query = QueryBuilder::<Sqlite>::new(BOTH);
        query.push("SELECT * FROM both WHERE 1");
        conditions(&mut query, filter);
        query.push(" ORDER BY at DESC, kind DESC, number DESC LIMIT ");
        query
            .push_bind(i64::from(limit))
            .push(" OFFSET ")
            .push_bind(i64::from(offset));
        let rows = query.build().fetch_all(&self.pool).await?;
        let rows = rows.iter().map(read).collect::<Result<_, _>>()?;
        Ok((rows, u32::try_from(total).unwrap_or(u32::MAX)))
    }
}

fn conditions(query: &mut QueryBuilder<Sqlite>, filter: &ActivityFilter) {
    for word in filter.text.split_whitespace() {
        let word = word.to_lowercase();
        query
            .push(" AND instr(lower(who || ' ' || action || ' ' || object), ")
            .push_bind(word)
            .push(") > 0");
    }
    match filter.kind {
        Some(ActivityKind::Change) => query.push(" AND kind = 0"),
        Some(ActivityKind::Operation) => query.push(" AND kind = 1"),
        None => query,
    };
    if filter.failed {
        query.push(" AND state IN ('failed', 'rolled_back')");
    }
    if let Some(from) = filter.from {
        query.push(" AND at >= ").push_bind(from);
    }
    if let Some(until) = filter.until {
        query.push(" AND at < ").push_bind(until);
    }
}

fn read(row: &SqliteRow) -> Result<Activity, StoreError> {
    let number = |name: &str| -> Result<u64, StoreError> {
        let value: Option<i64> = row.try_get(name)?;
        Ok(u64::try_from(value.unwrap_or(0)).unwrap_or(0))
    };
    let id: Option<OperationId> = parse_some("operations.id", row.try_get("operation")?)?;
    let operation = match id {
        None => None,
        Some(id) => {
            let error: Option<String> = row.try_get("error")?;
            let error = error.and_then(|text| serde_json::from_str(&text).ok());
            let state = word("operations.state", row.try_get("state")?)?;
            Some((id, number("base")?, number("generation")?, state, error))
        }
    };
    Ok(Activity {
        at: row.try_get("at")?,
        who: row.try_get("who")?,
        action: row.try_get("action")?,
        object: row.try_get("object")?,
        before: row.try_get("before")?,
        after: row.try_get("after")?,
        operation,
    })
}
