//! After the apply: confirming it, taking it back, asking what became of it.

use std::time::Duration;
use wirewarp_model::{OperationId, observed::Observed};

use super::{
    ApplyError,
    script::{self, Script},
};
use crate::{
    observe,
    session::{ScriptLimits, ScriptRunner},
};

/// Confirms `operation`, over a connection that was made after the apply, and looks at the host in the same exec: whole,
/// or, where it was seen `before`, only at what an apply can have changed.
///
/// Fails with [`ApplyError::RolledBack`] if the host was quicker, `NotConfirmed` if it does not know the operation, and
/// `Observe` if it is confirmed but could not be looked at.
pub async fn confirm(
    runner: &dyn ScriptRunner,
    operation: OperationId,
    before: Option<&Observed>,
) -> Result<Observed, ApplyError> {
    let mark = observe::new_mark();
    let mut script = Script::new(&[script::COMMON, script::STATE, script::CONFIRM, observe::PROBE]);
    let operation = operation.to_string();
    let look = before.map_or("probe_sections", |_| "own_sections");
    script.call("confirm_and_look", &[&operation, &mark, look])?;
    let (mut end, mut probe) = (None, String::new());
    let mut take = |line: &str| match (&end, line.strip_prefix("end ")) {
        (None, Some(rest)) => end = Some(rest.to_owned()),
        (None, None) => {}
        (Some(_), _) => {
            probe.push_str(line);
            probe.push('\n');
        }
    };
    let ran = runner
        .run_script(&script.finish(), &ScriptLimits::default(), &mut take)
        .await;
    let Some(end) = end else {
        let outcome = ran?;
        return Err(ApplyError::Broken(outcome.stderr));
    };
    let (word, rest) = end.split_once(' ').unwrap_or((&end, ""));
    if word != "confirmed" {
        return Err(ApplyError::from_end(&operation, word, rest.trim(), String::new()));
    }
    if let Err(error) = ran {
        return Err(observe::ObserveError::from(error).into());
    }
    Ok(match before {
        Some(before) => observe::parse_own(&mark, &probe, before)?,
        None => observe::parse(&mark, &probe)?,
    })
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationState {
    /// Its apply is still running.
    Running,
    /// Applied; it waits for its confirmation, or goes back by itself.
    Pending {
        /// The generation that comes back if nobody confirms.
        previous: u64,
        /// The generation that waits.
        generation: u64,
        /// Whether something on the host will roll it back by itself; if not, [`rollback_now`] does.
        armed: bool,
    },
    /// It is confirmed.
    Confirmed,
    /// The host is going back right now, or does at its next start.
    GoingBack,
    /// The host went back.
    RolledBack {
        /// Why.
        why: String,
        /// Whether the old state could be loaded whole.
        whole: bool,
    },
    /// There is nothing of WireWarp on the host: what a confirmed removal leaves.
    NothingThere,
    /// The host does not know it: it never began, or failed before it changed anything.
    Unknown,
}

/// Asks what became of `operation`.
pub async fn state_of(
    runner: &dyn ScriptRunner,
    operation: OperationId,
) -> Result<OperationState, ApplyError> {
    let mut script = Script::new(&[script::COMMON, script::STATE]);
    script.call("state_of", &[&operation.to_string()])?;
    let (word, rest) = last_line(runner, &script).await?;
    parse_state(&word, &rest)
}

/// Takes an operation back that waits for its confirmation; the state afterwards is [`OperationState::RolledBack`].
pub async fn rollback_now(
    runner: &dyn ScriptRunner,
    operation: OperationId,
) -> Result<OperationState, ApplyError> {
    let guard = script::functions_of(script::GUARD);
    let mut script = Script::new(&[script::COMMON, script::STATE, guard]);
    let operation = operation.to_string();
    script
        .call("guard_rollback", &[&operation, "it was asked for"])?
        .call("state_of", &[&operation])?;
    let (word, rest) = last_line(runner, &script).await?;
    parse_state(&word, &rest)
}

async fn last_line(runner: &dyn ScriptRunner, script: &Script) -> Result<(String, String), ApplyError> {
    let limits = ScriptLimits {
        time: Duration::from_mins(2),
        ..ScriptLimits::default()
    };
    let mut end = None;
    let mut take = |line: &str| {
        if let Some(rest) = line.strip_prefix("end ") {
            let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            end = Some((word.to_owned(), rest.trim().to_owned()));
        }
    };
    let outcome = runner.run_script(&script.finish(), &limits, &mut take).await?;
    end.ok_or(ApplyError::Broken(outcome.stderr))
}

fn parse_state(word: &str, rest: &str) -> Result<OperationState, ApplyError> {
    let number = |index| {
        rest.split(' ')
            .nth(index)
            .and_then(|word| word.parse().ok())
            .unwrap_or(0)
    };
    let why = || rest.split_once(' ').map_or("", |(_, why)| why).to_owned();
    Ok(match word {
        "running" => OperationState::Running,
        "pending" | "unguarded" => OperationState::Pending {
            previous: number(0),
            generation: number(1),
            armed: word == "pending",
        },
        "confirmed" => OperationState::Confirmed,
        "reverting" => OperationState::GoingBack,
        "rolled_back" | "rollback_failed" => OperationState::RolledBack {
            why: why(),
            whole: word == "rolled_back",
        },
        "nothing" => OperationState::NothingThere,
        "unknown" => OperationState::Unknown,
        _ => {
            return Err(ApplyError::Broken(format!(
                "“{}” is no state",
                word.escape_debug()
            )));
        }
    })
}
