//! Collecting figures as long as the program runs.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::broadcast;
use wirewarp_engine::{
    alert::{Message, text},
    watch::{HostNow, Recording, Watching},
};

use crate::{Desktop, view::Subject};

/// Between two looks at whether the window is visible.
const TICK: Duration = Duration::from_secs(1);

/// Ticks between two attempts to collect, where another program does.
const ANEW: u32 = 60;

/// The collector of this program.
#[derive(Default)]
pub(crate) struct Figures {
    watching: Mutex<Option<Watching>>,
}

impl Figures {
    /// All hosts as they are now, by name.
    pub(crate) fn now(&self) -> Vec<Arc<HostNow>> {
        self.held().as_ref().map(Watching::now).unwrap_or_default()
    }

    /// Whether this program writes the history.
    pub(crate) fn is_recording(&self) -> bool {
        self.held().as_ref().is_some_and(Watching::is_recording)
    }

    /// Ends collecting, once what was measured is written down.
    pub(crate) async fn end(&self) {
        let watching = self.held().take();
        if let Some(watching) = watching {
            watching.end().await;
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<Watching>> {
        self.watching.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desktop {
    /// How often hosts are polled now: often while somebody looks.
    pub(crate) fn poll_interval(&self) -> Duration {
        let settings = self.settings.get();
        let seconds = if self.outside.is_visible() {
            settings.poll_seconds
        } else {
            settings.poll_background_seconds
        };
        Duration::from_secs(u64::from(seconds))
    }

    /// Tells of alerts by the system's notifications, and the window of there being some, until collecting ends.
    async fn tell(self: Arc<Self>, mut told: broadcast::Receiver<Arc<Message>>) {
        loop {
            match told.recv().await {
                Ok(message) => {
                    self.changed(&[Subject::Alerts]);
                    if self.settings.get().notifications {
                        self.outside.notify(&message.title, &text(&message, ""));
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => self.changed(&[Subject::Alerts]),
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Collects, and tells the window of news, at most once a second.
    pub(crate) async fn keep_figures(self: Arc<Self>) {
        let (mut told, mut ticks) = (0, 0_u32);
        loop {
            let interval = self.poll_interval();
            if !self.figures.is_recording() && ticks.is_multiple_of(ANEW) {
                match self.engine.start_watching(interval, Recording::IfFree).await {
                    Ok(watching) => {
                        tokio::spawn(self.clone().tell(watching.told()));
                        *self.figures.held() = Some(watching);
                    }
                    Err(error) => tracing::warn!(%error, "figures cannot be collected"),
                }
            }
            let count = self.figures.held().as_ref().map(|watching| {
                watching.set_interval(interval);
                *watching.news().borrow()
            });
            if count.is_some_and(|count| count != told) && self.outside.is_visible() {
                told = count.unwrap_or(told);
                self.changed(&[Subject::Figures]);
            }
            tokio::time::sleep(TICK).await;
            ticks = ticks.wrapping_add(1);
        }
    }
}
