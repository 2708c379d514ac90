//! The lab itself: what every other end-to-end test takes for granted.

mod disks;
mod faults;
mod logins;
mod network;
mod proxmox;
mod teardown;

use std::process::ExitCode;

use wirewarp_tests::lab::LabSpec;
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let mut cases = network::cases();
    cases.extend(disks::cases());
    cases.extend(faults::cases());
    cases.extend(logins::cases());
    cases.extend(proxmox::cases());
    cases.extend(teardown::cases());
    let spec = logins::with_other_ways_in(LabSpec::standard());
    Suite::new(spec, cases).run()
}
