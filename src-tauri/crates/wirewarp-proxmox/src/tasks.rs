//! Tasks: what runs on a node for longer than an answer takes.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use proxmox_api::nodes::{
    NodesClient,
    node::tasks::upid::{UpidClient, log, status},
};
use wirewarp_model::error::excerpt_of;

use crate::{Api, Problem, ProxmoxError, answer::printable, names::Upid};

/// How a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// It runs.
    Running,
    /// It has ended well; with warnings it is still done.
    Done,
    /// It has ended with this.
    Failed(String),
}

/// One line of a task's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Counted from 1.
    pub number: u64,
    /// Printable, at most 500 characters.
    pub text: String,
}

/// Lines asked for at once.
const LINES: u64 = 500;

impl Api {
    /// How the task stands.
    pub async fn task_state(&self, task: &Upid) -> Result<TaskState, ProxmoxError> {
        let answer = self.task(task).status().get().await?;
        Ok(match (answer.status, answer.exitstatus) {
            (status::Status::Running, _) => TaskState::Running,
            (status::Status::Stopped, Some(said)) if said == "OK" || said.starts_with("WARNINGS") => {
                TaskState::Done
            }
            (status::Status::Stopped, said) => TaskState::Failed(printable(
                &said.unwrap_or_else(|| "it ended without saying how".into()),
            )),
        })
    }

    /// The lines of the task's log after the first `seen`. It can be empty although the task did something.
    pub async fn task_log(&self, task: &Upid, seen: u64) -> Result<Vec<LogLine>, ProxmoxError> {
        let mut params = log::GetParams::default();
        // The first page needs no bounds; Proxmox gives 50 lines then, which most tasks never reach.
        if seen > 0 {
            params.start = Some(seen);
            params.limit = i128::from(LINES).try_into().ok();
        }
        let lines = self.task(task).log().get(params).await?;
        // An empty log is answered with one line that says so.
        let lines = lines.iter().filter(|line| line.t != "no content");
        Ok(lines.filter_map(line).collect())
    }

    /// Follows a task until it has ended, at most `limit` long, or until `cancelled` is done; each new line of its log
    /// goes to `tell`. In the last two cases the task goes on, and the error says so. A host that cannot be reached for a
    /// while is asked again until then.
    pub async fn follow<C: Future<Output = ()>>(
        &self,
        task: &Upid,
        limit: Duration,
        cancelled: C,
        tell: impl FnMut(LogLine),
    ) -> Result<(), ProxmoxError> {
        tokio::select! {
            ended = self.follow_until(task, limit, tell) => ended,
            () = cancelled => Err(self.error(Problem::Cancelled { kind: task.kind() })),
        }
    }

    async fn follow_until(
        &self,
        task: &Upid,
        limit: Duration,
        mut tell: impl FnMut(LogLine),
    ) -> Result<(), ProxmoxError> {
        let begun = Instant::now();
        let mut seen = 0;
        loop {
            // Before the log is read: a line written between the two would be missed the other way round.
            let state = match self.task_state(task).await {
                // Applying a network can take ours away for a moment, and the task goes on meanwhile.
                Err(error) if error.is_passing() && begun.elapsed() < limit => {
                    tokio::time::sleep(self.server().limits().poll).await;
                    continue;
                }
                state => state?,
            };
            self.tell_new(task, &mut seen, &mut tell).await;
            match state {
                TaskState::Done => return Ok(()),
                TaskState::Failed(said) => {
                    return Err(self.error(Problem::TaskFailed {
                        kind: task.kind(),
                        said,
                    }));
                }
                TaskState::Running if begun.elapsed() >= limit => {
                    return Err(self.error(Problem::TaskUnfinished {
                        kind: task.kind(),
                        after: limit,
                    }));
                }
                TaskState::Running => tokio::time::sleep(self.server().limits().poll).await,
            }
        }
    }

    /// The log is for people to read: that it cannot be had does not fail the task.
    async fn tell_new(&self, task: &Upid, seen: &mut u64, tell: &mut impl FnMut(LogLine)) {
        match self.task_log(task, *seen).await {
            Ok(lines) => {
                for line in lines
                    .into_iter()
                    .filter(|line| line.number > *seen)
                    .collect::<Vec<_>>()
                {
                    *seen = line.number;
                    tell(line);
                }
            }
            Err(error) => tracing::debug!(%error, "the log of a task could not be read"),
        }
    }

    fn task(&self, task: &Upid) -> UpidClient<&Self> {
        NodesClient::new(self)
            .node(task.node())
            .tasks()
            .upid(&task.segment())
    }
}

fn line(item: &log::GetOutputItems) -> Option<LogLine> {
    Some(LogLine {
        number: u64::try_from(item.n).ok()?,
        text: excerpt_of(&item.t, 500),
    })
}
