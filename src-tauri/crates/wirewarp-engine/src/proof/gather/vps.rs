//! The VPS: the live rule of each lane, its packets, and our own among those who came.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, SocketAddrV4},
};
use wirewarp_model::Protocol;

use super::{Flows, GatherError, When, source, truth};
use crate::proof::{
    Lane, Origin, Own, Reach,
    hops::{Rule, VpsFacts},
};

/// The script for one VPS. Give it the lanes of this VPS alone, each with the number that the output calls it by.
pub fn script<'a>(lanes: impl IntoIterator<Item = (usize, &'a Lane)>, when: When) -> String {
    let line = |(id, lane): (usize, &Lane)| {
        let (address, protocol, port) = (lane.on_host, lane.protocol, lane.public_port);
        format!(
            "{id} {address} {protocol} {port} {} {} {}",
            lane.inside, lane.tunnel_ip, lane.mtu
        )
    };
    let rows: Vec<String> = lanes.into_iter().map(line).collect();
    super::script(include_str!("vps.sh"), when, &rows)
}

/// What the VPS printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether `table inet wirewarp` is there; none if nft could not tell.
    table: Option<bool>,
    rules: BTreeMap<usize, Rule>,
    /// Protocol and way of each counting set that is there and not full, e.g. `tcp`, `in`.
    sets: BTreeSet<(String, String)>,
    counts: BTreeMap<(usize, String), u64>,
    newcomers: BTreeMap<usize, BTreeMap<SocketAddrV4, u64>>,
    /// None if they were not read.
    flows: Option<BTreeMap<usize, Flows>>,
    tunnels: BTreeMap<Ipv4Addr, bool>,
    large: BTreeMap<Ipv4Addr, bool>,
    client: Option<Ipv4Addr>,
}

/// Reads the output. Lines that are not understood are passed over; an output without its end is an error.
pub fn read(output: &str) -> Result<Seen, GatherError> {
    let mut seen = Seen::default();
    for words in super::body("the VPS", "vps", output)? {
        seen.take(&words);
    }
    Ok(seen)
}

impl Seen {
    fn take(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["table", "rules"] => self.table = Some(true),
            ["table", "none"] => self.table = Some(false),
            ["set", protocol, way] => {
                self.sets.insert(((*protocol).to_owned(), (*way).to_owned()));
            }
            ["rule", id, address, port] => {
                let (address, port) = (address.parse().ok()?, port.parse().ok());
                self.rules.insert(id.parse().ok()?, Rule::Leads { address, port });
            }
            ["count", id, way, packets] => {
                self.counts
                    .insert((id.parse().ok()?, (*way).to_owned()), packets.parse().ok()?);
            }
            ["new", id, address, port, packets] => {
                let (id, source) = (id.parse().ok()?, source(address, port)?);
                let of_lane = self.newcomers.entry(id).or_default();
                of_lane.insert(source, packets.parse().ok()?);
            }
            ["flows", "read"] => self.flows = Some(BTreeMap::new()),
            ["flow", id, address, port, replied] => {
                let (id, source) = (id.parse().ok()?, source(address, port)?);
                let of_lane = self.flows.get_or_insert_default().entry(id).or_default();
                of_lane.insert(source, truth(replied)?);
            }
            ["tunnel", address, word] => {
                self.tunnels.insert(address.parse().ok()?, truth(word)?);
            }
            ["large", address, word] => {
                self.large.insert(address.parse().ok()?, truth(word)?);
            }
            ["client", address] => self.client = Some(address.parse().ok()?),
            _ => {}
        }
        Some(())
    }

    /// The live rule of lane `id`; none if the rules could not be read.
    pub fn rule(&self, id: usize) -> Option<Rule> {
        self.table
            .map(|_| self.rules.get(&id).copied().unwrap_or(Rule::Missing))
    }

    /// The address from which our SSH arrived; none if it did not come by SSH or came by IPv6.
    pub fn client(&self) -> Option<Ipv4Addr> {
        self.client
    }

    /// Whether a peer answered a ping through the tunnel; none if it was not pinged.
    pub fn answers_in_tunnel(&self, peer: Ipv4Addr) -> Option<bool> {
        self.tunnels.get(&peer).copied()
    }

    /// Whether it answered one as large as the tunnel's MTU; none if that was not asked.
    pub fn answers_large_in_tunnel(&self, peer: Ipv4Addr) -> Option<bool> {
        self.large.get(&peer).copied()
    }

    fn counts(&self, protocol: Protocol, way: &str) -> bool {
        self.sets
            .contains(&(protocol.as_str().to_owned(), way.to_owned()))
    }

    /// Packets of lane `id` counted so far in the sets `tcp_WAY` and `udp_WAY`, whoever sent them; none if they are not
    /// counted.
    fn packets(&self, id: usize, lane: &Lane, way: &str) -> Option<u64> {
        self.counts(lane.protocol, way)
            .then(|| self.counts.get(&(id, way.to_owned())).copied().unwrap_or(0))
    }
}

