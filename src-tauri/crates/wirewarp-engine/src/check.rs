//! `check`: tries forwards from this machine, reads what the hosts saw of it, and names the hop that fails.

use futures::future::join_all;
use serde::Serialize;
use std::collections::BTreeMap;
use wirewarp_model::{
    Host, HostId, Inventory, PeerId, PortForward, PortForwardPorts, VpsId, observed::Observed,
};
use wirewarp_remote::session::{ScriptLimits, ScriptRunner};

use crate::{
    Engine,
    edit::{self, forward::short_id},
    error::EngineError,
    proof::{
        self, Facts, Lane, Limits, Reach, State, Verdict,
        gather::{home, vps},
        hops::{Handshake, NameFact, Vantage},
        judge, try_port,
    },
    status::live_peer,
};

/// Most lanes of one check; more is for a second one.
const MOST_LANES: usize = 200;

/// What a check found.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// Each protocol and port that was tried.
    pub checks: Vec<ForwardCheck>,
    /// Forwards that could not be tried, with why.
    pub skipped: Vec<String>,
}

impl CheckReport {
    /// Whether nothing failed.
    pub fn all_proved(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }
}

/// One protocol and port of a forward.
#[derive(Debug, Clone, Serialize)]
pub struct ForwardCheck {
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
    /// Every hop on the way.
    pub hops: Vec<HopCheck>,
    /// What to do next.
    pub hints: Vec<String>,
    /// What the try gave.
    pub reach: Option<Reach>,
}

/// One hop.
#[derive(Debug, Clone, Serialize)]
pub struct HopCheck {
    /// What it is called.
    pub hop: &'static str,
    /// `proved`, `failed`, `unknown` or `not reached`.
    pub state: &'static str,
    /// Why.
    pub why: String,
}

impl Engine {
    /// Tries the forwards that `which` names (an identifier, a label, a peer; all that are on for none).
    pub async fn check(&self, which: Option<&str>) -> Result<CheckReport, EngineError> {
        let inventory = self.inventory().await?;
        let forwards = chosen(&inventory, which)?;
        let (lanes, skipped) = lanes(&inventory, &forwards);
        let before = self.counters(&inventory, &lanes).await;
        let tries = lanes.iter().map(|lane| {
            let host = lane.public.to_string();
            async move {
                try_port(
                    lane.public,
                    lane.public_port,
                    &host,
                    lane.query,
                    Limits::default(),
                )
                .await
            }
        });
        let reaches = join_all(tries).await;
        let (after, homes, seen) = tokio::join!(
            self.counters(&inventory, &lanes),
            self.homes(&inventory, &lanes),
            self.sightings(&inventory, &lanes)
        );
        let mut checks = Vec::new();
        for (at, (lane, reach)) in lanes.iter().zip(reaches).enumerate() {
            let mut facts = Facts {
                name: Some(NameFact::NotUsed),
                vantage: vantage(&inventory, &seen),
                reach: Some(reach.clone()),
                ..Facts::default()
            };
            put_vps(&mut facts, &inventory, at, lane, (&before, &after), &seen);
            put_home(&mut facts, &inventory, at, lane, &homes, &seen);
            checks.push(report(&inventory, lane, &facts, reach));
        }
        Ok(CheckReport { checks, skipped })
    }

    /// What each VPS has counted so far.
    async fn counters(&self, inventory: &Inventory, lanes: &[Lane]) -> BTreeMap<HostId, vps::Seen> {
        let script = vps::script(lanes);
        let read = |host: Host| {
            let script = &script;
            async move {
                let output = self.gather(inventory, &host, script).await?;
                let seen = vps::read(&output)
                    .inspect_err(|error| tracing::info!(%error, host = %host.name, "no counters"));
                Some((host.id, seen.ok()?))
            }
        };
        join_all(vps_hosts(inventory, lanes).into_iter().map(read))
            .await
            .into_iter()
            .flatten()
            .collect()
    }

