//! Names the hop that fails.
//!
//! Pure: facts go in, the row of hops comes out. A hop is *proved* when a packet was seen behind it or its live state is
//! right, *failed* when it alone explains what was seen; behind a failed hop nothing is claimed.

mod before;
mod behind;
mod evidence;
mod facts;
mod program;
mod tunnel;
mod verdict;

use serde::{Deserialize, Serialize};

pub use facts::{
    Facts, Flow, Handshake, HomeFacts, Inner, Listening, NameFact, Off, Rule, Vantage, VpsFacts,
};
pub use verdict::Verdict;

use super::Lane;
use evidence::Evidence;

/// A hop on the way to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// The name leads to the public address.
    Name,
    /// The packet gets to the VPS: it runs, and its provider's firewall lets it in.
    ProviderFirewall,
    /// The VPS sends it into the tunnel.
    VpsRule,
    /// The tunnel carries it.
    Tunnel,
    /// The peer passes it on, and the answer back.
    PeerRouting,
    /// The machine that answers runs and takes it.
    Guest,
    /// The program listens.
    Program,
}

impl Hop {
    /// All hops, in the order in which a packet meets them.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::ProviderFirewall,
        Self::VpsRule,
        Self::Tunnel,
        Self::PeerRouting,
        Self::Guest,
        Self::Program,
    ];

    /// What it is called in the row of hops.
    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::ProviderFirewall => "public IP",
            Self::VpsRule => "VPS rule",
            Self::Tunnel => "tunnel",
            Self::PeerRouting => "peer",
            Self::Guest => "machine",
            Self::Program => "program",
        }
    }
}

/// What is known of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "HopState"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It works.
    Proved,
    /// It is what fails.
    Failed,
    /// The facts do not say.
    Unknown,
    /// A hop before it failed.
    NotReached,
}

impl State {
    /// What it is called in the row of hops.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotReached => "not reached",
        }
    }
}

/// A hop with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The hop.
    pub hop: Hop,
    /// What is known.
    pub state: State,
    /// Why, in a sentence with addresses and ports; empty for a hop that was not reached.
    pub why: String,
    /// What to do, most useful first.
    pub do_next: Vec<String>,
}

/// The row of hops, with what it means as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// All seven hops in order.
    pub hops: Vec<Finding>,
    /// What it means.
    pub verdict: Verdict,
    /// The verdict in a sentence or two.
    pub summary: String,
}

/// Judges every hop of a lane. Total: any facts give a report with at most one failed hop.
pub fn judge(lane: &Lane, facts: &Facts) -> Report {
    let evidence = Evidence::of(lane, facts);
    let mut hops: Vec<Finding> = vec![];
    for hop in Hop::ALL {
        let failed = hops
            .iter()
            .any(|f| matches!(f.state, State::Failed | State::NotReached));
        let judged = if failed {
            Judged::not_reached()
        } else {
            judge_hop(hop, &evidence)
        };
        hops.push(judged.of(hop));
    }
    let (verdict, summary) = verdict::verdict(&evidence, &hops);
    Report {
        hops,
        verdict,
        summary,
    }
}

fn judge_hop(hop: Hop, evidence: &Evidence<'_>) -> Judged {
    match hop {
        Hop::Name => before::name(evidence),
        Hop::ProviderFirewall => before::provider(evidence),
        Hop::VpsRule => before::rule(evidence),
        Hop::Tunnel => tunnel::tunnel(evidence),
        Hop::PeerRouting => behind::routing(evidence),
        Hop::Guest => behind::guest(evidence),
        Hop::Program => program::program(evidence),
    }
}

/// A judgement without its hop.
struct Judged {
    state: State,
    why: String,
    do_next: Vec<String>,
}

impl Judged {
    fn proved(why: impl Into<String>) -> Self {
        Self {
            state: State::Proved,
            why: why.into(),
            do_next: vec![],
        }
    }

    fn unknown(why: impl Into<String>) -> Self {
        Self {
            state: State::Unknown,
            why: why.into(),
            do_next: vec![],
        }
    }

    fn failed(why: impl Into<String>) -> Self {
        Self {
            state: State::Failed,
            why: why.into(),
            do_next: vec![],
        }
    }

    fn not_reached() -> Self {
        Self {
            state: State::NotReached,
            why: String::new(),
            do_next: vec![],
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.do_next.push(hint.into());
        self
    }

    fn hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.do_next.extend(hints);
        self
    }

    fn of(self, hop: Hop) -> Finding {
        Finding {
            hop,
            state: self.state,
            why: self.why,
            do_next: self.do_next,
        }
    }
}

#[cfg(test)]
mod tests;
