//! What the hosts on the way saw, before and after the try.

use futures::future::join_all;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use wirewarp_model::{Host, HostId, Inventory, observed::Observed};
use wirewarp_remote::session::{RootSession, ScriptLimits, ScriptRunner};

use crate::{
    Engine,
    error::EngineError,
    proof::{
        Lane,
        gather::{When, home, vps},
        hops::NameFact,
    },
};

/// Longest wait for a name; the system's resolver tries for 10 s and more.
const LOOKUP: Duration = Duration::from_secs(5);

/// How each host on the way is reached. One that was not is not asked again.
pub(super) type Ways = BTreeMap<HostId, Result<RootSession, Arc<EngineError>>>;

/// One round of readings.
#[derive(Default)]
pub(super) struct Readings {
    pub vps: BTreeMap<HostId, vps::Seen>,
    pub home: BTreeMap<HostId, home::Seen>,
    /// VPSes whose SSH comes from somewhere else than the try does: through a jump host.
    pub by_detour: BTreeSet<HostId>,
}

/// What came of a look at each host.
pub(super) type Looks = BTreeMap<HostId, Result<Observed, Arc<EngineError>>>;

impl Engine {
    /// Connects to all hosts on the way, side by side.
    pub(super) async fn open_ways(&self, inventory: &Inventory, lanes: &[Lane]) -> Ways {
        let hosts = [vps_hosts(inventory, lanes), home_hosts(inventory, lanes)].concat();
        let open = |host: Host| async move {
            let session = self.hosts.session(inventory, &host).await;
            let session = session
                .inspect_err(|error| tracing::info!(%error, host = %host.name, "not reached"))
                .map_err(Arc::new);
            (host.id, session)
        };
        join_all(hosts.into_iter().map(open)).await.into_iter().collect()
    }

    pub(super) async fn read_before(&self, inventory: &Inventory, lanes: &[Lane], ways: &Ways) -> Readings {
        self.read_all(inventory, lanes, ways, When::Before).await
    }

    pub(super) async fn read_after(&self, inventory: &Inventory, lanes: &[Lane], ways: &Ways) -> Readings {
        self.read_all(inventory, lanes, ways, When::After).await
    }

    async fn read_all(&self, inventory: &Inventory, lanes: &[Lane], ways: &Ways, when: When) -> Readings {
        let on_vps = |host: &Host| {
            let here = |lane: &Lane| {
                inventory
                    .vps_named(&lane.vps)
                    .is_some_and(|vps| vps.host == host.id)
            };
            vps::script(lanes.iter().enumerate().filter(|(_, lane)| here(lane)), when)
        };
        let at_home = |host: &Host| {
            let here =
                |lane: &Lane| inventory.peer_named(&lane.peer).and_then(|peer| peer.host) == Some(host.id);
            home::script(lanes.iter().enumerate().filter(|(_, lane)| here(lane)), when)
        };
        let (vps, home) = tokio::join!(
            read_each(vps_hosts(inventory, lanes), ways, on_vps, vps::read),
            read_each(home_hosts(inventory, lanes), ways, at_home, home::read)
        );
        let detour = |session: &RootSession| session.endpoint().is_none_or(|endpoint| endpoint.via.is_some());
        let by_detour = ways
            .iter()
            .filter(|(_, way)| way.as_ref().is_ok_and(detour))
            .map(|(host, _)| *host)
            .collect();
        Readings { vps, home, by_detour }
    }

    /// Looks at every host that was reached.
    pub(super) async fn look_behind(&self, inventory: &Inventory, ways: Ways) -> Looks {
        let look = |(id, way): (HostId, Result<RootSession, Arc<EngineError>>)| async move {
            let look = match (way, inventory.host(id)) {
                (Ok(_), Some(host)) => self.look_at(inventory, host).await.map_err(Arc::new),
                (Err(error), _) => Err(error),
                (Ok(_), None) => return None,
            };
            Some((id, look))
        };
        join_all(ways.into_iter().map(look))
            .await
            .into_iter()
            .flatten()
            .collect()
    }

    /// What the names lead to that VPSes were added by.
    pub(super) async fn names(
        &self,
        inventory: &Inventory,
        lanes: &[Lane],
    ) -> BTreeMap<HostId, Option<NameFact>> {
        let fact = |host: Host| async move {
            let fact = match self.hosts.name_of(&host) {
                Some(name) => resolved(name).await,
                None => Some(NameFact::NotUsed),
            };
            (host.id, fact)
        };
        join_all(vps_hosts(inventory, lanes).into_iter().map(fact))
            .await
            .into_iter()
            .collect()
    }
}

/// Runs a script on each host that was reached, and reads what it printed; what is not possible leaves the facts unknown.
async fn read_each<T, E: std::fmt::Display>(
    hosts: Vec<Host>,
    ways: &Ways,
    script: impl Fn(&Host) -> String,
    read: fn(&str) -> Result<T, E>,
) -> BTreeMap<HostId, T> {
    let one = |host: Host| {
        let script = script(&host);
        async move {
            let session = ways.get(&host.id)?.as_ref().ok()?;
            let output = output(session, &script).await?;
            let seen = read(&output)
                .inspect_err(|error| tracing::info!(%error, host = %host.name, "its facts are not known"));
            Some((host.id, seen.ok()?))
        }
    };
    join_all(hosts.into_iter().map(one))
        .await
        .into_iter()
        .flatten()
        .collect()
}

async fn output(session: &RootSession, script: &str) -> Option<String> {
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

/// None if the resolver could not say.
async fn resolved(name: String) -> Option<NameFact> {
    let lookup = tokio::time::timeout(LOOKUP, tokio::net::lookup_host((name.as_str(), 0)));
    let addresses: Vec<Ipv4Addr> = match lookup.await.ok()? {
        Ok(found) => found.filter_map(|address| v4(address.ip())).collect(),
        // EAI_AGAIN of getaddrinfo(3): the name servers did not answer.
        Err(error) if error.to_string().contains("Temporary failure") => return None,
        Err(_) => vec![],
    };
    Some(NameFact::Resolved { name, addresses })
}

fn v4(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

fn vps_hosts(inventory: &Inventory, lanes: &[Lane]) -> Vec<Host> {
    let hosts = lanes
        .iter()
        .filter_map(|lane| inventory.vps_named(&lane.vps))
        .filter_map(|vps| inventory.host(vps.host));
    each_once(hosts)
}

fn home_hosts(inventory: &Inventory, lanes: &[Lane]) -> Vec<Host> {
    let hosts = lanes
        .iter()
        .filter_map(|lane| inventory.host(inventory.peer_named(&lane.peer)?.host?));
    each_once(hosts)
}

fn each_once<'a>(hosts: impl Iterator<Item = &'a Host>) -> Vec<Host> {
    let by_id: BTreeMap<_, _> = hosts.map(|host| (host.id, host.clone())).collect();
    by_id.into_values().collect()
}
