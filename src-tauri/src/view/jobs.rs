//! Long works: they run in the program, not in the page.

use serde::Serialize;
use ts_rs::TS;
use wirewarp_engine::{CheckReport, progress::StepState};
use wirewarp_model::{Name, PlanId, UserError};

use super::JobId;

/// A long work, from its start to its end.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Job {
    /// Its identifier.
    pub id: JobId,
    /// What it is.
    pub kind: JobKind,
    /// What it is for, e.g. `port.add`, `apply`, `check`.
    pub action: String,
    /// Names of the hosts (apply) or titles of the forwards (check; none for all) that it is about.
    pub about: Vec<String>,
    /// The plan that it applies.
    pub plan: Option<PlanId>,
    /// How it stands.
    pub state: JobState,
    /// Milliseconds since 1970 UTC.
    pub started_at: i64,
    /// The same; none while it runs.
    pub ended_at: Option<i64>,
    /// What happened so far, in order.
    pub steps: Vec<JobStep>,
    /// How it ended on each host of an apply.
    pub hosts: Vec<JobHost>,
    /// Why it failed.
    pub error: Option<UserError>,
    /// What a check found.
    pub result: Option<JobResult>,
    /// Whether `cancel_job` would still stop it.
    pub can_cancel: bool,
    /// Whether `retry_job` would begin it again.
    pub can_retry: bool,
}

/// Kinds of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Carries a plan out.
    Apply,
    /// Tries forwards.
    Check,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It runs.
    Running,
    /// It is done, with proof.
    Done,
    /// It failed, at least in part.
    Failed,
    /// The person stopped it before a host was touched.
    Cancelled,
}

/// One step, or a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct JobStep {
    /// Its number in the job, from 0. A step that ends keeps the number with which it began.
    pub number: usize,
    /// The host's name.
    pub host: String,
    /// What is done, in words; empty for a remark.
    pub step: String,
    /// How it stands; `done` for a remark.
    pub state: StepState,
    /// Output of a failed step, or the remark.
    pub message: String,
    /// When it began, milliseconds since 1970 UTC.
    pub at: i64,
    /// How long it took, milliseconds; none while it runs.
    pub ms: Option<u64>,
}

/// How an apply ended on a host.
#[derive(Debug, Clone, Serialize, TS)]
pub struct JobHost {
    /// Its name.
    pub name: Name,
    /// The generation in force now, if it succeeded.
    pub generation: u64,
    /// How long it took, seconds.
    pub seconds: f64,
    /// Why it failed.
    pub error: Option<UserError>,
}

/// What a job gave.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum JobResult {
    /// A check.
    Check {
        /// What it found.
        report: CheckReport,
    },
}

/// Payload of the event `job`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct JobEvent {
    /// The job.
    pub id: JobId,
    /// What happened.
    pub news: JobNews,
}

/// What happened to a job.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "news")]
pub enum JobNews {
    /// It began, or something but its steps changed: the whole of it, `steps` included.
    Changed {
        /// The job.
        job: Box<Job>,
    },
    /// A step began, or the one with this number ended.
    Step {
        /// The step.
        step: JobStep,
    },
}
