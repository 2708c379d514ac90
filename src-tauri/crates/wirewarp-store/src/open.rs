//! Opening the file: permissions, migrations, and a check after an unclean stop.

use sqlx::{
    SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};
use uuid::Uuid;
use wirewarp_model::InventoryId;

use crate::{Store, StoreError, operations};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a program that writes is waited for.
const BUSY: Duration = Duration::from_secs(10);

impl Store {
    /// Opens the inventory at `path`; makes it, and its folder, if they are not there. The file is its owner's alone.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let fail = |why: String| StoreError::Open {
            path: path.display().to_string(),
            why,
        };
        prepare_file(path).map_err(|error| fail(error.to_string()))?;
        let existed = path.metadata().is_ok_and(|file| file.len() > 0);
        // A write-ahead log with content at this point was left by a program that did not end well.
        let unclean = existed && wal(path).metadata().is_ok_and(|log| log.len() > 0);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await;
        let pool =
            pool.map_err(|error| not_a_database(path, &error).unwrap_or_else(|| fail(error.to_string())))?;
        if unclean {
            check(&pool, path).await?;
        }
        let done = migrations_done(&pool).await?;
        let is_current = done >= MIGRATIONS.iter().count();
        if done > 0 && !is_current {
            copy_aside(&pool, path).await?;
        }
        migrate(&pool, path, is_current).await?;
        let store = Self {
            steps: operations::writer(pool.clone()),
            pool,
        };
        store.ensure_id().await?;
        Ok(store)
    }

    /// The inventory's identifier.
    pub(crate) async fn id(&self) -> Result<InventoryId, StoreError> {
        let text: String = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'inventory_id'")
            .fetch_one(&self.pool)
            .await?;
        text.parse()
            .map_err(|error: wirewarp_model::ParseError| StoreError::Value(error.to_string()))
    }

    async fn ensure_id(&self) -> Result<(), StoreError> {
        if self.id().await.is_ok() {
            return Ok(());
        }
        sqlx::query("INSERT INTO meta (key, value) VALUES ('inventory_id', ?) ON CONFLICT DO NOTHING")
            .bind(Uuid::new_v4().to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// Makes the folder (0700) and the file (0600) before SQLite does with wider permissions.
fn prepare_file(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn wal(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn not_a_database(path: &Path, error: &sqlx::Error) -> Option<StoreError> {
    let message = error.as_database_error()?.message().to_owned();
    let damaged = message.contains("not a database") || message.contains("malformed");
    damaged.then(|| StoreError::Corrupt {
        path: path.display().to_string(),
        why: message,
    })
}

async fn check(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(3)")
        .fetch_all(pool)
        .await?;
    if said == ["ok"] {
        tracing::info!("the program did not end well last time; the inventory is whole");
        return Ok(());
    }
    Err(StoreError::Corrupt {
        path: path.display().to_string(),
        why: said.join("; "),
    })
}

async fn migrations_done(pool: &SqlitePool) -> Result<usize, StoreError> {
    let query = "SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    let known: i64 = sqlx::query_scalar(query).fetch_one(pool).await?;
    if known == 0 {
        return Ok(0);
    }
    let done: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations")
        .fetch_one(pool)
        .await?;
    Ok(usize::try_from(done).unwrap_or(0))
}

/// Keeps the file as it is before a migration, in case the person wants the older version back.
async fn copy_aside(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let copy = format!("{}.before-{}", path.display(), env!("CARGO_PKG_VERSION"));
    if !Path::new(&copy).exists() {
        sqlx::query("VACUUM INTO ?").bind(&copy).execute(pool).await?;
    }
    Ok(())
}

/// Brings the tables up to date, in one transaction: of two programs that begin at once, one does it and the other
/// finds it done. A file that is up to date is only checked, not written.
async fn migrate(pool: &SqlitePool, path: &Path, is_current: bool) -> Result<(), StoreError> {
    if is_current {
        return MIGRATIONS
            .run(pool)
            .await
            .map_err(|error| not_migrated(path, error));
    }
    let mut write = pool.begin_with("BEGIN IMMEDIATE").await?;
    let ran = MIGRATIONS.run_direct(None, &mut *write, false).await;
    ran.map_err(|error| not_migrated(path, error))?;
    write.commit().await?;
    Ok(())
}

fn not_migrated(path: &Path, error: MigrateError) -> StoreError {
    let (text, why) = (path.display().to_string(), error.to_string());
    if let MigrateError::VersionMissing(_) = error {
        return StoreError::Newer { path: text };
    }
    if let MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) = error {
        return not_a_database(path, &error).unwrap_or_else(|| error.into());
    }
    StoreError::Open { path: text, why }
}
