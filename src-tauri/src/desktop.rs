//! The window's side of the program: the engine, and what lives as long as the process does.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use wirewarp_engine::{Engine, Options, activity::Stamp};
use wirewarp_model::Secret;

use crate::{
    checks::Checks,
    errors::{Answered, user},
    figures::Figures,
    jobs::Jobs,
    lives::Lives,
    outside::{News, Outside},
    plans::Plans,
    questions::Questions,
    settings::SettingsFile,
    snapshot::{Snapshot, Snapshots},
    terminals::Terminals,
    view::{Changed, Subject},
};

/// Everything that a command works on.
pub struct Desktop {
    pub(crate) engine: Engine,
    pub(crate) data_dir: PathBuf,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) questions: Arc<Questions>,
    pub(crate) plans: Plans,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) lives: Lives,
    pub(crate) figures: Figures,
    pub(crate) settings: SettingsFile,
    pub(crate) checks: Checks,
    pub(crate) snapshots: Snapshots,
    /// What was written down before any page could ask for anything.
    pub(crate) first_stamp: Stamp,
    pub(crate) terminals: Arc<Terminals>,
    /// Private keys of manual peers that were just made, by the peer's name, and whether each is in the keychain, too.
    fresh_keys: Mutex<HashMap<String, (Secret, bool)>>,
}

impl Desktop {
    /// Opens the inventory in `data_dir`, and makes it if there is none.
    pub async fn open(data_dir: &Path, outside: Arc<dyn Outside>) -> Answered<Arc<Self>> {
        let questions = Arc::new(Questions::new(outside.clone()));
        let options = Options {
            data_dir: data_dir.to_owned(),
        };
        let engine = Engine::open(options, questions.clone()).await.map_err(user)?;
        let first_stamp = engine.stamp().await.map_err(user)?;
        Ok(Arc::new(Self {
            engine,
            data_dir: data_dir.to_owned(),
            questions,
            plans: Plans::default(),
            jobs: Arc::new(Jobs::new(outside.clone())),
            lives: Lives::default(),
            figures: Figures::default(),
            settings: SettingsFile::open(data_dir),
            checks: Checks::default(),
            snapshots: Snapshots::default(),
            first_stamp,
            terminals: Arc::default(),
            fresh_keys: Mutex::default(),
            outside,
        }))
    }

    /// The inventory as it is now.
    pub(crate) async fn snapshot(&self) -> Answered<Arc<Snapshot>> {
        self.snapshots.now(&self.engine).await
    }

    /// Tells the window what to ask for again.
    pub(crate) fn changed(&self, subjects: &[Subject]) {
        let subjects = subjects.to_vec();
        self.outside.tell(News::Changed(Changed { subjects }));
    }

    /// The private key that was just made for a manual peer, and whether it is kept.
    pub(crate) fn fresh_key(&self, peer: &str) -> Option<(Secret, bool)> {
        let keys = self.fresh_keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&peer.to_ascii_lowercase()).cloned()
    }

    /// Holds it until the program ends.
    pub(crate) fn hold_key(&self, peer: &str, key: Secret, kept: bool) {
        let mut keys = self.fresh_keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(peer.to_ascii_lowercase(), (key, kept));
    }
}

/// Milliseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
