//! Secrets on standard input: SSH's line first, then sudo's. At a terminal they are asked for, and not shown.

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

/// Reads as many lines as were announced.
pub fn read(args: &SshArgs) -> Result<StdinSecrets, Failure> {
    let mut stdin = std::io::stdin().lock();
    let mut line = |wanted: bool, what: &str| -> Result<Option<Secret>, Failure> {
        if !wanted {
            return Ok(None);
        }
        let mut text = String::new();
        let read = if stdin.is_terminal() {
            text = rpassword::prompt_password(format!("{what}: ")).map_err(unreadable)?;
            text.len()
        } else {
            stdin.read_line(&mut text).map_err(unreadable)?
        };
        let text = text.trim_end_matches(['\r', '\n']).to_owned();
        if read == 0 || text.is_empty() {
            return Err(Failure::Usage(format!(
                "Standard input has no line with the {what}."
            )));
        }
        Ok(Some(Secret::new(text)))
    };
    let password = line(args.password_stdin, "SSH password")?;
    let sudo_password = line(args.sudo_password_stdin, "password for sudo")?;
    Ok(StdinSecrets {
        password,
        sudo_password,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unreadable(error: std::io::Error) -> Failure {
    Failure::Usage(format!("Standard input: {error}"))
}
