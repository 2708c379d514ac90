//! What goes wrong while hosts are changed, and what must hold then: SSH works, the old or the new state is whole, the
//! player's traffic follows it, the next apply succeeds.

mod disk;
mod drift;
mod fresh;
mod lane;
mod leaving;
mod locked_out;
mod nonsense;
mod others;
mod program;
mod reinstall;
mod restarts;
mod steps;

use std::process::ExitCode;

use wirewarp_tests::lab::LabSpec;
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let mut cases = steps::cases();
    cases.extend(locked_out::cases());
    cases.extend(others::cases());
    cases.extend(disk::cases());
    cases.extend(drift::cases());
    cases.extend(restarts::cases());
    cases.extend(reinstall::cases());
    cases.extend(nonsense::cases());
    cases.extend(leaving::cases());
    cases.extend(fresh::cases());
    Suite::new(lane::hosts(LabSpec::empty()), cases).run()
}
