//! `wirewarp`: the command over the engine. One file per command in `command/`, what can be typed in `args/`.

mod args;
mod command;
mod context;
mod output;
mod person;
mod stdin_secrets;

use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

use args::Cli;

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
    log_to_stderr(cli.global.verbose);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
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
            output::error::show(&failure.to_user(), as_json);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Logs go to standard error; by default only what a person should do something about.
fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => "error",
        1 => "wirewarp=info,warn",
        2 => "wirewarp=debug,info",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("WIREWARP_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
