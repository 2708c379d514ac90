//! The program around the commands: window, tray, plugins, start and end.

mod around;
mod dirs;
mod tray;
mod updates;
mod window;

use std::{process::ExitCode, sync::Arc};
use tauri::{App, AppHandle, Manager as _, RunEvent};
use tauri_plugin_autostart::MacosLauncher;
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use wirewarp_model::UserError;

use crate::{
    Desktop,
    catalogue::Catalogue,
    commands, log,
    view::{Language, Settings},
};
use around::Around;

/// Started so with the session: only the tray is shown, if there is one.
const HIDDEN: &str = "--hidden";

/// Runs the window until the person ends it.
pub fn run() -> ExitCode {
    let built = tauri::Builder::default()
        // First: a second start does nothing but show the window of the first.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app)))
        .plugin(tauri_plugin_autostart::init(
            MacosLauncher::LaunchAgent,
            Some(vec![HIDDEN]),
        ))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .invoke_handler(commands::handler())
        .on_window_event(window::on_event)
        .setup(|app| Ok(set_up(app)?))
        .build(tauri::generate_context!());
    match built {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(on_run_event)).unwrap_or(1)),
        Err(error) => {
            tracing::error!(%error, "the window could not be started");
            ExitCode::FAILURE
        }
    }
}

fn set_up(app: &mut App) -> tauri::Result<()> {
    let Some(data_dir) = dirs::data_dir() else {
        give_up(
            app.handle(),
            &Catalogue::of(Language::System).text("notice.noHome"),
        );
        return Ok(());
    };
    updates::prepare(app.handle())?;
    let around = Arc::new(Around::new(app.handle().clone()));
    let opened = tauri::async_runtime::block_on(Desktop::open(&data_dir, around.clone()));
    let desktop = match opened {
        Ok(desktop) => desktop,
        Err(error) => {
            log::begin(&data_dir, &Settings::default());
            give_up(app.handle(), &in_words(&error));
            return Ok(());
        }
    };
    log::begin(&data_dir, &desktop.set());
    app.manage(desktop.clone());
    around.tray_answers(tray::make(app.handle()));
    let hidden = std::env::args().any(|word| word == HIDDEN) && tray::is_there(app.handle());
    window::make(app.handle(), !hidden)?;
    tauri::async_runtime::spawn(desktop.live_on());
    Ok(())
}

/// Says why there is no window, and ends.
fn give_up(app: &AppHandle, why: &str) {
    tracing::error!(why, "the program cannot begin");
    let for_end = app.clone();
    app.dialog()
        .message(why)
        .title(Catalogue::of(Language::System).text("notice.cannotBegin"))
        .kind(MessageDialogKind::Error)
        .show(move |_| for_end.exit(1));
}

fn in_words(error: &UserError) -> String {
    let mut lines = vec![error.message.clone()];
    lines.extend(error.hints.iter().map(|hint| format!("→ {hint}")));
    lines.join("\n")
}

#[expect(clippy::needless_pass_by_value, reason = "Tauri hands the event over")]
fn on_run_event(app: &AppHandle, event: RunEvent) {
    if let (RunEvent::Exit, Some(desktop)) = (&event, app.try_state::<Arc<Desktop>>()) {
        tauri::async_runtime::block_on(desktop.figures.end());
        desktop.engine.end();
    }
    // The system, or a key, asks for the end: what runs holds it up. `exit` has a code, and is the end.
    if let RunEvent::ExitRequested { code: None, api, .. } = &event
        && let Some(desktop) = app.try_state::<Arc<Desktop>>()
        && desktop.asks_before_end()
    {
        api.prevent_exit();
        window::show(app);
    }
}
