//! The hops before the tunnel.

use super::{Judged, NameFact, Off, Rule, Vantage, evidence::Evidence};
use crate::{edit::forward::short_id, proof::Reach};

pub(super) fn name(e: &Evidence<'_>) -> Judged {
    let public = e.lane.public;
    match &e.facts.name {
        None => Judged::unknown("The name was not looked up."),
        Some(NameFact::NotUsed) => Judged::proved(format!("The address {public} is used as it is.")),
        Some(NameFact::Resolved { name, addresses }) if addresses.contains(&public) => {
            Judged::proved(format!("{name} leads to {public}."))
        }
        Some(NameFact::Resolved { name, addresses }) if addresses.is_empty() => {
            Judged::failed(format!("There is no address for the name {name}.")).hint(format!(
                "Add an A record for {name} with the value {public} where you manage your domain."
            ))
        }
        Some(NameFact::Resolved { name, addresses }) => {
            let others: Vec<String> = addresses.iter().take(4).map(ToString::to_string).collect();
            Judged::failed(format!("{name} leads to {}, not to {public}.", others.join(", ")))
                .hint(format!(
                    "Change the A record of {name} to {public}; a change can take as long as its TTL says."
                ))
                .hint("If the name goes through a proxy such as Cloudflare's, switch the proxy off for it.")
        }
    }
}

pub(super) fn provider(e: &Evidence<'_>) -> Judged {
    let (lane, vps) = (e.lane, &e.facts.vps);
    if let Vantage::Inside { which } = &e.facts.vantage {
        return Judged::unknown(format!(
            "The try was made from {which}, so that it does not show whether others get to {}.",
            lane.public
        ))
        .hint("Try it from elsewhere, e.g. from a phone with its Wi-Fi switched off.");
    }
    if e.came_to_vps() {
        return Judged::proved(format!("Packets for {} arrive at {}.", lane.front(), lane.vps));
    }
    if vps.ssh == Some(false) && !e.took_connection() {
        return Judged::failed(format!("{} does not answer at all, on SSH neither.", lane.vps)).hint(
            format!(
                "See in your provider's console whether {} runs and has its network.",
                lane.vps
            ),
        );
    }
    match &e.facts.reach {
        None => Judged::unknown("It was not tried from here."),
        Some(Reach::NotSent { why }) => Judged::unknown(format!("This machine could not send: {why}."))
            .hint("See whether a firewall or VPN on this machine stands in the way."),
        Some(reach) => nothing_came(e, reach),
    }
}

/// A packet was sent and none was seen on the VPS.
fn nothing_came(e: &Evidence<'_>, reach: &Reach) -> Judged {
    let lane = e.lane;
    // Without the rule the counters do not see it.
    if !e.nothing_came() || e.rule_is_right() != Some(true) {
        return Judged::unknown(format!("Whether packets arrive at {} was not seen.", lane.vps));
    }
    let front = lane.front();
    let why = match reach {
        Reach::Connected { .. } => {
            return Judged::unknown(format!(
                "The connection to {front} was accepted, but {} saw nothing of it: something on the way answers in its place.",
                lane.vps
            ))
            .hint("Switch off a VPN, proxy or security software that filters connections here, or try from another network.");
        }
        Reach::Refused | Reach::Reset { .. } => {
            format!(
                "Something before {} refuses what is sent to {front}; nothing arrived there.",
                lane.vps
            )
        }
        Reach::Unreachable { what } => {
            format!(
                "There is no way to {front} from here ({what}); nothing arrived at {}.",
                lane.vps
            )
        }
        Reach::Answered { .. } | Reach::Silent { .. } | Reach::TimedOut | Reach::NotSent { .. } => {
            format!("Nothing that was sent to {front} arrived at {}.", lane.vps)
        }
    };
    if e.facts.vps.others == Some(true) {
        return Judged::failed(format!("{why} Packets of others do arrive there."))
            .hint("Try from another network: something between here and the VPS does not let this machine through.")
            .hint(format!("See whether your provider's firewall for {} knows only some addresses.", lane.vps));
    }
    let port = format!(
        "{} {}",
        lane.protocol.as_str().to_ascii_uppercase(),
        lane.public_port
    );
    Judged::failed(why)
        .hint(format!(
            "Allow {port} in your provider's firewall (security group, network rules) for {}.",
            lane.vps
        ))
        .hint("If it is open there, try from another network: some block such ports on the way out.")
}

