//! Opening the file: permissions, migrations, and a check after an unclean stop.

use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, sync::Arc, time::Duration};
use uuid::Uuid;
use wirewarp_model::InventoryId;

use crate::{Store, StoreError, operations, session::Session};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a program that writes is waited for.
pub(crate) const BUSY: Duration = Duration::from_secs(10);

/// A query that takes longer is a warning in the log, with its text and without what was bound to it.
const SLOW: Duration = Duration::from_secs(1);

impl Store {
    /// Opens the inventory at `path`; makes it, and its folder, if they are not there. The file is its owner's alone.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let fail = |why: String| StoreError::Open {
            path: path.display().to_string(),
            why,
        };
        prepare_file(path).map_err(|error| fail(error.to_string()))?;
        let existed = path.metadata().is_ok_and(|file| file.len() > 0);
        let (session, unclean) = Session::begin(path).map_err(|error| fail(error.to_string()))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An operation that is written down must outlast a power cut: the host may already be changed.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let options = logging(options);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.clone())
            .await;
        let pool =
            pool.map_err(|error| not_a_database(path, &error).unwrap_or_else(|| fail(error.to_string())))?;
        if existed && unclean {
            whole(&pool, path).await?;
            tracing::info!("the program did not end well last time; the inventory is whole");
        }
        let done = migrations_done(&pool).await?;
        let is_current = done >= MIGRATIONS.iter().count();
        if done > 0 && !is_current {
            copy_aside(&pool, path, done).await?;
        }
        migrate(&pool, path, is_current).await?;
        let store = Self {
            steps: operations::writer(steps_pool(options)),
            pool,
            reading: Arc::default(),
            session: Arc::new(session),
        };
        store.ensure_id().await?;
        Ok(store)
    }

    /// The program ends in good order: the next one need not check the file.
    pub fn end(&self) {
        self.session.end();
    }

    /// Whether the file is whole, as SQLite's own check says; it reads all of it.
    pub async fn integrity(&self) -> Result<(), StoreError> {
        let path = self.pool.connect_options().get_filename().to_owned();
        whole(&self.pool, &path).await
    }

    async fn ensure_id(&self) -> Result<(), StoreError> {
        if id(&mut *self.pool.acquire().await?).await.is_ok() {
            return Ok(());
        }
        sqlx::query("INSERT INTO meta (key, value) VALUES ('inventory_id', ?) ON CONFLICT DO NOTHING")
            .bind(Uuid::new_v4().to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// Tells of slow queries, and of every query only to who asks for a trace.
pub(crate) fn logging(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .log_statements(log::LevelFilter::Trace)
        .log_slow_statements(log::LevelFilter::Warn, SLOW)
}

/// The inventory's identifier.
pub(crate) async fn id(db: &mut SqliteConnection) -> Result<InventoryId, StoreError> {
    let text: String = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'inventory_id'")
        .fetch_one(db)
        .await?;
    text.parse()
        .map_err(|error: wirewarp_model::ParseError| StoreError::Value(error.to_string()))
}

/// A connection for the steps of operations: they are many, and none is waited for by the disk. The outcome, written
/// behind them by another connection, takes them along.
fn steps_pool(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(options.synchronous(SqliteSynchronous::Normal))
}

/// Makes the folder (0700) and the file (0600) before SQLite does with wider permissions.
pub(crate) fn prepare_file(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    match own_file(path) {
        // Not opened here: closing it again would let go the locks that this process's SQLite may hold on it already
        // (sqlite.org/howtocorrupt.html, 2.2).
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => own_only(path),
        made => made.map(drop),
    }
}

/// Makes a file that only its owner can read; fails if it is there.
fn own_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes the file away from everybody but its owner, e.g. after it was copied from another machine.
#[cfg(unix)]
fn own_only(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let file = path.metadata()?;
    if file.is_file() && file.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn own_only(_: &Path) -> std::io::Result<()> {
    Ok(())
}

pub(crate) fn not_a_database(path: &Path, error: &sqlx::Error) -> Option<StoreError> {
    let message = error.as_database_error()?.message().to_owned();
    let damaged = message.contains("not a database") || message.contains("malformed");
    damaged.then(|| StoreError::Corrupt {
        path: path.display().to_string(),
        why: message,
    })
}

async fn whole(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let query = sqlx::query_scalar("PRAGMA integrity_check(3)").fetch_all(pool);
    let said: Vec<String> = query
        .await
        .map_err(|error| not_a_database(path, &error).unwrap_or_else(|| error.into()))?;
    if said == ["ok"] {
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

/// Keeps the file as it is before a migration, in case the person wants the older version back. `done` counts the
/// migrations that it has.
async fn copy_aside(pool: &SqlitePool, path: &Path, done: usize) -> Result<(), StoreError> {
    let copy = format!("{}.before-{}", path.display(), done + 1);
    if Path::new(&copy).exists() {
        return Ok(());
    }
    let failed = |error: std::io::Error| StoreError::Open {
        path: copy.clone(),
        why: error.to_string(),
    };
    // Under its name only when it is whole. SQLite fills a file that is there and empty, and leaves its mode.
    let part = format!("{copy}.part-{}", Uuid::new_v4());
    own_file(Path::new(&part)).map_err(failed)?;
    let copied = sqlx::query("VACUUM INTO ?").bind(&part).execute(pool).await;
    if let Err(error) = copied {
        let _ = std::fs::remove_file(&part);
        return Err(not_a_database(path, &error).unwrap_or_else(|| error.into()));
    }
    std::fs::rename(&part, &copy).map_err(failed)
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
    let mut connection = pool.acquire().await?;
    // A table is changed by making it anew under its name, during which others refer to nothing; within a transaction the
    // pragma would do nothing (https://www.sqlite.org/lang_altertable.html, 7). What refers to what is looked at in the end.
    connection.execute("PRAGMA foreign_keys = OFF").await?;
    let mut write = connection.begin_with("BEGIN IMMEDIATE").await?;
    let ran = MIGRATIONS.run_direct(None, &mut *write, false).await;
    ran.map_err(|error| not_migrated(path, error))?;
    let orphans = write.fetch_all("PRAGMA foreign_key_check").await?;
    if !orphans.is_empty() {
        return Err(StoreError::Corrupt {
            path: path.display().to_string(),
            why: format!("{} rows refer to others that are not there", orphans.len()),
        });
    }
    write.commit().await?;
    connection.execute("PRAGMA foreign_keys = ON").await?;
    Ok(())
}

pub(crate) fn not_migrated(path: &Path, error: MigrateError) -> StoreError {
    let (text, why) = (path.display().to_string(), error.to_string());
    if let MigrateError::VersionMissing(_) = error {
        return StoreError::Newer { path: text };
    }
    if let MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) = error {
        return not_a_database(path, &error).unwrap_or_else(|| error.into());
    }
    StoreError::Open { path: text, why }
}
