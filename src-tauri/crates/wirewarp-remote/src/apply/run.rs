//! The apply itself.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};
use wirewarp_model::bundle::{ApplyRequest, FlowFlush};

use super::{
    ApplyError, Events,
    read_log::Log,
    script::{self, Script, bad_request, check_path, sum_line},
};
use crate::session::{ScriptLimits, ScriptRunner};

/// Brings the host to `request.generation`, and leaves it waiting for [`super::confirm`]: ok means applied and pending.
///
/// Fails with [`ApplyError::Stale`], `Busy`, `PendingElsewhere`, `DiskFull` or `Failed` if nothing was changed, with
/// `RolledBack` or `RollbackFailed` if the host is back in the state before, with `Run` or `Broken` if only
/// [`super::state_of`] can tell.
pub async fn apply(
    runner: &dyn ScriptRunner,
    request: &ApplyRequest,
    events: Events<'_>,
) -> Result<(), ApplyError> {
    let operation = request.operation.to_string();
    let script = apply_script(request)?;
    let limits = ScriptLimits {
        time: request.rollback_after + Duration::from_mins(3),
        ..ScriptLimits::default()
    };
    Log::read(runner, &script, &limits, events, (&operation, "applied")).await?;
    Ok(())
}

fn apply_script(request: &ApplyRequest) -> Result<Script, ApplyError> {
    check(request)?;
    let operation = request.operation.to_string();
    let mut script = Script::new(&[script::COMMON, script::LAUNCH]);
    script.call("open_folder", &[&operation])?;
    let seconds = request.rollback_after.as_secs().max(1);
    let mut files = bundle_files(request)?;
    let mut also = |path: &str, text: String| files.push((path.to_owned(), text));
    also("flush", request.flush.iter().map(flush_line).collect());
    also("flows.awk", script::FLOWS.to_owned());
    also("guard", [script::COMMON, script::GUARD].concat());
    also("run", [script::COMMON, script::UNIT].concat());
    also(
        "request",
        format!(
            "OPERATION={operation} BASE={} GENERATION={} SECONDS_TO_CONFIRM={seconds} NEED_KIB={}\n",
            request.base,
            request.generation,
            needed_kib(request)
        ),
    );
    script
        .put_all(&files)?
        .call("launch", &[&format!("wirewarp-apply-{operation}")])?
        .call("follow", &[&(seconds + 120).to_string()])?;
    Ok(script)
}

/// What a file's mode is when the host has just made it.
const MADE_WITH: u32 = 0o600;

/// The files of the generation, their checksums, and other modes than the usual, a line for each.
fn bundle_files(request: &ApplyRequest) -> Result<Vec<(String, String)>, ApplyError> {
    let (mut files, mut sums, mut by_mode) = (vec![], String::new(), BTreeMap::<u32, String>::new());
    for (path, file) in &request.bundle.files {
        check_path(path)?;
        files.push((format!("files/{path}"), file.text.clone()));
        sums.push_str(&sum_line(path, &file.text));
        if file.mode & 0o777 != MADE_WITH {
            let paths = by_mode.entry(file.mode & 0o777).or_default();
            // Writing to a String cannot fail.
            let _ = write!(paths, " {path}");
        }
    }
    let modes = by_mode.iter().fold(String::new(), |mut lines, (mode, paths)| {
        let _ = writeln!(lines, "{mode:o}{paths}");
        lines
    });
    files.extend([("sums".to_owned(), sums), ("modes".to_owned(), modes)]);
    Ok(files)
}

/// Room on the disk: twice the files, a block of 4 KiB for each, and half a MiB for everybody else.
fn needed_kib(request: &ApplyRequest) -> usize {
    let sizes = request
        .bundle
        .files
        .values()
        .map(|file| file.text.len() / 1024 + 4);
    sizes.sum::<usize>() * 2 + 512
}

/// What the host could only fail at.
fn check(request: &ApplyRequest) -> Result<(), ApplyError> {
    if request.generation != 0 && request.generation <= request.base {
        let message = format!(
            "generation {} does not come after {}",
            request.generation, request.base
        );
        return Err(bad_request(&message));
    }
    if request.bundle.has_placeholders() {
        return Err(bad_request("a tunnel key is still missing from its files"));
    }
    if request.generation != 0 && !request.bundle.files.contains_key("load") {
        return Err(bad_request("its generation has no “load”"));
    }
    Ok(())
}

pub(super) fn flush_line(flush: &FlowFlush) -> String {
    match flush.ports {
        Some((protocol, ports)) => format!(
            "{protocol} {} {} {}\n",
            flush.address,
            ports.first(),
            ports.last()
        ),
        None => format!("any {} 0 0\n", flush.address),
    }
}
