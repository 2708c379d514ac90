//! The program's own log, and what helps others to help.

use jiff::Timestamp;
use std::sync::Arc;
use wirewarp_engine::{
    bundle,
    logs::{self, Level, LogQuery},
};
use wirewarp_model::UserError;

use crate::{
    Desktop,
    errors::{Answered, error, user},
    view::{LogForm, LogLevel, LogRow, SupportBundleView},
};

/// Most lines of one answer.
const MOST: usize = 1000;

/// The newest lines that fit, newest first. The files are read aside, so that nothing waits for a disk.
pub(crate) async fn log_lines(desktop: &Arc<Desktop>, query: LogForm) -> Answered<Vec<LogRow>> {
    let text = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let query = LogQuery {
        since: query
            .since
            .and_then(|since| Timestamp::from_millisecond(since).ok()),
        level: query.level.map(|level| match level {
            LogLevel::Error => Level::Error,
            LogLevel::Warn => Level::Warn,
            LogLevel::Info => Level::Info,
            LogLevel::Debug => Level::Debug,
        }),
        module: query.module.and_then(text),
        text: text(query.text),
        most: Some(MOST),
    };
    let folder = desktop.data_dir.clone();
    let found = tokio::task::spawn_blocking(move || logs::find(&folder, &query)).await;
    let lines = found.map_err(|why| error("log_unread", why.to_string(), &["Try again"]))?;
    Ok(lines.iter().rev().map(LogRow::of).collect())
}

/// Writes the support bundle where the person says; none if nowhere.
pub(crate) async fn save_support_bundle(
    desktop: &Arc<Desktop>,
    mask_addresses: bool,
) -> Answered<Option<SupportBundleView>> {
    let day = Timestamp::now().strftime("%Y-%m-%d");
    let name = format!("wirewarp-support-{day}.tar.gz");
    let Some(path) = desktop.outside.save_where(&name).await else {
        return Ok(None);
    };
    let failed = |why: &dyn std::fmt::Display| -> UserError {
        let message = format!("{} could not be written: {why}", path.display());
        error("file", message, &["Choose another folder"])
    };
    // Made beside it first: one that is there is replaced whole, or stays.
    let folder = path.parent().ok_or_else(|| failed(&"it is no file"))?;
    let aside = tempfile::tempdir_in(folder).map_err(|why| failed(&why))?;
    let new = aside.path().join("bundle");
    let made = bundle::write(&desktop.data_dir, desktop.questions.clone(), &new, mask_addresses).await;
    let made = made.map_err(user)?;
    std::fs::rename(&new, &path).map_err(|why| failed(&why))?;
    Ok(Some(SupportBundleView {
        path: path.display().to_string(),
        entries: made.entries.into_iter().map(Into::into).collect(),
        secrets_compared: made.secrets_compared,
    }))
}