pub(super) fn rule(e: &Evidence<'_>) -> Judged {
    let (lane, vps) = (e.lane, &e.facts.vps);
    let (front, service) = (lane.front(), lane.service());
    if let Some(off) = e.facts.off {
        return not_in_force(e, off);
    }
    match vps.rule {
        Some(Rule::Missing) => {
            let also = if e.took_connection() {
                " What answered is a program of the VPS itself."
            } else {
                ""
            };
            return Judged::failed(format!("{} has no rule for {front}.{also}", lane.vps)).hints(repair(e));
        }
        Some(Rule::Leads { address, port }) if e.rule_is_right() == Some(false) => {
            let port = port.unwrap_or(lane.public_port.number());
            let why = format!(
                "{} sends {front} to {address}:{port}, not to {}, {service}.",
                lane.vps, lane.inside
            );
            return Judged::failed(why).hints(repair(e));
        }
        Some(Rule::Leads { .. }) | None => {}
    }
    if answers_swallowed_by_vps(e) {
        return Judged::failed(format!(
            "The answers of {} come back to {} through the tunnel, and another firewall there drops them.",
            lane.machine(),
            lane.vps
        ))
        .hints(firewalls(&vps.firewalls, "from ww0 to the public interface"));
    }
    if e.went_into_tunnel() {
        return Judged::proved(format!(
            "{} sends {front} to {}, {service}.",
            lane.vps, lane.inside
        ));
    }
    if let Some(lines) = some_lines(vps.drift.as_deref(), 0) {
        return Judged::failed(format!("{} is not as it was set up: {lines}.", lane.vps)).hints(repair(e));
    }
    if swallowed_by_vps(e) {
        return Judged::failed(format!(
            "Packets for {front} arrive at {} and do not get into the tunnel: another firewall there drops them.",
            lane.vps
        ))
        .hints(firewalls(&vps.firewalls, "from the public interface to ww0"));
    }
    match vps.rule {
        Some(_) => Judged::proved(format!(
            "{} has the rule that sends {front} to {}, {service}.",
            lane.vps, lane.inside
        )),
        None => Judged::unknown(format!("The rules of {} were not read.", lane.vps)),
    }
}

/// Packets came to the VPS and none went into the tunnel.
fn swallowed_by_vps(e: &Evidence<'_>) -> bool {
    let (vps, kept_back) = (&e.facts.vps, e.heard_nothing() || e.was_refused());
    vps.arrived.is_some_and(|packets| packets > 0) && vps.passed == Some(false) && kept_back
}

/// An answer to ours came out of the tunnel, and none of anybody's went on.
fn answers_swallowed_by_vps(e: &Evidence<'_>) -> bool {
    e.heard_nothing() && e.facts.vps.replied == Some(true) && e.facts.vps.returned == Some(0)
}

fn not_in_force(e: &Evidence<'_>, off: Off) -> Judged {
    let (front, peer) = (e.lane.front(), &e.lane.peer);
    let (why, hint) = match off {
        Off::Disabled => (
            format!("The forward of {front} is switched off."),
            format!("Switch it on: wirewarp port enable {}", short_id(e.lane.forward)),
        ),
        Off::Suspended => (
            format!("{peer} is suspended, and with it {front}."),
            format!("Take it up again: wirewarp peer resume {peer}"),
        ),
        Off::NoKey => (
            format!("{peer} has no key yet, hence no tunnel."),
            format!("Make its configuration: wirewarp peer config {peer}"),
        ),
    };
    let also = if e.took_connection() {
        " What answered is a program of the VPS itself."
    } else {
        ""
    };
    Judged::failed(format!("{why}{also}")).hint(hint)
}

/// The first drift lines that can hinder packets of this tunnel, as one text; none if there are none. Units and counters
/// carry no packet, and other tunnels of the machine not ours.
pub(super) fn some_lines(drift: Option<&[String]>, tunnel: u8) -> Option<String> {
    let matters = |line: &&String| {
        let other = |kind: &str| {
            let number = line.strip_prefix(kind).and_then(|rest| rest.split_once(':'));
            number.is_some_and(|(number, _)| number.parse().is_ok_and(|number: u8| number != tunnel))
        };
        !(line.starts_with("unit:") || line.contains("wirewarp_counters") || other("ww") || other("wwbr"))
    };
    let lines: Vec<&String> = drift?.iter().filter(matters).collect();
    if lines.is_empty() {
        return None;
    }
    let shown: Vec<String> = lines
        .iter()
        .take(3)
        .map(|line| wirewarp_model::error::excerpt(line))
        .collect();
    let more = if lines.len() > 3 {
        format!("; and {} more", lines.len() - 3)
    } else {
        String::new()
    };
    Some(format!("{}{more}", shown.join("; ")))
}

fn repair(e: &Evidence<'_>) -> [String; 1] {
    [format!(
        "Apply {} again: the plan shows what is missing there.",
        e.lane.vps
    )]
}

/// Names the firewalls that may be in the way, or says that there must be one.
pub(super) fn firewalls(found: &[String], direction: &str) -> Vec<String> {
    if found.is_empty() {
        return vec![format!(
            "Look for a firewall rule that drops what goes {direction} (`nft list ruleset`)."
        )];
    }
    let each = |firewall: &String| {
        format!(
            "Let it pass {direction} there: {}.",
            wirewarp_model::error::excerpt(firewall)
        )
    };
    found.iter().take(3).map(each).collect()
}
