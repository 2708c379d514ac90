use super::support::{Stage, draft};
use crate::{
    commands::{
        changes::{apply_plan, preview_change},
        jobs::{cancel_job, check, check_results, forget_jobs, job, jobs, retry_job},
        reads::list_forwards,
    },
    outside::News,
    view::{Change, JobKind, JobNews, JobResult, JobState},
};
use wirewarp_engine::progress::{Event, Progress as _, StepState};

#[tokio::test]
async fn an_apply_that_reaches_nobody_fails_is_told_and_can_be_retried() {
    let stage = Stage::furnished().await;
    let change = Change::ForwardAdd {
        draft: draft("80", "tcp"),
        enabled: true,
    };
    let shown = preview_change(&stage.desktop, change).await.unwrap();
    let id = apply_plan(&stage.desktop, shown.id, None).await.unwrap();
    let ended = stage.ended(id).await;
    assert_eq!((ended.state, ended.kind), (JobState::Failed, JobKind::Apply));
    assert_eq!(ended.hosts.len(), 2);
    assert!(ended.error.is_some() && ended.can_retry && !ended.can_cancel);
    assert_eq!(
        list_forwards(&stage.desktop).await.unwrap().len(),
        2,
        "the intent is kept"
    );
    assert_eq!(
        stage.outside.notified.lock().unwrap().as_slice(),
        ["An apply failed"]
    );
    let news = stage.outside.news.lock().unwrap().clone();
    let ends = |news: &&News| matches!(news, News::Job(event) if matches!(&event.news, JobNews::Changed { job } if job.ended_at.is_some()));
    assert!(news.iter().any(|news| ends(&news)));
    // Nothing can be planned either while no host answers; the reason is the answer.
    let again = retry_job(&stage.desktop, id).await.unwrap_err();
    assert_eq!(Some(again.code), ended.error.map(|error| error.code));
    forget_jobs(&stage.desktop, vec![id]).await.unwrap();
    assert_eq!(job(&stage.desktop, id).await.unwrap_err().code, "not_found");
}

#[tokio::test]
async fn a_check_is_a_job_whose_result_stays() {
    let stage = Stage::furnished().await;
    let forward = list_forwards(&stage.desktop).await.unwrap()[0].id;
    stage.put(|inventory| inventory.forwards[0].enabled = false).await;
    let id = check(&stage.desktop, vec![]).await.unwrap();
    let ended = stage.ended(id).await;
    let Some(JobResult::Check { report }) = ended.result else {
        panic!("{ended:?}");
    };
    assert_eq!((ended.state, report.checks.len()), (JobState::Done, 0));
    assert!(
        report.skipped.is_empty(),
        "what is off is no part of a check of all"
    );
    assert!(check_results(&stage.desktop).await.unwrap().is_empty());
    assert_eq!(jobs(&stage.desktop).await.unwrap()[0].id, id);
    let gone = check(&stage.desktop, vec![forward]).await.unwrap();
    let cancelled = cancel_job(&stage.desktop, gone).await.unwrap();
    assert!(
        matches!(cancelled.state, JobState::Cancelled | JobState::Failed),
        "{cancelled:?}"
    );
}

#[tokio::test]
async fn a_job_cannot_be_stopped_once_a_host_has_its_script() {
    let stage = Stage::empty().await;
    let (id, stop) = stage
        .desktop
        .jobs
        .begin(JobKind::Apply, "apply", vec!["nyc".into()]);
    assert!(stage.desktop.jobs.get(id).unwrap().can_cancel);
    let stopped = cancel_job(&stage.desktop, id).await.unwrap();
    assert_eq!((stopped.state, stopped.can_cancel), (JobState::Running, false));
    assert!(stop.is_asked());
}

#[tokio::test]
async fn steps_keep_their_number_from_beginning_to_end() {
    let stage = Stage::empty().await;
    let (id, _) = stage.desktop.jobs.begin(JobKind::Apply, "apply", vec![]);
    let progress = crate::jobs::JobProgress {
        jobs: stage.desktop.jobs.clone(),
        id,
    };
    let step = |host: &str, state, ms| Event::Step {
        host: host.into(),
        step: "load it".into(),
        state,
        message: String::new(),
        ms,
    };
    progress.report(step("nyc", StepState::Started, None));
    progress.report(step("attic", StepState::Started, None));
    progress.report(Event::Message {
        host: "nyc".into(),
        text: "waiting for apt".into(),
    });
    progress.report(step("nyc", StepState::Done, Some(12)));
    let steps = stage.desktop.jobs.get(id).unwrap().steps;
    let short: Vec<_> = steps
        .iter()
        .map(|step| (step.number, step.host.as_str(), step.state, step.ms))
        .collect();
    assert_eq!(
        short,
        [
            (0, "nyc", StepState::Done, Some(12)),
            (1, "attic", StepState::Started, None),
            (2, "nyc", StepState::Done, None)
        ]
    );
}
