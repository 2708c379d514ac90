//! What the figures of a host say to a rule.

use std::collections::BTreeMap;
use wirewarp_model::{
    ForwardId, HostId,
    alert::{AlertRule, Condition},
    figures::Series,
};
use wirewarp_watch::{
    HostState, SILENCE, TunnelState,
    alert::{Holds, Sight},
};

use super::Month;
use crate::watch::{HostNow, PeerNow, SystemNow};

/// What is known beside the figures.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// The month of VPSes that have a quota, by their machines.
    pub(super) months: BTreeMap<HostId, Month>,
    /// What is wrong with a forward; none if it works.
    pub(super) forwards: BTreeMap<ForwardId, Option<String>>,
    /// Where a machine differs from what was applied; none if it does not.
    pub(super) drift: BTreeMap<HostId, Option<String>>,
    /// Whether the Proxmox host of a machine's guests shows another certificate, and why it is thought so.
    pub(super) certificates: BTreeMap<HostId, (Holds, String)>,
}

/// What a rule sees of a host and what is on it.
pub(super) fn sights(rule: &AlertRule, host: &HostNow, beside: &Beside) -> Vec<Sight> {
    let of_host = |(holds, reason): (Holds, String)| {
        let covered = rule.covers(host.id.0);
        let sight = Sight {
            of: Series::Host(host.id),
            name: host.name.to_string(),
            host: host.id,
            holds,
            since: None,
            reason,
        };
        covered.then_some(sight).into_iter().collect()
    };
    match rule.condition {
        Condition::PeerDisconnected => of_peers(rule, host, disconnected),
        Condition::Bandwidth { above } => of_peers(rule, host, |host, peer| busy(host, peer, above)),
        Condition::ForwardFailing => forwards(rule, host, beside),
        Condition::HostOffline => {
            let mut seen: Vec<Sight> = of_host((offline(host), host.reason.clone()));
            for sight in &mut seen {
                sight.since = host.at;
            }
            seen
        }
        Condition::Quota { percent } => of_host(quota(beside.months.get(&host.id), percent)),
        Condition::Disk { percent } => {
            let disk = |system: &SystemNow| (system.disk_used, system.disk_total);
            of_host(share(host, "of / is in use", percent, disk))
        }
        Condition::Memory { percent } => {
            let memory = |system: &SystemNow| (system.memory_used, system.memory_total);
            of_host(share(host, "of the memory is in use", percent, memory))
        }
        Condition::Cpu { percent } => {
            let cpu = |system: &SystemNow| system.cpu.map_or((0, 0), |cpu| (cpu, 1000));
            of_host(share(host, "of the processors are busy", percent, cpu))
        }
        Condition::Drift => of_host(match beside.drift.get(&host.id) {
            None => (Holds::Unclear, String::new()),
            Some(None) => (Holds::No, String::new()),
            Some(Some(what)) => (Holds::Yes, what.clone()),
        }),
        Condition::KeyChanged => of_host(key_changed(host, beside.certificates.get(&host.id))),
        Condition::UpdatesWaiting => of_host(updates(host)),
    }
}

/// Its own key, or the certificate of the Proxmox host that its guests are of.
fn key_changed(host: &HostNow, certificate: Option<&(Holds, String)>) -> (Holds, String) {
    match (host.refused, certificate, host.state) {
        (true, _, _) => (Holds::Yes, host.reason.clone()),
        (false, Some((Holds::Yes, why)), _) => (Holds::Yes, why.clone()),
        (false, Some((Holds::Unclear, _)), _) | (false, _, HostState::Unknown | HostState::Offline) => {
            (Holds::Unclear, String::new())
        }
        (false, Some((Holds::No, _)) | None, HostState::Online) => (Holds::No, String::new()),
    }
}

fn offline(host: &HostNow) -> Holds {
    match host.state {
        HostState::Online => Holds::No,
        HostState::Offline => Holds::Yes,
        HostState::Unknown => Holds::Unclear,
    }
}

