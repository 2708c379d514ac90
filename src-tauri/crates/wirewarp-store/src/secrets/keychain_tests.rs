//! The keychain code against a real Secret Service: gnome-keyring on a session bus of its own.

use super::*;
use crate::secrets::SecretKind;
use std::{process::Command, time::Instant};
use wirewarp_model::HostId;

/// Says to the process started inside the session what it shall find there.
const INSIDE: &str = "WIREWARP_TEST_KEYCHAIN";
const THIS: &str = "secrets::keychain::tests::";

fn key() -> SecretKey {
    SecretKey::host(HostId(uuid::Uuid::new_v4()), SecretKind::SshPassword)
}

/// Runs the test `name` again on a session bus of its own, after `before` has run there. None where the programs for it
/// are not installed.
fn run_in_session(name: &str, before: &str) -> Option<std::process::Output> {
    let there = |program: &str| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
    };
    if !there("dbus-run-session") || !there("gnome-keyring-daemon") {
        eprintln!("SKIPPED {name}: install dbus and gnome-keyring to test the keychain");
        return None;
    }
    let home = tempfile::tempdir().unwrap();
    let script = format!("{before}\nexec \"$0\" --exact {THIS}{name} --nocapture");
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(INSIDE, name)
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("DISPLAY")
        .output()
        .unwrap();
    Some(output)
}

fn passed(output: &std::process::Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
    assert!(said.contains("1 passed"), "the test did not run inside: {said}");
}

const UNLOCKED: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

#[tokio::test]
async fn an_unlocked_keychain_keeps_and_forgets_secrets() {
    const NAME: &str = "an_unlocked_keychain_keeps_and_forgets_secrets";
    if std::env::var_os(INSIDE).is_none() {
        if let Some(output) = run_in_session(NAME, UNLOCKED) {
            passed(&output);
        }
        return;
    }
    assert!(works().await);
    let (one, other) = (key(), key());
    assert!(get(&one).await.unwrap().is_none());
    set(&one, &Secret::new("first".into())).await.unwrap();
    set(&one, &Secret::new("hunter2 “ü” 🎮".into())).await.unwrap();
    let read = get(&one).await.unwrap();
    assert_eq!(read.as_ref().map(Secret::expose), Some("hunter2 “ü” 🎮"));
    assert!(get(&other).await.unwrap().is_none());
    delete(&one).await.unwrap();
    delete(&one).await.unwrap();
    assert!(get(&one).await.unwrap().is_none());
}

#[tokio::test]
async fn many_programs_can_probe_the_keychain_at_once() {
    const NAME: &str = "many_programs_can_probe_the_keychain_at_once";
    if std::env::var_os(INSIDE).is_none() {
        if let Some(output) = run_in_session(NAME, UNLOCKED) {
            passed(&output);
        }
        return;
    }
    let probes: Vec<_> = (0..8).map(|_| tokio::spawn(works())).collect();
    for probe in probes {
        assert!(probe.await.unwrap(), "one took away what another had written");
    }
}

#[tokio::test]
async fn a_session_without_a_keychain_is_found_out() {
    const NAME: &str = "a_session_without_a_keychain_is_found_out";
    if std::env::var_os(INSIDE).is_none() {
        // No bus at all: nothing can be started that would answer.
        if let Some(output) = run_in_session(NAME, "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent") {
            passed(&output);
        }
        return;
    }
    assert!(!works().await);
    let error = set(&key(), &Secret::new("hunter2".into())).await.unwrap_err();
    assert_eq!(error.code(), "secrets");
    assert!(!format!("{error}{error:?}").contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn a_keychain_that_was_never_unlocked_is_found_out() {
    const NAME: &str = "a_keychain_that_was_never_unlocked_is_found_out";
    if std::env::var_os(INSIDE).is_none() {
        let locked = "gnome-keyring-daemon --start --components=secrets >/dev/null";
        if let Some(output) = run_in_session(NAME, locked) {
            passed(&output);
        }
        return;
    }
    // It answers all the same, which is why asking alone is not enough.
    let (done, said) = oneshot::channel();
    std::thread::spawn(move || done.send(Entry::store_status().is_ok()));
    assert!(said.await.unwrap());
    assert!(!works().await);
}

#[test]
fn a_keychain_that_hangs_holds_up_neither_the_call_nor_the_end_of_the_program() {
    let started = Instant::now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (release, held) = std::sync::mpsc::channel::<()>();
    let hang = move || {
        // Ends when the test does.
        let _ = held.recv();
        Ok(())
    };
    let error = runtime
        .block_on(blocking(Duration::from_millis(50), hang))
        .unwrap_err();
    assert!(error.to_string().contains("did not answer"), "{error}");
    drop(runtime);
    assert!(started.elapsed() < Duration::from_secs(10));
    drop(release);
}

#[test]
fn no_reason_shows_what_the_keychain_holds() {
    let secret = b"hunter2".to_vec();
    for error in [
        Error::BadEncoding(secret.clone()),
        Error::BadDataFormat(secret, "hunter2".into()),
    ] {
        assert!(!reason(&error).contains("hunter2"), "{error}");
    }
}
