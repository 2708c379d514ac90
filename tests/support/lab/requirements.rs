//! Whether this machine can hold a lab.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::process::must;

/// The programs that the lab runs, and the Debian packages that have them.
const PROGRAMS: [(&str, &str); 8] = [
    ("systemd-nspawn", "systemd-container"),
    ("mmdebstrap", "mmdebstrap"),
    ("ip", "iproute2"),
    ("nft", "nftables"),
    ("ssh", "openssh-client"),
    ("conntrack", "conntrack"),
    ("dpkg-scanpackages", "dpkg-dev"),
    ("kill", "procps"),
];

const FOLDERS: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// An error that says what is missing and how to get it.
pub fn check() -> Result<()> {
    need_programs("the lab", &PROGRAMS)?;
    if must(&["id", "-u"])? != "0" {
        bail!("the lab makes network namespaces and mounts file systems: run it as root");
    }
    if !Path::new("/dev/net/tun").exists() {
        bail!("/dev/net/tun is not here: the hosts of the lab could make no tunnel");
    }
    let known = fs::read_to_string("/proc/filesystems")?;
    if !known.lines().any(|line| line.ends_with("\toverlay")) {
        // On an ordinary system it is a module that the first mount loads.
        drop(must(&["modprobe", "overlay"]));
    }
    Ok(())
}

/// Fails unless each of these programs, named with the Debian package that has it, is here for `whom`.
pub(crate) fn need_programs(whom: &str, programs: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<&str> = programs
        .iter()
        .filter(|(program, _)| !is_installed(program))
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        bail!(
            "{whom} needs programs that are not here; run `apt-get install --no-install-recommends {}`",
            missing.join(" ")
        );
    }
    Ok(())
}

fn is_installed(program: &str) -> bool {
    FOLDERS
        .iter()
        .any(|folder| Path::new(folder).join(program).exists())
}
