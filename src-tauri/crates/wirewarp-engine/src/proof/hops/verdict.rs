//! What the row of hops means as a whole.

use serde::{Deserialize, Serialize};

use super::{Finding, Hop, State, evidence::Evidence};

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Verdict {
    /// The program was reached from here.
    Works,
    /// UDP was delivered and the program kept silent; that is as far as it can be proved.
    Delivered,
    /// This hop fails.
    Fails {
        /// The hop.
        hop: Hop,
    },
    /// The facts do not say.
    Undecided,
}

pub(super) fn verdict(e: &Evidence<'_>, hops: &[Finding]) -> (Verdict, String) {
    if let Some(failed) = hops.iter().find(|finding| finding.state == State::Failed) {
        let next = failed.do_next.first().filter(|hint| hint.ends_with('?'));
        let why = next.map_or_else(
            || failed.why.clone(),
            |question| format!("{} {question}", failed.why),
        );
        return (Verdict::Fails { hop: failed.hop }, why);
    }
    let said = |hop: Hop| {
        hops.iter()
            .find(|finding| finding.hop == hop)
            .map_or("", |f| f.why.as_str())
    };
    if e.end_to_end() {
        let caveat = if e.is_outside() {
            String::new()
        } else {
            format!(" {}", said(Hop::ProviderFirewall))
        };
        return (Verdict::Works, format!("{}{caveat}", said(Hop::Program)));
    }
    if e.delivered_in_silence() {
        return (Verdict::Delivered, said(Hop::Program).to_owned());
    }
    (Verdict::Undecided, undecided(e, hops))
}

fn undecided(e: &Evidence<'_>, hops: &[Finding]) -> String {
    let front = e.lane.front();
    let tried = if !e.was_sent() || !e.heard_nothing() {
        format!("Whether {front} works could not be found out.")
    } else if e.target_replied() {
        return format!(
            "{} answered what was sent to {front}, but the answer did not get here; try it from another network.",
            e.lane.machine()
        );
    } else {
        format!("Nothing answers on {front}, and the facts do not say why.")
    };
    let unknown: Vec<&str> = hops
        .iter()
        .filter(|f| f.state == State::Unknown)
        .map(|f| f.why.as_str())
        .take(3)
        .collect();
    format!("{tried} {}", unknown.join(" ")).trim_end().to_owned()
}
