//! The hops at home.

use super::{
    Inner, Judged,
    before::{firewalls, handshake_is_fresh, some_lines},
    evidence::Evidence,
};
use crate::proof::{
    Reach,
    query::{Details, Query},
};

pub(super) fn routing(e: &Evidence<'_>) -> Judged {
    let (lane, home) = (e.lane, &e.facts.home);
    if e.end_to_end() {
        return Judged::proved(format!(
            "{} passes it on to {}, and the answer back.",
            lane.peer,
            lane.machine()
        ));
    }
    if let Some(lines) = some_lines(home.drift.as_deref()) {
        return Judged::failed(format!("{} is not as it was set up: {lines}.", lane.peer)).hint(repair(e));
    }
    if let Some(failed) = stopped_at_peer(e).or_else(|| answer_lost(e)) {
        return failed;
    }
    if e.came_home() {
        return Judged::proved(format!(
            "{} takes packets from the tunnel and sends them to {}.",
            lane.peer,
            lane.machine()
        ));
    }
    match (home.ssh, &home.drift) {
        (Some(false), _) => Judged::unknown(format!(
            "{} could not be asked: it does not answer on SSH.",
            lane.peer
        )),
        (_, Some(_)) => Judged::proved(format!(
            "The rules and routes of {} are as they were set up.",
            lane.peer
        )),
        (_, None) => Judged::unknown(format!("{} was not asked.", lane.peer)),
    }
}

/// Packets came out of the tunnel and something on the peer stops them.
fn stopped_at_peer(e: &Evidence<'_>) -> Option<Judged> {
    let (lane, home) = (e.lane, &e.facts.home);
    let came = e.came_home() || (e.went_into_tunnel() && handshake_is_fresh(e) == Some(true));
    let dropped = came && home.flows.is_some_and(|flows| flows.seen == 0) && e.heard_nothing();
    let refused =
        e.was_refused() && e.came_to_vps() && e.inner_is(Inner::Open) && !(e.is_vm() && e.left_peer());
    let does = match (dropped, refused) {
        (true, _) => "drops",
        (false, true) => "refuses",
        (false, false) => return None,
    };
    let why = format!(
        "Packets come to {} by the tunnel, but another firewall there {does} them before {}.",
        lane.peer,
        lane.machine()
    );
    let direction = if e.is_peer() {
        "from the tunnel to the peer itself"
    } else {
        "from the tunnel to the target"
    };
    Some(Judged::failed(why).hints(firewalls(&home.firewalls, direction)))
}

/// The target answers and the answer does not come back to the VPS.
fn answer_lost(e: &Evidence<'_>) -> Option<Judged> {
    let (lane, home) = (e.lane, &e.facts.home);
    let answered = home.flows.is_some_and(|flows| flows.replied > 0);
    let lost_behind_peer = answered && e.facts.vps.replied == Some(0);
    // A VM that is silent to the internet alone has a gateway or a firewall of its own; see `guest`.
    let silent = home
        .flows
        .is_some_and(|flows| flows.seen > 0 && flows.replied == 0);
    let lost_in_peer = silent && e.inner_is(Inner::Open) && !e.is_vm();
    if !e.heard_nothing() || !(lost_behind_peer || lost_in_peer) {
        return None;
    }
    let why = format!(
        "{} takes packets for {}, but the answers do not come back through the tunnel of {}.",
        lane.machine(),
        lane.service(),
        lane.peer
    );
    Some(Judged::failed(why).hint(repair(e)).hint(
        "See whether another VPN or policy routing there takes the answers (`ip rule`, connection marks).",
    ))
}

fn repair(e: &Evidence<'_>) -> String {
    format!(
        "Apply {} again: the plan shows what is missing there.",
        e.lane.peer
    )
}

pub(super) fn guest(e: &Evidence<'_>) -> Judged {
    let (lane, home) = (e.lane, &e.facts.home);
    let machine = lane.machine();
    if e.end_to_end() {
        return Judged::proved(format!("{machine} answers."));
    }
    if let Some(failed) = keeps_to_its_network(e) {
        return failed;
    }
    if e.is_peer() && (home.ssh == Some(true) || e.came_home()) {
        return Judged::proved(format!("The program runs on {machine} itself."));
    }
    if e.inner_is(Inner::Open) || e.inner_is(Inner::Refused) || e.target_replied() || cut(e).is_some() {
        return Judged::proved(format!("{machine} answers."));
    }
    if e.inner_is(Inner::Unreachable) || home.alive == Some(false) || (e.came_home() && unreachable(e)) {
        return Judged::failed(format!(
            "{machine} does not answer on its network at {}.",
            lane.peer
        ))
        .hint(format!(
            "See whether it is switched on and has the address {machine}."
        ))
        .hints(e.is_vm().then(|| {
            format!(
                "Its network card must be on the peer's bridge that has {}.",
                lane.gateway
            )
        }));
    }
    if e.inner_is(Inner::Silent) && !e.is_udp() && home.alive == Some(true) {
        let why = format!(
            "{machine} runs, but drops {} without a word: it has a firewall of its own.",
            lane.service()
        );
        return Judged::failed(why).hint(format!("Allow {} in the firewall of {machine}.", lane.service()));
    }
    match home.alive {
        Some(true) => Judged::proved(format!("{machine} answers on its network.")),
        Some(false) | None => Judged::unknown(format!("Whether {machine} runs was not seen.")),
    }
}

