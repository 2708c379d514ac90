//! Where scripts run: a host over SSH, or this machine.

use std::sync::Arc;
use std::time::Duration;

use wirewarp_model::{ParseError, Secret};

use super::connection::Connection;
use super::error::SshError;
use super::exec::{Exec, ExecLimits, ExecOutput, Feed};
use super::problem::SshProblem;
use super::process::Process;
use super::sudo::{self, CheckedPassword, Found, Privilege};

/// How this machine is called in messages.
const THIS_MACHINE: &str = "this machine";
/// How long sudo may take from the password to the script.
const HAND_OVER: Duration = Duration::from_secs(20);

/// A place to run scripts.
#[derive(Debug, Clone)]
pub enum Session {
    /// A host.
    Ssh(Connection),
    /// This machine; every script is a new process, so every session is a "new connection".
    Local(LocalSession),
}

/// This machine.
#[derive(Debug, Clone, Default)]
pub struct LocalSession {
    checked: Arc<CheckedPassword>,
}

/// A whole `sh` script.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a> {
    /// Its text. It runs as the body of one function that is called when all of it has arrived, so that a connection
    /// cut half way runs nothing; its standard input is `/dev/null`.
    pub text: &'a str,
    /// Limits.
    pub limits: ExecLimits,
}

impl<'a> Script<'a> {
    /// `text` with the usual limits.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            limits: ExecLimits::default(),
        }
    }
}

impl From<Connection> for Session {
    fn from(connection: Connection) -> Self {
        Self::Ssh(connection)
    }
}

impl Session {
    /// This machine.
    pub fn local() -> Self {
        Self::Local(LocalSession::default())
    }

    /// Runs a command as the account itself.
    pub async fn exec_lines(
        &self,
        exec: Exec<'_>,
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<ExecOutput, SshError> {
        self.run(exec.command, Feed::plain(exec.stdin), &exec.limits, on_line)
            .await
    }

    /// The same without watching its lines.
    pub async fn exec(&self, exec: Exec<'_>) -> Result<ExecOutput, SshError> {
        self.exec_lines(exec, &mut |_| ()).await
    }

    /// Finds out how to become root: being it, by sudo without a password, or with `password`, which is checked.
    pub async fn find_privilege(&self, password: Option<&Secret>) -> Result<Privilege, SshError> {
        let command = sudo::probe_command().map_err(|error| self.bad_text(&error))?;
        let output = self.exec(Exec::new(&command)).await?;
        match (
            sudo::read_probe(&output).map_err(|problem| self.error(problem))?,
            password,
        ) {
            (Found::Root, _) => Ok(Privilege::Root),
            (Found::SudoFree, _) => Ok(Privilege::Sudo { password: None }),
            (Found::Nothing, _) => Err(self.error(SshProblem::SudoMissing)),
            (Found::SudoAsks, None) => Err(self.error(SshProblem::SudoPasswordRequired)),
            (Found::SudoAsks, Some(password)) => {
                self.check_password(password).await?;
                Ok(Privilege::Sudo {
                    password: Some(password.clone()),
                })
            }
        }
    }

    /// Runs a script as root, giving each line of its standard output to `on_line` when it comes. A status other than 0
    /// is no error.
    pub async fn run_script(
        &self,
        privilege: &Privilege,
        script: Script<'_>,
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<ExecOutput, SshError> {
        let marker = format!("ww-{}", uuid::Uuid::new_v4().simple());
        let text = format!("ww_script() {{\n:\n{}\n}}\nww_script </dev/null\n", script.text);
        let bad = |error: ParseError| self.bad_text(&error);
        match privilege {
            Privilege::Root => {
                let command = sudo::root_command(&marker);
                self.run(&command, feed(&marker, &text), &script.limits, on_line)
                    .await
            }
            Privilege::Sudo { password: None } => {
                let command = sudo::free_command(&marker).map_err(bad)?;
                let result = self
                    .run(&command, feed(&marker, &text), &script.limits, on_line)
                    .await;
                result.map_err(|error| self.sudo_error(error))
            }
            Privilege::Sudo {
                password: Some(password),
            } => {
                self.check_password(password).await?;
                let command = sudo::password_command(&marker).map_err(bad)?;
                let first = Secret::new(format!("{}\n", password.expose()));
                let text = format!("{marker}\n{text}");
                let feed = Feed {
                    first: first.expose().as_bytes(),
                    hold: Some(HAND_OVER),
                    ..feed(&marker, &text)
                };
                let result = self.run(&command, feed, &script.limits, on_line).await;
                result.map_err(|error| self.sudo_error(error))
            }
        }
    }

    /// Gives sudo the password and nothing else.
    async fn check_password(&self, password: &Secret) -> Result<(), SshError> {
        if self.checked().is(password) {
            return Ok(());
        }
        let line = Secret::new(format!("{}\n", password.expose()));
        let command = sudo::check_command();
        let output = self
            .exec(Exec {
                stdin: line.expose().as_bytes(),
                ..Exec::new(&command)
            })
            .await?;
        if !output.success() {
            return Err(self.error(sudo::problem_of(&output.stderr)));
        }
        self.checked().remember(password);
        Ok(())
    }

    fn checked(&self) -> &CheckedPassword {
        match self {
            Self::Ssh(connection) => connection.checked_password(),
            Self::Local(local) => &local.checked,
        }
    }

    async fn run(
        &self,
        command: &str,
        feed: Feed<'_>,
        limits: &ExecLimits,
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<ExecOutput, SshError> {
        let process = match self {
            Self::Ssh(connection) => connection.start(command, limits.total).await?,
            Self::Local(_) => Process::local(command).map_err(|problem| self.error(problem))?,
        };
        let result = process.run(feed, limits, on_line).await;
        result.map_err(|problem| self.error(self.expired(problem)))
    }

    /// A login can succeed with an expired password; the shell then refuses to start, and says why.
    fn expired(&self, problem: SshProblem) -> SshProblem {
        match (self, problem) {
            (Self::Ssh(connection), SshProblem::ShellUnusable(said))
                if said.contains("assword change required") =>
            {
                let user = connection.user().to_owned();
                SshProblem::PasswordExpired { user }
            }
            (_, problem) => problem,
        }
    }

    /// A script that never began under sudo: what sudo said tells why.
    fn sudo_error(&self, error: SshError) -> SshError {
        if let SshProblem::ShellUnusable(said) = error.problem() {
            return self.error(sudo::problem_of(said));
        }
        error
    }

    fn bad_text(&self, error: &ParseError) -> SshError {
        self.error(SshProblem::Local(error.to_string()))
    }

    fn error(&self, problem: SshProblem) -> SshError {
        match self {
            Self::Ssh(connection) => connection.error(problem),
            Self::Local(_) => SshError::new(THIS_MACHINE, problem),
        }
    }
}

fn feed<'a>(marker: &'a str, text: &'a str) -> Feed<'a> {
    Feed {
        first: &[],
        marker: Some(marker),
        hold: None,
        rest: text.as_bytes(),
    }
}
