//! What the commands need of Tauri.

use async_trait::async_trait;
use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};
use tauri::{AppHandle, Emitter as _};
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_dialog::DialogExt as _;
use tauri_plugin_notification::NotificationExt as _;
use tauri_plugin_opener::OpenerExt as _;

use super::{tray, updates, window};
use crate::{
    outside::{News, Outside},
    view::Update,
};

/// Tauri around the commands.
pub(super) struct Around {
    app: AppHandle,
    tray: AtomicBool,
}

impl Around {
    pub(super) fn new(app: AppHandle) -> Self {
        let tray = AtomicBool::new(false);
        Self { app, tray }
    }

    /// Says whether a tray answers.
    pub(super) fn tray_answers(&self, yes: bool) {
        self.tray.store(yes, Ordering::Release);
    }
}

#[async_trait]
impl Outside for Around {
    fn tell(&self, news: News) {
        let (name, payload) = news.event();
        tray::take(&self.app, &news);
        if let Err(error) = self.app.emit(name, payload) {
            tracing::warn!(%error, name, "the window was not told");
        }
    }

    async fn save_where(&self, file_name: &str) -> Option<PathBuf> {
        let (chosen, choice) = tokio::sync::oneshot::channel();
        let dialog = self.app.dialog().file().set_file_name(file_name);
        dialog.save_file(move |path| {
            // Who asked may have gone away in this moment.
            let _ = chosen.send(path);
        });
        choice.await.ok().flatten()?.into_path().ok()
    }

    fn open(&self, what: &str) -> Result<(), String> {
        let opener = self.app.opener();
        let done = if what.starts_with("http") {
            opener.open_url(what, None::<&str>)
        } else {
            opener.open_path(what, None::<&str>)
        };
        done.map_err(|error| error.to_string())
    }

    fn notify(&self, title: &str, body: &str) {
        let in_front = window::main(&self.app).is_some_and(|window| window.is_focused().unwrap_or(false));
        if in_front {
            return;
        }
        if let Err(error) = self.app.notification().builder().title(title).body(body).show() {
            tracing::info!(%error, "the system takes no notification");
        }
    }

    fn is_visible(&self) -> bool {
        let seen = |window: tauri::WebviewWindow| {
            window.is_visible().unwrap_or(true) && !window.is_minimized().unwrap_or(false)
        };
        window::main(&self.app).is_some_and(seen)
    }

    fn has_tray(&self) -> bool {
        self.tray.load(Ordering::Acquire)
    }

    fn set_autostart(&self, yes: bool) -> Result<(), String> {
        let autostart = self.app.autolaunch();
        let done = if yes {
            autostart.enable()
        } else {
            autostart.disable()
        };
        done.map_err(|error| error.to_string())
    }

    fn webview(&self) -> String {
        tauri::webview_version().unwrap_or_default()
    }

    fn updates(&self) -> bool {
        updates::are_on(self.app.config())
    }

    async fn newer_version(&self) -> Result<Option<Update>, String> {
        let newer = updates::newer(&self.app).await?;
        Ok(newer.map(|update| Update {
            version: update.version,
            notes: update.body.unwrap_or_default(),
        }))
    }

    async fn install_update(&self) -> Result<(), String> {
        updates::install(&self.app).await
    }

    fn end(&self) {
        self.app.exit(0);
    }
}
