//! What the commands need of the program around them: a window, a tray, dialogs. Tests stand in for it.

use async_trait::async_trait;
use serde_json::Value;
use std::path::PathBuf;

use crate::{
    events::{GoTo, QuestionClosed, QuitAsked},
    view::{Changed, HostLive, JobEvent, Question, TerminalEvent, Update},
};

/// What the window is told without asking. One variant for each event of the contract.
#[derive(Debug, Clone)]
pub enum News {
    /// A job began, took a step, or ended.
    Job(JobEvent),
    /// The person is asked something.
    Question(Question),
    /// A question waits no more.
    QuestionClosed(QuestionClosed),
    /// A host was looked at.
    Status(HostLive),
    /// Something is to be asked for again.
    Changed(Changed),
    /// A terminal ended.
    Terminal(TerminalEvent),
    /// The person wants to end the program.
    QuitAsked(QuitAsked),
    /// The person chose a place to go to.
    Go(GoTo),
}

impl News {
    /// Name of the event and its payload.
    pub fn event(&self) -> (&'static str, Value) {
        let (name, payload) = match self {
            Self::Job(event) => ("job", serde_json::to_value(event)),
            Self::Question(event) => ("question", serde_json::to_value(event)),
            Self::QuestionClosed(event) => ("question_closed", serde_json::to_value(event)),
            Self::Status(event) => ("status", serde_json::to_value(event)),
            Self::Changed(event) => ("changed", serde_json::to_value(event)),
            Self::Terminal(event) => ("terminal", serde_json::to_value(event)),
            Self::QuitAsked(event) => ("quit_asked", serde_json::to_value(event)),
            Self::Go(event) => ("go", serde_json::to_value(event)),
        };
        (name, payload.unwrap_or(Value::Null))
    }
}

/// The program around the commands.
#[async_trait]
pub trait Outside: Send + Sync {
    /// Tells the window. Must not block.
    fn tell(&self, news: News);

    /// Asks the person where to write a file; none if they changed their mind.
    async fn save_where(&self, file_name: &str) -> Option<PathBuf>;

    /// Opens a link or a folder with what the system has for it.
    fn open(&self, what: &str) -> Result<(), String>;

    /// Tells the person by the system's notifications, unless the window is in front.
    fn notify(&self, title: &str, body: &str);

    /// Whether the window can be seen.
    fn is_visible(&self) -> bool;

    /// Whether a tray answers.
    fn has_tray(&self) -> bool;

    /// Makes the program start with the session, or not.
    fn set_autostart(&self, yes: bool) -> Result<(), String>;

    /// Version of the system's web view; empty if it did not say.
    fn webview(&self) -> String;

    /// Whether this build may look for updates: whoever built it named their key and where they publish.
    fn updates(&self) -> bool;

    /// Asks the publisher for a version newer than this one.
    async fn newer_version(&self) -> Result<Option<Update>, String>;

    /// Downloads the newer version, checks the publisher's signature, installs it, and starts the program again.
    async fn install_update(&self) -> Result<(), String>;

    /// Ends the program.
    fn end(&self);
}
