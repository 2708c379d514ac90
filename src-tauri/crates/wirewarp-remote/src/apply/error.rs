//! Why an apply, or something around it, did not come to its good end.

use wirewarp_model::{UserError, error::excerpt};

use super::Step;
use crate::{observe::ObserveError, session::RunError};

/// Display is the whole message; [`ApplyError::user`] adds code and hints.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The request cannot be put to a host.
    #[error("the request is wrong: {0}")]
    BadRequest(String),
    /// Somebody applied in between.
    #[error(
        "the host is at generation {found}, the plan was made against {expected}: somebody else applied in between"
    )]
    Stale {
        /// Generation of the plan.
        expected: u64,
        /// Generation on the host.
        found: u64,
        /// The inventory that applied it, if the host's manifest says.
        by: Option<String>,
    },
    /// Another apply or rollback is running.
    #[error("another change of this host is running right now")]
    Busy,
    /// Another operation waits for its confirmation.
    #[error("operation {operation} was applied to this host and waits to be confirmed")]
    PendingElsewhere {
        /// Its identifier, as the host has it.
        operation: String,
    },
    /// No room.
    #[error(
        "the disk that holds /etc is full: {free_kib} KiB are free, {needed_kib} KiB are needed; nothing was changed"
    )]
    DiskFull {
        /// What is needed.
        needed_kib: u64,
        /// What is free.
        free_kib: u64,
    },
    /// A step failed before anything was changed.
    #[error("the step “{}” failed; nothing was changed{}", .step.as_str(), told(.output))]
    Failed {
        /// The step.
        step: Step,
        /// What its command wrote, last lines.
        output: String,
    },
    /// It could not even be started.
    #[error("the host could not start the change; nothing was changed{}", told(.output))]
    NotStarted {
        /// What systemd said.
        output: String,
    },
    /// The host went back to the generation before.
    #[error("the host went back to the state before: {why}{}", told(.output))]
    RolledBack {
        /// Why.
        why: String,
        /// What the failed command wrote, last lines.
        output: String,
    },
    /// The host went back, and something of the old state did not load.
    #[error("the host went back to the state before ({why}), and not all of it could be loaded{}", told(.output))]
    RollbackFailed {
        /// Why it went back.
        why: String,
        /// What the failed command wrote, last lines.
        output: String,
    },
    /// The package manager stayed locked.
    #[error("{holder} has been using the package manager all the time")]
    PackageLockTimeout {
        /// The program that holds the lock.
        holder: String,
    },
    /// Packages could not be installed.
    #[error("the packages could not be installed{}", told(.output))]
    PackagesFailed {
        /// The package manager's last lines.
        output: String,
    },
    /// There is nothing to confirm.
    #[error("operation {operation} cannot be confirmed: the host knows it as “{state}”")]
    NotConfirmed {
        /// The operation.
        operation: String,
        /// The host's word for what became of it.
        state: String,
    },
    /// The generation has no folder on the host.
    #[error("generation {0} is not on this host any more")]
    NoSuchGeneration(u64),
    /// The host's answer ended before its last line, or made no sense.
    #[error("the host's answer broke off{}", told(.0))]
    Broken(String),
    /// The script did not run to its end; ask [`super::state_of`] what became of the operation.
    #[error("the host could not be followed to the end")]
    Run(#[from] RunError),
    /// It is confirmed, but the look at the host afterwards failed.
    #[error("the change is confirmed, but the host could not be looked at afterwards")]
    Observe(#[from] ObserveError),
}

fn told(output: &str) -> String {
    let output = output.trim();
    if output.is_empty() {
        String::new()
    } else {
        format!(":\n{output}")
    }
}

impl ApplyError {
    /// What crosses to the window and to `--json`.
    pub fn user(&self) -> UserError {
        UserError {
            code: self.code().to_owned(),
            message: self.to_string(),
            hints: self.hints(),
        }
    }

    /// A stable identifier.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Stale { .. } => "stale",
            Self::Busy => "busy",
            Self::PendingElsewhere { .. } => "pending_elsewhere",
            Self::DiskFull { .. } => "disk_full",
            Self::Failed { .. } => "apply_failed",
            Self::NotStarted { .. } => "apply_not_started",
            Self::RolledBack { .. } => "rolled_back",
            Self::RollbackFailed { .. } => "rollback_failed",
            Self::PackageLockTimeout { .. } => "package_lock",
            Self::PackagesFailed { .. } => "packages_failed",
            Self::NotConfirmed { .. } => "not_confirmed",
            Self::NoSuchGeneration(_) => "no_such_generation",
            Self::Broken(_) => "broken_answer",
            Self::Run(_) => "host_lost",
            Self::Observe(_) => "observe_failed",
        }
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Stale { .. } => "Plan again: the new plan starts from what is there now.",
            Self::Busy => "Wait a minute and try again.",
            Self::PendingElsewhere { .. } => {
                "Wait until it is confirmed or has gone back by itself (a minute or so), then plan again."
            }
            Self::DiskFull { .. } => {
                "Make room on the host, e.g. with “apt-get clean” or “journalctl --vacuum-size=100M”."
            }
            Self::Failed { .. } | Self::NotStarted { .. } => {
                "Nothing was changed on the host. Mend what its message names, then apply again."
            }
            Self::RolledBack { .. } => "The old state is in force. Mend the cause, then apply again.",
            Self::RollbackFailed { .. } => {
                "Its own timer tries again each minute. Look at the host with “systemctl status wirewarp.service”, then apply again."
            }
            Self::PackageLockTimeout { .. } => {
                "A new server installs its updates first. Try again in a few minutes."
            }
            Self::PackagesFailed { .. } => {
                "Run the package manager's update on the host by hand, then apply again."
            }
            Self::NotConfirmed { .. } => "Plan again: the host may have gone back to the state before.",
            Self::NoSuchGeneration(_) => "A host keeps its ten latest generations. Choose a later one.",
            Self::Broken(_) | Self::Run(_) => {
                "Connect again: the host goes on by itself, and goes back by itself if nobody confirms."
            }
            Self::Observe(_) => "Look again in a moment.",
            Self::BadRequest(_) => return vec![],
        };
        vec![hint.to_owned()]
    }

    /// What an `end` line of the host means, if it is not the good one.
    pub(super) fn from_end(operation: &str, word: &str, rest: &str, output: String) -> Self {
        let why = if rest.is_empty() {
            "it failed".to_owned()
        } else {
            rest.to_owned()
        };
        match word {
            "refused" => Self::from_refusal(rest, output),
            "failed" if rest == "packages" => Self::PackagesFailed { output },
            "failed" => Step::named(rest).map_or(
                Self::NotStarted {
                    output: output.clone(),
                },
                |step| Self::Failed { step, output },
            ),
            "rolled_back" => Self::RolledBack {
                why: without_number(&why),
                output,
            },
            "rollback_failed" => Self::RollbackFailed {
                why: without_number(&why),
                output,
            },
            "lost" => Self::Broken(output),
            other => Self::NotConfirmed {
                operation: operation.to_owned(),
                state: excerpt(other),
            },
        }
    }

    fn from_refusal(rest: &str, output: String) -> Self {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let number = |index: usize| words.get(index).and_then(|word| word.parse().ok()).unwrap_or(0);
        match words.first().copied() {
            Some("busy") => Self::Busy,
            Some("pending") => Self::PendingElsewhere {
                operation: excerpt(words.get(1).unwrap_or(&"?")),
            },
            Some("stale") => Self::Stale {
                expected: number(1),
                found: number(2),
                by: words.get(3).map(|by| excerpt(by)),
            },
            Some("disk") => Self::DiskFull {
                needed_kib: number(1),
                free_kib: number(2),
            },
            Some("package_lock") => Self::PackageLockTimeout {
                holder: excerpt(&words[1..].join(" ")),
            },
            _ => Self::Broken(output),
        }
    }
}

/// The host's record has the generation before the reason; the end of a log has not.
fn without_number(why: &str) -> String {
    why.trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start()
        .to_owned()
}
