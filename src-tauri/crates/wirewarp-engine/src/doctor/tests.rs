//! What is found wrong without a host that answers.

use std::{path::Path, sync::Arc};
use tempfile::tempdir;

use super::{Diagnosis, DoctorReport, Verdict, examine, hosts::clock};
use crate::person::Nobody;

async fn offline(data_dir: &Path) -> DoctorReport {
    examine(data_dir, Arc::new(Nobody), true).await
}

fn of<'a>(report: &'a DoctorReport, what: &str) -> Vec<&'a Diagnosis> {
    report.checks.iter().filter(|check| check.what == what).collect()
}

#[tokio::test]
async fn a_new_inventory_is_well() {
    let dir = tempdir().unwrap();
    let report = offline(dir.path()).await;
    assert_eq!(of(&report, "database")[0].verdict, Verdict::Good, "{report:?}");
    assert_eq!(of(&report, "inventory")[0].verdict, Verdict::Good, "{report:?}");
    assert!(report.is_well(), "{report:?}");
}

#[tokio::test]
async fn a_broken_database_is_told_with_what_to_do() {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("inventory.db"), "no database".repeat(1_000)).unwrap();
    let report = offline(dir.path()).await;
    let database = of(&report, "database")[0];
    assert!(!report.is_well() && database.verdict == Verdict::Bad);
    assert!(!database.hints.is_empty(), "{database:?}");
}

#[tokio::test]
async fn a_vault_that_cannot_be_opened_is_told() {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("vault"), "not a vault").unwrap();
    let report = offline(dir.path()).await;
    assert_eq!(of(&report, "secrets")[0].verdict, Verdict::Bad, "{report:?}");
}

#[tokio::test]
async fn a_history_that_is_none_is_told_and_left_alone() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("history.db");
    std::fs::write(&path, "something else entirely").unwrap();
    let report = offline(dir.path()).await;
    assert_eq!(of(&report, "history")[0].verdict, Verdict::Bad);
    assert_eq!(std::fs::read(&path).unwrap(), b"something else entirely");
}

#[cfg(unix)]
#[tokio::test]
async fn files_that_others_can_read_are_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempdir().unwrap();
    let path = dir.path().join("inventory.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let report = offline(dir.path()).await;
    assert_eq!(of(&report, "permissions")[0].verdict, Verdict::Warning);
}

#[test]
fn a_clock_is_off_only_beyond_what_looking_took() {
    assert_eq!(clock("host nyc", 1_000, 1_000, 1_020), None);
    assert_eq!(clock("host nyc", 1_045, 1_000, 1_020), None);
    let ahead = clock("host nyc", 1_120, 1_000, 1_020).unwrap();
    assert!(ahead.message.contains("100 seconds ahead"), "{ahead:?}");
    let behind = clock("host nyc", 0, 1_000, 1_020).unwrap();
    assert!(behind.message.contains("1000 seconds behind"), "{behind:?}");
    assert!(clock("host nyc", u64::MAX, 1_000, 1_020).is_some());
}
