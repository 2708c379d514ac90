//! The peer: connections that came by the tunnel, and tries from the peer to the target.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    net::{Ipv4Addr, SocketAddrV4},
};
use wirewarp_model::{ForwardTarget, Protocol};

use super::{Flows, GatherError, When, source, truth};
use crate::proof::{
    Lane, Origin, Own, Reach,
    hops::{Flow, HomeFacts, Inner, Listening},
};

/// Mark of the first tunnel's connections, in bits 16 to 23.
const FIRST_MARK: u8 = 0x77;

/// The script for one peer's host. Run it within 30 s of the try: that is how long the kernel remembers a UDP packet without
/// an answer (`nf_conntrack_udp_timeout`). Give it the lanes of this host alone, each with the number that the output calls
/// it by: the probes of another home's targets would go astray.
pub fn script<'a>(lanes: impl IntoIterator<Item = (usize, &'a Lane)>, when: When) -> String {
    let rows: Vec<String> = lanes.into_iter().map(|(id, lane)| line(id, lane)).collect();
    super::script(include_str!("home.sh"), when, &rows)
}

fn line(id: usize, lane: &Lane) -> String {
    let target = match lane.target {
        ForwardTarget::Vm { address } | ForwardTarget::Lan { address, .. } => address.to_string(),
        ForwardTarget::Peer => "self".to_owned(),
    };
    let mut payload = String::new();
    for byte in lane.query.datagram().unwrap_or_default() {
        let _ = write!(payload, "{byte:02x}");
    }
    // A TCP lane has none; the script still reads eight words.
    let payload = if payload.is_empty() { "-" } else { &payload };
    let mark = u16::from(FIRST_MARK) + u16::from(lane.tunnel_index);
    let (protocol, inside, port) = (lane.protocol, lane.inside, lane.target_port);
    format!(
        "{id} {protocol} {inside} {port} {mark} {target} {} {payload}",
        lane.endpoint
    )
}

/// What the peer printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Packets that came out of each tunnel, by its number.
    received: BTreeMap<u8, u64>,
    /// None if they were not read.
    flows: Option<BTreeMap<usize, Flows>>,
    probes: BTreeMap<usize, Inner>,
    alive: BTreeMap<Ipv4Addr, bool>,
    /// None if they were not read.
    listeners: Option<Vec<(Protocol, u16, Listening)>>,
}

/// Reads the output. Lines that are not understood are passed over; an output without its end is an error.
pub fn read(output: &str) -> Result<Seen, GatherError> {
    let mut seen = Seen::default();
    for words in super::body("the peer", "home", output)? {
        seen.take(&words);
    }
    Ok(seen)
}

impl Seen {
    fn take(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["received", tunnel, packets] => {
                self.received.insert(tunnel.parse().ok()?, packets.parse().ok()?);
            }
            ["flows", "read"] => self.flows = Some(BTreeMap::new()),
            ["flow", id, address, port, replied] => {
                let (id, source) = (id.parse().ok()?, source(address, port)?);
                let of_lane = self.flows.get_or_insert_default().entry(id).or_default();
                of_lane.insert(source, truth(replied)?);
            }
            ["probe", id, word] => {
                self.probes.insert(id.parse().ok()?, inner(word)?);
            }
            ["alive", address, word] => {
                self.alive.insert(address.parse().ok()?, truth(word)?);
            }
            ["listeners", "read"] => self.listeners = Some(vec![]),
            ["listen", protocol, local, owner @ ..] => {
                let listener = listening(protocol, local, &owner.join(" "))?;
                self.listeners.get_or_insert_default().push(listener);
            }
            _ => {}
        }
        Some(())
    }

    /// Puts what was seen of lane `id` into `facts`; `before` is the reading before the try.
    pub fn fill(&self, facts: &mut HomeFacts, id: usize, lane: &Lane, before: Option<&Self>) {
        let received = |seen: &Self| seen.received.get(&lane.tunnel_index).copied();
        let (then, now) = (before.and_then(received), received(self));
        // Smaller than before: the interface was made anew in between.
        facts.received = now
            .zip(then)
            .map(|(now, then)| now.checked_sub(then).unwrap_or(now));
        facts.inner = self.probes.get(&id).copied();
        match lane.target {
            ForwardTarget::Vm { address } | ForwardTarget::Lan { address, .. } => {
                facts.alive = self.alive.get(&address).copied();
            }
            ForwardTarget::Peer => facts.listeners = self.listeners.as_deref().map(|all| on_port(all, lane)),
        }
    }

    /// What became of our own packets of lane `id`. `source` is the address that the VPS saw them come from; a linux
    /// peer's VPS passes it on unchanged.
    pub fn flow(
        &self,
        (id, lane): (usize, &Lane),
        source: Option<SocketAddrV4>,
        origin: Origin,
        reach: &Reach,
    ) -> Option<Flow> {
        let none = Flows::new();
        let flows = self.flows.as_ref()?.get(&id).unwrap_or(&none);
        let own = match source {
            Some(source) => flows
                .get(&source)
                .map_or(Own::NotSeen, |replied| Own::Seen(source, *replied)),
            None => origin.own(flows, &none),
        };
        match own {
            Own::Seen(_, true) => Some(Flow::Answered),
            Own::Seen(_, false) => Some(Flow::Unanswered),
            // See `vps`: a refused TCP connection is forgotten at once.
            Own::NotSeen if lane.protocol == Protocol::Tcp && !reach.is_silence() => None,
            Own::NotSeen => Some(Flow::None),
            Own::Unsure => None,
        }
    }
}

fn on_port(all: &[(Protocol, u16, Listening)], lane: &Lane) -> Vec<Listening> {
    let same = |(protocol, port, _): &&(Protocol, u16, Listening)| {
        *protocol == lane.protocol && *port == lane.target_port.number()
    };
    all.iter()
        .filter(same)
        .map(|(_, _, listening)| listening.clone())
        .collect()
}

fn inner(word: &str) -> Option<Inner> {
    match word {
        "open" => Some(Inner::Open),
        "refused" => Some(Inner::Refused),
        "silent" => Some(Inner::Silent),
        "unreachable" => Some(Inner::Unreachable),
        _ => None,
    }
}

/// Reads a local address as ss(8) writes it: `0.0.0.0:22`, `127.0.0.53%lo:53`, `*:80`, `[::]:80`. A socket of IPv6's
/// "any" takes IPv4 too (`net.ipv6.bindv6only` is 0 by default); other IPv6 addresses do not matter here.
fn listening(protocol: &str, local: &str, owner: &str) -> Option<(Protocol, u16, Listening)> {
    let protocol = match protocol {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    let (address, port) = local.rsplit_once(':')?;
    let address = match address.split('%').next()? {
        "*" | "0.0.0.0" | "[::]" => None,
        text => Some(
            text.trim_start_matches("[::ffff:")
                .trim_end_matches(']')
                .parse()
                .ok()?,
        ),
    };
    Some((
        protocol,
        port.parse().ok()?,
        Listening {
            address,
            owner: owner.to_owned(),
        },
    ))
}
