//! `wirewarp check`: what works is proved, and of what does not work exactly the hop that fails is named.

mod before;
mod behind;
mod kinds;
mod others;
mod place;
mod works;

use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec};
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let mut cases = works::cases();
    cases.extend(before::cases());
    cases.extend(behind::cases());
    cases.extend(others::cases());
    cases.extend(kinds::cases());
    let spec = LabSpec::empty().with(HostSpec::vps1()).with(HostSpec::home());
    Suite::new(spec, cases).run()
}