    async fn homes(&self, inventory: &Inventory, lanes: &[Lane]) -> BTreeMap<HostId, home::Seen> {
        let read = |host: Host| {
            let at_home =
                |lane: &Lane| inventory.peer_named(&lane.peer).and_then(|peer| peer.host) == Some(host.id);
            let script = home::script_of(lanes.iter().enumerate().filter(|(_, lane)| at_home(lane)));
            async move {
                let output = self.gather(inventory, &host, &script).await?;
                let seen = home::read(&output)
                    .inspect_err(|error| tracing::info!(%error, host = %host.name, "no facts"));
                Some((host.id, seen.ok()?))
            }
        };
        join_all(home_hosts(inventory, lanes).into_iter().map(read))
            .await
            .into_iter()
            .flatten()
            .collect()
    }

    async fn sightings(
        &self,
        inventory: &Inventory,
        lanes: &[Lane],
    ) -> BTreeMap<HostId, Result<Observed, EngineError>> {
        let hosts: Vec<HostId> = [vps_hosts(inventory, lanes), home_hosts(inventory, lanes)]
            .concat()
            .iter()
            .map(|host| host.id)
            .collect();
        let looks = self.look_at_all(inventory, &hosts).await;
        looks.into_iter().collect()
    }

    /// Runs a script on a host; none if that is not possible now, which leaves its facts unknown.
    async fn gather(&self, inventory: &Inventory, host: &Host, script: &str) -> Option<String> {
        let session = self.hosts.session(inventory, host).await;
        let session = session
            .inspect_err(|error| tracing::info!(%error, host = %host.name, "not reached"))
            .ok()?;
        let mut output = String::new();
        let mut take = |line: &str| {
            output.push_str(line);
            output.push('\n');
        };
        session
            .run_script(script, &ScriptLimits::default(), &mut take)
            .await
            .ok()?;
        Some(output)
    }
}

/// Whether this machine is one of those on the way, by its machine id.
fn vantage(inventory: &Inventory, seen: &BTreeMap<HostId, Result<Observed, EngineError>>) -> Vantage {
    let here = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let is_here = |observed: &&Observed| observed.machine_id.as_deref().is_some_and(|id| id == here.trim());
    let found = seen
        .iter()
        .find(|(_, observed)| observed.as_ref().is_ok_and(|observed| is_here(&observed)));
    found.map_or(Vantage::Outside, |(host, _)| {
        let name = inventory
            .host(*host)
            .map(|host| host.name.to_string())
            .unwrap_or_default();
        Vantage::Inside {
            which: format!("“{name}” itself"),
        }
    })
}

fn chosen<'a>(inventory: &'a Inventory, which: Option<&str>) -> Result<Vec<&'a PortForward>, EngineError> {
    let Some(text) = which else {
        return Ok(inventory
            .forwards
            .iter()
            .filter(|forward| forward.enabled)
            .collect());
    };
    let peer: Option<PeerId> = text
        .parse()
        .ok()
        .and_then(|name| inventory.peer_named(&name))
        .map(|peer| peer.id);
    if let Some(peer) = peer {
        return Ok(inventory
            .forwards_of(peer)
            .filter(|forward| forward.enabled)
            .collect());
    }
    let ids = edit::forward::find(inventory, text)?;
    Ok(inventory
        .forwards
        .iter()
        .filter(|forward| ids.contains(&forward.id))
        .collect())
}

fn lanes(inventory: &Inventory, forwards: &[&PortForward]) -> (Vec<Lane>, Vec<String>) {
    let (mut lanes, mut skipped) = (Vec::new(), Vec::new());
    for forward in forwards {
        if forward.ports == PortForwardPorts::All {
            skipped.push(format!(
                "{}: a whole address has no port of its own to try",
                short_id(forward.id)
            ));
        }
        for lane in Lane::of(inventory, forward) {
            if lanes.len() < MOST_LANES {
                lanes.push(lane);
            } else {
                skipped.push(format!(
                    "{}/{}: more than {MOST_LANES} at once; check by peer",
                    lane.public_port, lane.protocol
                ));
            }
        }
    }
    (lanes, skipped)
}

fn vps_id(inventory: &Inventory, lane: &Lane) -> Option<VpsId> {
    inventory.vps_named(&lane.vps).map(|vps| vps.id)
}

fn vps_hosts(inventory: &Inventory, lanes: &[Lane]) -> Vec<Host> {
    let ids: BTreeMap<_, _> = lanes
        .iter()
        .filter_map(|lane| inventory.vps(vps_id(inventory, lane)?))
        .filter_map(|vps| inventory.host(vps.host))
        .map(|host| (host.id, host.clone()))
        .collect();
    ids.into_values().collect()
}