fn of_peers(
    rule: &AlertRule,
    host: &HostNow,
    look: impl Fn(&HostNow, &PeerNow) -> (Holds, Option<i64>, String),
) -> Vec<Sight> {
    let covered = |peer: &&PeerNow| rule.covers(peer.id.0) || rule.covers(host.id.0);
    host.peers
        .iter()
        .filter(covered)
        .map(|peer| {
            let (holds, since, reason) = look(host, peer);
            Sight {
                of: Series::Peer(peer.id),
                name: peer.name.to_string(),
                host: host.id,
                holds,
                since,
                reason,
            }
        })
        .collect()
}

fn disconnected(host: &HostNow, peer: &PeerNow) -> (Holds, Option<i64>, String) {
    match peer.state {
        TunnelState::Connected | TunnelState::Suspended => (Holds::No, None, String::new()),
        // It never was, or its VPS was restarted since: what was so stays so.
        TunnelState::Never | TunnelState::Unknown => (Holds::Unclear, None, String::new()),
        TunnelState::Disconnected => {
            let over = peer.handshake_age.unwrap_or(0).saturating_sub(SILENCE);
            let over = i64::try_from(over).unwrap_or(0);
            let since = host.at.map(|at| at.saturating_sub(over));
            (Holds::Yes, since, peer.reason.clone())
        }
    }
}

fn busy(host: &HostNow, peer: &PeerNow, above: u32) -> (Holds, Option<i64>, String) {
    if host.state != HostState::Online {
        return (Holds::Unclear, None, String::new());
    }
    let bits = peer
        .rates
        .from_home
        .saturating_add(peer.rates.to_home)
        .saturating_mul(8);
    let holds = Holds::at_least(bits, u64::from(above) * 1_000_000);
    (holds, None, format!("it carries {} Mbit/s", bits / 1_000_000))
}

fn forwards(rule: &AlertRule, host: &HostNow, beside: &Beside) -> Vec<Sight> {
    let mut seen = Vec::new();
    for forward in &host.forwards {
        let peer = host.peers.iter().find(|peer| peer.name == forward.peer);
        let covered = rule.covers(forward.id.0)
            || rule.covers(host.id.0)
            || peer.is_some_and(|peer| rule.covers(peer.id.0));
        if !covered {
            continue;
        }
        let (holds, reason) = match beside.forwards.get(&forward.id) {
            None => (Holds::Unclear, String::new()),
            Some(None) => (Holds::No, String::new()),
            Some(Some(why)) => (Holds::Yes, why.clone()),
        };
        let name = if forward.label.is_empty() {
            format!("{} on {}", forward.ports, forward.public_ip)
        } else {
            forward.label.clone()
        };
        seen.push(Sight {
            of: Series::Forward(forward.id),
            name,
            host: host.id,
            holds,
            since: None,
            reason,
        });
    }
    seen
}

fn quota(month: Option<&Month>, percent: u8) -> (Holds, String) {
    let Some(quota) = month.and_then(|month| Some((month.used, month.quota?))) else {
        return (Holds::No, String::new());
    };
    let (used, quota) = quota;
    let share = percent_of(used, quota);
    let reason = format!("{share} % of the month's traffic is used");
    // No hysteresis: within a month it does not fall.
    (Holds::from(share >= u64::from(percent)), reason)
}

fn share(host: &HostNow, what: &str, percent: u8, of: impl Fn(&SystemNow) -> (u64, u64)) -> (Holds, String) {
    let system = host.system.as_ref().filter(|_| host.state == HostState::Online);
    let (used, total) = system.map_or((0, 0), of);
    if total == 0 {
        return (Holds::Unclear, String::new());
    }
    let share = percent_of(used, total);
    (
        Holds::at_least(share, u64::from(percent)),
        format!("{share} % {what}"),
    )
}

fn percent_of(part: u64, whole: u64) -> u64 {
    let share = u128::from(part) * 100 / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}

fn updates(host: &HostNow) -> (Holds, String) {
    let Some(system) = host.system.as_ref().filter(|_| host.state == HostState::Online) else {
        return (Holds::Unclear, String::new());
    };
    let waiting = system.security_updates.unwrap_or(0);
    let reason = match (waiting, system.reboot_needed) {
        (0, false) => return (Holds::No, String::new()),
        (0, true) => "it asks for a restart".to_owned(),
        (1, _) => "1 security update waits".to_owned(),
        (many, _) => format!("{many} security updates wait"),
    };
    (Holds::Yes, reason)
}
