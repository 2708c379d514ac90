//! Jobs and questions.

use std::{collections::BTreeSet, sync::Arc};
use wirewarp_model::{ForwardId, Name};

use super::changes::begin_apply;
use crate::{
    Desktop,
    errors::{Answered, error, user},
    plans::KeptPlan,
    view::{Answer, CheckResult, Job, JobId, JobKind, JobResult, JobState, Question, QuestionId, Subject},
};

pub(crate) async fn jobs(desktop: &Arc<Desktop>) -> Answered<Vec<Job>> {
    Ok(desktop.jobs.all())
}

pub(crate) async fn job(desktop: &Arc<Desktop>, id: JobId) -> Answered<Job> {
    desktop.jobs.get(id)
}

pub(crate) async fn cancel_job(desktop: &Arc<Desktop>, id: JobId) -> Answered<Job> {
    desktop.jobs.cancel(id)
}

pub(crate) async fn forget_jobs(desktop: &Arc<Desktop>, ids: Vec<JobId>) -> Answered<()> {
    desktop.jobs.forget(&ids);
    Ok(())
}

/// An apply is planned anew for the hosts that it did not reach: retry, repair and a first apply are one path.
pub(crate) async fn retry_job(desktop: &Arc<Desktop>, id: JobId) -> Answered<JobId> {
    let job = desktop.jobs.get(id)?;
    if !job.can_retry {
        return Err(error("nothing_to_retry", "This job did not fail.", &[]));
    }
    if job.kind == JobKind::Check {
        let snapshot = desktop.snapshot().await?;
        let titles: BTreeSet<&str> = job.about.iter().map(String::as_str).collect();
        let named = |forward: &&wirewarp_model::PortForward| titles.contains(forward.id.to_string().as_str());
        let ids = snapshot
            .inventory
            .forwards
            .iter()
            .filter(named)
            .map(|forward| forward.id)
            .collect();
        return check(desktop, ids).await;
    }
    let failed: Vec<Name> = job
        .hosts
        .iter()
        .filter(|host| host.error.is_some())
        .map(|host| host.name.clone())
        .collect();
    let names = if failed.is_empty() {
        job.about.iter().filter_map(|name| name.parse().ok()).collect()
    } else {
        failed
    };
    let preview = desktop.engine.preview_named(&names).await.map_err(user)?;
    let plan = desktop.plans.keep(KeptPlan::of_recorded(preview, "apply"));
    Ok(begin_apply(desktop, plan, desktop.settings.get().rollback_after))
}

pub(crate) async fn questions(desktop: &Arc<Desktop>) -> Answered<Vec<Question>> {
    Ok(desktop.questions.all())
}

pub(crate) async fn answer_question(desktop: &Arc<Desktop>, id: QuestionId, answer: Answer) -> Answered<()> {
    desktop.questions.answer(id, answer)
}

/// Tries forwards in the background.
pub(crate) async fn check(desktop: &Arc<Desktop>, forwards: Vec<ForwardId>) -> Answered<JobId> {
    let about = forwards.iter().map(ToString::to_string).collect();
    let (id, _) = desktop.jobs.begin(JobKind::Check, "check", about);
    let for_task = desktop.clone();
    let task = tokio::spawn(async move {
        let desktop = for_task;
        match desktop
            .engine
            .check_forwards(&forwards.into_iter().collect())
            .await
        {
            Ok(report) => {
                desktop.checks.take(&report);
                let proved = report.all_proved();
                desktop
                    .jobs
                    .change(id, |job| job.result = Some(JobResult::Check { report }));
                let why = error(
                    "check_failed",
                    "Not every forward could be proved.",
                    &["See which hop fails"],
                );
                let (state, why) = if proved {
                    (JobState::Done, None)
                } else {
                    (JobState::Failed, Some(why))
                };
                desktop.jobs.end(id, state, why);
            }
            Err(error) => desktop.jobs.end(id, JobState::Failed, Some(user(error))),
        }
        desktop.changed(&[Subject::Checks]);
        desktop.tell_end(id);
    });
    desktop.jobs.ends_by(id, task.abort_handle());
    Ok(id)
}

pub(crate) async fn check_results(desktop: &Arc<Desktop>) -> Answered<Vec<CheckResult>> {
    Ok(desktop.checks.of(&desktop.snapshot().await?.inventory))
}
