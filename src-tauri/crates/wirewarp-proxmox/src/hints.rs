//! What to do about each problem.

use crate::{Problem, inside::Denial};

/// What to do next, most useful first.
pub fn hints(problem: &Problem, host: &str) -> Vec<String> {
    next(problem, host).into_iter().collect()
}

fn next(problem: &Problem, host: &str) -> Option<String> {
    Some(match problem {
        Problem::Unreachable(_) => format!(
            "Is the machine on, and does https://{host} open in a browser on this computer? Proxmox listens on port 8006 \
             unless it was changed"
        ),
        Problem::TimedOut { changing: true, .. } | Problem::Truncated { changing: true } => {
            "Look at the host again before repeating it: the change may have been made".into()
        }
        Problem::TimedOut { .. } | Problem::Truncated { .. } => {
            "Try again in a moment; look at the node's load if it happens again".into()
        }
        Problem::Tls(_) => "Is it a Proxmox host, and is the port right?".into(),
        Problem::CertificateUnknown { .. } => "Compare it with what Proxmox shows under the node's System, \
             Certificates (pve-ssl.pem, or pveproxy-ssl.pem if there is one) and trust it if they are the same"
            .into(),
        Problem::CertificateChanged { .. } => "Did you renew the certificate or reinstall the host? Compare the new \
             fingerprint under the node's System, Certificates and trust it only if they are the same: \
             `wirewarp proxmox trust NAME`. Nothing was sent"
            .into(),
        Problem::NotProxmox { .. } => "Give the address of the Proxmox host itself; a proxy in between must pass \
             /api2/json through unchanged"
            .into(),
        Problem::TooLarge { .. } | Problem::BadAnswer { .. } => {
            "Is something between here and the host? WireWarp knows Proxmox VE 8 and 9".into()
        }
        Problem::LoginRefused { .. } => {
            "Check user, realm (such as root@pam or me@pve) and password; after many attempts Proxmox waits".into()
        }
        Problem::SecondFactorRefused { .. } => {
            "Take the code that the app shows now; if it is refused again, compare the clocks of host and phone".into()
        }
        Problem::SecondFactorUnknown { .. } => {
            "Make an API token in Proxmox (Datacenter, Permissions, API Tokens) and sign in with that".into()
        }
        Problem::SessionExpired(_) => "Sign in again (`wirewarp proxmox login NAME`, if repeating it does not do); what \
             was begun can be continued afterwards. An API token does not expire unless you say so"
            .into(),
        Problem::TokenRefused(_) => "Was the token revoked, or has it expired? Make a new one in Proxmox (Datacenter, \
             Permissions, API Tokens) or have one made with a password: `wirewarp proxmox login NAME`"
            .into(),
        Problem::Forbidden { needs, .. } => forbidden(needs.as_ref()),
        Problem::BadParameters(_) => {
            "Change what it names, such as a bridge or an address that is in use, and look at the plan again".into()
        }
        // What would be right is in the message.
        Problem::Unfit(_) => return None,
        Problem::HotplugFailed { .. } => "Try again; if it fails again, shut the guest down, attach it, and start it. \
             What waited in it was taken back"
            .into(),
        Problem::ChangedMeanwhile => "Look at the plan again: it is made anew from what is there now".into(),
        Problem::Locked(_) => "Wait until the backup or migration has ended, then try again".into(),
        Problem::GuestMissing => "Was it deleted or moved to another node? Refresh the list of guests".into(),
        Problem::NodeMissing(_) => "Refresh the list of nodes".into(),
        Problem::AgentSilent(_) => "Is the guest running, is qemu-guest-agent installed and running in it, and is it \
             enabled under the guest's Options?"
            .into(),
        Problem::AgentBlocks(_) => "In the guest, let qemu-guest-agent run guest-exec and guest-exec-status (its options are \
             in /etc/sysconfig/qemu-ga or /etc/qemu/qemu-ga.conf) and restart it; or use DHCP: --address dhcp"
            .into(),
        Problem::NotInGuest(denial) => in_guest(denial).into(),
        Problem::NotOffered(_) => "WireWarp knows Proxmox VE 8 and 9; is this host up to date?".into(),
        Problem::NodeUnreachable(_) => {
            "Is that node on? The cluster's nodes reach each other by their own network; try the node's address".into()
        }
        Problem::Refused { .. } => "The node's own log says more: journalctl -u pvedaemon -u pveproxy".into(),
        Problem::TaskFailed { .. } => "The task's log says more; it is in Proxmox under the node's Task History".into(),
        Problem::TaskUnfinished { .. } | Problem::Cancelled { .. } => {
            "Look in Proxmox at the node's Task History whether it has ended, and continue then".into()
        }
    })
}

fn in_guest(denial: &Denial) -> &'static str {
    match denial {
        Denial::Root => "Let qemu-guest-agent run as root in the guest, or use DHCP: --address dhcp",
        Denial::Card => {
            "Where the card waits for the guest's next start, restart the guest; then attach it again"
        }
        Denial::Interfaces => {
            "Add the line `source /etc/network/interfaces.d/*` to it, or use DHCP: --address dhcp"
        }
        Denial::System | Denial::Joined | Denial::Nobody | Denial::ReadOnly | Denial::Static => {
            "Let it ask for its address, --address dhcp, or set it in the guest yourself, --address by-hand"
        }
        Denial::NotTaken | Denial::Odd(_) => {
            "Look at the guest's own log; or let it ask for its address: --address dhcp"
        }
    }
}

fn forbidden(needs: Option<&(String, String)>) -> String {
    match needs {
        Some((path, privileges)) => {
            format!("Somebody who may must grant {privileges} on {path}, or make a token for WireWarp")
        }
        None => "Somebody who may must grant it, or make a token for WireWarp".into(),
    }
}
