//! Passwords: the method `password`, and `keyboard-interactive` where the host asks for one by PAM.

use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse as Reply, Prompt};
use russh::{MethodKind, MethodSet};
use wirewarp_model::{Secret, error::excerpt};

use super::attempt::lost;
use super::handler::Client;
use super::problem::SshProblem;

/// How a host took a password.
pub(super) enum PasswordOutcome {
    Success,
    /// It does not take passwords now, or wants something more.
    NotTaken {
        remaining: MethodSet,
        partial: bool,
    },
    Wrong {
        remaining: MethodSet,
    },
}

/// Logs in with `password`, by the one method that fits `accepts`. A wrong password is sent once, not by both methods:
/// each failure counts towards a ban.
pub(super) async fn log_in(
    handle: &mut Handle<Client>,
    user: &str,
    password: &Secret,
    accepts: Option<&MethodSet>,
) -> Result<PasswordOutcome, SshProblem> {
    let takes = |method| accepts.is_none_or(|accepts| accepts.contains(&method));
    if !takes(MethodKind::Password) {
        return interactive(handle, user, password).await;
    }
    let sent = handle.authenticate_password(user, password.expose()).await;
    match sent.map_err(|error| lost(&error))? {
        AuthResult::Success => Ok(PasswordOutcome::Success),
        AuthResult::Failure {
            remaining_methods: remaining,
            partial_success,
        } => {
            let known = accepts.is_some() || remaining.contains(&MethodKind::Password);
            if partial_success {
                Ok(PasswordOutcome::NotTaken {
                    remaining,
                    partial: true,
                })
            } else if known {
                Ok(PasswordOutcome::Wrong { remaining })
            } else if remaining.contains(&MethodKind::KeyboardInteractive) {
                interactive(handle, user, password).await
            } else {
                Ok(PasswordOutcome::NotTaken {
                    remaining,
                    partial: false,
                })
            }
        }
    }
}

async fn interactive(
    handle: &mut Handle<Client>,
    user: &str,
    password: &Secret,
) -> Result<PasswordOutcome, SshProblem> {
    let mut given = false;
    let started = handle.authenticate_keyboard_interactive_start(user, None).await;
    let mut reply = started.map_err(|error| lost(&error))?;
    loop {
        let prompts = match reply {
            Reply::Success => return Ok(PasswordOutcome::Success),
            Reply::Failure {
                remaining_methods: remaining,
                partial_success,
            } => {
                return Ok(match (given, partial_success) {
                    (true, false) => PasswordOutcome::Wrong { remaining },
                    (_, partial) => PasswordOutcome::NotTaken { remaining, partial },
                });
            }
            Reply::InfoRequest { prompts, .. } => prompts,
        };
        let mut answers = Vec::with_capacity(prompts.len());
        for prompt in &prompts {
            answers.push(answer(prompt, user, password, &mut given)?);
        }
        let sent = handle.authenticate_keyboard_interactive_respond(answers).await;
        reply = sent.map_err(|error| lost(&error))?;
    }
}

fn answer(prompt: &Prompt, user: &str, password: &Secret, given: &mut bool) -> Result<String, SshProblem> {
    match kind_of(&prompt.prompt, prompt.echo) {
        Question::Password if *given => Err(SshProblem::PasswordWrong { user: user.into() }),
        Question::Password => {
            *given = true;
            Ok(password.expose().to_owned())
        }
        Question::NewPassword => Err(SshProblem::PasswordExpired { user: user.into() }),
        Question::Other => Err(SshProblem::UnexpectedPrompt {
            prompt: excerpt(prompt.prompt.trim()),
        }),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Question {
    Password,
    NewPassword,
    Other,
}

/// "Password" in the languages that PAM is translated to and that servers are commonly set to.
const PASSWORD: [&str; 13] = [
    "password",
    "passwort",
    "kennwort",
    "mot de passe",
    "contraseña",
    "senha",
    "parola",
    "hasło",
    "heslo",
    "wachtwoord",
    "пароль",
    "密码",
    "パスワード",
];

fn kind_of(prompt: &str, echo: bool) -> Question {
    let text = prompt.to_lowercase();
    let one_time = ["one-time", "one time", "otp", "verification", "passcode"]
        .iter()
        .any(|word| text.contains(word));
    if echo || one_time || !PASSWORD.iter().any(|word| text.contains(word)) {
        return Question::Other;
    }
    let anew = ["new ", "retype", "current ", "again"]
        .iter()
        .any(|word| text.contains(word));
    if anew {
        Question::NewPassword
    } else {
        Question::Password
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_password_prompts_get_the_password() {
        for prompt in [
            "Password: ",
            "(root@vps) Password: ",
            "root@203.0.113.7's password:",
            "Passwort: ",
            "密码：",
        ] {
            assert_eq!(kind_of(prompt, false), Question::Password, "{prompt}");
        }
        for prompt in [
            "Verification code: ",
            "One-time password (OATH): ",
            "Duo passcode:",
            "Favourite colour? ",
            "",
        ] {
            assert_eq!(kind_of(prompt, false), Question::Other, "{prompt}");
        }
        assert_eq!(
            kind_of("Password: ", true),
            Question::Other,
            "what is shown while typing is no password"
        );
        assert_eq!(kind_of("New password: ", false), Question::NewPassword);
        assert_eq!(kind_of("Current password: ", false), Question::NewPassword);
    }
}
