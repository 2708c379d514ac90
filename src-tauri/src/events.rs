//! What the window is told without asking.

use serde::Serialize;
use ts_rs::TS;

use crate::{
    contract::Contract,
    view::{Changed, HostLive, JobEvent, JobId, Question, QuestionId, TerminalEvent},
};

/// A question waits no more. Payload of the event `question_closed`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct QuestionClosed {
    /// Its identifier.
    pub id: QuestionId,
}

/// The program asks whether to end. Payload of the event `quit_asked`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct QuitAsked {
    /// Jobs that still run.
    pub running_jobs: usize,
    /// Terminals that are open.
    pub terminals: usize,
}

/// A place to go to. Payload of the event `go`.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum GoTo {
    /// What is recorded and not applied.
    Pending,
    /// A job.
    Job {
        /// Its identifier.
        id: JobId,
    },
}

/// Puts every event into the contract.
pub(crate) fn declare(contract: &mut Contract) {
    contract.event::<JobEvent>("A job began, took a step, or ended.", "job");
    contract.event::<Question>("The person is asked something.", "question");
    contract.event::<QuestionClosed>("A question was answered, or waits no more.", "question_closed");
    contract.event::<HostLive>("A host was looked at.", "status");
    contract.event::<Changed>(
        "Something is to be asked for again, whoever changed it.",
        "changed",
    );
    contract.event::<TerminalEvent>("A terminal ended.", "terminal");
    contract.event::<QuitAsked>(
        "The person wants to end the program while jobs run; `quit` does it.",
        "quit_asked",
    );
    contract.event::<GoTo>("The person chose something in the tray or a notification.", "go");
}
