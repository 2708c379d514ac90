//! Slow queries are told of.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tracing_subscriber::fmt::MakeWriter;

use crate::{Store, history::History};

/// Counts for more than a second on any machine of today.
const SLOW: &str = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 12000000) SELECT count(*) FROM c";

#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Said {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// SQLite works in threads of its own, hence the subscriber of the whole process: no other test here sets one.
#[tokio::test]
async fn a_query_of_over_a_second_is_a_warning_and_a_quick_one_is_not() {
    let said = Said::default();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::WARN)
        .with_writer(said.clone())
        .init();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("inventory.db")).await.unwrap();
    let history = History::open(&folder.path().join("history.db")).await.unwrap();
    for (pool, mark) in [
        (&store.pool, "-- of the inventory"),
        (&history.pool, "-- of the history"),
    ] {
        sqlx::query("SELECT 'quick'").fetch_one(pool).await.unwrap();
        let slow = sqlx::AssertSqlSafe(format!("{SLOW} {mark}"));
        sqlx::query(slow).fetch_one(pool).await.unwrap();
        let text = said.text();
        let warned = text
            .lines()
            .any(|line| line.contains("WARN") && line.contains("slow statement"));
        assert!(warned && text.contains(mark), "{text}");
        assert!(!text.contains("quick"), "{text}");
    }
}
