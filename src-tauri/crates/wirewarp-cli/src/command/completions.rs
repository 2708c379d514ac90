//! `wirewarp completions SHELL` and `wirewarp man`.

use clap::CommandFactory;
use std::{io::Write, process::ExitCode};

use crate::{args::Cli, context::Failure};

/// Prints a completion script.
pub fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "wirewarp", &mut script);
    write(&script)
}

/// Prints the manual page.
pub fn man() -> Result<ExitCode, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut page)
        .map_err(anyhow::Error::from)?;
    write(&page)
}

fn write(bytes: &[u8]) -> Result<ExitCode, Failure> {
    match std::io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Other(error.into())),
        _ => Ok(ExitCode::SUCCESS),
    }
}
