//! The desktop program as people use it: its real window, driven by what is written on it, over the hosts of the lab.
//!
//! Pictures of every page, in both themes, are written to `target/window-pictures` (`wirewarp_tests::window::pictures`);
//! when a case fails, one of the window at that moment as well, `failed-CASE.png`.

mod first_start;
mod story;

use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec};
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let cases = first_start::cases();
    let spec = LabSpec::empty().with(HostSpec::vps1()).with(HostSpec::home());
    Suite::new(spec, cases).run()
}
