//! From judgements to what the person reads.

use super::{ForwardCheck, HopCheck, choose::Part};
use crate::{
    edit::forward::short_id,
    proof::{Facts, Lane, Reach, State, Verdict, hops::Finding, judge},
};

/// The check of one lane.
pub(super) fn check(part: &Part, lane: &Lane, facts: &Facts, reach: Reach) -> ForwardCheck {
    let judged = judge(lane, facts);
    let label = if part.label.is_empty() {
        String::new()
    } else {
        format!(" ({})", part.label)
    };
    let undecided = judged.verdict == Verdict::Undecided;
    let counts = |hop: &&Finding| hop.state == State::Failed || (undecided && hop.state == State::Unknown);
    let hints = judged
        .hops
        .iter()
        .filter(counts)
        .flat_map(|hop| hop.do_next.clone());
    ForwardCheck {
        id: lane.forward,
        forward: short_id(lane.forward),
        title: format!("{} on {}{label}", part.ports, lane.public),
        ok: is_ok(judged.verdict),
        verdict: judged.summary,
        outcome: judged.verdict,
        port: lane.public_port.number(),
        hints: hints.collect(),
        hops: judged.hops.into_iter().map(hop).collect(),
        reach,
    }
}

/// One check for each part: the best of its lanes, the first of equal ones. Of a range, one port that works proves the
/// way of all.
pub(super) fn best_of_each(parts: &[Part], checks: Vec<ForwardCheck>) -> Vec<ForwardCheck> {
    let mut checks = checks.into_iter();
    let best = |part: &Part| {
        let of_part: Vec<ForwardCheck> = checks.by_ref().take(part.lanes.len()).collect();
        let mut best = of_part.into_iter().min_by_key(|check| rank(check.outcome))?;
        if part.lanes.len() > 1 && !best.ok {
            let tried: Vec<String> = part
                .lanes
                .iter()
                .map(|lane| lane.public_port.to_string())
                .collect();
            best.hints
                .push(format!("Of the range only {} were tried.", tried.join(", ")));
        }
        Some(best)
    };
    parts.iter().filter_map(best).collect()
}

fn is_ok(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Works | Verdict::Delivered)
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Works => 0,
        Verdict::Delivered => 1,
        Verdict::Fails { .. } => 2,
        Verdict::Undecided => 3,
    }
}

fn hop(finding: Finding) -> HopCheck {
    HopCheck {
        hop: finding.hop,
        title: finding.hop.title(),
        state: finding.state,
        why: finding.why,
    }
}
