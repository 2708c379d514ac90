//! Adding up, hour by hour, and throwing away what is too old.

use sqlx::{Connection, SqliteConnection};
use wirewarp_model::figures::{Bucket, fold};

use super::{
    History, Level,
    level::{DAY, HOUR, floor, pack, unpack},
    read::{packed, raw, rolled},
};
use crate::StoreError;

/// How long after an hour's end it is added up: a poll that began within it may still be under way.
const LATE: i64 = 60;

impl History {
    /// Adds up every hour that is over at `now`, and throws away what is older than its level is kept. Each hour is one
    /// transaction: a program that is killed in between goes on there.
    pub async fn roll(&self, now: i64) -> Result<(), StoreError> {
        let end = floor(now - LATE, HOUR);
        let mut db = self.pool.acquire().await?;
        let first: Option<i64> = sqlx::query_scalar("SELECT min(at) FROM raw")
            .fetch_one(&mut *db)
            .await?;
        let Some(first) = first else { return Ok(()) };
        let mut hour = rolled(&mut db).await?.max(floor(first, HOUR));
        while hour < end {
            let mut write = db.begin_with("BEGIN IMMEDIATE").await?;
            roll_hour(&mut write, hour).await?;
            hour += HOUR;
            if hour == floor(hour, DAY) {
                roll_day(&mut write, hour - DAY).await?;
            }
            remember(&mut write, hour).await?;
            write.commit().await?;
        }
        self.forget(&mut db, now).await
    }

    async fn forget(&self, db: &mut SqliteConnection, now: i64) -> Result<(), StoreError> {
        let mut write = db.begin_with("BEGIN IMMEDIATE").await?;
        let done = rolled(&mut write).await?;
        // Whole rows, an hour later than they could: who reads meanwhile still finds what begins there.
        let oldest = |level: Level| level.kept().map(|kept| now - kept - HOUR);
        for series in numbers(&mut write).await? {
            if let Some(oldest) = oldest(Level::Raw) {
                sqlx::query("DELETE FROM raw WHERE series = ? AND at < ?")
                    .bind(series)
                    .bind(oldest.min(done))
                    .execute(&mut *write)
                    .await?;
            }
            for level in [Level::Minutes, Level::Hours] {
                let Some(oldest) = oldest(level) else { continue };
                sqlx::query("DELETE FROM packed WHERE series = ? AND level = ? AND start < ?")
                    .bind(series)
                    .bind(level.number())
                    .bind(oldest - level.row())
                    .execute(&mut *write)
                    .await?;
            }
        }
        write.commit().await?;
        sqlx::query("PRAGMA incremental_vacuum(1000)").execute(db).await?;
        Ok(())
    }
}

async fn numbers(db: &mut SqliteConnection) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar("SELECT id FROM series").fetch_all(db).await?)
}

async fn remember(db: &mut SqliteConnection, rolled: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ('rolled', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    )
    .bind(rolled)
    .execute(db)
    .await?;
    Ok(())
}

async fn roll_hour(db: &mut SqliteConnection, hour: i64) -> Result<(), StoreError> {
    for series in numbers(db).await? {
        let measured = raw(db, series, hour, hour + HOUR).await?;
        if measured.is_empty() {
            continue;
        }
        let minutes = fold(measured, Level::Minutes.step());
        put(db, series, Level::Minutes, hour, &minutes).await?;
        for bucket in fold(minutes, HOUR) {
            append(db, series, Level::Hours, bucket).await?;
        }
    }
    Ok(())
}

async fn roll_day(db: &mut SqliteConnection, day: i64) -> Result<(), StoreError> {
    for series in numbers(db).await? {
        let hours = packed(db, series, Level::Hours, day, day + DAY).await?;
        for bucket in fold(hours, DAY) {
            append(db, series, Level::Days, bucket).await?;
        }
    }
    Ok(())
}

/// Adds a bucket to the row that it belongs to.
async fn append(
    db: &mut SqliteConnection,
    series: i64,
    level: Level,
    bucket: Bucket,
) -> Result<(), StoreError> {
    let start = floor(bucket.start, level.row());
    let there: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT buckets FROM packed WHERE series = ? AND level = ? AND start = ?")
            .bind(series)
            .bind(level.number())
            .bind(start)
            .fetch_optional(&mut *db)
            .await?;
    let mut buckets = match there {
        Some(bytes) => unpack(&bytes, start, level.step())?,
        None => Vec::new(),
    };
    buckets.push(bucket);
    put(db, series, level, start, &buckets).await
}

async fn put(
    db: &mut SqliteConnection,
    series: i64,
    level: Level,
    start: i64,
    buckets: &[Bucket],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO packed (series, level, start, buckets) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET buckets = excluded.buckets",
    )
    .bind(series)
    .bind(level.number())
    .bind(start)
    .bind(pack(buckets, start, level.step())?)
    .execute(db)
    .await?;
    Ok(())
}
