//! The last hop: the program.

use super::{Inner, Judged, evidence::Evidence};
use crate::proof::{
    Reach,
    query::{Details, Query},
};

pub(super) fn program(e: &Evidence<'_>) -> Judged {
    if e.end_to_end() {
        return Judged::proved(answer(e));
    }
    if let Some(failed) = nobody_listens(e) {
        return failed;
    }
    let (machine, service) = (e.lane.machine(), e.lane.service());
    if let Some(after_ms) = e.cut_after() {
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
    if e.inner_is(Inner::Open) || (home.inner.is_none() && e.is_served()) {
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
    if home.inner.is_none() && listeners.is_none() {
        return Some(refused_unseen(e));
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
    Some(Judged::failed(why).hint(question(e)).hint(format!(
        "See in its settings whether {} is its port, and whether it listens on 0.0.0.0.",
        lane.service()
    )))
}

/// A refusal came back from behind the VPS, and the peer could not be asked whose it was.
fn refused_unseen(e: &Evidence<'_>) -> Judged {
    let (machine, service) = (e.lane.machine(), e.lane.service());
    Judged::failed(format!(
        "Packets get to {machine} and are refused: nothing listens on {service}, or a firewall there refuses it."
    ))
    .hint(question(e))
    .hint(format!("Allow {service} in the firewall of {machine}."))
}

fn question(e: &Evidence<'_>) -> &'static str {
    if e.lane.query.expects_answer() {
        "Is the game server running?"
    } else {
        "Is the program running?"
    }
}

/// UDP was delivered and no answer came, nor a refusal.
fn silent_program(e: &Evidence<'_>) -> Judged {
    let (machine, service) = (e.lane.machine(), e.lane.service());
    let delivered = if e.by_hand() {
        format!("Delivered into the tunnel for {machine}, {service}, which cannot be asked; nothing answered")
    } else {
        format!("Delivered to {machine}, {service}; the program did not answer")
    };
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
