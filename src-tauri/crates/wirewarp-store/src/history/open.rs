//! Opening the file, and being the only one who collects.

use sqlx::{
    migrate::Migrator,
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    },
};
use std::{
    fs::{File, TryLockError},
    path::Path,
    sync::Arc,
};

use super::History;
use crate::{
    StoreError,
    open::{BUSY, logging, not_migrated, prepare_file},
};

static MIGRATIONS: Migrator = sqlx::migrate!("./history_migrations");

/// The right to collect. One program at a time has it for a history; it goes with the program, however that ends.
#[derive(Debug)]
pub struct Collector {
    /// Holds the lock.
    _file: File,
}

impl History {
    /// Opens the history at `path`; makes it if it is not there. The file is its owner's alone. A file that cannot be
    /// read as a history is put aside (`.damaged`), and a new one begun: nothing depends on it but charts.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        match Self::try_open(path).await {
            Err(StoreError::Corrupt { why, .. }) => {
                tracing::warn!(path = %path.display(), why, "the history is damaged; it is put aside and a new one begun");
                put_aside(path).map_err(|error| failed(path, &error.to_string()))?;
                Self::try_open(path).await
            }
            other => other,
        }
    }

    async fn try_open(path: &Path) -> Result<Self, StoreError> {
        prepare_file(path).map_err(|error| failed(path, &error.to_string()))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .journal_mode(SqliteJournalMode::Wal)
            // The last seconds may be lost by a power cut, the file not.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY);
        let options = logging(options);
        let pool = SqlitePoolOptions::new()
            .max_connections(3)
            .connect_with(options)
            .await;
        let pool = pool.map_err(|error| {
            crate::open::not_a_database(path, &error).unwrap_or_else(|| failed(path, &error.to_string()))
        })?;
        MIGRATIONS
            .run(&pool)
            .await
            .map_err(|error| not_migrated(path, error))?;
        Ok(Self {
            pool,
            path: path.to_owned(),
            numbers: Arc::default(),
        })
    }

    /// Claims the right to collect; none if another program has it.
    pub fn claim(&self) -> Result<Option<Collector>, StoreError> {
        let path = self.path.with_extension("collector");
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&path)
            .map_err(|error| failed(&path, &error.to_string()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Collector { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(&path, &error.to_string())),
        }
    }
}

fn failed(path: &Path, why: &str) -> StoreError {
    StoreError::Open {
        path: path.display().to_string(),
        why: why.to_owned(),
    }
}

/// With what SQLite keeps beside it.
fn put_aside(path: &Path) -> std::io::Result<()> {
    let with = |from: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(from);
        std::path::PathBuf::from(name)
    };
    for beside in [with("-wal"), with("-shm")] {
        if beside.exists() {
            std::fs::remove_file(beside)?;
        }
    }
    std::fs::rename(path, with(".damaged"))
}
