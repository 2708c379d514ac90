//! Long works: they run in the program, whatever page is shown.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;
use wirewarp_engine::{
    Stop,
    progress::{Event, Progress, StepState},
};
use wirewarp_model::{ForwardId, UserError};

use crate::{
    desktop::now,
    errors::{Answered, error, user},
    outside::{News, Outside},
    view::{Job, JobEvent, JobId, JobKind, JobNews, JobState, JobStep},
};

/// Ended jobs that are kept.
const MOST_ENDED: usize = 100;
/// Steps and remarks of a job that are kept.
const MOST_STEPS: usize = 2_000;

/// All jobs of this run of the program.
pub(crate) struct Jobs {
    outside: Arc<dyn Outside>,
    all: Mutex<Vec<Entry>>,
}

struct Entry {
    job: Job,
    stop: Stop,
    /// How a work that changes nothing is ended.
    abort: Option<AbortHandle>,
    /// The forwards that a check tries; none for all.
    forwards: Vec<ForwardId>,
}

impl Jobs {
    pub(crate) fn new(outside: Arc<dyn Outside>) -> Self {
        Self {
            outside,
            all: Mutex::default(),
        }
    }

    /// All, newest first.
    pub(crate) fn all(&self) -> Vec<Job> {
        self.entries()
            .iter()
            .rev()
            .map(|entry| entry.job.clone())
            .collect()
    }

    /// One.
    pub(crate) fn get(&self, id: JobId) -> Answered<Job> {
        let entries = self.entries();
        let found = entries.iter().find(|entry| entry.job.id == id);
        found.map(|entry| entry.job.clone()).ok_or_else(gone)
    }

    /// Jobs that run.
    pub(crate) fn running(&self) -> usize {
        let runs = |entry: &&Entry| entry.job.state == JobState::Running;
        self.entries().iter().filter(runs).count()
    }

    /// Begins one. Its `Stop` is for whoever does the work.
    pub(crate) fn begin(&self, kind: JobKind, action: &str, about: Vec<String>) -> (JobId, Stop) {
        let stop = Stop::default();
        let job = Job {
            id: JobId::random(),
            kind,
            action: action.to_owned(),
            about,
            plan: None,
            state: JobState::Running,
            started_at: now(),
            ended_at: None,
            steps: vec![],
            hosts: vec![],
            error: None,
            result: None,
            can_cancel: true,
            can_retry: false,
        };
        let id = job.id;
        self.tell(
            id,
            JobNews::Changed {
                job: Box::new(job.clone()),
            },
        );
        let mut entries = self.entries();
        entries.push(Entry {
            job,
            stop: stop.clone(),
            abort: None,
            forwards: vec![],
        });
        drop_oldest(&mut entries);
        (id, stop)
    }

    /// Says which forwards a check tries, and how it is ended.
    pub(crate) fn checks(&self, id: JobId, forwards: Vec<ForwardId>, abort: AbortHandle) {
        if let Some(entry) = self.entries().iter_mut().find(|entry| entry.job.id == id) {
            entry.forwards = forwards;
            entry.abort = Some(abort);
        }
    }

    /// The forwards that a check tries; none for all.
    pub(crate) fn forwards(&self, id: JobId) -> Vec<ForwardId> {
        let entries = self.entries();
        let entry = entries.iter().find(|entry| entry.job.id == id);
        entry.map(|entry| entry.forwards.clone()).unwrap_or_default()
    }

    /// Changes a job, and tells.
    pub(crate) fn change(&self, id: JobId, change: impl FnOnce(&mut Job)) {
        let changed = {
            let mut entries = self.entries();
            let Some(entry) = entries.iter_mut().find(|entry| entry.job.id == id) else {
                return;
            };
            change(&mut entry.job);
            entry.job.clone()
        };
        self.tell(
            id,
            JobNews::Changed {
                job: Box::new(changed),
            },
        );
    }

    /// Ends a job.
    pub(crate) fn end(&self, id: JobId, state: JobState, error: Option<UserError>) {
        self.change(id, |job| {
            job.state = state;
            job.ended_at = Some(now());
            job.can_cancel = false;
            job.can_retry = state != JobState::Done;
            job.error = error;
        });
    }

    /// Stops a job while that has no consequences.
    pub(crate) fn cancel(&self, id: JobId) -> Answered<Job> {
        let (job, stop, abort) = {
            let entries = self.entries();
            let entry = entries.iter().find(|entry| entry.job.id == id).ok_or_else(gone)?;
            (entry.job.clone(), entry.stop.clone(), entry.abort.clone())
        };
        if job.state != JobState::Running {
            return Ok(job);
        }
        stop.ask().map_err(user)?;
        match abort {
            Some(abort) => {
                abort.abort();
                self.end(id, JobState::Cancelled, None);
            }
            // It ends by itself at the next step that asks.
            None => self.change(id, |job| job.can_cancel = false),
        }
        self.get(id)
    }

    /// Forgets jobs that have ended.
    pub(crate) fn forget(&self, ids: &[JobId]) {
        let stays = |entry: &Entry| entry.job.state == JobState::Running || !ids.contains(&entry.job.id);
        self.entries().retain(stays);
    }

    fn take_event(&self, id: JobId, event: Event) {
        let (step, handed_over) = {
            let mut entries = self.entries();
            let Some(entry) = entries.iter_mut().find(|entry| entry.job.id == id) else {
                return;
            };
            let handed_over = entry.job.can_cancel && !entry.stop.is_free();
            (take_step(&mut entry.job, event), handed_over)
        };
        self.tell(id, JobNews::Step { step });
        if handed_over {
            self.change(id, |job| job.can_cancel = false);
        }
    }

    fn tell(&self, id: JobId, news: JobNews) {
        self.outside.tell(News::Job(JobEvent { id, news }));
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Progress of one job.
pub(crate) struct JobProgress {
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) id: JobId,
}

impl Progress for JobProgress {
    fn report(&self, event: Event) {
        self.jobs.take_event(self.id, event);
    }
}

/// Puts an event among a job's steps: an end to its beginning, anything else behind all.
fn take_step(job: &mut Job, event: Event) -> JobStep {
    let (host, step, state, message, ms) = match event {
        Event::Step {
            host,
            step,
            state,
            message,
            ms,
        } => (host, step, state, message, ms),
        Event::Message { host, text } => (host, String::new(), StepState::Done, text, None),
    };
    let runs = |known: &&mut JobStep| {
        known.state == StepState::Started && known.host == host && known.step == step && !step.is_empty()
    };
    if state != StepState::Started
        && let Some(known) = job.steps.iter_mut().rev().find(runs)
    {
        known.state = state;
        known.message = message;
        known.ms = ms;
        return known.clone();
    }
    let number = job.steps.last().map_or(0, |last| last.number + 1);
    let step = JobStep {
        number,
        host,
        step,
        state,
        message,
        at: now(),
        ms,
    };
    job.steps.push(step.clone());
    if job.steps.len() > MOST_STEPS {
        job.steps.remove(0);
    }
    step
}

fn drop_oldest(entries: &mut Vec<Entry>) {
    let ended = |entry: &Entry| entry.job.state != JobState::Running;
    while entries.iter().filter(|entry| ended(entry)).count() > MOST_ENDED {
        let Some(oldest) = entries.iter().position(ended) else {
            return;
        };
        entries.remove(oldest);
    }
}

fn gone() -> UserError {
    error(
        "not_found",
        "There is no such job any more.",
        &["Look at Activity for what it did"],
    )
}
