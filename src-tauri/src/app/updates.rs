//! Updates of the program. Off unless whoever built it named their key and where they publish, below `plugins.updater`
//! of `tauri.conf.json`.

use tauri::{AppHandle, Config};
use tauri_plugin_updater::{Update, UpdaterExt as _};

/// Whether a publisher is configured.
pub(super) fn are_on(config: &Config) -> bool {
    let updater = config.plugins.0.get("updater");
    let key = updater.and_then(|updater| updater["pubkey"].as_str());
    key.is_some_and(|key| !key.is_empty())
}

/// Makes ready to look for updates, where that is on.
pub(super) fn prepare(app: &AppHandle) -> tauri::Result<()> {
    if are_on(app.config()) {
        app.plugin(tauri_plugin_updater::Builder::new().build())?;
    }
    Ok(())
}

/// The version that the publisher has, if it is newer than this one.
pub(super) async fn newer(app: &AppHandle) -> Result<Option<Update>, String> {
    let updater = app.updater().map_err(|error| error.to_string())?;
    updater.check().await.map_err(|error| error.to_string())
}

/// Installs it and starts the program again. The plugin refuses what the publisher's key has not signed.
pub(super) async fn install(app: &AppHandle) -> Result<(), String> {
    let Some(update) = newer(app).await? else {
        return Err("there is no newer version".into());
    };
    let done = update.download_and_install(|_, _| {}, || {}).await;
    done.map_err(|error| error.to_string())?;
    tracing::info!(version = update.version, "updated");
    app.request_restart();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_key(key: &str) -> Config {
        let plugins = serde_json::json!({ "updater": { "pubkey": key } });
        let config = serde_json::json!({ "identifier": "org.example", "plugins": plugins });
        serde_json::from_value(config).unwrap()
    }

    #[test]
    fn without_a_publisher_nothing_is_looked_for() {
        let own: Config = serde_json::from_str(include_str!("../../../tauri.conf.json")).unwrap();
        assert!(!are_on(&own));
        assert!(!are_on(&with_key("")));
        assert!(are_on(&with_key("dW50cnVzdGVk")));
    }
}
