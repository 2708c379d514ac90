//! The one window.

use tauri::{
    AppHandle, Manager as _, Url, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
    webview::{NewWindowResponse, PageLoadEvent},
};

use super::tray;
use crate::Desktop;

/// Its label in `tauri.conf.json`.
const MAIN: &str = "main";

/// Where the system’s language is “C” the web view calls it so, which is none: libraries that format numbers fail on it.
const LANGUAGE: &str = "try { Intl.getCanonicalLocales(navigator.language) } catch {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en' });
    Object.defineProperty(Navigator.prototype, 'languages', { get: () => ['en'] });
}";

/// Makes the window; it is shown when its page is there.
pub(super) fn make(app: &AppHandle, visible: bool) -> tauri::Result<()> {
    let Some(config) = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN)
    else {
        return Err(tauri::Error::WindowNotFound);
    };
    let window = WebviewWindowBuilder::from_config(app, config)?
        .initialization_script(LANGUAGE)
        .on_navigation(stays_here)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(move |window, page| match page.event() {
            PageLoadEvent::Started => forget_page(&window),
            PageLoadEvent::Finished if visible => show_window(&window),
            PageLoadEvent::Finished => {}
        })
        .build()?;
    tracing::debug!(label = window.label(), "the window is made");
    Ok(())
}

/// A page that begins anew knows nothing of the terminals of the one before, which nobody reads any more.
fn forget_page(window: &WebviewWindow) {
    if let Some(desktop) = window.app_handle().try_state::<std::sync::Arc<Desktop>>() {
        desktop.terminals.close_all();
    }
}

/// The page is ours: from the program itself or, while it is developed, from Vite.
fn stays_here(url: &Url) -> bool {
    let own = url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
    own || (cfg!(debug_assertions) && url.host_str() == Some("localhost"))
}

/// The window, while it is there.
pub(super) fn main(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(MAIN)
}

/// Brings it to the front.
pub(super) fn show(app: &AppHandle) {
    if let Some(window) = main(app) {
        show_window(&window);
    }
}

fn show_window(window: &WebviewWindow) {
    let shown = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be shown");
    }
}

/// Closing goes to the tray where there is one and the person wants it so; else it is an end, which running jobs hold up.
pub(super) fn on_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    let app = window.app_handle();
    let Some(desktop) = app.try_state::<std::sync::Arc<Desktop>>() else {
        return;
    };
    if tray::is_there(app) && desktop.closes_to_tray() {
        api.prevent_close();
        if let Err(error) = window.hide() {
            tracing::warn!(%error, "the window could not be hidden");
        }
    } else if desktop.asks_before_end() {
        api.prevent_close();
    } else {
        app.exit(0);
    }
}
