//! Who is connected through a forward now; ending what somebody has open, and keeping somebody out for a while.
//!
//! This is no part of the inventory: an apply leaves it as it is, and a reboot of the VPS lets everybody in again.

use serde::Serialize;
use std::{collections::BTreeMap, net::Ipv4Addr};
use wirewarp_model::{ForwardId, Host, Inventory, Name, PortForward};
use wirewarp_plan::translation::each_mapping;
use wirewarp_remote::clients::{self, ClientsError, Flow, Front, Seen};

use crate::{Engine, edit::forward, error::EngineError, watch::clock};

/// Longest that somebody is kept out, seconds: 30 days.
const LONGEST: u64 = 30 * 86_400;

/// Who is connected through a forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Clients {
    /// The forward's identifier.
    pub forward: String,
    /// When this was so, seconds since 1970 UTC.
    pub at: i64,
    /// Those with most traffic first.
    pub clients: Vec<Client>,
    /// Connections beyond the first 5,000, which are not among them.
    pub more: u64,
    /// Who is kept out of the forward's public address.
    pub blocked: Vec<BlockedClient>,
}

/// Somebody who is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Client {
    /// Its address.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Ipv4Addr,
    /// Connections that it has open.
    pub connections: u32,
    /// Since when the oldest of them, seconds since 1970 UTC; none if the VPS does not know.
    pub since: Option<i64>,
    /// Bytes towards home that they carried; none if the VPS does not count.
    pub to_home: Option<u64>,
    /// Bytes from home that they carried; none if the VPS does not count.
    pub from_home: Option<u64>,
    /// The public ports that they came to, lowest first, each with its protocol: `25565/tcp`.
    pub ports: Vec<String>,
}

/// Somebody who is let in no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BlockedClient {
    /// Its address.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Ipv4Addr,
    /// Until when, seconds since 1970 UTC.
    pub until: i64,
}

/// A forward, and where it arrives.
struct At<'a> {
    forward: &'a PortForward,
    host: &'a Host,
    front: Front,
}

impl Engine {
    /// The one forward that an identifier, its beginning or a label names.
    pub async fn forward_called(&self, text: &str) -> Result<ForwardId, EngineError> {
        let inventory = self.inventory().await?;
        let found = forward::find(&inventory, text)?;
        match (found.first(), found.len()) {
            (Some(only), 1) => Ok(*only),
            (_, count) => Err(EngineError::refused(
                "ambiguous",
                format!("“{text}” names {count} forwards."),
                &["Give the identifier of one: wirewarp port list"],
            )),
        }
    }

    /// Who is connected through a forward now. Changes nothing.
    pub async fn clients(&self, id: ForwardId) -> Result<Clients, EngineError> {
        let inventory = self.inventory().await?;
        let at = at(&inventory, id)?;
        let session = self.hosts.session(&inventory, at.host).await?;
        let seen = clients::list(&session, &at.front).await;
        Ok(told(id, seen.map_err(|error| failed(&at.host.name, &error))?))
    }

    /// Ends what a client has open through a forward; how many connections that were. It may come again.
    pub async fn end_client(&self, id: ForwardId, client: Ipv4Addr) -> Result<u64, EngineError> {
        let inventory = self.inventory().await?;
        let at = at(&inventory, id)?;
        let session = self.hosts.session(&inventory, at.host).await?;
        let ended = clients::end(&session, &at.front, client).await;
        let ended = ended.map_err(|error| failed(&at.host.name, &error))?;
        tracing::info!(%client, forward = %at.forward.id, ended, "a client's connections were ended");
        Ok(ended)
    }

    /// Keeps a client out of a forward's public address for some seconds, and ends what it has open there.
    pub async fn block_client(
        &self,
        id: ForwardId,
        client: Ipv4Addr,
        seconds: u64,
    ) -> Result<u64, EngineError> {
        if !(1..=LONGEST).contains(&seconds) {
            return Err(EngineError::refused(
                "bad_duration",
                "Somebody can be kept out for a second to 30 days.",
                &["Close the forward to keep everybody out for good"],
            ));
        }
        let inventory = self.inventory().await?;
        let at = at(&inventory, id)?;
        let session = self.hosts.session(&inventory, at.host).await?;
        let ended = clients::block(&session, &at.front, client, seconds).await;
        let ended = ended.map_err(|error| failed(&at.host.name, &error))?;
        tracing::info!(%client, address = %at.front.address, seconds, "a client is kept out");
        Ok(ended)
    }

