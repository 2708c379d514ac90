//! From nothing to a generation, to the next, and back to nothing.

use std::{os::unix::fs::PermissionsExt as _, time::Duration};
use wirewarp_remote::{
    apply::{self, ApplyError, OperationState, Step, StepState},
    observe,
};

use crate::host::{Host, request, with};

#[tokio::test]
async fn an_applied_generation_waits_until_it_is_confirmed() {
    let host = Host::new();
    let request = request(0, 1);
    let (result, events) = host.apply(&request).await;
    result.unwrap();
    let done: Vec<Step> = events
        .iter()
        .filter(|event| event.state == StepState::Ok)
        .map(|event| event.step)
        .collect();
    assert_eq!(
        done,
        [
            Step::Lock,
            Step::Check,
            Step::Space,
            Step::Arm,
            Step::Write,
            Step::Switch,
            Step::Load,
            Step::Flows
        ]
    );
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("1"), Some("1"))
    );
    let state = apply::state_of(&host.runner, request.operation).await.unwrap();
    assert_eq!(
        state,
        OperationState::Pending {
            previous: 0,
            generation: 1,
            armed: true
        }
    );

    let confirmed = apply::confirm(&host.runner, request.operation, None)
        .await
        .unwrap();
    let ours = confirmed.ours.unwrap();
    assert_eq!(
        (ours.generation, ours.highest_generation, ours.pending),
        (1, 1, None)
    );
    assert_eq!(ours.drift, Vec::<String>::new());
    assert!(!host.has("pending") && !host.has("confirming"));
    let units = host.root.path().join("units");
    assert!(
        units.join("ww-guard.service").exists(),
        "the boot unit is there for the next apply"
    );
    assert_eq!(
        apply::state_of(&host.runner, request.operation).await.unwrap(),
        OperationState::Confirmed
    );
    apply::confirm(&host.runner, request.operation, None)
        .await
        .expect("confirming twice is harmless");
}

#[tokio::test]
async fn files_have_their_modes_and_can_be_read_back() {
    let host = Host::new();
    let text = "no line feed at the end \\ $HOME `id`\r\n\tünïcode";
    let request = with(request(0, 1), "odd", text);
    host.apply(&request).await.0.unwrap();
    let mode = |path: &str| host.etc(path).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("generations/1/manifest.json"), 0o600);
    assert_eq!(mode("generations/1/load"), 0o700);
    assert_eq!(mode(""), 0o700);
    let files = apply::read_files(&host.runner, 1).await.unwrap();
    let expected: Vec<(&String, &String)> = request
        .bundle
        .files
        .iter()
        .map(|(path, file)| (path, &file.text))
        .collect();
    assert_eq!(files.iter().collect::<Vec<_>>(), expected);
    let missing = apply::read_files(&host.runner, 9).await.unwrap_err();
    assert!(matches!(missing, ApplyError::NoSuchGeneration(9)), "{missing}");
}

#[tokio::test]
async fn what_nobody_confirms_goes_back_by_itself() {
    let host = Host::new();
    host.change(0, 1).await;
    let mut second = request(1, 2);
    second.rollback_after = Duration::from_secs(1);
    host.apply(&second).await.0.unwrap();
    assert_eq!(host.loaded().as_deref(), Some("2"));
    for _ in 0..100 {
        if !host.has("pending") && !host.has("reverting") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("1"), Some("1"))
    );
    let error = apply::confirm(&host.runner, second.operation, None)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ApplyError::RolledBack { why, .. } if why.contains("confirmed")),
        "{error}"
    );
}

#[tokio::test]
async fn going_back_on_request_is_what_the_timer_does() {
    let host = Host::new();
    let first = request(0, 1);
    host.apply(&first).await.0.unwrap();
    let state = apply::rollback_now(&host.runner, first.operation).await.unwrap();
    assert_eq!(
        state,
        OperationState::RolledBack {
            why: "it was asked for".into(),
            whole: true
        }
    );
    assert_eq!((host.current(), host.loaded()), (None, None));
    assert!(!host.has("pending") && !host.has("reverting"));
}

#[tokio::test]
async fn a_confirmed_removal_leaves_nothing() {
    let host = Host::new();
    host.change(0, 1).await;
    let removal = request(1, 0);
    host.apply(&removal).await.0.unwrap();
    assert_eq!((host.current(), host.loaded()), (None, None));
    assert!(
        host.has("generations/1"),
        "until it is confirmed it can come back"
    );
    let confirmed = apply::confirm(&host.runner, removal.operation, None)
        .await
        .unwrap();
    assert_eq!(confirmed.ours, None);
    assert!(!host.root.path().join("units/ww-guard.service").exists());
    let left: Vec<_> = std::fs::read_dir(host.root.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["units"], "of the folders that are ours");
    assert_eq!(
        apply::state_of(&host.runner, removal.operation).await.unwrap(),
        OperationState::NothingThere
    );
}

#[tokio::test]
async fn an_unconfirmed_removal_comes_back() {
    let host = Host::new();
    host.change(0, 1).await;
    let removal = request(1, 0);
    host.apply(&removal).await.0.unwrap();
    apply::rollback_now(&host.runner, removal.operation)
        .await
        .unwrap();
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("1"), Some("1"))
    );
}

#[tokio::test]
async fn ten_generations_are_kept() {
    let host = Host::new();
    for generation in 1..=12 {
        host.change(generation - 1, generation).await;
    }
    let seen = observe::observe(&host.runner).await.unwrap().ours.unwrap();
    assert_eq!((seen.generation, seen.highest_generation), (12, 12));
    assert!(!host.has("generations/2") && host.has("generations/3"));
}
