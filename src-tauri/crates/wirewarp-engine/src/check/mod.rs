//! `check`: tries forwards from this machine, reads what the hosts saw of it, and names the hop that fails.

mod choose;
mod facts;
mod readings;
mod report;

use futures::future::join_all;
use serde::Serialize;
use std::collections::BTreeSet;
use wirewarp_model::{ForwardId, Inventory};

use crate::{
    Engine,
    error::EngineError,
    proof::{Hop, Lane, Limits, Reach, State, Try, Verdict, try_port},
};
use choose::{Chosen, choose};
use facts::facts;

/// What a check found.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CheckReport {
    /// Each protocol and port, or range of ports, that was tried.
    pub checks: Vec<ForwardCheck>,
    /// What could not be tried.
    pub skipped: Vec<Skipped>,
}

impl CheckReport {
    /// Whether everything that was tried works, as far as that can be proved.
    pub fn all_proved(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }
}

/// A forward, or a part of it, that could not be tried.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Skipped {
    /// The forward.
    pub id: ForwardId,
    /// The forward's identifier, shortened.
    pub forward: String,
    /// What was not tried, and why.
    pub why: String,
}

/// One protocol and port, or range of ports, of a forward.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ForwardCheck {
    /// The forward.
    pub id: ForwardId,
    /// The forward's identifier, shortened.
    pub forward: String,
    /// e.g. `25565/udp on 203.0.113.10 (survival)`.
    pub title: String,
    /// Whether it works, as far as it can be proved.
    pub ok: bool,
    /// In a sentence.
    pub verdict: String,
    /// Its kind, for programs.
    pub outcome: Verdict,
    /// The public port that all this is about: of a range, the one that gave most.
    pub port: u16,
    /// Every hop on the way.
    pub hops: Vec<HopCheck>,
    /// What to do next.
    pub hints: Vec<String>,
    /// What the try gave.
    pub reach: Reach,
}

/// One hop.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HopCheck {
    /// Which.
    pub hop: Hop,
    /// What it is called.
    pub title: &'static str,
    /// What is known of it.
    pub state: State,
    /// Why.
    pub why: String,
}

impl Engine {
    /// Tries the forwards that `which` names (an identifier, a label, a peer), or all that are in force.
    ///
    /// A forward that is named and not in force is tried too, and fails with the reason.
    pub async fn check(&self, which: Option<&str>) -> Result<CheckReport, EngineError> {
        let inventory = self.inventory().await?;
        let chosen = choose(&inventory, which)?;
        self.try_all(&inventory, &chosen).await
    }

    /// The same for these forwards, or all that are in force if there are none.
    pub async fn check_forwards(&self, ids: &BTreeSet<ForwardId>) -> Result<CheckReport, EngineError> {
        if ids.is_empty() {
            return self.check(None).await;
        }
        let inventory = self.inventory().await?;
        let chosen = choose::these(&inventory, ids);
        self.try_all(&inventory, &chosen).await
    }

    async fn try_all(&self, inventory: &Inventory, chosen: &Chosen) -> Result<CheckReport, EngineError> {
        let lanes = chosen.lanes();
        let ways = self.open_ways(inventory, &lanes).await;
        let (names, before) = tokio::join!(
            self.names(inventory, &lanes),
            self.read_before(inventory, &lanes, &ways)
        );
        let tries = join_all(lanes.iter().map(attempt)).await;
        let (after, seen) = tokio::join!(
            self.read_after(inventory, &lanes, &ways),
            self.look_behind(inventory, ways.clone())
        );
        let known = facts::Known {
            inventory,
            names,
            before,
            after,
            seen,
        };
        let lanes = chosen
            .parts
            .iter()
            .flat_map(|part| part.lanes.iter().map(move |lane| (part, lane)));
        let judged = lanes.zip(tries).enumerate().map(|(id, ((part, lane), attempt))| {
            let facts = facts(&known, (id, lane), part.off, &attempt);
            report::check(part, lane, &facts, attempt.reach)
        });
        let checks = report::best_of_each(&chosen.parts, judged.collect());
        Ok(CheckReport {
            checks,
            skipped: chosen.skipped.clone(),
        })
    }
}

async fn attempt(lane: &Lane) -> Try {
    let typed = lane.public.to_string();
    try_port(
        lane.public,
        lane.public_port,
        &typed,
        lane.query,
        Limits::default(),
    )
    .await
}
