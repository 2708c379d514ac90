//! What the tray and the window's frame ask, and how the program begins and ends.

use std::sync::Arc;

use crate::{
    Desktop,
    catalogue::Catalogue,
    commands::jobs,
    events::{GoTo, QuitAsked},
    outside::News,
    view::{Health, Settings, Subject},
};

/// Why the tunnel of a suspended peer is not up, as the engine says it.
const SUSPENDED: &str = "suspended";

/// How things stand, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody has looked yet.
    Unknown,
    /// Everything is as it should be.
    Well,
    /// Something is not as the inventory wants it, and works.
    Attention,
    /// Something cannot be reached.
    Bad,
}

impl Desktop {
    /// What goes into the log.
    pub(crate) fn set(&self) -> Settings {
        self.settings.get()
    }

    /// The words of what speaks outside the window.
    pub(crate) fn says(&self) -> Catalogue {
        Catalogue::of(self.settings.get().language)
    }

    /// Whether closing the window leaves the program in the tray.
    pub(crate) fn closes_to_tray(&self) -> bool {
        self.settings.get().close_to_tray
    }

    /// Whether an end of the program would cut something off.
    pub(crate) fn is_busy(&self) -> bool {
        self.jobs.running() > 0 || self.terminals.open() > 0
    }

    /// Asks the person before the end if something would be cut off; whether it was asked.
    pub(crate) fn asks_before_end(&self) -> bool {
        if !self.is_busy() {
            return false;
        }
        self.outside.tell(News::QuitAsked(QuitAsked {
            running_jobs: self.jobs.running(),
            terminals: self.terminals.open(),
        }));
        true
    }

    /// Sends the window somewhere.
    pub(crate) fn go(&self, place: GoTo) {
        self.outside.tell(News::Go(place));
    }

    /// Checks every forward, and shows it.
    pub(crate) async fn check_all_from_tray(self: &Arc<Self>) {
        if let Ok(id) = jobs::check(self, vec![]).await {
            self.go(GoTo::Job { id });
        }
    }

    /// How things stand: in a word, and in a few.
    pub(crate) fn standing(&self) -> (Standing, String) {
        let hosts = self.lives.all();
        let odd = |health: Health| hosts.iter().filter(|live| live.health == health).count();
        let tunnels = hosts.iter().flat_map(|live| &live.tunnels);
        let down = tunnels
            .filter(|tunnel| !tunnel.up && tunnel.why != SUSPENDED)
            .count();
        let (lost, drift) = (odd(Health::Unreachable), odd(Health::Drift));
        let waiting = odd(Health::ChangesWaiting);
        let parts = [
            (lost, "tray.unreachable"),
            (down, "tray.down"),
            (drift, "tray.drift"),
            (waiting, "tray.waiting"),
            (self.jobs.running(), "tray.running"),
        ];
        let say = self.says();
        let said = parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| say.count(what, *n));
        let said: Vec<String> = said.collect();
        let standing = match (hosts.is_empty(), lost + down > 0, drift + waiting > 0) {
            (true, ..) => Standing::Unknown,
            (_, true, _) => Standing::Bad,
            (_, _, true) => Standing::Attention,
            _ => Standing::Well,
        };
        let words = match (said.is_empty(), hosts.len()) {
            (false, _) => said.join(", "),
            (true, 0) => say.text("tray.notLooked"),
            (true, n) => say.count("tray.well", n),
        };
        (standing, words)
    }

    /// What the program does by itself: settles what an earlier run left open, then watches.
    pub(crate) async fn live_on(self: Arc<Self>) {
        match self.engine.recover().await {
            Ok(hosts) if hosts.is_empty() => {}
            Ok(hosts) => {
                tracing::info!(?hosts, "applies of an earlier run were settled");
                self.changed(&[Subject::Inventory, Subject::Activity]);
            }
            Err(error) => tracing::warn!(%error, "applies of an earlier run could not be settled"),
        }
        let figures = self.clone().keep_figures();
        tokio::join!(self.keep_watching(), figures);
    }
}
