//! Whether a machine can take part at all: said before anything is touched.

use wirewarp_model::{
    HostId, Inventory,
    observed::{Init, Observed},
};

use super::{Finding, Subject};
use crate::plan::missing_tools;

/// Oldest nftables: 0.9.4 of April 2020 (Ubuntu 20.04 has 0.9.3) is the first whose `dnat ip to` takes a port from a
/// map (`ipv4_addr . inet_service`), see the release notes on netfilter.org, and the first with sets of concatenated
/// ranges.
const OLDEST_NFT: [u32; 3] = [0, 9, 4];

/// Oldest kernel: 5.6 is the first with sets of concatenated ranges (`nft_set_pipapo`), with which `rules.nft` at home
/// says what may come in; 5.2 the first with NAT in `inet` tables.
const OLDEST_KERNEL: [u32; 2] = [5, 6];

/// What keeps the machine from taking part.
pub(super) fn support(inventory: &Inventory, host: HostId, observed: &Observed) -> Vec<Finding> {
    let at = Subject::Host(host);
    let mut findings = vec![];
    if observed.os.kernel_name != "Linux" {
        let what = wirewarp_model::error::excerpt(&observed.os.kernel_name);
        let message = format!(
            "{} runs {what}; only Linux can be set up over SSH",
            observed.hostname
        );
        findings.push(
            Finding::error("not_linux", at, message)
                .hint("Add it as a manual peer: a configuration for its WireGuard app"),
        );
        return findings;
    }
    findings.extend(init(at, observed));
    findings.extend(kernel(at, observed));
    findings.extend(tools(at, observed, &missing_tools(inventory, host, observed)));
    if observed.disk_full {
        let message = format!("{} has less than 16 MiB free where /etc is", observed.hostname);
        findings.push(
            Finding::error("disk_full", at, message).hint("Free some space there, e.g. “apt-get clean”"),
        );
    }
    findings
}

fn init(at: Subject, observed: &Observed) -> Option<Finding> {
    let what = match observed.init {
        Init::Systemd => return None,
        Init::OpenRc => "starts its services with OpenRC, which is not supported yet",
        Init::Other => "does not run systemd, which keeps the tunnel up",
    };
    let message = format!("{} ({}) {what}", observed.hostname, system(observed));
    Some(
        Finding::error("no_systemd", at, message)
            .hint("Use a system with systemd, e.g. Debian 12 or Ubuntu 24.04"),
    )
}

fn system(observed: &Observed) -> String {
    wirewarp_model::error::excerpt(&observed.os.pretty)
}

fn kernel(at: Subject, observed: &Observed) -> Vec<Finding> {
    let mut findings = vec![];
    let found = version(&observed.os.kernel);
    if !found.is_empty() && found.as_slice() < OLDEST_KERNEL.as_slice() {
        let message = format!(
            "the kernel of {} is {}; packet rules of this kind need 5.6 or later",
            observed.hostname,
            wirewarp_model::error::excerpt(&observed.os.kernel)
        );
        findings.push(Finding::error("kernel_too_old", at, message).hint("Upgrade the system"));
    }
    if observed.kernel_wireguard {
        return findings;
    }
    if observed.tun {
        let message = format!(
            "the kernel of {} has no WireGuard; it will run as a program, which is slower",
            observed.hostname
        );
        findings.push(Finding::note("wireguard_in_user_space", at, message));
        return findings;
    }
    let kind = observed
        .container
        .as_deref()
        .map_or(String::new(), |kind| format!(" (it is a container: {kind})"));
    let message = format!(
        "{}{kind} has neither WireGuard in its kernel nor /dev/net/tun",
        observed.hostname
    );
    let hint = match observed.container.as_deref() {
        Some("lxc") => {
            "On Proxmox: add “dev0: /dev/net/tun” to the container's configuration and start it again; or load the module wireguard on the host"
        }
        Some("openvz") => "Enable TUN/TAP in the provider's panel, or take a KVM VPS",
        Some(_) => "Give the container the device /dev/net/tun and the capability NET_ADMIN",
        None => "Run “modprobe tun” there; if that fails, install the kernel of the distribution",
    };
    findings.push(Finding::error("no_wireguard", at, message).hint(hint));
    findings
}

fn tools(at: Subject, observed: &Observed, missing: &[&str]) -> Vec<Finding> {
    let mut findings = vec![];
    if let Some(text) = observed.tools.get("nft") {
        let found = version(text);
        if !found.is_empty() && found.as_slice() < OLDEST_NFT.as_slice() {
            let message = format!(
                "nftables of {} is {}; 0.9.4 or later is needed",
                observed.hostname,
                wirewarp_model::error::excerpt(text)
            );
            findings.push(
                Finding::error("nft_too_old", at, message)
                    .hint("Upgrade the system; Debian 11 and Ubuntu 22.04 have it"),
            );
        }
    }
    if observed.package_manager.is_none() && !missing.is_empty() {
        let message = format!(
            "{} lacks {}, and its package manager is not known",
            observed.hostname,
            missing.join(", ")
        );
        findings.push(
            Finding::error("no_package_manager", at, message)
                .hint("Install them there yourself, then try again"),
        );
    }
    findings
}

/// The leading numbers of a version such as `6.1.0-25-amd64` or `v1.0.6 (Lester Gooch #5)`.
fn version(text: &str) -> Vec<u32> {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    text[..end]
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read_whatever_stands_around_them() {
        assert_eq!(version("6.1.0-25-amd64"), [6, 1, 0]);
        assert_eq!(version("nftables v1.0.6 (Lester Gooch #5)"), [1, 0, 6]);
        assert_eq!(version("5.10+"), [5, 10]);
        assert!(version("").is_empty() && version("unknown").is_empty());
    }
}