/// A VM that answers the peer beside it, and not what comes from the internet.
fn keeps_to_its_network(e: &Evidence<'_>) -> Option<Judged> {
    let (lane, flows) = (e.lane, e.facts.home.flows?);
    let machine = lane.machine();
    if !(e.is_vm() && e.inner_is(Inner::Open) && flows.seen > 0 && flows.replied == 0) {
        return None;
    }
    if e.was_refused() {
        let why = format!(
            "{machine} answers {} on {}, but its firewall refuses the internet.",
            lane.peer,
            lane.service()
        );
        return Some(Judged::failed(why).hint(format!("Allow {} from anywhere there.", lane.service())));
    }
    if !e.heard_nothing() {
        return None;
    }
    let why = format!(
        "{machine} answers {} on {}, but not what comes from the internet: its answers leave by another way, or its \
         firewall lets only its own network in.",
        lane.peer,
        lane.service()
    );
    Some(
        Judged::failed(why)
            .hint(format!(
                "Set the default gateway of {machine} to {}.",
                lane.gateway
            ))
            .hint(format!(
                "Allow {} from anywhere in the firewall of {machine}.",
                lane.service()
            )),
    )
}

fn unreachable(e: &Evidence<'_>) -> bool {
    matches!(e.facts.reach, Some(Reach::Unreachable { .. }))
}

/// Milliseconds after which a connection that had come through was cut.
fn cut(e: &Evidence<'_>) -> Option<u32> {
    match e.facts.reach {
        Some(Reach::Reset { after_ms }) if e.came_to_vps() => Some(after_ms),
        _ => None,
    }
}

pub(super) fn program(e: &Evidence<'_>) -> Judged {
    if e.end_to_end() {
        return Judged::proved(answer(e));
    }
    if let Some(failed) = nobody_listens(e) {
        return failed;
    }
    let (machine, service) = (e.lane.machine(), e.lane.service());
    if let Some(after_ms) = cut(e) {
        return Judged::failed(format!("{machine} takes connections on {service} and cuts them after {after_ms} ms."))
            .hint("See the program's log: it may still be starting, or only a proxy such as Docker's listens for it.");
    }
    if e.delivered_in_silence() && !e.inner_is(Inner::Open) {
        return silent_program(e);
    }
    if e.inner_is(Inner::Open) {
        return Judged::proved(format!(
            "The program on {machine} answers {} on {service}.",
            e.lane.peer
        ));
    }
    Judged::unknown(format!("Whether a program listens on {service} was not seen."))
}

fn nobody_listens(e: &Evidence<'_>) -> Option<Judged> {
    let (lane, home) = (e.lane, &e.facts.home);
    if e.inner_is(Inner::Open) {
        return None;
    }
    let refused = e.inner_is(Inner::Refused) || (e.was_refused() && e.came_to_vps());
    let listeners = home.listeners.as_deref().filter(|_| e.is_peer());
    if let Some(found) = listeners.filter(|found| !found.is_empty())
        && found
            .iter()
            .all(|program| program.address.is_some_and(|address| address.is_loopback()))
    {
        let owner = found.first().map_or("", |program| program.owner.as_str());
        let owner = if owner.is_empty() {
            "The program".to_owned()
        } else {
            wirewarp_model::error::excerpt(owner)
        };
        let why = format!(
            "{owner} listens on {} for {} itself only (127.0.0.1).",
            lane.service(),
            lane.peer
        );
        return Some(Judged::failed(why).hint("Let it listen on 0.0.0.0 in its settings."));
    }
    if !refused && listeners.is_none_or(|found| !found.is_empty()) {
        return None;
    }
    let reached = if e.came_home() {
        "The packet reached"
    } else {
        "Packets get to"
    };
    let why = format!(
        "{reached} {} and nothing listens on {}.",
        lane.machine(),
        lane.service()
    );
    let question = if lane.query.expects_answer() {
        "Is the game server running?"
    } else {
        "Is the program running?"
    };
    Some(Judged::failed(why).hint(question).hint(format!(
        "See in its settings whether {} is its port, and whether it listens on 0.0.0.0.",
        lane.service()
    )))
}

/// UDP was delivered and no answer came, nor a refusal.
fn silent_program(e: &Evidence<'_>) -> Judged {
    let (machine, service) = (e.lane.machine(), e.lane.service());
    let delivered = format!("Delivered to {machine}, {service}; the program did not answer");
    if !e.lane.query.expects_answer() {
        return Judged::unknown(format!(
            "{delivered}, which many programs do for an unknown packet."
        ));
    }
    Judged::unknown(format!(
        "{delivered} {}. It may not know that query.",
        e.lane.query.name()
    ))
    .hint("If players cannot join either: is the game server running, and is this its port?")
}

/// What the program said, as a sentence.
fn answer(e: &Evidence<'_>) -> String {
    let service = e.lane.service();
    match &e.facts.reach {
        Some(Reach::Answered {
            round_trip_ms,
            details,
        }) => {
            format!("{} after {round_trip_ms} ms.", said(details))
        }
        Some(Reach::Connected {
            round_trip_ms,
            unanswered,
            closed,
            ..
        }) => {
            let but = match (unanswered.map(Query::name), closed) {
                (Some(query), _) => format!(", but does not answer {query}"),
                (None, true) => ", and closes them at once".to_owned(),
                (None, false) => String::new(),
            };
            format!("The program takes connections on {service} after {round_trip_ms} ms{but}.")
        }
        _ => format!("The program answers on {service}."),
    }
}

fn said(details: &Details) -> String {
    match details {
        Details::Game(game) => {
            let players = game
                .players
                .map_or(String::new(), |(now, most)| format!(", {now} of {most} players"));
            let version = game
                .version
                .as_ref()
                .map_or(String::new(), |version| format!(" {version}"));
            format!("{}{version} “{}”{players}, answered", game.game, game.name)
        }
        Details::Unread { why } => format!("The program answered ({why})"),
        Details::Unknown { length, .. } => format!("The program answered with {length} bytes"),
    }
}
