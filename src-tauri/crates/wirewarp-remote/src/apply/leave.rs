//! Taking everything away from a host whose only way is the tunnel that goes with it.

use std::time::Duration;
use wirewarp_model::{OperationId, bundle::FlowFlush, observed::PackageManager};

use super::{
    ApplyError, Events,
    prepare::{manager_word, package_words},
    read_log::Log,
    run::flush_line,
    script::{self, Script},
};
use crate::session::{ScriptLimits, ScriptRunner};

/// How long the host may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is to be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// The operation, unique.
    pub operation: OperationId,
    /// The generation in force. The host refuses if it has another.
    pub base: u64,
    /// Flows to forget.
    pub flush: Vec<FlowFlush>,
    /// Packages to remove as well, with how: those that something else needs stay.
    pub packages: Option<(PackageManager, Vec<String>)>,
}

/// Has the host take everything of ours away, by itself and without a confirmation. Ok means that the host has the
/// whole script, has checked it, and carries it out from 3 s later on, with or without a connection; after a power
/// failure when it starts again. Nothing was touched until then.
///
/// Fails with [`ApplyError::Stale`], `Busy`, `PendingElsewhere`, `DiskFull` or `Failed` if nothing is going to happen,
/// with `Run` or `Broken` if only [`super::state_of`] can tell, as long as it is reached.
pub async fn leave(runner: &dyn ScriptRunner, leave: &Leave, events: Events<'_>) -> Result<(), ApplyError> {
    let limits = ScriptLimits {
        time: PATIENCE * 2,
        ..ScriptLimits::default()
    };
    let operation = leave.operation.to_string();
    let script = leave_script(&operation, leave)?;
    Log::read(runner, &script, &limits, events, (&operation, "leaving")).await?;
    Ok(())
}

fn leave_script(operation: &str, leave: &Leave) -> Result<Script, ApplyError> {
    let unit = script::functions_of(script::UNIT);
    let files = [
        (
            "run",
            [script::COMMON, unit, script::UNPACKAGES, script::LEAVE].concat(),
        ),
        ("guard", [script::COMMON, script::GUARD].concat()),
        ("request", request(operation, leave)?),
        ("flush", leave.flush.iter().map(flush_line).collect()),
        ("flows.awk", script::FLOWS.to_owned()),
    ];
    let mut script = Script::new(&[script::COMMON, script::LAUNCH]);
    script
        .call("open_folder", &[operation])?
        .put_all(&files.map(|(path, text)| (path.to_owned(), text)))?
        .call("launch", &[&format!("wirewarp-apply-{operation}")])?
        .call("follow", &[&PATIENCE.as_secs().to_string()])?;
    Ok(script)
}

/// Single quotes suffice: each word is a number, an identifier, or was checked to be of a plain alphabet.
fn request(operation: &str, leave: &Leave) -> Result<String, ApplyError> {
    let (manager, packages) = match &leave.packages {
        Some((manager, packages)) => (manager_word(*manager), package_words(packages)?),
        None => ("", String::new()),
    };
    Ok(format!(
        "OPERATION={operation} BASE={} GENERATION=0 MANAGER='{manager}' PACKAGES='{packages}'\n",
        leave.base
    ))
}
