//! The command's surface: JSON, exit codes, what it refuses, and what it says of a VPS before it touches it.

mod bad_input;
mod firewalls;
mod flows;
mod inventory_file;
mod json;
mod ports;
mod shell;
mod site;

use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec};
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let mut cases = flows::cases();
    cases.extend(json::cases());
    cases.extend(bad_input::cases());
    cases.extend(ports::cases());
    cases.extend(inventory_file::cases());
    cases.extend(shell::cases());
    cases.extend(firewalls::cases());
    let spec = LabSpec::empty().with(HostSpec::vps1()).with(HostSpec::fleet(61));
    Suite::new(spec, cases).run()
}
