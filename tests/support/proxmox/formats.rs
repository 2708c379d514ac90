//! The formats that Proxmox VE's schema names, as far as a client of ours meets them, with the texts it refuses by.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use regex::Regex;

use super::call::split_list;

/// Whether `value` is of the format `name`: why not, in Proxmox's words. A format not listed here takes everything.
pub(super) fn check(name: &str, value: &str) -> Result<(), String> {
    if let Some(entry) = name.strip_suffix("-list") {
        return split_list(value).iter().try_for_each(|part| check(entry, part));
    }
    let ok = match name {
        "ipv4" => value.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => value.parse::<Ipv6Addr>().is_ok(),
        "ip" | "address" => value.parse::<std::net::IpAddr>().is_ok(),
        "ipv4mask" => is_mask(value),
        "CIDRv4" => is_cidr::<Ipv4Addr>(value, 8, 32),
        "CIDRv6" => is_cidr::<Ipv6Addr>(value, 8, 128),
        "CIDR" => is_cidr::<Ipv4Addr>(value, 8, 32) || is_cidr::<Ipv6Addr>(value, 8, 128),
        "pve-ipv4-config" => matches!(value, "dhcp" | "manual") || is_cidr::<Ipv4Addr>(value, 0, 32),
        "pve-ipv6-config" => {
            matches!(value, "auto" | "dhcp" | "manual") || is_cidr::<Ipv6Addr>(value, 0, 128)
        }
        "mac-addr" => is_unicast_mac(value),
        "pve-iface" => matches(value, r"(?i)^[a-z][a-z0-9_]{1,20}([:.]\d+)?$"),
        "pve-node" => matches(value, r"^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$"),
        "pve-bridge-id" => matches(value, r"^[-_.\w]+$"),
        "pve-configid" => matches(value, r"(?i)^[a-z][a-z0-9_-]+$"),
        "pve-vmid" => matches(value, r"^[1-9][0-9]{2,8}$"),
        "pve-userid" => matches(value, r"^[^\s:/]+@[A-Za-z][A-Za-z0-9._-]+$"),
        "pve-tokenid" => matches(
            value,
            r"^[^\s:/]+@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+$",
        ),
        "pve-roleid" => matches(value, r"^[A-Za-z0-9._-]+$"),
        "dns-name" => matches(
            value,
            r"(?i)^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        ),
        _ => true,
    };
    if ok { Ok(()) } else { Err(refusal(name, value)) }
}

/// Each of these ends in the newline that Perl's `die` texts carry.
fn refusal(name: &str, value: &str) -> String {
    let looks = match name {
        "CIDRv4" => "IPv4 CIDR network",
        "CIDRv6" => "IPv6 CIDR network",
        "CIDR" => "CIDR network",
        "ipv4mask" => "IPv4 netmask",
        "pve-ipv4-config" => "ipv4 network configuration",
        "pve-ipv6-config" => "ipv6 network configuration",
        "mac-addr" => "unicast MAC address",
        "pve-node" => "node name",
        "pve-vmid" => "VM ID",
        "pve-bridge-id" => "bridge ID",
        "dns-name" => "DNS name",
        "pve-iface" => return format!("invalid network interface name '{value}'\n"),
        "pve-configid" => return format!("invalid configuration ID '{value}'\n"),
        "pve-userid" => return format!("value '{value}' does not look like a valid user name\n"),
        "pve-tokenid" => return format!("value '{value}' does not look like a valid token ID\n"),
        "pve-roleid" => return format!("role name '{value}' contains invalid characters\n"),
        other => other,
    };
    format!("value does not look like a valid {looks}\n")
}

/// Whether `pattern`, as Perl writes it, fits the whole of `value`. One that cannot be read fits nothing.
pub(super) fn fits(pattern: &str, value: &str) -> bool {
    let ours = pattern.replace("(?^:", "(?:");
    Regex::new(&format!("^(?:{ours})$")).is_ok_and(|pattern| pattern.is_match(value))
}

fn matches(value: &str, pattern: &'static str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value))
}

fn is_cidr<A: std::str::FromStr>(value: &str, least: u8, most: u8) -> bool {
    let Some((address, length)) = value.split_once('/') else {
        return false;
    };
    let length_fits = length
        .parse::<u8>()
        .is_ok_and(|bits| (least..=most).contains(&bits));
    address.parse::<A>().is_ok() && length_fits
}

fn is_mask(value: &str) -> bool {
    if let Ok(bits) = value.parse::<u8>() {
        return bits <= 32;
    }
    value
        .parse::<Ipv4Addr>()
        .is_ok_and(|mask| u32::from(mask).leading_ones() == u32::from(mask).count_ones())
}

fn is_unicast_mac(value: &str) -> bool {
    static MAC: OnceLock<Option<Regex>> = OnceLock::new();
    let mac = MAC.get_or_init(|| Regex::new(r"(?i)^[a-f0-9][02468ace](:[a-f0-9]{2}){5}$").ok());
    mac.as_ref().is_some_and(|mac| mac.is_match(value))
}
