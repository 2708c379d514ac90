//! Reading the past.

use sqlx::SqliteConnection;
use wirewarp_model::figures::{Bucket, Series, fold};

use super::{
    History, Level,
    level::{floor, unpack},
};
use crate::StoreError;

impl History {
    /// The buckets of a level that begin within `from..to` (seconds since 1970 UTC), in order; those without a
    /// measurement are left out. What has not been added up yet is added up here.
    pub async fn read(
        &self,
        series: Series,
        level: Level,
        from: i64,
        to: i64,
    ) -> Result<Vec<Bucket>, StoreError> {
        let mut db = self.pool.acquire().await?;
        let Some(number) = self.find_number(&mut db, series).await? else {
            return Ok(Vec::new());
        };
        let rolled = rolled(&mut db).await?;
        let mut buckets = Vec::new();
        // From the coarse to the fine: each level as far as it goes, its rest from the next.
        let (mut level_now, mut from) = (level, from);
        while level_now != Level::Raw && from < to {
            let done = floor(rolled, level_now.step().max(3600));
            if from < done {
                buckets.extend(packed(&mut db, number, level_now, from, to.min(done)).await?);
                from = done.min(to);
            }
            level_now = level_now.finer();
        }
        if from < to {
            buckets.extend(raw(&mut db, number, from, to).await?);
        }
        Ok(if level == Level::Raw {
            buckets
        } else {
            fold(buckets, level.step())
        })
    }

    async fn find_number(
        &self,
        db: &mut SqliteConnection,
        series: Series,
    ) -> Result<Option<i64>, StoreError> {
        if let Some(number) = self.known_number(series) {
            return Ok(Some(number));
        }
        let number: Option<i64> = sqlx::query_scalar("SELECT id FROM series WHERE kind = ? AND object = ?")
            .bind(series.kind())
            .bind(series.object().to_string())
            .fetch_optional(db)
            .await?;
        if let Some(number) = number {
            self.know_number(series, number);
        }
        Ok(number)
    }

    /// Bytes that the history takes on disk.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(&self.pool)
            .await?;
        let page: i64 = sqlx::query_scalar("PRAGMA page_size")
            .fetch_one(&self.pool)
            .await?;
        Ok(u64::try_from(pages.saturating_mul(page)).unwrap_or(0))
    }
}

/// Until when everything has been added up: the beginning of an hour.
pub(super) async fn rolled(db: &mut SqliteConnection) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'rolled'");
    Ok(query.fetch_optional(db).await?.unwrap_or(i64::MIN / 2))
}

/// Measurements within `from..to`.
pub(super) async fn raw(
    db: &mut SqliteConnection,
    series: i64,
    from: i64,
    to: i64,
) -> Result<Vec<Bucket>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT at, bucket FROM raw WHERE series = ? AND at >= ? AND at < ? ORDER BY at")
            .bind(series)
            .bind(from)
            .bind(to)
            .fetch_all(db)
            .await?;
    let mut buckets = Vec::with_capacity(rows.len());
    for (at, bytes) in rows {
        buckets.extend(unpack(&bytes, at, Level::Raw.step())?);
    }
    Ok(buckets)
}

/// Buckets of a level within `from..to`, as far as they have been added up.
pub(super) async fn packed(
    db: &mut SqliteConnection,
    series: i64,
    level: Level,
    from: i64,
    to: i64,
) -> Result<Vec<Bucket>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT start, buckets FROM packed WHERE series = ? AND level = ? AND start >= ? AND start < ? ORDER BY start",
    )
    .bind(series)
    .bind(level.number())
    .bind(floor(from, level.row()))
    .bind(to)
    .fetch_all(db)
    .await?;
    let mut buckets = Vec::new();
    for (start, bytes) in rows {
        let of_row = unpack(&bytes, start, level.step())?;
        buckets.extend(
            of_row
                .into_iter()
                .filter(|bucket| (from..to).contains(&bucket.start)),
        );
    }
    Ok(buckets)
}
