//! Guests of a Proxmox host: attached through its API, played on, and given back. The host is a stand-in whose changes are
//! real on the lab's `home`.

mod attach;
mod faults;
mod in_the_window;
mod many;
mod place;

use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec};
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let spec = LabSpec::empty()
        .with(HostSpec::vps1())
        .with(HostSpec::home().guest("vm2"));
    // From an empty inventory; what it leaves, the others go on with.
    let mut cases = in_the_window::cases();
    cases.extend(attach::cases());
    cases.extend(many::cases());
    cases.extend(faults::cases());
    Suite::new(spec, cases).run()
}
