//! Hosts that an operator does not enter as root with a key on port 22.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec, Login};
use wirewarp_tests::suite::Case;

pub fn with_other_ways_in(spec: LabSpec) -> LabSpec {
    let user = || "deb".to_owned();
    let password = || "correct horse".to_owned();
    spec.with(
        HostSpec::fleet(61)
            .login(Login::SudoFree { user: user() })
            .ssh_port(2222)
            .off(),
    )
    .with(
        HostSpec::fleet(62)
            .login(Login::SudoAsking {
                user: user(),
                password: password(),
            })
            .off(),
    )
    .with(
        HostSpec::fleet(63)
            .login(Login::Password {
                user: user(),
                password: password(),
            })
            .off(),
    )
    .with(
        HostSpec::fleet(64)
            .login(Login::RootPassword { password: password() })
            .off(),
    )
}

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "hosts_let_in_whom_their_login_says_and_nobody_else",
        ways_in,
    )]
}

fn ways_in(lab: &Lab) -> Result<()> {
    lab.boot(&["vps61", "vps62", "vps63", "vps64"])?;
    ensure!(lab.access("vps61")?.port == 2222);
    ensure!(lab.ssh("vps61", "sudo -n id -un")?.ok()? == "root");
    ensure!(!lab.ssh("vps62", "sudo -n true")?.succeeded(), "sudo did not ask");
    let asked = lab.ssh("vps62", "echo 'correct horse' | sudo -S -p '' id -un")?;
    ensure!(asked.ok()? == "root", "{asked:?}");
    let settings = "sshd -T | grep -E '^(permitrootlogin|passwordauthentication) ' | sort";
    for (host, expected) in [
        ("vps62", "passwordauthentication no\npermitrootlogin no"),
        ("vps63", "passwordauthentication yes\npermitrootlogin no"),
        ("vps64", "passwordauthentication yes\npermitrootlogin yes"),
    ] {
        ensure!(lab.exec(host, settings)?.ok()? == expected, "{host}");
    }
    for host in ["vps63", "vps64"] {
        ensure!(lab.access(host)?.key.is_none());
        ensure!(
            !lab.exec(host, "ls /home/deb/.ssh /root/.ssh")?.succeeded(),
            "{host} has a key"
        );
        let (user, hash) = (lab.access(host)?.user, "getent shadow");
        let shadow = lab.exec(host, &format!("{hash} {user} | cut -d: -f2"))?;
        ensure!(shadow.ok()?.starts_with("$y$"), "{host}: no password is set");
    }
    lab.at_once(&["vps61", "vps62", "vps63", "vps64"], |host| lab.power_off(host))
}
