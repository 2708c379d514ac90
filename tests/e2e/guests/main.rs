//! Guests of a Proxmox host: attached through its API, played on, and given back. The host is a stand-in whose changes are
//! real on the lab's `home`.

mod attach;
mod faults;
mod many;
mod place;

use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec};
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let spec = LabSpec::empty()
        .with(HostSpec::vps1())
        .with(HostSpec::home().guest("vm2"));
    let mut cases = attach::cases();
    cases.extend(many::cases());
    cases.extend(faults::cases());
    Suite::new(spec, cases).run()
}
