//! Becoming root.
//!
//! A password and a script share one standard input, and sudo may or may not ask: fed blindly, a password that sudo did
//! not ask for is run by `sh`, and after a wrong one the script's lines are tried as passwords. So the password is
//! checked alone first; then sudo starts a small reader that says when it is there, drops everything up to a marker,
//! and only then hands over to `sh -s`. The script is not sent before the reader has spoken.

use std::sync::{Mutex, PoisonError};

use wirewarp_model::{ParseError, Secret, error::excerpt, shell};

use super::exec::{ExecOutput, last_line};
use super::problem::SshProblem;

/// How a script becomes root.
#[derive(Debug, Clone)]
pub enum Privilege {
    /// The account is root; nothing is added.
    Root,
    /// By sudo, with the account's password where sudo asks for one.
    Sudo {
        /// The password; `None`: sudo must not ask.
        password: Option<Secret>,
    },
}

/// The password that sudo accepted on a connection, so that it is checked once.
#[derive(Debug, Default)]
pub(super) struct CheckedPassword(Mutex<Option<Secret>>);

impl CheckedPassword {
    pub(super) fn is(&self, password: &Secret) -> bool {
        let checked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        checked
            .as_ref()
            .is_some_and(|checked| checked.expose() == password.expose())
    }

    pub(super) fn remember(&self, password: &Secret) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(password.clone());
    }
}

/// Messages in English, whatever the host speaks, so that they can be told apart.
const SUDO: &str = "exec env LC_ALL=C sudo";

/// Checks the password that is its standard input, and nothing else.
pub(super) fn check_command() -> String {
    format!("{SUDO} -S -p '' -v")
}

/// Prints `marker`, then runs what comes on standard input; in words that every login shell knows.
pub(super) fn root_command(marker: &str) -> String {
    direct(marker)
}

/// The same by sudo, which must not ask for anything.
pub(super) fn free_command(marker: &str) -> Result<String, ParseError> {
    Ok(format!("{SUDO} -n sh -c {}", shell::quote(&direct(marker))?))
}

/// By sudo: prints `marker`, drops standard input up to a line that is `marker`, then runs the rest.
pub(super) fn password_command(marker: &str) -> Result<String, ParseError> {
    let reader = format!(
        "echo {marker}; while IFS= read -r line; do case $line in {marker}) unset line; exec sh -s;; esac; done; exit 97"
    );
    Ok(format!("{SUDO} -S -p '' sh -c {}", shell::quote(&reader)?))
}

fn direct(marker: &str) -> String {
    format!("echo {marker}; exec sh -s")
}

/// Tells which privilege there is, each fact on a line of its own.
pub(super) fn probe_command() -> Result<String, ParseError> {
    let probe = "echo ww-uid=$(id -u); if [ \"$(id -u)\" != 0 ]; then \
                 if command -v sudo >/dev/null 2>&1; then echo ww-sudo=yes; fi; \
                 if sudo -n sh -c : >/dev/null 2>&1; then echo ww-free=yes; fi; fi";
    Ok(format!("exec sh -c {}", shell::quote(probe)?))
}

/// What the probe found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Root,
    SudoFree,
    SudoAsks,
    Nothing,
}

pub(super) fn read_probe(output: &ExecOutput) -> Result<Found, SshProblem> {
    let text = output.text();
    let has = |fact: &str| text.lines().any(|line| line.trim() == fact);
    if !text.lines().any(|line| line.starts_with("ww-uid=")) {
        return Err(super::exec::no_marker(&text, &output.stderr));
    }
    Ok(match (has("ww-uid=0"), has("ww-free=yes"), has("ww-sudo=yes")) {
        (true, ..) => Found::Root,
        (_, true, _) => Found::SudoFree,
        (.., true) => Found::SudoAsks,
        _ => Found::Nothing,
    })
}

/// What sudo means by what it printed. `said` comes from sudo 1.9 or sudo-rs in English.
pub(super) fn problem_of(said: &str) -> SshProblem {
    let has = |parts: &[&str]| parts.iter().any(|part| said.contains(part));
    if has(&[
        "No such file or directory",
        "command not found",
        "sudo: not found",
    ]) {
        SshProblem::SudoMissing
    } else if has(&[
        "Sorry, try again",
        "incorrect password",
        "Authentication failed",
        "incorrect authentication",
    ]) {
        SshProblem::SudoPasswordWrong
    } else if has(&[
        "password is required",
        "no password was provided",
        "nteractive authentication is required",
    ]) {
        SshProblem::SudoPasswordRequired
    } else {
        SshProblem::SudoDenied(excerpt(last_line(said)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sudo_prints_is_understood() {
        for (said, expected) in [
            (
                "env: 'sudo': No such file or directory\n",
                SshProblem::SudoMissing,
            ),
            ("sudo: a password is required\n", SshProblem::SudoPasswordRequired),
            (
                "Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n",
                SshProblem::SudoPasswordWrong,
            ),
            (
                "Sorry, user bob may not run sudo on vps.\n",
                SshProblem::SudoDenied("Sorry, user bob may not run sudo on vps.".into()),
            ),
        ] {
            assert_eq!(problem_of(said), expected);
        }
    }

    #[test]
    fn the_reader_drops_a_password_and_runs_only_what_follows_the_marker() {
        let command = password_command("ww-marker").unwrap();
        let inner = command.strip_prefix("exec env LC_ALL=C sudo -S -p '' ").unwrap();
        let mut child = std::process::Command::new("sh")
            .arg("-c")
            .arg(inner)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let input = b"touch /nonexistent/oops; echo BAD\n$(echo BAD)\nww-marker\necho good\n";
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "ww-marker\ngood\n");
    }
}