fn home_hosts(inventory: &Inventory, lanes: &[Lane]) -> Vec<Host> {
    let ids: BTreeMap<_, _> = lanes
        .iter()
        .filter_map(|lane| inventory.host(inventory.peer_named(&lane.peer)?.host?))
        .map(|host| (host.id, host.clone()))
        .collect();
    ids.into_values().collect()
}

fn put_vps(
    facts: &mut Facts,
    inventory: &Inventory,
    at: usize,
    lane: &Lane,
    (before, after): (&BTreeMap<HostId, vps::Seen>, &BTreeMap<HostId, vps::Seen>),
    seen: &BTreeMap<HostId, Result<Observed, EngineError>>,
) {
    let Some(host) = inventory.vps_named(&lane.vps).map(|vps| vps.host) else {
        return;
    };
    if let (Some(before), Some(after)) = (before.get(&host), after.get(&host)) {
        vps::fill(&mut facts.vps, at, lane, before, after);
    }
    facts.vps.ssh = seen.get(&host).and_then(answers);
    let Some(Ok(observed)) = seen.get(&host) else {
        return;
    };
    facts.vps.drift = observed.ours.as_ref().map(|ours| ours.drift.clone());
    facts.vps.firewalls = observed
        .firewalls
        .iter()
        .map(|firewall| firewall.detail.clone())
        .collect();
    let live = inventory
        .peer_named(&lane.peer)
        .and_then(|peer| live_peer(peer, observed));
    facts.tunnel = live.map(|live| match live.latest_handshake {
        0 => Handshake::Never,
        when => Handshake::Ago {
            seconds: observed.clock.saturating_sub(when),
        },
    });
}

fn put_home(
    facts: &mut Facts,
    inventory: &Inventory,
    at: usize,
    lane: &Lane,
    homes: &BTreeMap<HostId, home::Seen>,
    seen: &BTreeMap<HostId, Result<Observed, EngineError>>,
) {
    let Some(host) = inventory.peer_named(&lane.peer).and_then(|peer| peer.host) else {
        return;
    };
    facts.home.ssh = seen.get(&host).and_then(answers);
    if let Some(home) = homes.get(&host) {
        home.fill(&mut facts.home, at, lane);
    }
    let Some(Ok(observed)) = seen.get(&host) else {
        return;
    };
    facts.home.drift = observed.ours.as_ref().map(|ours| ours.drift.clone());
    facts.home.firewalls = observed
        .firewalls
        .iter()
        .map(|firewall| firewall.detail.clone())
        .collect();
}

/// Whether a host answers on SSH; unknown if it does and something else went wrong, such as the login.
fn answers(look: &Result<Observed, EngineError>) -> Option<bool> {
    match look {
        Ok(_) => Some(true),
        Err(error) if error.is_passing() => Some(false),
        Err(_) => None,
    }
}

fn report(inventory: &Inventory, lane: &Lane, facts: &Facts, reach: Reach) -> ForwardCheck {
    let judged = judge(lane, facts);
    let label = inventory
        .forward(lane.forward)
        .map(|forward| forward.label.to_string())
        .unwrap_or_default();
    let label = if label.is_empty() {
        String::new()
    } else {
        format!(" ({label})")
    };
    let hints = judged
        .hops
        .iter()
        .filter(|hop| hop.state == State::Failed)
        .flat_map(|hop| hop.do_next.clone());
    ForwardCheck {
        forward: short_id(lane.forward),
        title: format!("{}/{} on {}{label}", lane.public_port, lane.protocol, lane.public),
        ok: matches!(judged.verdict, Verdict::Works | Verdict::Delivered),
        verdict: judged.summary,
        outcome: judged.verdict,
        hints: hints.collect(),
        hops: judged.hops.iter().map(hop).collect(),
        reach: Some(reach),
    }
}

fn hop(finding: &proof::hops::Finding) -> HopCheck {
    let state = match finding.state {
        State::Proved => "proved",
        State::Failed => "failed",
        State::Unknown => "unknown",
        State::NotReached => "not reached",
    };
    HopCheck {
        hop: finding.hop.title(),
        state,
        why: finding.why.clone(),
    }
}
