//! Every way into a host, by the real command: keys, passwords, sudo, jumps, agents, host keys, keychains, tunnels.

mod failures;
mod host_keys;
mod kept;
mod keys;
mod passwords;
mod places;
mod secrecy;
mod terminal;

use std::process::ExitCode;

use anyhow::Result;
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec, Login, Release};
use wirewarp_tests::suite::Suite;

/// The user of the hosts that root may not log in to.
const USER: &str = "deb";
/// What opens the account, by SSH or sudo.
const PASSWORD: &str = "correct horse 'staple'";

fn main() -> ExitCode {
    let mut cases = keys::cases();
    cases.extend(kept::cases());
    cases.extend(passwords::cases());
    cases.extend(host_keys::cases());
    cases.extend(failures::cases());
    cases.extend(places::cases());
    let (user, password) = (USER.to_owned(), PASSWORD.to_owned());
    let by_password = Login::Password {
        user: user.clone(),
        password: password.clone(),
    };
    let asking = Login::SudoAsking {
        user: user.clone(),
        password: password.clone(),
    };
    let spec = LabSpec::empty()
        .with(HostSpec::vps1())
        .with(HostSpec::home())
        .with(
            HostSpec::fleet(61)
                .login(Login::SudoFree { user })
                .ssh_port(2222)
                .off(),
        )
        .with(HostSpec::fleet(62).login(asking).off())
        .with(HostSpec::fleet(63).login(by_password).off())
        .with(HostSpec::fleet(64).login(Login::RootPassword { password }).off())
        .with(HostSpec::fleet(65).release(Release::Trixie).off());
    Suite::new(spec, cases).run()
}

/// Starts those of the hosts that no case before has started: all of them at once take too long on a small machine.
fn up(lab: &Lab, hosts: &[&str]) -> Result<()> {
    let off: Vec<&str> = hosts.iter().copied().filter(|host| !lab.is_on(host)).collect();
    lab.boot(&off)
}
