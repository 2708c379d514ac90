//! Watching: what is counted is what players sent, gaps are gaps, a program that is killed loses nothing, and who is
//! to be told is told.

mod alerting;
mod clients;
mod collecting;
mod monitor;
mod scraped;
mod tunnels;

use std::process::ExitCode;

use wirewarp_tests::lab::LabSpec;
use wirewarp_tests::prometheus;
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    // Downloaded where there is a way out: the cases run where there is none.
    if !Suite::is_inside()
        && let Err(error) = prometheus::ensure()
    {
        eprintln!("There is no Prometheus: {error:#}");
    }
    let mut cases = collecting::cases();
    cases.extend(clients::cases());
    cases.extend(tunnels::cases());
    cases.extend(scraped::cases());
    cases.extend(alerting::cases());
    Suite::new(LabSpec::standard(), cases).run()
}