/// Two readings of one lane, before and after the try.
#[derive(Debug, Clone, Copy)]
pub struct Readings<'a> {
    /// The lane's number.
    pub id: usize,
    /// The lane.
    pub lane: &'a Lane,
    /// Before the try; an empty one if it could not be made.
    pub before: &'a Seen,
    /// After it.
    pub after: &'a Seen,
}

impl Readings<'_> {
    /// Puts what became of our packets into `facts`; gives the address that they came from, as the VPS saw it.
    pub fn fill(self, facts: &mut VpsFacts, origin: Origin, reach: &Reach) -> Option<SocketAddrV4> {
        let newcomer = self.newcomer(origin);
        let flow = self.flow(origin);
        facts.rule = self.after.rule(self.id);
        facts.arrived = match newcomer {
            Some(Own::Seen(_, packets)) => Some(packets),
            Some(Own::NotSeen) => Some(0),
            Some(Own::Unsure) | None => None,
        };
        let (passed, returned) = (self.since("in"), self.since("out"));
        facts.others = passed.map(|packets| packets > 0);
        facts.returned = returned;
        (facts.passed, facts.replied) = match flow {
            Some(Own::Seen(_, replied)) => (Some(true), Some(replied)),
            _ if passed == Some(0) => (Some(false), Some(false)),
            // The kernel forgets a TCP connection that is refused at once (`nf_conntrack_tcp_packet`), the others not
            // before 30 s.
            Some(Own::NotSeen) if reach.is_silence() || self.lane.protocol == Protocol::Udp => {
                (Some(false), Some(false))
            }
            Some(Own::NotSeen | Own::Unsure) | None => (None, (returned == Some(0)).then_some(false)),
        };
        match (newcomer, flow) {
            (Some(Own::Seen(source, _)), _) | (_, Some(Own::Seen(source, _))) => Some(source),
            _ => None,
        }
    }

    fn newcomer(self, origin: Origin) -> Option<Own<u64>> {
        let empty = BTreeMap::new();
        let of = |seen: &Seen| seen.newcomers.get(&self.id).unwrap_or(&empty).clone();
        let counted = self.after.counts(self.lane.protocol, "new");
        counted.then(|| origin.own(&of(self.after), &of(self.before)))
    }

    fn flow(self, origin: Origin) -> Option<Own<bool>> {
        let empty = Flows::new();
        let before = self.before.flows.as_ref().and_then(|all| all.get(&self.id));
        let after = self.after.flows.as_ref()?.get(&self.id);
        Some(origin.own(after.unwrap_or(&empty), before.unwrap_or(&empty)))
    }

    /// Packets counted during the try.
    fn since(self, way: &str) -> Option<u64> {
        let after = self.after.packets(self.id, self.lane, way)?;
        let before = self.before.packets(self.id, self.lane, way)?;
        // Smaller than before: the table was made anew in between, and counts from 0.
        Some(after.checked_sub(before).unwrap_or(after))
    }
}
