//! Jobs and questions.

use std::{collections::BTreeSet, sync::Arc};
use wirewarp_model::{ForwardId, Name};

use super::{changes::begin_apply, reads::forward_rows};
use crate::{
    Desktop,
    change::again,
    errors::{Answered, error, user},
    plans::KeptPlan,
    view::{
        Answer, CheckResult, ForwardRow, Job, JobId, JobKind, JobResult, JobState, Question, QuestionId,
        Subject,
    },
    words,
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
        return check(desktop, desktop.jobs.forwards(id)).await;
    }
    let guest = job.plan.and_then(|plan| desktop.plans.get(plan).ok());
    if let Some(work) = match &guest {
        Some(plan) => again(desktop, plan).await?,
        None => None,
    } {
        let plan = desktop.plans.keep(KeptPlan::of_guest(work));
        return Ok(begin_apply(desktop, plan, desktop.settings.get().rollback_after));
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
    let about = titles(desktop, &forwards).await?;
    let (id, _) = desktop.jobs.begin(JobKind::Check, "check", about);
    let (for_task, tried) = (desktop.clone(), forwards.iter().copied().collect());
    let task = tokio::spawn(async move {
        let desktop = for_task;
        match desktop.engine.check_forwards(&tried).await.map(words::report) {
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
    desktop.jobs.checks(id, forwards, task.abort_handle());
    Ok(id)
}

/// What forwards are called: by their label, else by what they open.
async fn titles(desktop: &Desktop, forwards: &[ForwardId]) -> Answered<Vec<String>> {
    let snapshot = desktop.snapshot().await?;
    let wanted: BTreeSet<&ForwardId> = forwards.iter().collect();
    let named = snapshot
        .inventory
        .forwards
        .iter()
        .filter(|forward| wanted.contains(&forward.id));
    let title = |row: ForwardRow| {
        if row.label.is_empty() {
            format!("{} on {}", row.ports, row.public_ip)
        } else {
            row.label
        }
    };
    Ok(forward_rows(&snapshot.inventory, named)
        .into_iter()
        .map(title)
        .collect())
}

pub(crate) async fn check_results(desktop: &Arc<Desktop>) -> Answered<Vec<CheckResult>> {
    Ok(desktop.checks.of(&desktop.snapshot().await?.inventory))
}
