//! Watching: what is counted is what players sent, gaps are gaps, and a program that is killed loses nothing.

mod collecting;
mod monitor;

use std::process::ExitCode;

use wirewarp_tests::lab::LabSpec;
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    Suite::new(LabSpec::standard(), collecting::cases()).run()
}
