//! The log's files, and what is found in them.

use proptest::prelude::*;
use std::{io::Write as _, path::Path};
use tracing_subscriber::{Layer as _, layer::SubscriberExt as _};

use super::{
    Follow, Level, Levels, LogLine, LogQuery, Program,
    begin::open,
    files, find, folder, forget_old,
    redact::{redact, redact_json},
};

fn line(at: &str, level: &str, module: &str, message: &str) -> String {
    format!(
        r#"{{"program":"command","pid":7,"timestamp":"{at}","level":"{level}","fields":{{"message":"{message}","host":"nyc"}},"target":"{module}"}}"#
    )
}

fn write(data_dir: &Path, name: &str, lines: &[String]) {
    std::fs::create_dir_all(folder(data_dir)).unwrap();
    std::fs::write(folder(data_dir).join(name), lines.join("\n") + "\n").unwrap();
}

fn messages(found: &[LogLine]) -> Vec<&str> {
    found.iter().map(LogLine::message).collect()
}

/// Logs into `data_dir` as a program would, while `what` runs.
fn logging(data_dir: &Path, levels: &str, what: impl FnOnce()) {
    let writer = open(&folder(data_dir), Program::Command).unwrap();
    let filter = levels.parse::<Levels>().unwrap().filter();
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(writer)
        .with_filter(filter);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), what);
}

#[test]
fn what_is_logged_is_found_with_its_fields_and_spans() {
    let dir = tempfile::tempdir().unwrap();
    logging(dir.path(), "info", || {
        let span = tracing::info_span!("apply", operation = "ab12").entered();
        tracing::warn!(host = "nyc", "it went back");
        drop(span);
    });
    let found = find(dir.path(), &LogQuery::default());
    assert_eq!(messages(&found), ["it went back"]);
    assert_eq!(
        (found[0].program.as_str(), found[0].pid),
        ("command", std::process::id())
    );
    assert_eq!(found[0].details(), "operation=ab12 host=nyc");
}

#[test]
fn libraries_tell_no_more_than_info_and_modules_have_levels_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    logging(dir.path(), "trace,wirewarp_remote=warn", || {
        tracing::trace!(target: "russh::client", "bytes of a password");
        tracing::info!(target: "russh::client", "connected");
        tracing::debug!(target: "wirewarp_plan", "planned");
        tracing::info!(target: "wirewarp_remote::ssh", "dialled");
    });
    assert_eq!(
        messages(&find(dir.path(), &LogQuery::default())),
        ["connected", "planned"]
    );
}

#[test]
fn wrong_levels_are_refused_with_the_reason() {
    for (text, part) in [
        ("", "write a level"),
        ("loud", "no level"),
        ("info,debug", "two levels"),
        ("wire warp=info", "no module"),
        ("wirewarp=info,wirewarp=warn", "twice"),
        ("russh=debug", "passwords"),
        ("wirewarp=", "no level"),
    ] {
        let error = text.parse::<Levels>().unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let text = "info,wirewarp_remote=debug";
    assert_eq!(text.parse::<Levels>().unwrap().to_string(), text);
}

#[test]
fn a_search_goes_by_time_level_module_and_text_over_all_programs() {
    let dir = tempfile::tempdir().unwrap();
    let lines = [
        line("2026-03-01T10:00:00Z", "INFO", "wirewarp_engine", "Old"),
        line(
            "2026-03-01T12:00:00Z",
            "WARN",
            "wirewarp_remote::ssh",
            "no Answer",
        ),
    ];
    write(dir.path(), "command.2026-03-01.jsonl", &lines);
    let lines = [line("2026-03-01T11:00:00Z", "ERROR", "wirewarp_desktop", "gone")];
    write(dir.path(), "window.2026-03-01.jsonl", &lines);
    let lines = [line(
        "2026-02-28T11:00:00Z",
        "ERROR",
        "wirewarp_desktop",
        "yesterday",
    )];
    write(dir.path(), "window.2026-02-28.jsonl", &lines);
    let all = LogQuery::default();
    assert_eq!(
        messages(&find(dir.path(), &all)),
        ["yesterday", "Old", "gone", "no Answer"]
    );
    let since = Some("2026-03-01T10:30:00Z".parse().unwrap());
    let query = LogQuery { since, ..all.clone() };
    assert_eq!(messages(&find(dir.path(), &query)), ["gone", "no Answer"]);
    let query = LogQuery {
        level: Some(Level::Warn),
        most: Some(2),
        ..all.clone()
    };
    assert_eq!(messages(&find(dir.path(), &query)), ["gone", "no Answer"]);
    let query = LogQuery {
        module: Some("wirewarp_remote".into()),
        ..all.clone()
    };
    assert_eq!(messages(&find(dir.path(), &query)), ["no Answer"]);
    let query = LogQuery {
        text: Some("no aNSWER host=NYC".into()),
        ..all
    };
    assert_eq!(messages(&find(dir.path(), &query)), ["no Answer"]);
}

#[test]
fn garbage_and_endless_lines_are_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let good = |message| line("2026-03-01T10:00:00Z", "INFO", "wirewarp", message);
    write(
        dir.path(),
        "command.2026-03-01.jsonl",
        &[good("one"), "x".repeat(3_000_000), good("two")],
    );
    let path = folder(dir.path()).join("command.2026-03-01.jsonl");
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(b"\xff\xfe\0{\"timestamp\":3}\n{\n\n{\"half\":")
        .unwrap();
    assert_eq!(messages(&find(dir.path(), &LogQuery::default())), ["one", "two"]);
}