    /// Lets a client in again.
    pub async fn unblock_client(&self, id: ForwardId, client: Ipv4Addr) -> Result<(), EngineError> {
        let inventory = self.inventory().await?;
        let at = at(&inventory, id)?;
        let session = self.hosts.session(&inventory, at.host).await?;
        let done = clients::unblock(&session, &at.front, client).await;
        done.map_err(|error| failed(&at.host.name, &error))
    }
}

fn at(inventory: &Inventory, id: ForwardId) -> Result<At<'_>, EngineError> {
    let missing = || EngineError::not_found("forward", &id.to_string(), std::iter::empty());
    let forward = inventory.forward(id).ok_or_else(missing)?;
    let peer = inventory.peer(forward.peer).ok_or_else(missing)?;
    let (vps, ip) = inventory.assigned_ip(peer).ok_or_else(missing)?;
    let host = inventory.host(vps.host).ok_or_else(missing)?;
    Ok(At {
        forward,
        host,
        front: Front {
            address: ip.on_host,
            ports: each_mapping(&forward.ports).collect(),
        },
    })
}

fn failed(host: &Name, error: &ClientsError) -> EngineError {
    let (code, hint) = match error {
        ClientsError::Run(_) => ("host_lost", "Try again in a moment".to_owned()),
        ClientsError::NotSetUp => ("not_applied", format!("Apply it first: wirewarp apply {host}")),
        ClientsError::Failed(_) | ClientsError::Line(_) => (
            "clients_unusable",
            "Log in to the host and see whether this works: nft list set inet wirewarp_counters blocked"
                .to_owned(),
        ),
    };
    EngineError::refused(code, format!("{host}: {error}"), &[&hint])
}

/// The connections of each client together.
fn told(id: ForwardId, seen: Seen) -> Clients {
    let now = clock();
    let mut flows: BTreeMap<Ipv4Addr, Vec<Flow>> = BTreeMap::new();
    for flow in seen.flows {
        flows.entry(flow.client).or_default().push(flow);
    }
    let mut clients: Vec<Client> = flows
        .into_iter()
        .map(|(address, flows)| client(now, address, &flows))
        .collect();
    let carried = |client: &Client| {
        client
            .to_home
            .unwrap_or(0)
            .saturating_add(client.from_home.unwrap_or(0))
    };
    clients.sort_by_key(|client| (std::cmp::Reverse(carried(client)), client.address));
    let until = |seconds: u64| now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
    let blocked = seen.blocked.iter().map(|blocked| BlockedClient {
        address: blocked.client,
        until: until(blocked.left),
    });
    Clients {
        forward: id.to_string(),
        at: now,
        clients,
        more: seen.more,
        blocked: blocked.collect(),
    }
}

fn client(now: i64, address: Ipv4Addr, flows: &[Flow]) -> Client {
    let sum = |one: fn(&Flow) -> Option<u64>| -> Option<u64> {
        flows.iter().filter_map(one).fold(None, |sum: Option<u64>, more| {
            Some(sum.unwrap_or(0).saturating_add(more))
        })
    };
    let oldest = flows.iter().filter_map(|flow| flow.age).max();
    let mut ports: Vec<_> = flows
        .iter()
        .map(|flow| (flow.public_port, flow.protocol))
        .collect();
    ports.sort_unstable();
    ports.dedup();
    Client {
        address,
        connections: u32::try_from(flows.len()).unwrap_or(u32::MAX),
        since: oldest.map(|age| now.saturating_sub(i64::try_from(age).unwrap_or(now))),
        to_home: sum(|flow| flow.to_home),
        from_home: sum(|flow| flow.from_home),
        ports: ports
            .into_iter()
            .map(|(port, protocol)| format!("{port}/{protocol}"))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirewarp_model::Protocol;

    #[test]
    fn the_connections_of_a_client_are_one_line() {
        let flow = |client: &str, port, to_home, age| Flow {
            protocol: Protocol::Tcp,
            client: client.parse().unwrap(),
            port,
            public_port: 25_565,
            to_home,
            from_home: to_home,
            age,
        };
        let seen = Seen {
            flows: vec![
                flow("198.51.100.7", 1, Some(5), Some(10)),
                flow("192.0.2.1", 2, Some(50), None),
                flow("198.51.100.7", 3, None, Some(90)),
            ],
            more: 0,
            blocked: vec![],
        };
        let told = told(ForwardId(uuid::Uuid::nil()), seen);
        assert_eq!(told.clients[0].address.to_string(), "192.0.2.1");
        assert_eq!(told.clients[0].since, None);
        let two = &told.clients[1];
        assert_eq!((two.connections, two.to_home), (2, Some(5)));
        assert_eq!(two.since, Some(told.at - 90));
        assert_eq!(two.ports, ["25565/tcp"]);
    }
}
