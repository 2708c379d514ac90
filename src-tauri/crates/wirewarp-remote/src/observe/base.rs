//! Section `base`: `KEY VALUE` lines about the machine itself.

use std::net::Ipv4Addr;
use wirewarp_model::{
    error::excerpt,
    observed::{Init, Observed, PackageManager},
};

use super::{ObserveError, sections::Section};

/// Less than this is no room for a generation and its logs, in KiB.
const LEAST_FREE_KIB: u64 = 16 * 1024;

pub(super) fn read(section: Section<'_>, seen: &mut Observed) -> Result<(), ObserveError> {
    let mut free = None;
    for line in section.text.lines() {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let value = value.trim();
        let number = || {
            let bad = || section.error(format!("“{}” is no number for {key}", excerpt(value)));
            value.parse::<u64>().map_err(|_| bad())
        };
        match key {
            "hostname" => seen.hostname = excerpt(value),
            "machine" => seen.machine_id = is_machine_id(value).then(|| value.to_owned()),
            "uname" => read_uname(value, seen),
            "clock" => seen.clock = number()?,
            "uptime" => seen.uptime = Some(number()?),
            "free" => free = Some(number()?),
            "container" => seen.container = (!matches!(value, "" | "none")).then(|| excerpt(value)),
            "init" => seen.init = init(value),
            "manager" => seen.package_manager = manager(value),
            "wireguard" => seen.kernel_wireguard = value == "yes",
            "tun" => seen.tun = value == "yes",
            "ssh" => seen.ssh_local = ssh_local(value),
            _ => {}
        }
    }
    if seen.os.kernel_name.is_empty() {
        return Err(section.error("it does not say which system the host runs"));
    }
    seen.disk_full = free.is_some_and(|free| free < LEAST_FREE_KIB);
    Ok(())
}

/// 32 hexadecimal digits (machine-id(5)).
fn is_machine_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `uname -s -r -m`.
fn read_uname(text: &str, seen: &mut Observed) {
    let mut words = text.split(' ').map(excerpt);
    seen.os.kernel_name = words.next().unwrap_or_default();
    seen.os.kernel = words.next().unwrap_or_default();
    seen.os.machine = words.next().unwrap_or_default();
}

fn init(text: &str) -> Init {
    match text.split(' ').next() {
        Some("systemd") => Init::Systemd,
        Some("openrc") => Init::OpenRc,
        _ => Init::Other,
    }
}

fn manager(text: &str) -> Option<PackageManager> {
    Some(match text {
        "apt" => PackageManager::Apt,
        "dnf" => PackageManager::Dnf,
        "yum" => PackageManager::Yum,
        "apk" => PackageManager::Apk,
        "pacman" => PackageManager::Pacman,
        "zypper" => PackageManager::Zypper,
        _ => return None,
    })
}

/// `SSH_CONNECTION`: client address and port, server address and port (ssh(1)). None for IPv6.
fn ssh_local(text: &str) -> Option<(Ipv4Addr, u16)> {
    let mut words = text.split(' ').skip(2);
    let address = words.next()?;
    let address = address.strip_prefix("::ffff:").unwrap_or(address);
    Some((address.parse().ok()?, words.next()?.parse().ok()?))
}
