//! Writing down what was measured.

use sqlx::{Connection, SqliteConnection};
use wirewarp_model::{
    HostId,
    figures::{Bucket, Sample, Series},
};

use super::{
    History,
    level::{Level, pack, unpack},
    read::rolled,
};
use crate::StoreError;

/// What one poll of a host brings.
#[derive(Debug, Clone)]
pub struct Poll<'a> {
    /// Of which host.
    pub host: HostId,
    /// What was measured.
    pub samples: &'a [Sample],
    /// What the next poll is compared with, as the collector writes it; none if this was none of its polls.
    pub last: Option<&'a [u8]>,
}

impl History {
    /// Writes polls down, all or none of them. Of two measurements of a series at one time they are added up.
    pub async fn write(&self, polls: &[Poll<'_>]) -> Result<(), StoreError> {
        let mut db = self.pool.acquire().await?;
        let mut write = db.begin_with("BEGIN IMMEDIATE").await?;
        // A clock that was set back: what has been added up is not touched again.
        let rolled = rolled(&mut write).await?;
        let mut new = Vec::new();
        for poll in polls {
            for sample in poll.samples {
                let number = match self.known_number(sample.series) {
                    Some(number) => number,
                    None => add_series(&mut write, sample.series).await?,
                };
                new.push((sample.series, number));
                add_raw(&mut write, number, &Bucket::of(sample, sample.at.max(rolled))).await?;
            }
            let Some(last) = poll.last else { continue };
            sqlx::query("INSERT INTO last_polls (host, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body")
                .bind(poll.host.to_string())
                .bind(last)
                .execute(&mut *write)
                .await?;
        }
        write.commit().await?;
        for (series, number) in new {
            self.know_number(series, number);
        }
        Ok(())
    }

    /// What the collector wrote at the last poll of a host.
    pub async fn last_poll(&self, host: HostId) -> Result<Option<Vec<u8>>, StoreError> {
        let query = sqlx::query_scalar("SELECT body FROM last_polls WHERE host = ?").bind(host.to_string());
        Ok(query.fetch_optional(&self.pool).await?)
    }

    pub(super) fn known_number(&self, series: Series) -> Option<i64> {
        let numbers = self
            .numbers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        numbers.get(&series).copied()
    }

    /// Remembers a number that is in the file for good.
    pub(super) fn know_number(&self, series: Series, number: i64) {
        let mut numbers = self
            .numbers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        numbers.insert(series, number);
    }
}

/// The number of a series; a new one gets the next.
async fn add_series(db: &mut SqliteConnection, series: Series) -> Result<i64, StoreError> {
    let number =
        "INSERT INTO series (kind, object) VALUES (?, ?) ON CONFLICT DO UPDATE SET kind = kind RETURNING id";
    let number = sqlx::query_scalar(number)
        .bind(series.kind())
        .bind(series.object().to_string())
        .fetch_one(db)
        .await?;
    Ok(number)
}

/// Measurements have rows of their own, with the same content as a row of one bucket.
async fn add_raw(db: &mut SqliteConnection, series: i64, bucket: &Bucket) -> Result<(), StoreError> {
    let (at, step) = (bucket.start, Level::Raw.step());
    let new = sqlx::query("INSERT INTO raw (series, at, bucket) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(series)
        .bind(at)
        .bind(pack(std::slice::from_ref(bucket), at, step)?)
        .execute(&mut *db)
        .await?;
    if new.rows_affected() > 0 {
        return Ok(());
    }
    let there: Vec<u8> = sqlx::query_scalar("SELECT bucket FROM raw WHERE series = ? AND at = ?")
        .bind(series)
        .bind(at)
        .fetch_one(&mut *db)
        .await?;
    let mut bucket = bucket.clone();
    for one in unpack(&there, at, step)? {
        bucket.add(&one);
    }
    sqlx::query("UPDATE raw SET bucket = ? WHERE series = ? AND at = ?")
        .bind(pack(&[bucket], at, step)?)
        .bind(series)
        .bind(at)
        .execute(db)
        .await?;
    Ok(())
}
