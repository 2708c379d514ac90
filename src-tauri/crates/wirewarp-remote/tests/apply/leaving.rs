//! A host whose only way goes with what is taken away: nobody can confirm it, and it ends clean by itself.

use std::time::Duration;
use wirewarp_remote::apply::{self, ApplyError, Leave, OperationState};

use crate::host::{Host, request};

fn order(base: u64) -> Leave {
    Leave {
        operation: wirewarp_model::OperationId(uuid::Uuid::new_v4()),
        base,
        flush: vec![],
        packages: None,
    }
}

async fn leave(host: &Host, order: &Leave) -> Result<(), ApplyError> {
    apply::leave(&host.runner, order, &mut |_| {}).await
}

/// Nothing in force, and of our folders none.
async fn is_clean(host: &Host) -> bool {
    for _ in 0..100 {
        if !host.has("") && !host.root.path().join("run").exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let left: Vec<_> = std::fs::read_dir(host.root.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    let guard = host.root.path().join("units/ww-guard.service");
    host.loaded().is_none() && !guard.exists() && left == ["units"]
}

#[tokio::test]
async fn it_answers_before_it_begins_and_is_clean_a_moment_later() {
    let host = Host::new();
    host.change(0, 1).await;
    let order = order(1);
    leave(&host, &order).await.unwrap();
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("1"), Some("1")),
        "the way is there until the answer has come"
    );
    let state = apply::state_of(&host.runner, order.operation).await.unwrap();
    assert_eq!(
        state,
        OperationState::Confirmed,
        "whoever lost the answer can ask for it"
    );
    assert!(is_clean(&host).await);
    let state = apply::state_of(&host.runner, order.operation).await.unwrap();
    assert_eq!(state, OperationState::NothingThere);
}

#[tokio::test]
async fn power_lost_after_the_answer_does_not_keep_it() {
    let host = Host::new();
    host.change(0, 1).await;
    leave(&host, &order(1)).await.unwrap();
    host.restart().await;
    assert_eq!(host.current().as_deref(), Some("1"));
    host.guard("boot").await;
    assert_eq!(
        (host.current(), host.loaded()),
        (None, None),
        "it does not come up again"
    );
    host.guard("settle").await;
    assert!(is_clean(&host).await);
}

#[tokio::test]
async fn a_load_that_fails_to_go_is_tried_again_after_the_next_start() {
    let host = Host::new();
    host.change(0, 1).await;
    let load = host.etc("generations/1/load");
    let text = std::fs::read_to_string(&load).unwrap();
    std::fs::write(&load, text.replace("none) rm", "none) exit 3; rm")).unwrap();
    let order = order(1);
    leave(&host, &order).await.unwrap();
    let log = host.root.path().join(format!("run/op-{}/log", order.operation));
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(log.exists() && host.has("confirming"));
    std::fs::write(&load, text).unwrap();
    host.restart().await;
    host.guard("boot").await;
    host.guard("settle").await;
    assert!(is_clean(&host).await);
}

#[tokio::test]
async fn it_is_refused_while_something_else_is_under_way() {
    let host = Host::new();
    host.change(0, 1).await;
    let stale = leave(&host, &order(7)).await.unwrap_err();
    assert!(
        matches!(
            stale,
            ApplyError::Stale {
                expected: 7,
                found: 1,
                ..
            }
        ),
        "{stale}"
    );
    let second = request(1, 2);
    host.apply(&second).await.0.unwrap();
    let pending = leave(&host, &order(1)).await.unwrap_err();
    assert!(
        matches!(pending, ApplyError::PendingElsewhere { .. }),
        "{pending}"
    );
    apply::confirm(&host.runner, second.operation, None)
        .await
        .unwrap();
    assert!(!host.has("confirming"));
    assert_eq!(host.loaded().as_deref(), Some("2"));
}

#[tokio::test]
async fn a_load_that_is_damaged_takes_nothing_away() {
    let host = Host::new();
    host.change(0, 1).await;
    std::fs::write(host.etc("generations/1/load"), "case in").unwrap();
    let error = leave(&host, &order(1)).await.unwrap_err();
    assert!(matches!(error, ApplyError::Failed { .. }), "{error}");
    assert_eq!(host.current().as_deref(), Some("1"));
    assert!(!host.has("confirming"));
}
