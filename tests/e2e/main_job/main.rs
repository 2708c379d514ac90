//! The main job: a player on the internet reaches the server at home, and the server sees the player.

mod adding;
mod egress;
mod forwards;
mod isolation;
mod leases;
mod manual;
mod many;
mod pair;
mod paths;
mod routes;
mod streams;
mod switches;
mod targets;

use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec};
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let mut cases = adding::cases();
    cases.extend(forwards::cases());
    cases.extend(targets::cases());
    cases.extend(egress::cases());
    cases.extend(isolation::cases());
    cases.extend(switches::cases());
    cases.extend(many::cases());
    cases.extend(streams::cases());
    cases.extend(pair::cases());
    cases.extend(manual::cases());
    cases.extend(paths::cases());
    cases.extend(routes::cases());
    cases.extend(leases::cases());
    let spec = LabSpec::standard().with(HostSpec::home().guest("vm2"));
    Suite::new(spec, cases).run()
}
