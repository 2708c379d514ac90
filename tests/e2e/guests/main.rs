//! Guests of a Proxmox host: attached through its API, played on, and given back. The host is a stand-in whose changes are
//! real on the lab's `home`.

mod attach;
mod faults;
mod in_the_window;
mod inside;
mod many;
mod meanwhile;
mod place;

use std::net::Ipv4Addr;
use std::process::ExitCode;

use wirewarp_tests::lab::{HostSpec, LabSpec, Place, Release};
use wirewarp_tests::suite::Suite;

fn main() -> ExitCode {
    let spec = LabSpec::empty()
        .with(HostSpec::vps1())
        .with(HostSpec::home().guest("vm2"))
        // Machines of the node's: off but where their own system counts.
        .with(machine("box", Release::Trixie, 50).off())
        .with(machine("den", Release::Bookworm, 51).off())
        .with(machine("barn", Release::Bookworm, 52).off());
    // From an empty inventory; what it leaves, the others go on with.
    let mut cases = in_the_window::cases();
    cases.extend(attach::cases());
    cases.extend(many::cases());
    cases.extend(faults::cases());
    cases.extend(meanwhile::cases());
    cases.extend(inside::cases());
    Suite::new(spec, cases).run()
}

/// A machine with one card on the home LAN already.
fn machine(name: &str, release: Release, last: u8) -> HostSpec {
    let address = Ipv4Addr::new(192, 168, 20, last);
    HostSpec::new(name, release, Place::Home { address })
}
