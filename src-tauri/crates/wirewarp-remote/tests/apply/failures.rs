//! What goes wrong leaves the old state, and says why.

use std::{fs, time::Duration};
use wirewarp_remote::{
    apply::{self, ApplyError, OperationState, Step, StepState},
    session::{RunError, ScriptLimits, ScriptOutcome, ScriptRunner},
};

use crate::host::{Host, request, with};

#[tokio::test]
async fn a_load_that_fails_goes_back_at_once() {
    let host = Host::new();
    host.change(0, 1).await;
    let (result, events) = host.apply(&with(request(1, 2), "fail", "")).await;
    let error = result.unwrap_err();
    let ApplyError::RolledBack { why, output } = &error else {
        panic!("{error}")
    };
    assert!(why.contains("load") && output.contains("load says no"), "{error}");
    assert!(
        events
            .iter()
            .any(|event| event.step == Step::Load && event.state == StepState::Failed)
    );
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("1"), Some("1"))
    );
    host.change(1, 3).await;
}

#[tokio::test]
async fn a_first_generation_that_fails_leaves_nothing_loaded() {
    let host = Host::new();
    host.apply(&with(request(0, 1), "fail", "")).await.0.unwrap_err();
    assert_eq!((host.current(), host.loaded()), (None, None));
}

#[tokio::test]
async fn a_plan_against_another_generation_is_refused_and_says_by_whom() {
    let host = Host::new();
    host.change(0, 1).await;
    let error = host.apply(&request(0, 2)).await.0.unwrap_err();
    let ApplyError::Stale {
        expected: 0,
        found: 1,
        by: Some(by),
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(by, &uuid::Uuid::from_u128(7).to_string());
    assert_eq!(error.user().code, "stale");
    assert!(!host.has("pending"));
}

#[tokio::test]
async fn somebody_elses_pending_apply_is_not_touched() {
    let host = Host::new();
    let first = request(0, 1);
    host.apply(&first).await.0.unwrap();
    let error = host.apply(&request(0, 2)).await.0.unwrap_err();
    assert!(
        matches!(&error, ApplyError::PendingElsewhere { operation } if *operation == first.operation.to_string())
    );
    apply::confirm(&host.runner, first.operation, None).await.unwrap();
}

#[tokio::test]
async fn a_pending_apply_whose_timer_is_dead_is_taken_back_first() {
    let host = Host::new();
    host.change(0, 1).await;
    let lost = request(1, 2);
    host.apply(&lost).await.0.unwrap();
    host.restart().await; // and its guard never ran
    host.change(1, 3).await;
    let state = apply::state_of(&host.runner, lost.operation).await.unwrap();
    assert!(matches!(state, OperationState::RolledBack { .. }), "{state:?}");
}

#[tokio::test]
async fn rules_that_nft_refuses_change_nothing() {
    let host = Host::new();
    host.change(0, 1).await;
    let error = host
        .apply(&with(
            request(1, 2),
            "rules.nft",
            "table inet wirewarp { nonsense }\n",
        ))
        .await
        .0
        .unwrap_err();
    let ApplyError::Failed {
        step: Step::Check,
        output,
    } = &error
    else {
        panic!("{error}")
    };
    assert!(output.contains("syntax error"), "{output}");
    assert!(!host.has("generations/2") && !host.has("pending"));
}

#[tokio::test]
async fn two_at_once_are_one_after_the_other_or_refused() {
    let host = Host::new();
    let (a, b) = (request(0, 1), request(0, 1));
    let (first, second) = tokio::join!(host.apply(&a), host.apply(&b));
    let refused = [&first.0, &second.0]
        .into_iter()
        .filter_map(|result| result.as_ref().err())
        .count();
    assert_eq!(refused, 1, "{:?} {:?}", first.0, second.0);
    assert!(host.has("pending"));
}

#[tokio::test]
async fn a_full_disk_changes_nothing() {
    let host = Host::new();
    let mount = host
        .sh("mkdir \"$WIREWARP_ETC\" && mount -t tmpfs -o size=300k none \"$WIREWARP_ETC\" && echo mounted")
        .await;
    if mount.unwrap() != "mounted\n" {
        eprintln!("skipped: no right to mount");
        return;
    }
    let error = host.apply(&request(0, 1)).await.0.unwrap_err();
    host.sh("umount \"$WIREWARP_ETC\"").await.unwrap();
    assert!(matches!(error, ApplyError::DiskFull { .. }), "{error}");
}

/// Ends the SSH side's shell as soon as a line with `text` was seen, as a cut connection does.
struct CutAt<'a>(&'a Host, &'static str);

#[async_trait::async_trait]
impl ScriptRunner for CutAt<'_> {
    async fn run_script(
        &self,
        script: &str,
        limits: &ScriptLimits,
        line: &mut (dyn for<'l> FnMut(&'l str) + Send),
    ) -> Result<ScriptOutcome, RunError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let mut tell = Some(tell);
        let mut watch = |text: &str| {
            line(text);
            if text.contains(self.1) {
                tell.take().map(|tell| tell.send(()));
            }
        };
        tokio::select! {
            outcome = self.0.runner.run_script(script, limits, &mut watch) => outcome,
            _ = told => Err(RunError::Lost("cut by the test".into())),
        }
    }
}

