//! `wirewarp`: the command over the engine. One file per command in `command/`, what can be typed in `args/`.

mod args;
mod command;
mod context;
mod output;
mod person;
mod stdin_secrets;

use clap::Parser;
use std::process::ExitCode;
use wirewarp_engine::logs::{self, Level, Levels, Program};

use args::{Cli, Command};

/// Exit code for wrong usage (`EX_USAGE` of sysexits.h).
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { 0 });
        }
    };
    log(&cli);
    // A collector runs for months and never has much to do at once: on one thread it costs less.
    let mut builder = if matches!(cli.command, Command::Monitor(_)) {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    let runtime = match builder.worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(&format!(
                "error: the program could not start its threads: {error}"
            ));
            return ExitCode::FAILURE;
        }
    };
    let as_json = cli.global.json;
    let code = runtime.block_on(command::run(cli));
    runtime.shutdown_background();
    match code {
        Ok(code) => code,
        Err(failure) => {
            let error = failure.to_user();
            tracing::warn!(code = %error.code, why = %error.message, "the command failed");
            output::error::show(&error, as_json);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Begins to log: for people on standard error, by default only what failed; for later into the data folder.
fn log(cli: &Cli) {
    if matches!(cli.command, Command::Completions { .. } | Command::Man) {
        return;
    }
    let Ok(data_dir) = context::data_dir(&cli.global) else {
        // The command itself says so.
        return;
    };
    let for_people = match cli.global.verbose {
        0 => Levels::new(Level::Error, Level::Error),
        1 => Levels::new(Level::Info, Level::Warn),
        2 => Levels::new(Level::Debug, Level::Info),
        _ => Levels::new(Level::Trace, Level::Trace),
    };
    let set = cli.global.log.clone();
    let to_file = set.clone().unwrap_or(Levels::new(Level::Info, Level::Warn));
    let begun = logs::begin(&data_dir, Program::Command, &to_file, &set.unwrap_or(for_people));
    if let Some(error) = begun.and_then(|begun| begun.no_file) {
        tracing::warn!(%error, "the log has no file");
    }
}
