//! What the tray and the window's frame ask, and how the program begins and ends.

use std::sync::Arc;

use crate::{
    Desktop,
    commands::jobs,
    events::{GoTo, QuitAsked},
    outside::News,
    view::{Health, LogLevel, Subject},
};

impl Desktop {
    /// What goes into the log.
    pub(crate) fn log_level(&self) -> LogLevel {
        self.settings.get().log_level
    }

    /// Whether closing the window leaves the program in the tray.
    pub(crate) fn closes_to_tray(&self) -> bool {
        self.settings.get().close_to_tray
    }

    /// Asks the person before the end if something would be cut off; whether it was asked.
    pub(crate) fn asks_before_end(&self) -> bool {
        let (running_jobs, terminals) = (self.jobs.running(), self.terminals.open());
        if running_jobs == 0 && terminals == 0 {
            return false;
        }
        self.outside.tell(News::QuitAsked(QuitAsked {
            running_jobs,
            terminals,
        }));
        true
    }

    /// Sends the window somewhere.
    pub(crate) fn go(&self, place: GoTo) {
        self.outside.tell(News::Go(place));
    }

    /// Checks every forward, and shows it.
    pub(crate) async fn check_all_from_tray(self: &Arc<Self>) {
        if jobs::check(self, vec![]).await.is_ok() {
            self.go(GoTo::Checks);
        }
    }

    /// How things stand, in a few words.
    pub(crate) fn standing(&self) -> String {
        let jobs = self.jobs.running();
        if jobs > 0 {
            return format!("{jobs} running");
        }
        let hosts = self.lives.all();
        let odd = |health: Health| hosts.iter().filter(|live| live.health == health).count();
        let down = hosts
            .iter()
            .flat_map(|live| &live.tunnels)
            .filter(|tunnel| !tunnel.up)
            .count();
        let parts = [
            (odd(Health::Unreachable), "unreachable"),
            (odd(Health::Drift), "changed by hand"),
            (down, "tunnels down"),
        ];
        let said: Vec<String> = parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        match (said.is_empty(), hosts.len()) {
            (false, _) => said.join(", "),
            (true, 0) => "nothing looked at yet".into(),
            (true, n) => format!("{n} hosts, all well"),
        }
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
        self.keep_watching().await;
    }
}
