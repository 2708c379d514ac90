//! The VPS: the live rule of each lane and its packets.

use std::{collections::BTreeMap, net::Ipv4Addr};

use super::GatherError;
use crate::proof::{
    Lane,
    hops::{Rule, VpsFacts},
};

/// The script. A lane's number in the output is its place in `lanes`.
pub fn script(lanes: &[Lane]) -> String {
    let line =
        |(id, lane): (usize, &Lane)| format!("{id} {} {} {}", lane.on_host, lane.protocol, lane.public_port);
    let rows: Vec<String> = lanes.iter().enumerate().map(line).collect();
    super::script(include_str!("vps.sh"), &rows)
}

/// What the VPS printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether `table inet wirewarp` is there; none if nft could not tell.
    table: Option<bool>,
    rules: BTreeMap<usize, Rule>,
    /// Protocol and way of each counting set that is there, e.g. `tcp`, `in`.
    sets: Vec<(String, String)>,
    counts: BTreeMap<(usize, String), u64>,
}

/// Reads the output. Lines that are not understood are passed over; an output without its end is an error.
pub fn read(output: &str) -> Result<Seen, GatherError> {
    let mut seen = Seen::default();
    for words in super::body("the VPS", "vps", output)? {
        match words.as_slice() {
            ["table", "rules"] => seen.table = Some(true),
            ["table", "none"] => seen.table = Some(false),
            ["set", protocol, way] => seen.sets.push(((*protocol).to_owned(), (*way).to_owned())),
            ["rule", id, address, port] => {
                if let (Ok(id), Ok(address)) = (id.parse(), address.parse::<Ipv4Addr>()) {
                    seen.rules.insert(
                        id,
                        Rule::Leads {
                            address,
                            port: port.parse().ok(),
                        },
                    );
                }
            }
            ["count", id, way, packets] => {
                if let (Ok(id), Ok(packets)) = (id.parse(), packets.parse()) {
                    seen.counts.insert((id, (*way).to_owned()), packets);
                }
            }
            _ => {}
        }
    }
    Ok(seen)
}

impl Seen {
    /// The live rule of lane `id`; none if the rules could not be read.
    pub fn rule(&self, id: usize) -> Option<Rule> {
        self.table
            .map(|_| self.rules.get(&id).copied().unwrap_or(Rule::Missing))
    }

    /// Packets of lane `id` counted so far in the sets `tcp_WAY` and `udp_WAY`; none if they are not counted.
    fn packets(&self, id: usize, lane: &Lane, way: &str) -> Option<u64> {
        let counted = self
            .sets
            .iter()
            .any(|(p, w)| p == lane.protocol.as_str() && w == way);
        counted.then(|| self.counts.get(&(id, way.to_owned())).copied().unwrap_or(0))
    }
}

/// Puts two readings, before and after the try, into `facts`.
pub fn fill(facts: &mut VpsFacts, id: usize, lane: &Lane, before: &Seen, after: &Seen) {
    let since = |way: &str| {
        let (before, after) = (before.packets(id, lane, way)?, after.packets(id, lane, way)?);
        // Smaller than before: the table was made anew in between, and counts from 0.
        Some(after.checked_sub(before).unwrap_or(after))
    };
    facts.rule = after.rule(id);
    facts.arrived = since("new");
    facts.passed = since("in");
    facts.replied = since("out");
}