#[tokio::test]
async fn a_connection_cut_at_any_step_does_not_stop_the_host() {
    for step in [
        "lock started",
        "check ok",
        "arm started",
        "arm ok",
        "write started",
        "switch ok",
        "load started",
    ] {
        let host = Host::new();
        let request = with(request(0, 1), "slow", "");
        let cut = CutAt(&host, step);
        let error = apply::apply(&cut, &request, &mut |_| ()).await.unwrap_err();
        assert!(matches!(error, ApplyError::Run(_)), "{step}: {error}");
        let mut state = OperationState::Unknown;
        for _ in 0..100 {
            state = apply::state_of(&host.runner, request.operation).await.unwrap();
            if matches!(state, OperationState::Pending { .. }) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(
            state,
            OperationState::Pending {
                previous: 0,
                generation: 1,
                armed: true
            },
            "{step}"
        );
        apply::confirm(&host.runner, request.operation, None)
            .await
            .unwrap();
        assert_eq!(host.loaded().as_deref(), Some("1"), "{step}");
    }
}

#[tokio::test]
async fn a_load_that_hangs_is_ended_by_the_rollback() {
    let host = Host::new();
    host.change(0, 1).await;
    let mut hanging = with(request(1, 2), "hang", "");
    hanging.rollback_after = Duration::from_secs(2);
    let error = host.apply(&hanging).await.0.unwrap_err();
    assert!(matches!(error, ApplyError::RolledBack { .. }), "{error}");
    assert_eq!(
        (host.current().as_deref(), host.loaded().as_deref()),
        (Some("1"), Some("1"))
    );
}

#[tokio::test]
async fn an_upload_that_was_damaged_is_refused() {
    struct Damaging<'a>(&'a Host);
    #[async_trait::async_trait]
    impl ScriptRunner for Damaging<'_> {
        async fn run_script(
            &self,
            script: &str,
            limits: &ScriptLimits,
            line: &mut (dyn for<'l> FnMut(&'l str) + Send),
        ) -> Result<ScriptOutcome, RunError> {
            let damaged = script.replace("\"generation\":1}", "\"generation\":9}");
            assert_ne!(damaged, script);
            self.0.runner.run_script(&damaged, limits, line).await
        }
    }
    let host = Host::new();
    let error = apply::apply(&Damaging(&host), &request(0, 1), &mut |_| ())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ApplyError::Failed {
                step: Step::Check,
                ..
            }
        ),
        "{error}"
    );
    assert!(fs::metadata(host.etc("generations/1")).is_err());
}

#[tokio::test]
async fn requests_that_make_no_sense_do_not_reach_the_host() {
    let host = Host::new();
    for bad in [
        request(3, 3),
        with(request(0, 1), "../../etc/passwd", ""),
        with(request(0, 1), "nul", "a\0b"),
    ] {
        let error = host.apply(&bad).await.0.unwrap_err();
        assert!(matches!(error, ApplyError::BadRequest(_)), "{error}");
    }
    assert!(!host.root.path().join("run").exists());
}