#[test]
fn a_huge_file_is_read_from_its_end() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "command.2026-03-01.jsonl", &[]);
    let path = folder(dir.path()).join("command.2026-03-01.jsonl");
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    // A hole of 8 GB: reading through it takes seconds.
    file.set_len(8_000_000_000).unwrap();
    let last = line("2026-03-01T10:00:00Z", "INFO", "wirewarp", "last");
    file.write_all(format!("\n{last}\n").as_bytes()).unwrap();
    let begun = std::time::Instant::now();
    let query = LogQuery {
        most: Some(1),
        ..LogQuery::default()
    };
    assert_eq!(messages(&find(dir.path(), &query)), ["last"]);
    assert!(begun.elapsed().as_millis() < 500);
}

#[test]
fn programs_at_once_leave_each_others_lines_whole() {
    let dir = tempfile::tempdir().unwrap();
    let text = "y".repeat(9_000);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                logging(dir.path(), "info", || {
                    (0..200).for_each(|number| tracing::warn!(number, "{text}"));
                });
            });
        }
    });
    let found = find(dir.path(), &LogQuery::default());
    assert_eq!(found.len(), 800);
    assert!(found.iter().all(|line| line.message() == text));
}

#[test]
fn files_of_a_week_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    for day in ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-09"] {
        write(dir.path(), &format!("command.{day}.jsonl"), &[]);
    }
    write(dir.path(), "notes.txt", &[]);
    forget_old(&folder(dir.path()), "2026-03-09T01:00:00Z".parse().unwrap());
    assert_eq!(files(&folder(dir.path())).len(), 2);
    assert!(folder(dir.path()).join("notes.txt").exists());
}

#[cfg(unix)]
#[test]
fn the_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    logging(dir.path(), "info", || tracing::info!("hello"));
    let mode = folder(dir.path()).metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn what_is_written_later_is_followed_once_its_line_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let text = |message| line("2026-03-01T10:00:00Z", "INFO", "wirewarp", message);
    write(dir.path(), "command.2026-03-01.jsonl", &[text("before")]);
    let mut follow = Follow::begin(dir.path());
    let path = folder(dir.path()).join("command.2026-03-01.jsonl");
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    let (first, rest) = (
        text("after").split_at(20).0.to_owned(),
        text("after").split_at(20).1.to_owned(),
    );
    file.write_all(first.as_bytes()).unwrap();
    assert!(follow.next(&LogQuery::default()).is_empty());
    file.write_all(format!("{rest}\n").as_bytes()).unwrap();
    write(dir.path(), "command.2026-03-02.jsonl", &[text("next day")]);
    assert_eq!(
        messages(&follow.next(&LogQuery::default())),
        ["after", "next day"]
    );
    assert!(follow.next(&LogQuery::default()).is_empty());
}

#[test]
fn secrets_are_taken_out_of_text() {
    for text in [
        "https://admin:hunter2@pve.lan:8006/x",
        "password=hunter2 next",
        r#"{"smtp_password": "hunter2", "a": 1}"#,
        r#"{"message":"said {\"token\":\"hunter2\"}","b":2}"#,
        "PrivateKey = hunter2=",
        "Authorization: Basic hunter2",
        "Authorization: Bearer hunter2",
        "PVEAPIToken=root@pam!ww=hunter2",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----",
        r"-----BEGIN RSA PRIVATE KEY-----\nhunter2\nhunter2",
        "https://discord.com/api/webhooks/123/hunter2",
        "https://hooks.slack.com/services/T0/B0/hunter2",
        r#"passphrase: "two hunter2""#,
    ] {
        let clean = redact(text);
        assert!(!clean.contains("hunter2"), "{clean}");
        let was_json = serde_json::from_str::<serde_json::Value>(text).is_ok();
        assert_eq!(
            was_json,
            serde_json::from_str::<serde_json::Value>(&clean).is_ok(),
            "{clean}"
        );
    }
    let harmless = "nyc: 203.0.113.10:51820 answered after 12 ms, public key Zm9v=";
    assert_eq!(redact(harmless), harmless);
}

#[test]
fn a_logged_secret_is_not_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    logging(dir.path(), "info", || {
        let secret = wirewarp_model::Secret::new("hunter2".into());
        tracing::warn!(
            ?secret,
            url = "https://me:hunter2@example.org/",
            "refused: password=\"hunter2\""
        );
    });
    let file = files(&folder(dir.path())).pop().unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    assert!(!text.contains("hunter2") && text.contains("[redacted]"), "{text}");
    assert_eq!(find(dir.path(), &LogQuery::default()).len(), 1);
}

proptest! {
    #[test]
    fn no_secret_is_left_whatever_is_around_it(before in ".{0,20}", secret in "q[A-Za-z0-9\"\\\\]{8,40}z") {
        let inner = serde_json::json!({ "token": secret, "a": before }).to_string();
        let mut event = serde_json::json!({ "message": format!("{before} said {inner}"), "password": secret });
        redact_json(&mut event);
        let text = event.to_string();
        let (as_json, raw) = (serde_json::json!(secret).to_string(), &secret[1..]);
        prop_assert!(!text.contains(as_json.trim_matches('"')) && !text.contains(raw), "{}", text);
    }
}
