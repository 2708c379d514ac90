use std::collections::BTreeMap;

use super::support::Stage;
use crate::{
    commands::{
        logs::{log_lines, save_support_bundle},
        records::{set_settings, settings},
    },
    view::{LogForm, LogLevel},
};

const LINES: &str = r#"{"timestamp":"2026-11-20T10:00:00Z","level":"INFO","target":"wirewarp_remote::ssh","program":"window","pid":7,"fields":{"message":"connected","host":"nyc"}}
not a line of ours
{"timestamp":"2026-11-20T10:00:01Z","level":"WARN","target":"wirewarp_engine::watch","program":"window","pid":7,"fields":{"message":"a poll failed"}}
{"timestamp":"2026-11-20T10:00:02Z","level":"ERROR","target":"wirewarp_remote::ssh","program":"command","pid":8,"fields":{"message":"refused"}}
"#;

fn form(text: &str, level: Option<LogLevel>, module: Option<&str>) -> LogForm {
    LogForm {
        text: text.into(),
        level,
        module: module.map(str::to_owned),
        since: None,
    }
}

#[tokio::test]
async fn the_log_is_searched_newest_first() {
    let stage = Stage::empty().await;
    let none = log_lines(&stage.desktop, form("", None, None)).await.unwrap();
    assert!(none.is_empty());
    let logs = stage.folder.path().join("logs");
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::write(logs.join("window.2026-11-20.jsonl"), LINES).unwrap();
    let said = async |form: LogForm| -> Vec<String> {
        let lines = log_lines(&stage.desktop, form).await.unwrap();
        lines.into_iter().map(|line| line.message).collect()
    };
    assert_eq!(
        said(form("", None, None)).await,
        ["refused", "a poll failed", "connected"]
    );
    assert_eq!(said(form(" NYC ", None, None)).await, ["connected"]);
    assert_eq!(
        said(form("", Some(LogLevel::Warn), None)).await,
        ["refused", "a poll failed"]
    );
    let remote = form("", None, Some("wirewarp_remote"));
    assert_eq!(said(remote).await, ["refused", "connected"]);
    let since = LogForm {
        since: Some(1_763_632_801_500),
        ..form("", None, None)
    };
    assert_eq!(said(since).await.len(), 3, "a year ago");
}

#[tokio::test]
async fn a_module_has_a_level_of_its_own_if_it_is_one() {
    let stage = Stage::empty().await;
    let mut wanted = settings(&stage.desktop).await.unwrap();
    wanted.log_modules = BTreeMap::from([("wirewarp_remote::ssh".to_owned(), LogLevel::Debug)]);
    let kept = set_settings(&stage.desktop, wanted.clone()).await.unwrap();
    assert_eq!(kept.log_modules, wanted.log_modules);
    for wrong in ["", "russh", "wirewarp remote", "wirewarp=debug,x", "wirewarp;"] {
        wanted.log_modules = BTreeMap::from([(wrong.to_owned(), LogLevel::Debug)]);
        let refused = set_settings(&stage.desktop, wanted.clone()).await.unwrap_err();
        assert_eq!(refused.code, "bad_input.log_modules", "{wrong}");
    }
}

#[tokio::test]
async fn a_support_bundle_goes_where_the_person_says() {
    let stage = Stage::furnished().await;
    assert!(save_support_bundle(&stage.desktop, true).await.unwrap().is_none());
    let folder = tempfile::tempdir().unwrap();
    *stage.outside.save_to.lock().unwrap() = Some(folder.path().to_owned());
    // Twice: the second takes the first one's place.
    for _ in 0..2 {
        let made = save_support_bundle(&stage.desktop, true).await.unwrap().unwrap();
        assert!(made.path.ends_with(".tar.gz"), "{}", made.path);
        assert!(made.entries.iter().any(|entry| entry.name.contains("inventory")));
        let bytes = std::fs::read(&made.path).unwrap();
        assert_eq!(bytes[..2], [0x1f, 0x8b], "it is gzip");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    *stage.outside.save_to.lock().unwrap() = Some(folder.path().join("nowhere"));
    let failed = save_support_bundle(&stage.desktop, false).await.unwrap_err();
    assert_eq!(failed.code, "file");
    assert!(!failed.hints.is_empty());
}
