//! The desktop program as people use it: its real window, driven by what is written on it, over the hosts of the lab.
//!
//! Pictures of every page, in both themes, are written to `target/window-pictures` (`wirewarp_tests::window::pictures`);
//! when a case fails, one of the window at that moment as well, `failed-CASE.png`.

mod drift;
mod failing;
mod first_start;
mod host_keys;
mod jumps;
mod lost;
mod pages;
mod passwords;
mod restarts;
mod story;
mod terminal;
mod vault;

use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec, Login};
use wirewarp_tests::suite::Suite;

/// A host that is kept from the desk, so that only another leads to it.
const INNER_HOST: &str = "vps62";
/// A host that root logs in to by password alone.
const PASSWORD_HOST: &str = "vps63";
/// That password.
const PASSWORD: &str = "correct horse 'staple'";

fn main() -> ExitCode {
    let mut cases = first_start::cases();
    cases.extend(terminal::cases());
    // Before the host of both is set up by somebody.
    cases.extend(vault::cases());
    cases.extend(jumps::cases());
    cases.extend(passwords::cases());
    cases.extend(drift::cases());
    cases.extend(failing::cases());
    cases.extend(lost::cases());
    cases.extend(restarts::cases());
    cases.extend(pages::cases());
    cases.extend(host_keys::cases());
    let password = PASSWORD.to_owned();
    let spec = LabSpec::empty()
        .with(HostSpec::vps1())
        .with(HostSpec::home())
        .with(HostSpec::fleet(62).off())
        .with(HostSpec::fleet(63).login(Login::RootPassword { password }).off());
    Suite::new(spec, cases).run()
}
