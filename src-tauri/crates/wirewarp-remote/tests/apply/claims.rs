//! Power cuts and races: whatever was on the disk at that moment, the old or the new state comes back, whole.

use std::fs;
use wirewarp_remote::apply::{self, OperationState};

use crate::host::{Host, request};

/// Generation 1 confirmed, generation 2 applied and pending.
async fn pending() -> (Host, wirewarp_model::OperationId) {
    let host = Host::new();
    host.change(0, 1).await;
    let second = request(1, 2);
    host.apply(&second).await.0.unwrap();
    (host, second.operation)
}

async fn boot(host: &Host) {
    host.restart().await;
    host.guard("boot").await;
    host.guard("settle").await;
}

#[tokio::test]
async fn power_lost_before_the_confirmation_brings_the_old_state() {
    let (host, operation) = pending().await;
    boot(&host).await;
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("1"), Some("1"))
    );
    let state = apply::state_of(&host.runner, operation).await.unwrap();
    assert!(
        matches!(&state, OperationState::RolledBack { why, whole: true } if why.contains("restarted")),
        "{state:?}"
    );
    assert!(!host.has("pending") && !host.has("reverting"));
}

#[tokio::test]
async fn the_early_unit_started_by_the_apply_itself_does_not_take_it_back() {
    let (host, operation) = pending().await;
    host.guard("boot").await;
    host.guard("settle").await;
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("2"), Some("2"))
    );
    apply::confirm(&host.runner, operation, None).await.unwrap();
}

#[tokio::test]
async fn power_lost_after_the_confirmation_was_claimed_keeps_the_new_state() {
    let (host, operation) = pending().await;
    fs::rename(host.etc("pending"), host.etc("confirming")).unwrap();
    boot(&host).await;
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("2"), Some("2"))
    );
    assert!(!host.has("confirming"));
    assert_eq!(
        apply::state_of(&host.runner, operation).await.unwrap(),
        OperationState::Confirmed
    );
}

#[tokio::test]
async fn power_lost_in_the_middle_of_going_back_finishes_it() {
    for link in ["generations/1", "generations/2"] {
        let (host, operation) = pending().await;
        fs::rename(host.etc("pending"), host.etc("reverting")).unwrap();
        fs::remove_file(host.etc("current")).unwrap();
        std::os::unix::fs::symlink(link, host.etc("current")).unwrap();
        boot(&host).await;
        assert_eq!(
            (host.current().as_deref(), host.loaded().as_deref()),
            (Some("1"), Some("1")),
            "{link}"
        );
        let state = apply::state_of(&host.runner, operation).await.unwrap();
        assert!(
            matches!(state, OperationState::RolledBack { whole: true, .. }),
            "{state:?}"
        );
    }
}

#[tokio::test]
async fn power_lost_between_pending_and_its_timer_is_mended_by_the_next_apply() {
    let host = Host::new();
    host.change(0, 1).await;
    fs::write(
        host.etc("pending"),
        "00000000-0000-0000-0000-000000000009\n1\n2\n",
    )
    .unwrap();
    host.change(1, 2).await;
    assert_eq!(host.loaded().as_deref(), Some("2"));
}

#[tokio::test]
async fn power_lost_while_a_generation_is_written_leaves_no_half_of_it() {
    let host = Host::new();
    host.change(0, 1).await;
    fs::create_dir_all(host.etc("generations/.new-x")).unwrap();
    fs::write(host.etc("generations/.new-x/load"), "half").unwrap();
    fs::write(host.etc("pending.new"), "half").unwrap();
    host.change(1, 2).await;
    assert!(!host.has("generations/.new-x"));
}

#[tokio::test]
async fn a_half_done_confirmation_of_a_removal_is_finished_by_the_next_apply() {
    let host = Host::new();
    host.change(0, 1).await;
    let removal = request(1, 0);
    host.apply(&removal).await.0.unwrap();
    fs::rename(host.etc("pending"), host.etc("confirming")).unwrap();
    host.restart().await;
    host.change(0, 1).await;
    assert_eq!(host.loaded().as_deref(), Some("1"));
}

#[tokio::test]
async fn of_confirming_and_going_back_at_once_exactly_one_happens() {
    let (mut confirmed, mut back) = (0, 0);
    for _ in 0..12 {
        let (host, operation) = pending().await;
        let (confirm, rollback) = tokio::join!(
            apply::confirm(&host.runner, operation, None),
            apply::rollback_now(&host.runner, operation)
        );
        let state = apply::state_of(&host.runner, operation).await.unwrap();
        let loaded = host.loaded();
        match state {
            OperationState::Confirmed => {
                confirm.unwrap();
                assert_eq!(
                    (host.current().as_deref(), loaded.as_deref()),
                    (Some("2"), Some("2"))
                );
                confirmed += 1;
            }
            OperationState::RolledBack { whole: true, .. } => {
                confirm.unwrap_err();
                assert_eq!(
                    (host.current().as_deref(), loaded.as_deref()),
                    (Some("1"), Some("1"))
                );
                back += 1;
            }
            other @ (OperationState::Running
            | OperationState::Pending { .. }
            | OperationState::GoingBack
            | OperationState::RolledBack { .. }
            | OperationState::NothingThere
            | OperationState::Unknown) => panic!("{other:?} {rollback:?}"),
        }
        assert!(!host.has("pending") && !host.has("confirming") && !host.has("reverting"));
    }
    assert_eq!(confirmed + back, 12);
}
