//! Secrets on standard input, one a line. At a terminal they are asked for, and not shown.

use std::io::{BufRead, IsTerminal};
use wirewarp_model::Secret;

use crate::{args::vps::SshArgs, context::Failure};

/// What was read.
#[derive(Debug, Default)]
pub struct StdinSecrets {
    /// SSH password.
    pub password: Option<Secret>,
    /// Password for sudo.
    pub sudo_password: Option<Secret>,
}

/// Reads as many lines as were announced: SSH's first, then sudo's.
pub fn read(args: &SshArgs) -> Result<StdinSecrets, Failure> {
    let password = args.password_stdin.then(|| line("SSH password")).transpose()?;
    let sudo_password = args
        .sudo_password_stdin
        .then(|| line("password for sudo"))
        .transpose()?;
    Ok(StdinSecrets {
        password,
        sudo_password,
    })
}

/// The next line, which has to hold `what`.
pub fn line(what: &str) -> Result<Secret, Failure> {
    // One buffer for the whole process: what a line left in it is there for the next.
    let mut stdin = std::io::stdin().lock();
    let mut text = String::new();
    if stdin.is_terminal() {
        text = rpassword::prompt_password(format!("{what}: ")).map_err(unreadable)?;
    } else {
        stdin.read_line(&mut text).map_err(unreadable)?;
    }
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    if text.is_empty() {
        return Err(Failure::Usage(format!(
            "Standard input has no line with the {what}."
        )));
    }
    Ok(Secret::new(text))
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unreadable(error: std::io::Error) -> Failure {
    Failure::Usage(format!("Standard input: {error}"))
}
