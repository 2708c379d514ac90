//! The tunnel.

use super::{Handshake, Judged, before::some_lines, evidence::Evidence};

/// Seconds after which a tunnel without a new handshake is dead: `REJECT_AFTER_TIME` of the WireGuard paper. The peer's
/// keepalive of 25 s makes a new handshake every 120 s.
const HANDSHAKE_LIFE: u64 = 180;

pub(super) fn tunnel(e: &Evidence<'_>) -> Judged {
    let lane = e.lane;
    if e.loses_large_packets() {
        return too_narrow(e);
    }
    if e.tunnel_carries() {
        return Judged::proved(format!("Packets come out of the tunnel at {}.", lane.peer));
    }
    let silent = e.facts.ping == Some(false) && !e.by_hand();
    match e.facts.tunnel {
        Some(Handshake::Ago { seconds }) if handshake_is_fresh(e) == Some(true) => {
            if silent || lost_in_tunnel(e) {
                return broken_tunnel(e, &format!(", though both agreed on keys {seconds} s ago"));
            }
            Judged::proved(format!(
                "{} and {} agreed on keys {seconds} s ago.",
                lane.vps, lane.peer
            ))
        }
        Some(handshake) => dead_tunnel(e, handshake),
        None if silent => broken_tunnel(e, ""),
        None => Judged::unknown("The tunnel's last handshake was not read."),
    }
}

/// An MTU above what the path carries, and nobody on the way who says so: connections open, and then hang.
fn too_narrow(e: &Evidence<'_>) -> Judged {
    let (mtu, peer) = (e.lane.mtu, &e.lane.peer);
    let judged = Judged::failed(format!(
        "Small packets come through the tunnel to {peer} and back, and those of {mtu} bytes, its MTU, do not: large transfers hang."
    ));
    let set = format!("wirewarp peer mtu {peer} --set 1280");
    if e.by_hand() {
        return judged.hint(format!("Try a smaller MTU, there (`MTU = 1280`) and here: {set}"));
    }
    judged
        .hint(format!("Measure the path: wirewarp peer mtu {peer} --measure"))
        .hint(format!("If it cannot be measured, try a smaller MTU: {set}"))
}

fn lost_in_tunnel(e: &Evidence<'_>) -> bool {
    e.went_into_tunnel() && e.facts.home.received == Some(0) && e.heard_nothing()
}

/// Nothing gets through.
fn broken_tunnel(e: &Evidence<'_>, though: &str) -> Judged {
    let lane = e.lane;
    let at_home = some_lines(e.facts.home.drift.as_deref(), lane.tunnel_index)
        .map(|lines| format!(" At {}: {lines}.", lane.peer))
        .unwrap_or_default();
    Judged::failed(format!(
        "What {} sends into the tunnel does not come out of it at {}{though}.{at_home}",
        lane.vps, lane.peer
    ))
    .hint(who_is_down(e))
    .hint(format!(
        "Apply {} and {} again: the plan shows what is missing there.",
        lane.vps, lane.peer
    ))
}

fn dead_tunnel(e: &Evidence<'_>, handshake: Handshake) -> Judged {
    let lane = e.lane;
    let why = match handshake {
        Handshake::Never => format!(
            "The tunnel between {} and {} has never come up.",
            lane.vps, lane.peer
        ),
        Handshake::Ago { seconds } => {
            format!(
                "{} was last heard of {} ago: the tunnel is down.",
                lane.peer,
                duration(seconds)
            )
        }
    };
    Judged::failed(why).hint(who_is_down(e)).hint(format!(
        "Allow WireGuard's UDP port in the firewall of the provider of {} ({}).",
        lane.vps, lane.endpoint
    ))
}

fn who_is_down(e: &Evidence<'_>) -> String {
    let peer = &e.lane.peer;
    if e.facts.home.ssh == Some(true) {
        format!("{peer} runs; see whether its internet line works and whether UDP gets out of its network.")
    } else {
        format!("See whether {peer} runs and has internet.")
    }
}

pub(super) fn handshake_is_fresh(e: &Evidence<'_>) -> Option<bool> {
    e.facts.tunnel.map(|handshake| match handshake {
        Handshake::Never => false,
        Handshake::Ago { seconds } => seconds <= HANDSHAKE_LIFE,
    })
}

/// Seconds as people say them, rounded down.
fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
