//! The tray: how things stand, and a way in and out.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tauri::{
    AppHandle, Manager as _, Wry,
    image::Image,
    menu::{MenuBuilder, MenuEvent, MenuItem, MenuItemBuilder},
    tray::TrayIconBuilder,
};

use super::window;
use crate::{
    Desktop,
    catalogue::Catalogue,
    ending::Standing,
    events::GoTo,
    outside::News,
    view::{Language, Subject},
};

const ID: &str = "main";

/// Whether a tray was made. Kept by Tauri, as the tray itself is.
struct Made(AtomicBool);

/// Makes the tray, where something shows one. Without it an icon would be nowhere, and a hidden window lost.
pub(super) fn make(app: &AppHandle) -> bool {
    let made = somebody_shows_trays() && build(app);
    app.manage(Made(AtomicBool::new(made)));
    made
}

/// Whether there is one.
pub(super) fn is_there(app: &AppHandle) -> bool {
    app.try_state::<Made>()
        .is_some_and(|made| made.0.load(Ordering::Acquire))
}

fn build(app: &AppHandle) -> bool {
    // The library that draws it is loaded only now, and its crate panics where it is missing.
    let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| try_build(app)));
    match built {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "there is no tray");
            false
        }
        Err(_) => {
            tracing::warn!("there is no tray: its library (libayatana-appindicator3) is missing");
            false
        }
    }
}

/// What can be chosen, each named as its sentence of the catalogue.
const CHOICES: [&str; 4] = ["open", "check", "pending", "quit"];

/// The menu's first line, which says how things stand, and what it says; the choices below it.
struct Lines {
    standing: MenuItem<Wry>,
    said: Mutex<String>,
    choices: Vec<MenuItem<Wry>>,
}

fn try_build(app: &AppHandle) -> tauri::Result<()> {
    let say = app
        .try_state::<Arc<Desktop>>()
        .map_or_else(|| Catalogue::of(Language::System), |desktop| desktop.says());
    let standing = MenuItemBuilder::new("WireWarp").enabled(false).build(app)?;
    let choice = |id: &&str| MenuItemBuilder::with_id(*id, say.text(&format!("tray.{id}"))).build(app);
    let choices = CHOICES.iter().map(choice).collect::<tauri::Result<Vec<_>>>()?;
    let mut menu = MenuBuilder::new(app).item(&standing).separator();
    for (id, item) in CHOICES.iter().zip(&choices) {
        menu = if *id == "quit" { menu.separator() } else { menu }.item(item);
    }
    let menu = menu.build()?;
    TrayIconBuilder::with_id(ID)
        .icon(icon(Standing::Unknown))
        .tooltip("WireWarp")
        .menu(&menu)
        .on_menu_event(on_menu)
        .build(app)?;
    app.manage(Lines {
        standing,
        said: Mutex::default(),
        choices,
    });
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "Tauri hands the event over")]
fn on_menu(app: &AppHandle, event: MenuEvent) {
    let Some(desktop) = app.try_state::<Arc<Desktop>>().map(|state| state.inner().clone()) else {
        return;
    };
    match event.id().as_ref() {
        "open" => window::show(app),
        "check" => {
            window::show(app);
            tauri::async_runtime::spawn(async move { desktop.check_all_from_tray().await });
        }
        "pending" => {
            window::show(app);
            desktop.go(GoTo::Pending);
        }
        "quit" if desktop.asks_before_end() => window::show(app),
        "quit" => app.exit(0),
        _ => {}
    }
}

/// Brings the menu up to date: its first line with how things stand, all of it with the language.
pub(super) fn take(app: &AppHandle, news: &News) {
    let language = matches!(news, News::Changed(changed) if changed.subjects.contains(&Subject::Settings));
    let matters = language || matches!(news, News::Status(_) | News::Job(_));
    let (Some(desktop), true) = (app.try_state::<Arc<Desktop>>(), matters && is_there(app)) else {
        return;
    };
    let Some(lines) = app.try_state::<Lines>() else {
        return;
    };
    if language {
        rename(&lines.choices, desktop.says());
    }
    let (standing, words) = desktop.standing();
    // Let go before the main thread is asked for anything: it may be here as well.
    let before = std::mem::replace(
        &mut *lines.said.lock().unwrap_or_else(PoisonError::into_inner),
        words.clone(),
    );
    if before == words {
        return;
    }
    if let Err(error) = show(app, &lines.standing, standing, &words) {
        tracing::debug!(%error, "the tray is not up to date");
    }
}

fn rename(choices: &[MenuItem<Wry>], say: Catalogue) {
    for (id, item) in CHOICES.iter().zip(choices) {
        if let Err(error) = item.set_text(say.text(&format!("tray.{id}"))) {
            tracing::debug!(%error, "the tray keeps its language");
        }
    }
}

fn show(app: &AppHandle, line: &MenuItem<Wry>, standing: Standing, words: &str) -> tauri::Result<()> {
    line.set_text(words)?;
    let Some(tray) = app.tray_by_id(ID) else {
        return Ok(());
    };
    tray.set_tooltip(Some(format!("WireWarp: {words}")))?;
    tray.set_icon(Some(icon(standing)))
}

/// Shapes differ, not colours alone.
fn icon(standing: Standing) -> Image<'static> {
    match standing {
        Standing::Unknown => tauri::include_image!("icons/tray-unknown.png"),
        Standing::Well => tauri::include_image!("icons/tray-ok.png"),
        Standing::Attention => tauri::include_image!("icons/tray-attention.png"),
        Standing::Bad => tauri::include_image!("icons/tray-bad.png"),
    }
}

/// Whether something of the desktop shows tray icons: on Linux whoever owns the watcher's name
/// (freedesktop.org, “Status Notifier Item”). Elsewhere the system does.
#[cfg(target_os = "linux")]
fn somebody_shows_trays() -> bool {
    let asked = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let names = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        Ok(names.name_has_owner("org.kde.StatusNotifierWatcher".try_into()?)?)
    };
    asked().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn somebody_shows_trays() -> bool {
    true
}
