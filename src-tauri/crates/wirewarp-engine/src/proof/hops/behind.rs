//! The hops at home: the peer and the machine.

use super::{
    Flow, Inner, Judged,
    before::{firewalls, some_lines},
    evidence::Evidence,
    tunnel::handshake_is_fresh,
};
use crate::proof::Reach;

pub(super) fn routing(e: &Evidence<'_>) -> Judged {
    let (lane, home) = (e.lane, &e.facts.home);
    if e.end_to_end() {
        return Judged::proved(format!(
            "{} passes it on to {}, and the answer back.",
            lane.peer,
            lane.machine()
        ));
    }
    let drift = some_lines(home.drift.as_deref(), lane.tunnel_index);
    if let Some(lines) = drift.filter(|_| !e.way_back_works()) {
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
    if e.by_hand() {
        return Judged::unknown(format!("{} is set up by hand and cannot be asked.", lane.peer)).hint(
            format!(
                "See whether its firewall lets {} in from the tunnel, and whether the program runs.",
                lane.service()
            ),
        );
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
    let came = e.went_into_tunnel() && (e.tunnel_carries() || handshake_is_fresh(e) == Some(true));
    let dropped = came && let_nothing_through(e) && e.heard_nothing();
    let refused = e.was_refused()
        && e.came_to_vps()
        && e.inner_is(Inner::Open)
        && (!e.is_vm() || let_nothing_through(e));
    let does = match (dropped, refused) {
        (true, _) => "drops",
        (false, true) => "refuses",
        (false, false) => return None,
    };
    let (peer, machine) = (&lane.peer, lane.machine());
    let why = if e.tunnel_carries() || refused {
        format!(
            "Packets come to {peer} by the tunnel, but another firewall there {does} them before {machine}."
        )
    } else {
        format!(
            "Packets go into the tunnel at {} and do not leave {peer} for {machine}: another firewall on the peer \
             drops them, or they are lost on the way.",
            lane.vps
        )
    };
    let direction = if e.is_peer() {
        "from the tunnel to the peer itself"
    } else {
        "from the tunnel to the target"
    };
    Some(Judged::failed(why).hints(firewalls(&home.firewalls, direction)))
}

/// Whether ours did not leave the peer; false where that was not read.
fn let_nothing_through(e: &Evidence<'_>) -> bool {
    e.facts.home.flow == Some(Flow::None)
}

/// The target answers and the answer does not come back to the VPS.
fn answer_lost(e: &Evidence<'_>) -> Option<Judged> {
    let (lane, home) = (e.lane, &e.facts.home);
    let lost_behind_peer = home.flow == Some(Flow::Answered) && e.facts.vps.replied == Some(false);
    // A VM that is silent to the internet alone has a gateway or a firewall of its own; see `guest`.
    let lost_in_peer = home.flow == Some(Flow::Unanswered) && e.inner_is(Inner::Open) && !e.is_vm();
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
    if e.inner_is(Inner::Open) || e.inner_is(Inner::Refused) || e.target_replied() || e.cut_after().is_some()
    {
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
    let (lane, flow) = (e.lane, e.facts.home.flow);
    let machine = lane.machine();
    if !(e.is_vm() && e.inner_is(Inner::Open)) {
        return None;
    }
    if e.was_refused() && e.came_to_vps() && flow.is_none() {
        let why = format!(
            "{machine} answers {} on {}, but the internet is refused: by its firewall, or by another one on {}.",
            lane.peer,
            lane.service(),
            lane.peer
        );
        return Some(Judged::failed(why).hint(format!("Allow {} from anywhere there.", lane.service())));
    }
    if flow != Some(Flow::Unanswered) {
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
